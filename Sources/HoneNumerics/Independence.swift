import Foundation

/// Whether two yes-or-no properties of the same things go together.
public struct Independence: Hashable, Sendable {
    /// Pearson's χ² = n (ad − bc)² / ((a+b)(c+d)(a+c)(b+d)), without a correction for continuity; one degree of freedom.
    public let chiSquared: Double
    /// The chance of so large a χ² where the two are independent: erfc(√(χ²/2)).
    public let pValue: Double
    /// φ, the correlation of the two, from −1 to 1.
    public let phi: Double

    /// Of one pair a thing; nil where one property is the same for all things.
    ///
    /// Source: Pearson 1900, “On the Criterion that a Given System of Deviations…”.
    public init?(_ first: [Bool], _ second: [Bool]) {
        precondition(first.count == second.count, "\(first.count) values against \(second.count)")
        func count(_ one: Bool, _ other: Bool) -> Double { Double(zip(first, second).count { $0 == one && $1 == other }) }
        let (a, b, c, d) = (count(true, true), count(true, false), count(false, true), count(false, false))
        let sides = (a + b) * (c + d) * (a + c) * (b + d)
        guard sides > 0 else { return nil }
        phi = (a * d - b * c) / sides.squareRoot()
        chiSquared = phi * phi * Double(first.count)
        pValue = erfc((chiSquared / 2).squareRoot())
    }
}
