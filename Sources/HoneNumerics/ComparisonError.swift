/// Why values cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no value at all.
    case empty
    /// A row is shorter or longer than the first one.
    case ragged(problem: Int, found: Int, expected: Int)
    /// The arms differ in shape.
    case unequalShapes(first: [Int], second: [Int])
    /// A value is infinite or not a number.
    case notFinite(problem: Int, seed: Int)

    public var description: String {
        switch self {
        case .empty: "There is nothing to compare: expected at least one problem and one seed; run the arms first."
        case .ragged(let problem, let found, let expected):
            "Problem \(problem) has values of \(found) seeds, expected \(expected): a crossed design needs every problem under every "
                + "seed; finish the missing seeds or leave them out in all arms."
        case .unequalShapes(let first, let second):
            "The first arm has \(first[0]) problems × \(first[1]) seeds and the second \(second[0]) × \(second[1]): a paired comparison "
                + "needs the same problems and seeds in both."
        case .notFinite(let problem, let seed):
            "The value of problem \(problem) under seed \(seed) is not a finite number; look at what the measure recorded there."
        }
    }
}
