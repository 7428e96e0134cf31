/// How far two lists agree in their order.
public enum RankCorrelation {
    /// Spearman's ρ: Pearson's correlation of the ranks, equals sharing their mean rank; nil for fewer than two values and where all
    /// values of a list are equal.
    ///
    /// Source: Spearman 1904, “The Proof and Measurement of Association between Two Things”.
    public static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
        precondition(first.count == second.count, "Ranks are compared of lists of the same length")
        let (a, b) = (ranks(first), ranks(second))
        let (meanA, meanB) = (Statistics.mean(a), Statistics.mean(b))
        let together = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
        let squares = a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } * b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
        return squares > 0 ? max(-1, min(1, together / squares.squareRoot())) : nil
    }

    /// Ranks from 1; equals share the mean of theirs.
    static func ranks(_ values: [Double]) -> [Double] {
        values.map { own in
            let below = values.filter { $0 < own }.count
            let equal = values.filter { $0 == own }.count
            return Double(below) + Double(equal + 1) / 2
        }
    }
}
