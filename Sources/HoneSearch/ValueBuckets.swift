import Foundation

/// The values from 0 to 1 in equal parts, each named by a lower-case letter from `a`: values as a model can write them with one sign, and be asked for by
/// the probabilities of signs.
///
/// Source: Schultz et al. 2024, “Mastering Board Games by External and Internal Planning with Language Models” (64 tokens there); the classes of values are
/// those of Farebrother et al. 2024, “Stop Regressing”.
public struct ValueBuckets: Hashable, Sendable {
    /// How many parts, 2 to 26.
    public let count: Int

    /// So many parts, 2 to 26.
    public init(_ count: Int) {
        precondition((2...26).contains(count), "There are 2 to 26 letters for values, not \(count)")
        self.count = count
    }

    /// The part a value from 0 to 1 lies in, counted from 0; of the next part where it is on the border.
    public func bucket(of value: Double) -> Int { min(count - 1, max(0, Int((value * Double(count)).rounded(.down)))) }

    /// The value in the middle of a part.
    public func middle(of bucket: Int) -> Double { (Double(bucket) + 0.5) / Double(count) }

    /// The part that 1 − v lies in where v lies in this one.
    public func mirrored(_ bucket: Int) -> Int { count - 1 - bucket }

    /// The letter of a part.
    public func letter(of bucket: Int) -> Character { Character(Unicode.Scalar(UInt8(97 + bucket))) }

    /// The part of a letter; nil for any other sign.
    public func bucket(of letter: Character) -> Int? {
        guard let code = letter.asciiValue, (97..<97 + count).contains(Int(code)) else { return nil }
        return Int(code) - 97
    }

    /// All letters, from the lowest value to the highest.
    public var letters: [Character] { (0..<count).map(letter) }

    /// The mean over the parts' middles by the natural logarithms of their probabilities, which need not add up to 1; nil where all are impossible.
    public func mean(ofLogProbs logProbs: [Double]) -> Double? {
        precondition(logProbs.count == count, "There are \(count) letters, and \(logProbs.count) probabilities of letters")
        guard let most = logProbs.max(), most > -.infinity else { return nil }
        let weights = logProbs.map { exp($0 - most) }
        return zip(weights, 0...).reduce(0) { $0 + $1.0 * middle(of: $1.1) } / weights.reduce(0, +)
    }
}
