import Foundation
import HoneCore
import Testing

/// Seconds of processor time that this thread has used: other work on the machine does not count.
func ownSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

@Suite("JSON against other readers and writers")
struct JSONDefinitionTests {
    /// Pieces of JSON that are put together at random.
    private static let parts = [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "\"\\u00e9\"", "\"é\"", "1", "-0", "2.5", "1e3", "-1E-2",
        "true", "false", "null", " ", "\n", "\t",
        "01", "-", ".", "e", "tru", "{\"a\":1}", "[1,2]", "{\"b\":[]}", "\"", "\\", "NaN", "+1", "1.", "/", "//",
        "'", "\u{A0}", "\u{1}", "0x1", "1_0",
    ]

    @Test("text is refused just when Foundation's reader refuses it, and otherwise read as the same value", arguments: UInt64(0)..<10)
    func soup(seed: UInt64) throws {
        var generator = Seed(seed).child("soup").generator
        var valid = 0
        for _ in 0..<500 {
            let text = (0..<generator.integer(in: 1...6)).compactMap { _ in generator.element(of: Self.parts) }.joined()
            let theirs = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            do throws(CoreError) {
                let ours = try JSONValue(parsing: text)
                #expect(theirs == ours, "\(text.debugDescription)")
                valid += 1
            } catch {
                // A name given twice is valid JSON, and refused because one of the two values would be lost.
                #expect(theirs == nil || error.description.contains("given twice"), "\(text.debugDescription): \(error)")
                #expect(error.description.hasPrefix("JSON line "))
            }
        }
        #expect(valid > 10)
    }

