import Foundation
import HoneCore

/// Seeded damage to files: the same seed damages in the same way.
struct Mutations {
    var generator: SeededGenerator

    init(_ seed: Seed) { generator = seed.generator }

    /// What stands where it does not belong.
    static let oddities: [JSONValue] = [
        .null, .bool(true), .bool(false), .integer(0), .integer(-1), .integer(1), .integer(16_777_215), .integer(16_777_216), .integer(.max), .integer(.min),
        .number(1e308), .number(-1e308), .number(0.5), .number(1e18), .string(""), .string("\u{0}"), .string("a"), .string("\u{120}"), .string("<unk>"),
        .string("BPE"), .string("Sequence"), .string("ByteLevel"), .string("Metaspace"), .string(String(repeating: "ab", count: 5000)), .array([]),
        .array([.null]), .array([.string("a"), .string("b")]), .object([:]), .object(["type": .string("Sequence")]), .object(["String": .string("a")]),
        .object(["Regex": .string("(a|a)*b")]), .object(["Regex": .string("[")]), .object(["Regex": .string("\\b|$")]),
        (0..<150).reduce(.null) { inner, _ in .array([inner]) }, (0..<150).reduce(.null) { inner, _ in .object(["type": inner]) },
    ]

    /// Damage to bytes.
    private static let junk: [[UInt8]] = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "\\u0000", "1e308", "1e999", "-", "9223372036854775808", "null", "true", "é", "\u{0}",
        String(repeating: "[", count: 500), String(repeating: "{\"a\":", count: 500), String(repeating: "9", count: 5000),
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

    /// The bytes with one to three damages, drawn from parts of their own kind as well.
    mutating func bytes(_ original: [UInt8], parts: [[UInt8]] = []) -> [UInt8] {
        var bytes = original
        for _ in 0..<generator.integer(in: 1...3) {
            guard !bytes.isEmpty else { return bytes }
            let place = generator.integer(in: 0...(bytes.count - 1))
            let end = min(bytes.count, place + generator.integer(in: 1...40))
            switch generator.integer(in: 0...6) {
            case 0: bytes[place] ^= UInt8(1 << generator.integer(in: 0...7))
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: generator.integer(in: 0...(bytes.count - 1)))
            case 4: bytes.swapAt(place, generator.integer(in: 0...(bytes.count - 1)))
            default: bytes.insert(contentsOf: generator.element(of: parts.isEmpty ? Self.junk : parts + Self.junk) ?? [], at: place)
            }
        }
        return bytes
    }

    /// The value with one to three damages: members taken away, doubled, exchanged, or replaced by what does not belong there.
    mutating func tree(_ original: JSONValue) -> JSONValue {
        var tree = original
        for _ in 0..<generator.integer(in: 1...3) { tree = damaged(tree, whole: original) }
        return tree
    }

    private mutating func damaged(_ tree: JSONValue, whole: JSONValue) -> JSONValue {
        switch tree {
        case .object(var members) where !members.isEmpty:
            let keys = members.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            let key = keys[generator.integer(in: 0...(keys.count - 1))]
            switch generator.integer(in: 0...9) {
            case 0: members[key] = nil
            case 1: members[key] = odd(whole)
            case 2: members["x\(generator.integer(in: 0...99))"] = members[key]
            case 3:
                let other = keys[generator.integer(in: 0...(keys.count - 1))]
                (members[key], members[other]) = (members[other], members[key])
            default: if let member = members[key] { members[key] = damaged(member, whole: whole) }
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty:
            let place = generator.integer(in: 0...(elements.count - 1))
            switch generator.integer(in: 0...7) {
            case 0: elements.remove(at: place)
            case 1: elements[place] = odd(whole)
            case 2: elements.insert(elements[place], at: generator.integer(in: 0...(elements.count - 1)))
            case 3: elements.swapAt(place, generator.integer(in: 0...(elements.count - 1)))
            default: elements[place] = damaged(elements[place], whole: whole)
            }
            return .array(elements)
        case .integer(let value) where generator.integer(in: 0...1) == 0:
            return .integer([value &+ 1, value &- 1, value &* 2, 0 &- value, value &* 1_000_003][generator.integer(in: 0...4)])
        case .string(let text) where generator.integer(in: 0...1) == 0:
            let damaged = bytes(Array(text.utf8))
            return .string(String(decoding: damaged, as: UTF8.self))
        default: return odd(whole)
        }
    }

    private mutating func odd(_ whole: JSONValue) -> JSONValue {
        // Now and then a part of the whole again, so that things stand inside themselves.
        if generator.integer(in: 0...5) == 0 { return part(of: whole) }
        return generator.element(of: Self.oddities) ?? .null
    }

    private mutating func part(of tree: JSONValue) -> JSONValue {
        guard generator.integer(in: 0...3) > 0 else { return tree }
        switch tree {
        case .object(let members) where !members.isEmpty:
            let keys = members.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            return part(of: members[keys[generator.integer(in: 0...(keys.count - 1))]] ?? .null)
        case .array(let elements) where !elements.isEmpty: return part(of: elements[generator.integer(in: 0...(elements.count - 1))])
        default: return tree
        }
    }
}
