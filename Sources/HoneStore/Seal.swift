import Foundation
import HoneCore

/// The hash over all that one iteration has left, by which a changed or missing row is seen.
enum Seal {
    /// A measure as its row holds it.
    struct Measure {
        var name: String
        var estimate: Estimate
        var cost: String
    }

    /// The seal of an iteration; measures in the order of their names' bytes, pieces in theirs.
    static func of(index: Int, record: String, seconds: Double, measures: [Measure], pieces: [Data]) -> Data {
        var text = "iteration \(index)\n\(record)\n\(bits(seconds))\n"
        for measure in measures {
            let e = measure.estimate
            text += "\(measure.name)\n\(bits(e.mean)) \(bits(e.low)) \(bits(e.high)) \(e.count) \(e.unit)\n\(measure.cost)\n"
        }
        var hash = SHA256()
        hash.update(Array(text.utf8))
        for piece in pieces { hash.update([UInt8](piece)) }
        return Data(bytes(hash.hexDigest()))
    }

    /// The hash of some bytes.
    static func hash(_ content: [UInt8]) -> Data {
        var hash = SHA256()
        hash.update(content)
        return Data(bytes(hash.hexDigest()))
    }

    /// Every NaN is the same, and so is every zero: a table holds NULL in place of NaN, and a zero without its sign.
    private static func bits(_ value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : value == 0 ? 0 : value.bitPattern }

    private static func bytes(_ hex: String) -> [UInt8] {
        func digit(_ character: UInt8) -> UInt8 { character < 0x3A ? character - 0x30 : character - 0x57 }
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) }
    }
}