    /// Canonical JSON written by the rules of its definition, over bytes.
    private func spelled(_ value: JSONValue) -> [UInt8] {
        func quoted(_ text: String) -> [UInt8] {
            [0x22]
                + text.utf8.flatMap { byte -> [UInt8] in
                    let short: [UInt8: Character] = [0x22: "\"", 0x5C: "\\", 0x0A: "n", 0x0D: "r", 0x09: "t"]
                    if let letter = short[byte] { return Array("\\\(letter)".utf8) }
                    return byte < 0x20 ? Array("\\u00\(byte < 16 ? "0" : "1")\(String(byte % 16, radix: 16))".utf8) : [byte]
                } + [0x22]
        }
        switch value {
        case .null: return Array("null".utf8)
        case .bool(let truth): return Array("\(truth)".utf8)
        case .integer(let whole): return Array("\(whole)".utf8)
        case .number(let number): return Array((number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)").utf8)
        case .string(let text): return quoted(text)
        case .array(let elements): return [0x5B] + elements.map(spelled).joined(separator: [0x2C]) + [0x5D]
        case .object(let members):
            // The order of UTF-8 bytes is that of Unicode scalars.
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return [0x7B] + sorted.map { quoted($0.key) + [0x3A] + spelled($0.value) }.joined(separator: [0x2C]) + [0x7D]
        }
    }

    @Test("the canonical spelling follows its definition byte by byte", arguments: 0..<12)
    func canonical(number: Int) {
        var generator = Seed(1).child("canonical", number).generator
        for _ in 0..<30 {
            let value = RandomValues.json(&generator, depth: 4)
            #expect(Array(value.canonical.utf8) == spelled(value))
        }
    }

    /// The value with one of its leaves, names or lengths changed; the path to it is drawn.
    private func changed(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
        switch value {
        case .null: return .bool(false)
        case .bool(let truth): return .bool(!truth)
        case .integer(let whole): return generator.chance(0.5) ? .integer(whole ^ 1) : .string("\(whole)")
        case .number(let number): return .number(number.nextUp)
        case .string(let text): return .string(generator.chance(0.5) ? text + "\u{301}" : text + " ")
        case .array(var elements):
            guard let place = generator.element(of: Array(elements.indices)), generator.chance(0.8) else {
                return .array(elements + [.null])
            }
            elements[place] = changed(elements[place], &generator)
            return .array(elements)
        case .object(var members):
            guard let key = generator.element(of: members.keys.sorted()), generator.chance(0.8) else {
                members["\u{1F9EA}new"] = .null
                return .object(members)
            }
            members[key] = changed(members[key] ?? .null, &generator)
            return .object(members)
        }
    }

    @Test("values are equal just when they are spelled alike, and equal ones have equal hashes", arguments: 0..<12)
    func equality(number: Int) throws {
        var generator = Seed(2).child("equality", number).generator
        for _ in 0..<40 {
            let value = RandomValues.json(&generator, depth: 4)
            let other = changed(value, &generator)
            #expect(value != other && value.canonical != other.canonical, "\(value.canonical)")
            let again = try JSONValue(parsing: value.canonical)
            #expect(again == value && again.hashValue == value.hashValue)
            // A digest is taken of the spelling, so it tells them apart too.
            #expect(SHA256.hex(value.canonical) != SHA256.hex(other.canonical))
        }
    }

    @Test("whole numbers are kept exactly, decimals as the nearest double, whatever their spelling", arguments: [
        ("9007199254740993", "9007199254740993"), ("9007199254740993.0", "9007199254740992"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-9223372036854775809", "-9223372036854775808"), ("9223372036854775808", "9.223372036854776e+18"),
        ("123e-2", "1.23"), ("1230e-2", "12.3"),
        ("0.000001", "1e-06"), ("1e-400", "0"), ("-1e-400", "0"), ("2.5e-1", "0.25"), ("1E+2", "100"), ("0.1e1", "1"), ("4.35", "4.35"),
        ("123456789012345678901234567890", "1.2345678901234568e+29"), ("0e99999", "0"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ])
    func numbers(text: String, spelling: String) throws {
        #expect(try JSONValue(parsing: text).canonical == spelling)
        #expect(try JSONValue(parsing: " [\(text) ] ").canonical == "[\(spelling)]")
    }

    @Test("long texts of any shape are read, spelled, or refused in time proportional to their length", arguments: [
        ("[", "1,", "1]"), ("[", "\"a\\n\",", "1]"), ("\"", "é", "\""), ("\"", "\\u00e9", "\""), ("", "1", ""),
        ("0.", "1", ""), ("", " ", "1"), ("[", "[],", "x"),
        ("{", "\n", "x"), ("\"", "\\\\", ""), ("[", "-", "]"), ("", "\n", "]"), ("[\"", "\\", "x\"]"), ("1e", "1", ""),
    ])
    func time(head: String, middle: String, tail: String) {
        let text = head + String(repeating: middle, count: 200_000 / middle.utf8.count) + tail
        let began = ownSeconds()
        do throws(CoreError) {
            let value = try JSONValue(parsing: text)
            #expect(!value.canonical.isEmpty)
        } catch {
            // What is shown of the text is short, however long it is.
            #expect(error.description.count < 250, "\(error.description.prefix(300))")
        }
        #expect(ownSeconds() - began < 10)
    }

    @Test("an object of many members is read and spelled in time proportional to their count")
    func manyMembers() throws {
        let text = "{" + (0..<20_000).map { "\"key \($0)\":\($0)" }.joined(separator: ",") + "}"
        let began = ownSeconds()
        let value = try JSONValue(parsing: text)
        #expect(value["key 19999"]?.int == 19_999)
        #expect(try JSONValue(parsing: value.canonical) == value)
        #expect(ownSeconds() - began < 20)
    }

    /// Values of the standard library and Foundation, which encode in ways of their own.
    struct Mixed: Codable, Equatable {
        enum Colour: String, Codable { case red, green }
        enum Level: Int, Codable { case low = -1, high = 1 }
        enum Shape: Codable, Equatable {
            case point
            case circle(radius: Double)
            indirect case pair(Shape, Shape?)
        }
        var numbers: [Int: [String?]] = [3: ["a", nil], -1: []]
        var levels: [Level] = [.low, .high]
        var colours: [String: Colour] = ["é": .red, "": .green]
        var when = Date(timeIntervalSinceReferenceDate: 86_400.5)
        var data = Data([0, 255, 16])
        var place = URL(string: "https://example.org/a?b=c%20d")
        var id = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
        var range: ClosedRange<Double> = -1...2.5
        var shape = Shape.pair(.circle(radius: 2), .pair(.point, nil))
        var nested: [[Float]] = [[0.1, 1], []]
        var small: UInt8 = 255
        var nothing: Int??
        var matrix: [[Int]: Bool] = [[1, 2]: true]
    }

    @Test("values of every sort are encoded as Foundation's encoder does, and come back")
    func mixed() throws {
        let ours = try JSONValue(encoding: Mixed())
        let theirs = try JSONValue(parsing: String(decoding: try JSONEncoder().encode(Mixed()), as: UTF8.self))
        #expect(ours == theirs)
        #expect(ours.canonical == theirs.canonical)
        #expect(try ours.decode(Mixed.self) == Mixed())
    }

    /// A class and one that inherits from it, which encode into one object each.
    class Animal: Encodable {
        let legs: Int
        init(legs: Int) { self.legs = legs }
    }
    final class Dog: Animal {
        enum Keys: CodingKey { case name }
        override func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Keys.self)
            try members.encode("Rex", forKey: .name)
            try super.encode(to: members.superEncoder())
        }
    }

    @Test("what a class inherits stands under “super”, as with Foundation's encoder")
    func inheritance() throws {
        let dog = Dog(legs: 4)
        #expect(try JSONValue(encoding: dog).canonical == #"{"name":"Rex","super":{"legs":4}}"#)
        #expect(try JSONValue(parsing: String(decoding: JSONEncoder().encode(dog), as: UTF8.self)) == JSONValue(encoding: dog))
    }

    /// Opens the same place twice, asks how far it is, and writes numbers without end in every way.
    struct Reopened: Encodable {
        enum Keys: CodingKey { case a, list }
        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Keys.self)
            var first = members.nestedContainer(keyedBy: Keys.self, forKey: .a)
            try first.encode(1, forKey: .a)
            var second = members.nestedContainer(keyedBy: Keys.self, forKey: .a)
            try second.encode(encoder.userInfo.count, forKey: .list)
            var list = members.nestedUnkeyedContainer(forKey: .list)
            try list.encode(list.count)
            try list.encode(contentsOf: [Float.nan, .infinity, -.infinity])
            try list.encode(JSONValue.array([.number(.infinity), .number(-.infinity), .object(["x": .number(.nan)])]))
            try list.encode(list.count)
        }
    }

    @Test("places opened twice hold what was put in both times, and lists count what they hold")
    func reopened() throws {
        let expected = #"{"a":{"a":1,"list":0},"list":[0,"nan","inf","-inf",["inf","-inf",{"x":"nan"}],5]}"#
        #expect(try JSONValue(encoding: Reopened()).canonical == expected)
        #expect(JSONValue.object(["a": .null]) != .object(["b": .null]))
        #expect(JSONValue.object(["a": .integer(1)]) != .object(["a": .integer(2)]))
    }

    @Test("an error of encoding names the place", arguments: [UInt64(Int64.max) + 1, .max])
    func encodingErrors(number: UInt64) {
        struct Deep: Encodable { var rows: [[String: UInt64]] }
        do {
            _ = try JSONValue(encoding: Deep(rows: [["seed": number]]))
            Issue.record("\(number) was encoded")
        } catch let EncodingError.invalidValue(value, context) {
            #expect(value as? UInt64 == number)
            #expect(context.codingPath.first?.stringValue == "rows" && context.codingPath.last?.stringValue == "seed")
            #expect(context.debugDescription.hasPrefix("\(number) is beyond the 64 signed bits"))
        } catch { Issue.record("\(error)") }
    }
}
