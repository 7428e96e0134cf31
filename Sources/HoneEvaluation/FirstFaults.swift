import HoneCore

/// How rightly first wrong steps are named: accuracy on wrong answers, on right ones, and their harmonic mean.
///
/// Source: Zheng et al. 2024, “ProcessBench: Identifying Process Errors in Mathematical Reasoning”, section 3.
public struct FirstFaults: Hashable, Sendable {
    /// What was said of one answer.
    public struct Case: Hashable, Sendable {
        /// The answer's problem.
        public let problem: String
        /// The first wrong step, from 0; nil where there is none.
        public let fault: Int?
        /// The step that was named; nil where none was.
        public let named: Int?
        /// Whether what was said could be read; what cannot is wrong.
        public var isRead: Bool

        /// What was said of an answer.
        public init(problem: String, fault: Int?, named: Int?, isRead: Bool = true) {
            self.problem = problem
            self.fault = fault
            self.named = named
            self.isRead = isRead
        }

        /// Whether it is right.
        public var isRight: Bool { isRead && named == fault }
    }

    /// All that was said.
    public let cases: [Case]

    /// All that was said.
    public init(cases: [Case]) { self.cases = cases }

    /// The share of wrong answers whose first wrong step was named; 0 without any.
    public var onWrong: Double { share(cases.filter { $0.fault != nil }) }
    /// The share of right answers of which it was said that they are; 0 without any.
    public var onRight: Double { share(cases.filter { $0.fault == nil }) }
    /// Their harmonic mean; 0 where one of them is.
    public var f1: Double { onWrong + onRight > 0 ? 2 * onWrong * onRight / (onWrong + onRight) : 0 }
    /// The problems all of whose answers were judged rightly.
    public var mastered: Set<String> { Set(cases.map(\.problem)).subtracting(cases.filter { !$0.isRight }.map(\.problem)) }

    private func share(_ own: [Case]) -> Double { own.isEmpty ? 0 : Double(own.count(where: \.isRight)) / Double(own.count) }

    /// The number that was said, as a step: 0 names none, n the n-th; nil where no number can be read.
    public static func read(_ text: String) -> (named: Int?, isRead: Bool) {
        let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
        guard digits.count < 6, let number = Int(digits) else { return (nil, false) }
        return (number > 0 ? number - 1 : nil, true)
    }
}

extension Findings {
    /// Adds the three numbers of judged answers; the shares by problem, the mean as the number of the whole.
    public mutating func add(_ faults: FirstFaults, by readout: String) {
        func rows(_ cases: [FirstFaults.Case]) -> [(problem: String, values: [Double])] { cases.map { ($0.problem, [$0.isRight ? 1 : 0]) } }
        add("on wrong (\(readout))", unit: "share", rows(faults.cases.filter { $0.fault != nil }))
        add("on right (\(readout))", unit: "share", rows(faults.cases.filter { $0.fault == nil }))
        addWhole("F1 (\(readout))", unit: "share", faults.f1, of: faults.cases.map(\.problem))
    }

    /// Adds one number of the whole, given to each problem, so that it can be compared over seeds.
    public mutating func addWhole(_ name: String, unit: String, _ value: Double, of problems: [String]) {
        var seen: Set<String> = []
        add(name, unit: unit, problems.filter { seen.insert($0).inserted }.map { ($0, [value]) })
    }
}
