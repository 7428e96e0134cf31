import Foundation
import HoneCore
import Testing

/// Values that `Tests/References/core.py` computed without this package.
struct Reference: Decodable {
    struct Draws: Decodable, Sendable, CustomTestStringConvertible {
        let seed: Seed
        let values: [String]
        var testDescription: String { "seed \(seed.value)" }
    }
    struct Child: Decodable, Sendable, CustomTestStringConvertible {
        let seed: Seed
        let label: String
        let index: Int
        let value: Seed
        var testDescription: String { "\(seed.value)/\(label) \(index)" }
    }
    struct Digest: Decodable, Sendable, CustomTestStringConvertible {
        let length: Int
        let digest: String
        var testDescription: String { "\(length) bytes" }
    }
    struct Distance: Decodable, Sendable {
        let left: String
        let right: String
        let edits: Int
    }
    struct Cosine: Decodable, Sendable {
        let from: Double
        let to: Double
        let over: Int
        let step: Int
        let value: Double
    }
    let draws: [Draws]
    let children: [Child]
    let digests: [Digest]
    let distances: [Distance]
    let cosines: [Cosine]

    /// All of them; a fixture that cannot be read leaves the lists empty, which `ReferenceTests` notices.
    static let all: Reference = (try? JSONDecoder().decode(Reference.self, from: Data(try fixture("core.json").utf8)))
        ?? Reference(draws: [], children: [], digests: [], distances: [], cosines: [])
}

/// The text of a file beside these tests.
func fixture(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)"), encoding: .utf8)
}

/// Encodes, spells, reads and decodes a value again.
func roundTrip<T: Codable>(_ value: T) throws -> T {
    try JSONValue(parsing: try JSONValue(encoding: value).canonical).decode(T.self)
}

/// What was thrown, in words; nil when nothing was.
func sentence(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
}

@Suite("The reference values")
struct ReferenceTests {
    @Test("are there, in every list")
    func present() {
        #expect(Reference.all.draws.count == 6)
        #expect(Reference.all.children.count == 30)
        #expect(Reference.all.digests.count == 28)
        #expect(Reference.all.distances.count == 40)
        #expect(Reference.all.cosines.count == 27)
    }
}
