/// Corrections of p-values for the number of comparisons. Both keep the order of what they are given.
public enum MultipleComparisons {
    /// Adjusted p-values that keep the chance of any false finding below the level: with p sorted upwards,
    /// p̃_(i) = max over j ≤ i of min(1, (k − j + 1) p_(j)).
    ///
    /// Source: Holm 1979, “A Simple Sequentially Rejective Multiple Test Procedure”. Valid under any dependence.
    public static func holm(_ pValues: [Double]) -> [Double] {
        let order = sorted(pValues)
        var adjusted = pValues
        var largest = 0.0
        for (rank, place) in order.enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[place]))
            adjusted[place] = largest
        }
        return adjusted
    }

    /// Adjusted p-values that keep the expected share of false findings below the level: with p sorted upwards,
    /// p̃_(i) = min over j ≥ i of min(1, k p_(j) / j).
    ///
    /// Source: Benjamini and Hochberg 1995, “Controlling the False Discovery Rate”. Valid for independent and for positively
    /// dependent comparisons.
    public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var smallest = 1.0
        for (rank, place) in sorted(pValues).enumerated().reversed() {
            smallest = min(smallest, Double(pValues.count) * pValues[place] / Double(rank + 1))
            adjusted[place] = smallest
        }
        return adjusted
    }

    private static func sorted(_ pValues: [Double]) -> [Int] {
        precondition(pValues.allSatisfy { $0 >= 0 && $0 <= 1 }, "A p-value lies between 0 and 1")
        return pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    }
}
