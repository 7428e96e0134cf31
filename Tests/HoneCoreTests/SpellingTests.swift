import Foundation
import HoneCore
import Testing

@Suite("Spelling")
struct SpellingTests {
    @Test("edits are counted as the definition says", arguments: Reference.all.distances)
    func distances(reference: Reference.Distance) {
        #expect(Spelling.distance(reference.left, reference.right) == reference.edits)
        #expect(Spelling.distance(reference.right, reference.left) == reference.edits)
    }

    @Test("hand-counted edits", arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("ca", "abc", 3), ("kitten", "sitting", 3),
        ("grpo", "gpro", 1), ("a", "b", 1), ("größe", "grösse", 2), ("\u{E9}", "e\u{301}", 2),
    ])
    func byHand(left: String, right: String, edits: Int) {
        #expect(Spelling.distance(left, right) == edits)
    }

    @Test("edits grow by at most one letter, and never below the difference in length")
    func bounds() {
        var generator = Seed(1).generator
        for _ in 0..<300 {
            let word = String((0..<generator.integer(in: 0...9)).map { _ in generator.element(of: Array("abcd")) ?? "a" })
            let other = String((0..<generator.integer(in: 0...9)).map { _ in generator.element(of: Array("abcd")) ?? "a" })
            let edits = Spelling.distance(word, other)
            #expect(edits >= abs(word.count - other.count) && edits <= max(word.count, other.count))
            #expect((edits == 0) == (word == other))
            #expect(abs(Spelling.distance(word + "x", other) - edits) <= 1)
        }
    }

    @Test("near names are found", arguments: [
        ("gpro", ["grpo"]), ("arithmatic", ["arithmetic"]), ("word", ["word-problems"]), ("GRPO", ["grpo"]), ("STAR", ["star"]),
        ("stra", ["star"]), ("rate", ["rate"]), ("rat", ["rate"]), ("zzzz", []), ("", []), ("countdwon", ["countdown"]),
    ])
    func nearest(typed: String, meant: [String]) {
        let known = ["grpo", "arithmetic", "word-problems", "star", "rate", "countdown"]
        #expect(Spelling.nearest(to: typed, among: known) == meant)
    }

    @Test("at most three names come, nearest first, equals in the order of the alphabet, none twice")
    func order() {
        #expect(Spelling.nearest(to: "abcdef", among: ["abcdxx", "abcdeg", "abcdex", "abcdee", "abcdef"]) == ["abcdef", "abcdee", "abcdeg"])
        #expect(Spelling.nearest(to: "rat", among: ["rate", "rate", "cat", "rate"]) == ["cat", "rate"])
        #expect(Spelling.nearest(to: "x", among: []) == [])
    }

    @Test("the order of the known names cannot change the answer")
    func deterministic() {
        let known = ["mean", "men", "meat", "mena", "bean", "lean", "dean", "mead"]
        var generator = Seed(2).generator
        let first = Spelling.nearest(to: "mean", among: known)
        for _ in 0..<50 { #expect(Spelling.nearest(to: "mean", among: generator.shuffled(known)) == first) }
    }
}

@Suite("Errors between parts")
struct CoreErrorTests {
    @Test("an unknown name comes with the nearest names, or with all of them, or alone", arguments: [
        ("grp", ["grpo", "star"], "There is no objective called “grp”; did you mean “grpo”?"),
        ("mean", ["men", "meat", "zebra"], "There is no objective called “mean”; did you mean “meat” or “men”?"),
        ("xyz", ["b", "a"], "There is no objective called “xyz”; known: a, b"),
        ("xyz", [], "There is no objective called “xyz”"),
    ])
    func unknown(name: String, known: [String], expected: String) {
        #expect(CoreError.unknown(kind: "objective", name: name, known: known).description == expected)
    }

    @Test("the other errors are their sentence, also in string interpolation")
    func sentences() {
        for error in [CoreError.unsupported("It cannot."), .invalid("It cannot."), .budget("It cannot.")] {
            #expect("\(error)" == "It cannot.")
        }
        #expect(CoreError.invalid("a") != CoreError.unsupported("a"))
    }
}

@Suite("Names")
struct NameTests {
    @Test("names are strings in JSON, also as keys, sorted by scalar")
    func json() throws {
        #expect(try JSONValue(encoding: Role("x")).canonical == #""x""#)
        #expect(try JSONValue(encoding: [Role("b"): 1.0, Role("a"): 2.0]).canonical == #"{"a":2,"b":1}"#)
        #expect(try roundTrip([ModelName("policy"): [1, 2], "größe": []]) == ["policy": [1, 2], "größe": []])
        #expect(try JSONValue(parsing: #"["a","b"]"#).decode([WorldName].self) == ["a", "b"])
    }

    @Test("what is no text is no name", arguments: ["1", "null", "[]", "{}", "true"])
    func wrongKinds(json: String) throws {
        let value = try JSONValue(parsing: json)
        #expect(throws: DecodingError.self) { try value.decode(ModelName.self) }
    }

    @Test("equality and order agree, so sorting is the same everywhere")
    func order() {
        let texts = ["", "a", "B", "b", "ab", "e\u{301}", "\u{E9}", "z", "player 0", "player 10", "player 2", "\u{1F600}", "\u{FFFD}"]
        let names = texts.map { Role($0) }
        for left in names {
            for right in names {
                #expect([left < right, left == right, right < left].count { $0 } == 1, "\(left) and \(right)")
            }
        }
        let sorted = names.sorted()
        #expect(sorted.map(\.text).prefix(3) == ["", "B", "a"])
        #expect(sorted.last == "\u{1F600}")
        #expect(Set(names).count == texts.count)
    }

    @Test("the well-known names are spelled as they are stored")
    func wellKnown() {
        #expect(Role.solver.text == "solver")
        #expect(VerdictKind.worldReturn.text == "return")
        #expect(VerdictKind.step.text == "step")
        #expect("\(Role("player 0"))" == "player 0")
    }
}
