import Foundation
import HoneTensor

/// Reference values made by Tests/References/tensor_references.py.
enum Fixture {
    static func url(_ name: String) throws -> URL {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        guard FileManager.default.fileExists(atPath: file.path) else { throw Missing(name: name) }
        return file
    }

    static func numbers(_ name: String) throws -> [String: [Double]] {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url(name)))
        guard let members = object as? [String: Any] else { throw Missing(name: name) }
        return members.compactMapValues { value in
            (value as? [Double]) ?? (value as? Double).map { [$0] }
        }
    }

    struct Missing: Error {
        var name: String
    }
}

/// The same numbers as `ramp` in the reference script: sin(0.37 i + shift).
func ramp(_ shape: [Int], shift: Double = 0) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor((0..<count).map { sin(Double($0) * 0.37 + shift) }, shape: shape)
}

/// The largest difference between two lists; infinite when their lengths differ.
func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}

/// The sentence that a refused operation gives; empty when it was not refused.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch {
        return "\(error)"
    }
}
