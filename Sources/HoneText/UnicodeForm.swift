import Foundation

/// The normalisation forms of the Unicode standard (annex 15), applied so that every scalar knows where it came from.
enum UnicodeForm: String, Hashable, Sendable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    private var composes: Bool { self == .nfc || self == .nfkc }
    private var isCompatible: Bool { self == .nfkc || self == .nfkd }

    /// Bytes below this begin no scalar that the form could change.
    private var firstLead: UInt8 { self == .nfc ? 0xCC : 0x80 }

    private func applied(to text: String) -> String {
        switch self {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
    }

    /// Brings a text into this form.
    ///
    /// The tables are those of Unicode 9, as the Python library has them: scalars that are newer stay as they are.
    func apply(to text: inout AlignedText) {
        guard text.bytes.contains(where: { $0 >= firstLead }) else { return }
        let string = String(decoding: text.bytes, as: UTF8.self)
        // Newer tables change all that older ones change, so what they leave alone needs no further look. Only a third part behind
        // two that are composed already, in Hangul and in Kannada, is left alone by Foundation though it belongs to them.
        let mayGoOn = string.unicodeScalars.contains { (0x11A8..<0x11C3).contains($0.value) || $0.value == 0xCD5 }
        guard mayGoOn || !applied(to: string).utf8.elementsEqual(text.bytes) else { return }
        var parts = decomposed(string.unicodeScalars)
        if composes { parts = composed(parts) }
        text.transform(parts)
    }

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major <= 9
    }

    private typealias Part = (scalar: Unicode.Scalar, change: Int)

    /// The scalars taken apart, marks in canonical order; of what comes from one scalar only the first has no change.
    private func decomposed(_ scalars: String.UnicodeScalarView) -> [Part] {
        var parts: [Part] = []
        var known: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for scalar in scalars {
            guard scalar.value >= 0xA0, known[scalar] != nil || Self.isKnown(scalar) else {
                parts.append((scalar, 0))
                continue
            }
            let pieces =
                known[scalar]
                ?? {
                    let one = String(Character(scalar))
                    return Array((isCompatible ? one.decomposedStringWithCompatibilityMapping : one.decomposedStringWithCanonicalMapping).unicodeScalars)
                }()
            known[scalar] = pieces
            for (index, piece) in pieces.enumerated() { parts.append((piece, index == 0 ? 0 : 1)) }
        }
        // Each run of marks is sorted by class; marks of one class keep their order.
        var start = 0
        while start < parts.count {
            guard Self.rank(parts[start].scalar) > 0 else {
                start += 1
                continue
            }
            var end = start
            while end < parts.count, Self.rank(parts[end].scalar) > 0 { end += 1 }
            let run = parts[start..<end].enumerated().sorted {
                (Self.rank($0.element.scalar), $0.offset) < (Self.rank($1.element.scalar), $1.offset)
            }
            parts.replaceSubrange(start..<end, with: run.map(\.element))
            start = end
        }
        return parts
    }

    private static func rank(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 || !isKnown(scalar) ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    /// The parts put together again; a composition counts one scalar less.
    private func composed(_ parts: [Part]) -> [Part] {
        var result: [Part] = []
        var starter: Int?
        var lastRank = -1
        var known: [Pair: Unicode.Scalar?] = [:]
        for part in parts {
            let rank = Int(Self.rank(part.scalar))
            if let place = starter, lastRank < rank || lastRank == -1 {
                let pair = Pair(first: result[place].scalar, second: part.scalar)
                let whole = known[pair] ?? Self.composition(pair)
                known[pair] = whole
                if let whole {
                    result[place] = (whole, result[place].change + part.change - 1)
                    continue
                }
            }
            if rank == 0 {
                starter = result.count
                lastRank = -1
            } else {
                lastRank = rank
            }
            result.append(part)
        }
        return result
    }

    private struct Pair: Hashable {
        let first: Unicode.Scalar
        let second: Unicode.Scalar
    }

    /// What two scalars compose to; nil when they stay apart.
    private static func composition(_ pair: Pair) -> Unicode.Scalar? {
        guard pair.second.value >= 0x300 else { return nil }
        // Hangul syllables are composed by arithmetic (section 3.12 of the standard).
        let (first, second) = (Int(pair.first.value), Int(pair.second.value))
        if (0x1100..<0x1113).contains(first), (0x1161..<0x1176).contains(second) {
            return Unicode.Scalar(UInt32(0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28))
        }
        if (0xAC00..<0xD7A4).contains(first), (first - 0xAC00) % 28 == 0, (0x11A8..<0x11C3).contains(second) {
            return Unicode.Scalar(UInt32(first + second - 0x11A7))
        }
        var text = String(Character(pair.first)).decomposedStringWithCanonicalMapping.unicodeScalars
        text.append(pair.second)
        let composed = String(text).precomposedStringWithCanonicalMapping.unicodeScalars
        guard let whole = composed.first, composed.count == 1, isKnown(whole) else { return nil }
        return whole
    }
}
