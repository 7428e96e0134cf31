import HoneModel

/// The number of a row that tells how often its response is preferred.
enum WinShare {
    /// Its name among a row's numbers.
    static let name = "winShare"
    /// What it means.
    static let number = RowNeeds.Number("the probability that the row's response is preferred to one of its opponents", 0...1)
}
