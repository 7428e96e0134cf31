import Foundation
import HoneTensor
import Testing

/// Draws from a seed (SplitMix64, Steele, Lea and Flood 2014), the same on every machine.
private struct Draws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

private func file(_ header: String, body: Int = 0, length: UInt64? = nil) -> Data {
    var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
    data.append(contentsOf: Array(header.utf8))
    data.append(Data(count: body))
    return data
}

@Suite("Damaged safetensors files")
struct SafetensorsFuzzTests {
    private static let junk = [
        "0", "-1", "1e308", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1.5", "null", "[]", "{}", "\"F32\"", "\"I64\"", "\"F8\"",
        "\"", "\\ud800", "[", "]", "{", "}", ",", ":", "\"shape\":[0]", "\"__metadata__\":{}", "\u{0}", "é", String(repeating: "[", count: 2000),
        String(repeating: "9", count: 400), String(repeating: "0,", count: 500),
    ].map { Array($0.utf8) }

    /// Reads a file to the last tensor; the sentence of the refusal, or nothing.
    private func read(_ data: Data) -> String {
        sentence {
            let file = try SafetensorsFile(data: data)
            for name in file.names {
                let tensor = try file.tensor(name)
                #expect(tensor.byteCount <= data.count)
            }
        }
    }

    @Test("each damaged header is read, and then every tensor, or is refused in a sentence", .timeLimit(.minutes(30)), arguments: UInt64(0)..<8)
    func damaged(seed: UInt64) throws {
        let whole = [UInt8](try Data(contentsOf: Fixture.url("mixed.safetensors")))
        let length = whole[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let (header, body) = (Array(whole[8..<(8 + length)]), Data(whole[(8 + length)...]))
        var draws = Draws(state: seed)
        var (refused, accepted) = (0, 0)
        for round in 0..<400 {
            var bytes = header
            for _ in 0..<(1 + draws.below(3)) {
                guard !bytes.isEmpty else { break }
                let place = draws.below(bytes.count)
                let end = min(bytes.count, place + 1 + draws.below(30))
                switch draws.below(6) {
                case 0: bytes[place] ^= UInt8(1 << draws.below(8))
                case 1: bytes.removeSubrange(place..<end)
                case 2: bytes.insert(contentsOf: bytes[place..<end], at: draws.below(bytes.count))
                case 3: bytes.insert(contentsOf: Self.junk[draws.below(Self.junk.count)], at: place)
                case 4:
                    // A number for another.
                    guard let first = bytes[place...].firstIndex(where: { (48...57).contains($0) }) else { continue }
                    let last = bytes[first...].firstIndex { !(48...57).contains($0) } ?? bytes.endIndex
                    bytes.replaceSubrange(first..<last, with: Self.junk[draws.below(7)])
                default: bytes.swapAt(place, draws.below(bytes.count))
                }
            }
            var claimed = UInt64(bytes.count)
            if round % 10 == 0 { claimed = [0, 1, claimed + 1, claimed &- 1, 100_000_000, 100_000_001, 1 << 40, .max, 1 << 63][draws.below(9)] }
            var data = withUnsafeBytes(of: claimed.littleEndian) { Data($0) }
            data.append(contentsOf: bytes)
            data.append(round % 7 == 0 ? body.prefix(draws.below(body.count)) : body)
            let found = read(data)
            if found.isEmpty { accepted += 1 } else { refused += 1 }
            #expect(found.utf8.count < 2000 && !found.contains("\n"), "\(found.prefix(300))")
        }
        #expect(refused > 100 && accepted > 0)
    }

    static let lies: [(header: String, body: Int, words: String)] = [
        (#"{"x":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}"#, 4, "impossible shape"),
        (#"{"x":{"dtype":"F32","shape":[0,4611686018427387904,8],"data_offsets":[0,0]}}"#, 0, "impossible shape"),
        (#"{"x":{"dtype":"F32","shape":[4611686018427387904,8,0],"data_offsets":[0,0]}}"#, 0, "impossible shape"),
        (#"{"x":{"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,9223372036854775807]}}"#, 4, "impossible shape"),
        (#"{"x":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}"#, 4, "need 4000000000 bytes, but 4 follow"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}"#, 4, "leaves a hole"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "needs 4 bytes"), (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "whole number"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 8, "inside the one before"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "inside the one before"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "twice"),
        (#"{"x":{"dtype":"F32","shape":[1,1e2],"data_offsets":[0,4]}}"#, 4, "expected"), (#"{"x":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}"#, 4, "has type Q4"),
        (#"{"x":{"dtype":"F32","shape":[\#(String(repeating: "1,", count: 100))1],"data_offsets":[0,4]}}"#, 4, "101 dimensions"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "needs 4 bytes"), (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[]}}"#, 4, "needs 4 bytes"),
        (#"{"x":[1]}"#, 0, "expected"), (#"{"x":{"dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]}}"#, 4, "too large"),
        (#"{"\#(String(repeating: "n", count: 100_000))":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "nnn…"),
    ]

    @Test("a header that lies about sizes, places or names is refused", arguments: 0..<lies.count)
    func lying(number: Int) {
        let (header, body, words) = Self.lies[number]
        let found = read(file(header, body: body))
        #expect(found.contains(words) && found.utf8.count < 2000, "\(found.prefix(300))")
    }

    @Test("a header's length beyond the file, or beyond any header, is refused before the header is read", arguments: [
        UInt64(3), 100_000_000, 100_000_001, 1 << 40, 1 << 63, .max,
    ])
    func length(claimed: UInt64) {
        #expect(read(file("{}", length: claimed)).contains("its header claims \(claimed) bytes"))
    }

    @Test("what is no file is not read: a pipe, a device; a link to a file is")
    func noFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-tensors-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try #require(mkfifo("\(folder)/pipe", 0o600) == 0)
        #expect(sentence { _ = try SafetensorsFile(path: "\(folder)/pipe") }.contains("it is no file"))
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/zero", withDestinationPath: "/dev/zero")
        #expect(sentence { _ = try SafetensorsFile(path: "\(folder)/zero") }.contains("it is no file"))
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: try Fixture.url("mixed.safetensors").path)
        #expect(try SafetensorsFile(path: "\(folder)/link").names.count == 11)
    }
}
