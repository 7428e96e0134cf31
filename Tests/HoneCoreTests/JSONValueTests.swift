import Foundation
import HoneCore
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("have one spelling: sorted names, shortest numbers, escapes, no space", arguments: [
        (#"{"b": [1, 2.50, true, null], "a": "x\n\"y\u0001", "ä": 1e3}"#, #"{"a":"x\n\"y\u0001","b":[1,2.5,true,null],"ä":1000}"#),
        (" [ ] ", "[]"), ("{\n}", "{}"), ("\t-0", "0"), ("-0.0", "0"), ("1.0", "1"), ("1e3", "1000"), ("0.1", "0.1"),
        ("1E-2", "0.01"), ("100000000000000000000", "1e+20"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"), ("1e15", "1000000000000000"), ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("0.30000000000000004", "0.30000000000000004"),
        (#""\u00e9\/\b\f\r\t\\""#, "\"é/\\u0008\\u000c\\r\\t\\\\\""), (#""\ud83d\ude00""#, "\"😀\""),
        (#"{"B":1,"a":2,"A":3,"":4,"aa":5,"é":6,"z":7}"#, #"{"":4,"A":3,"B":1,"a":2,"aa":5,"z":7,"é":6}"#),
        (#"[[[[{"a":{"b":[{}]}}]]]]"#, #"[[[[{"a":{"b":[{}]}}]]]]"#), ("\u{FEFF}1", "1"), ("\"\u{2028}\u{7F}\"", "\"\u{2028}\u{7F}\""),
    ])
    func canonical(text: String, spelling: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.canonical.utf8.elementsEqual(spelling.utf8), "\(value.canonical)")
        #expect(try JSONValue(parsing: spelling) == value)
    }

    @Test("spell numbers that are not finite as text, which decodes to them again")
    func nonFinite() throws {
        #expect(JSONValue.number(.nan).canonical == #""nan""#)
        #expect(JSONValue.number(.infinity).canonical == #""inf""#)
        #expect(JSONValue.number(-.infinity).canonical == #""-inf""#)
        let numbers: [Double] = [.infinity, -.infinity, 1.5]
        #expect(try roundTrip(numbers) == numbers)
        #expect(try roundTrip([Float.nan]).first?.isNaN == true)
        #expect(try JSONValue.array([.number(.infinity)]).decode([Double].self) == [.infinity])
        #expect(try JSONValue.number(.nan).decode(Double.self).isNaN)
    }

    @Test("spell every finite number exactly, and always the same after reading it")
    func numbers() throws {
        var generator = Seed(1).generator
        for round in 0..<3000 {
            let bits = generator.next()
            let number = round % 3 == 0 ? Double(Int64(bitPattern: bits) >> Int64(round % 64)) : Double(bitPattern: bits)
            guard number.isFinite else { continue }
            let spelling = JSONValue.number(number).canonical
            let back = try JSONValue(parsing: spelling)
            #expect(back.double == number, "\(number)")
            #expect(back.canonical == spelling)
            #expect(try JSONValue(encoding: Float(number)).decode(Float.self) == Float(number))
        }
    }

    @Test("random trees keep their value and spelling, also through Foundation's reader and writer", arguments: 0..<40)
    func trees(number: Int) throws {
        var generator = Seed(2).child("tree", number).generator
        for _ in 0..<10 {
            let tree = RandomValues.json(&generator, depth: 5)
            let spelling = tree.canonical
            #expect(try JSONValue(parsing: spelling) == tree, "\(spelling)")
            #expect(try JSONDecoder().decode(JSONValue.self, from: Data(spelling.utf8)) == tree, "\(spelling)")
            #expect(try JSONValue(encoding: tree) == tree)
            #expect(try tree.decode(JSONValue.self) == tree)
            #expect(try JSONValue(parsing: RandomValues.spaced(tree, &generator)) == tree)
        }
    }

    @Test("give their parts by kind, and nothing of another kind")
    func access() throws {
        let value = try JSONValue(parsing: #"{"i":3,"d":2.5,"w":4.0,"t":"x","l":[1],"n":null,"b":true}"#)
        #expect(value["i"]?.int == 3 && value["i"]?.double == 3 && value["i"]?.text == nil)
        #expect(value["d"]?.int == nil && value["d"]?.double == 2.5)
        #expect(value["w"]?.int == 4 && JSONValue.number(4).int == 4 && JSONValue.number(1e300).int == nil)
        #expect(value["t"]?.text == "x" && value["t"]?.double == nil && value["t"]?.elements == nil)
        #expect(value["l"]?.elements == [.integer(1)] && value["l"]?["i"] == nil)
        #expect(value["n"] == .null && value["missing"] == nil && JSONValue.null["a"] == nil)
        #expect(value["b"]?.int == nil && value["b"]?.text == nil)
    }

    @Test("name their kind in words for people", arguments: [
        (JSONValue.null, "null"), (.bool(true), "true or false"), (.integer(1), "a whole number"), (.number(0.5), "a number"),
        (.string(""), "a text"), (.array([]), "a list"), (.object([:]), "a group of settings"),
    ])
    func kinds(value: JSONValue, words: String) {
        #expect(value.kind == words)
    }

    @Test("are equal just when their bytes are, so that equal values have equal digests")
    func equality() {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed, "the language's own comparison")
        #expect(JSONValue.string(composed) != .string(decomposed))
        #expect(JSONValue.object([composed: .null]) != .object([decomposed: .null]))
        #expect(JSONValue.object(["a": .null]) == .object(["a": .null]))
        #expect(JSONValue.object(["a": .null]) != .object(["a": .null, "b": .null]))
        #expect(JSONValue.array([.integer(1)]) != .array([.integer(1), .integer(1)]))
        #expect(JSONValue.integer(1) != .string("1"))
        #expect(JSONValue.number(0) == .number(-0.0) && JSONValue.integer(1) == .number(1) && .number(1.5) != JSONValue.integer(1))
        #expect(Set([JSONValue.integer(1), .number(1), .number(.nan), .number(.nan), .number(0.5)]).count == 3)
        #expect(Set([JSONValue.string(composed), .string(decomposed), .string(composed), .null, .bool(false)]).count == 4)
    }
}

@Suite("Broken JSON")
struct BrokenJSONTests {
    @Test("is refused with line, column, what was expected and what was found", arguments: [
        ("", "JSON line 1, column 1: expected a value, found the end of the text"),
        ("  \n ", "JSON line 2, column 2: expected a value, found the end of the text"),
        ("[1 2]", "JSON line 1, column 4: expected “,” or “]” in a list, found “2”"),
        ("[1,]", "JSON line 1, column 4: expected a value, found “]”"),
        ("[1", "JSON line 1, column 3: expected “,” or “]” in a list, found the end of the text"),
        ("{\"a\":1,\n \"b\" 2}", "JSON line 2, column 6: expected “:” after the name “b”, found “2”"),
        ("{\"a\":1,}", "JSON line 1, column 8: expected a name in quotation marks, found “}”"),
        ("{a:1}", "JSON line 1, column 2: expected a name in quotation marks, found “a”"),
        ("{\"a\":1;", "JSON line 1, column 7: expected “,” or “}” in an object, found “;”"),
        ("{\"a\":1,\n\"a\":2}", "JSON line 2, column 1: the name “a” is given twice in one object; keep one"),
        ("1 2", "JSON line 1, column 3: expected nothing after the value, found “2”"),
        ("[NaN]", "JSON line 1, column 2: expected a value, found “N”"),
        ("Infinity", "JSON line 1, column 1: expected a value, found “I”"),
        ("-inf", "JSON line 1, column 2: expected a digit, found “i”"),
        ("[1e400]", "JSON line 1, column 2: 1e400 is beyond the range of a double"),
        ("01", "JSON line 1, column 2: expected nothing after the value, found “1”"),
        ("1.", "JSON line 1, column 3: expected a digit, found the end of the text"),
        (".5", "JSON line 1, column 1: expected a value, found “.”"), ("+1", "JSON line 1, column 1: expected a value, found “+”"),
        ("1e", "JSON line 1, column 3: expected a digit, found the end of the text"),
        ("tru", "JSON line 1, column 1: expected a value such as true, found “t”"),
        ("nul1", "JSON line 1, column 1: expected a value such as null, found “n”"),
        ("[\"äöü\" 1]", "JSON line 1, column 8: expected “,” or “]” in a list, found “1”"),
        ("[\"ab", "JSON line 1, column 2: the text that begins here has no closing quotation mark"),
        ("\"a\nb\"", "JSON line 1, column 3: expected control characters in a text to be escaped, found the control character 10"),
        (#""a\x""#, #"JSON line 1, column 3: expected one of \" \\ \/ \b \f \n \r \t \u after a backslash"#),
        (#""a\"#, #"JSON line 1, column 3: expected one of \" \\ \/ \b \f \n \r \t \u after a backslash"#),
        (#""\u12g4""#, "JSON line 1, column 6: expected four hexadecimal digits after \\u, found “g”"),
        (#""\ud800""#, "JSON line 1, column 2: half of a surrogate pair is no character"),
        (#""\ud800\u0041""#, "JSON line 1, column 2: half of a surrogate pair is no character"),
        (#""\udc00""#, "JSON line 1, column 2: half of a surrogate pair is no character"),
        ("'a'", "JSON line 1, column 1: expected a value, found “'”"), ("[1,\r\n\r\n  x]", "JSON line 3, column 3: expected a value, found “x”"),
    ])
    func positions(text: String, expected: String) {
        #expect(sentence { _ = try JSONValue(parsing: text) } == expected)
    }

    @Test("names that only Unicode composition tells apart are refused rather than one of them lost")
    func composition() {
        #expect(sentence { _ = try JSONValue(parsing: "{\"\u{212B}\":1,\"\u{C5}\":2}") }?.contains("is given twice") == true)
    }

    @Test("500 levels are read; 100,000 are refused, not followed into the ground")
    func depth() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try JSONValue(parsing: deep).canonical == deep)
        for opening in ["[", "{\"a\":"] {
            let bottomless = String(repeating: opening, count: 100_000)
            #expect(sentence { _ = try JSONValue(parsing: bottomless) }?.contains("expected at most 512 lists and objects inside each other") == true)
        }
    }

    @Test("every beginning of a text is refused, and no change of a byte makes the reader trap", arguments: 0..<20)
    func mutations(number: Int) throws {
        var generator = Seed(3).child("text", number).generator
        let tree = JSONValue.object(["x": RandomValues.json(&generator, depth: 4)])
        let bytes = Array(tree.canonical.utf8)
        for end in 0..<min(bytes.count, 300) {
            let text = String(decoding: bytes[..<end], as: UTF8.self)
            #expect(throws: CoreError.self) { try JSONValue(parsing: text) }
        }
        for _ in 0..<200 {
            var changed = bytes
            changed[generator.integer(in: 0...(bytes.count - 1))] = UInt8(generator.integer(in: 0...255))
            // Either it is still JSON and has a stable spelling, or it is refused with a place.
            do {
                let value = try JSONValue(parsing: String(decoding: changed, as: UTF8.self))
                #expect(try JSONValue(parsing: value.canonical) == value)
            } catch { #expect("\(error)".hasPrefix("JSON line ")) }
        }
    }
}

@Suite("JSON of Codable values")
struct JSONEncodingTests {
    struct Settings: Codable, Equatable {
        var temperature = 1.0
        var beta: Float = 0
        var limit = 1
        var rates = [1.0, 2.0]
        var stop: String?
        var inner = Inner.both(left: 2, name: nil)
        enum Inner: Codable, Equatable {
            case both(left: Double, name: String?)
            case pair(Int, Double)
            case none
        }
    }

    @Test("a whole decimal number stays a number, so that settings take fractions for it")
    func kinds() throws {
        let json = try JSONValue(encoding: Settings())
        #expect(json["temperature"]?.kind == "a number" && json["beta"]?.kind == "a number")
        #expect(json["limit"]?.kind == "a whole number")
        #expect(json["rates"]?.elements?.map(\.kind) == ["a number", "a number"])
        #expect(json["inner"]?["both"]?["left"]?.kind == "a number")
        #expect(json.canonical == #"{"beta":0,"inner":{"both":{"left":2}},"limit":1,"rates":[1,2],"temperature":1}"#)
        let set = try SettingsOverlay(defaults: json).resolve([
            .init(path: ["temperature"], value: .number(0.7), place: "--set"), .init(path: ["beta"], value: .number(0.04), place: "--set"),
            .init(path: ["rates"], value: .array([.number(0.5)]), place: "--set"),
        ])
        #expect(try set.decode(Settings.self) == Settings(temperature: 0.7, beta: 0.04, rates: [0.5]))
    }

    @Test("gives what Foundation's encoder spells", arguments: 0..<30)
    func likeFoundation(number: Int) throws {
        var generator = Seed(5).child("group", number).generator
        let group = RandomValues.group(&generator)
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let theirs = try JSONValue(parsing: String(decoding: try encoder.encode(group), as: UTF8.self))
        let ours = try JSONValue(encoding: group)
        #expect(ours == theirs)
        #expect(ours.canonical == theirs.canonical)
        #expect(ours.hashValue == theirs.hashValue)
        #expect(try ours.decode(EpisodeGroup.self) == group)
    }

    /// Encodes its parts in all the ways containers offer.
    struct Odd: Encodable {
        enum Keys: CodingKey { case a, b, c, d }
        func encode(to encoder: any Encoder) throws {
            var first = encoder.container(keyedBy: Keys.self)
            try first.encode(1, forKey: .a)
            var second = encoder.container(keyedBy: Keys.self)
            try second.encodeNil(forKey: .b)
            var nested = second.nestedContainer(keyedBy: Keys.self, forKey: .c)
            try nested.encode(UInt8(255), forKey: .a)
            try [1.5: true].encode(to: nested.superEncoder(forKey: .d))
            var list = second.nestedUnkeyedContainer(forKey: .d)
            try list.encodeNil()
            try list.encode(contentsOf: [1, 2])
            try list.encode(Data([1, 2, 3]))
            var inner = list.nestedUnkeyedContainer()
            try inner.encode(Int64.min)
            var members = list.nestedContainer(keyedBy: Keys.self)
            try members.encode("x", forKey: .a)
            try false.encode(to: list.superEncoder())
        }
    }

    @Test("containers of every sort end where they belong, also when one place is opened twice")
    func containers() throws {
        let expected = #"{"a":1,"b":null,"c":{"a":255,"d":[1.5,true]},"d":[null,1,2,"AQID",[-9223372036854775808],{"a":"x"},false]}"#
        #expect(try JSONValue(encoding: Odd()).canonical == expected)
        let encoded = String(decoding: try JSONEncoder().encode(Odd()), as: UTF8.self)
        #expect(try JSONValue(parsing: encoded).canonical == expected)
    }

    @Test("single values and empty ones are values too")
    func fragments() throws {
        #expect(try JSONValue(encoding: 3) == .integer(3))
        #expect(try JSONValue(encoding: 3.0).kind == "a number")
        #expect(try JSONValue(encoding: "x") == .string("x"))
        #expect(try JSONValue(encoding: [Int]()) == .array([]))
        #expect(try JSONValue(encoding: [String: Int]()) == .object([:]))
        #expect(try JSONValue(encoding: Int?.none) == .null)
        #expect(try JSONValue(encoding: [Int?.none, 1]) == .array([.null, .integer(1)]))
        #expect(try JSONValue(encoding: Float(0.1)) == .number(0.1))
        #expect(try JSONValue(encoding: JSONValue.array([.number(.nan)])) == .array([.string("nan")]))
    }

    @Test("a whole number that no JSON reader keeps is refused, not rounded")
    func tooLarge() throws {
        #expect(sentence { _ = try JSONValue(encoding: ["seed": UInt64.max]) }?.contains("18446744073709551615 is beyond the 64 signed bits") == true)
        #expect(try JSONValue(encoding: UInt64(Int64.max)) == .integer(Int.max))
    }
}
