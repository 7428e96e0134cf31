import HoneCore
import HoneNumerics

/// How often each option of some items was chosen, and what follows from that.
public struct ChoiceTally: Hashable, Sendable {
    /// The items.
    public let items: [ChoiceItem]
    /// For each item the share of answers that chose each option, in the item's own order; what is missing to 1 chose none.
    public let shares: [[Double]]

    /// A tally.
    public init(items: [ChoiceItem], shares: [[Double]]) {
        precondition(items.count == shares.count, "A tally needs shares for each item")
        self.items = items
        self.shares = shares
    }

    /// The share of right answers to an item.
    public func right(_ place: Int) -> Double { shares[place][items[place].answer] }

    /// Brier's score over the options of an item, Σ (p − o)² with o 1 for the right one: 0 at best, 2 at worst (Brier 1950).
    public func brier(_ place: Int) -> Double {
        zip(shares[place].indices, shares[place]).reduce(0) { sum, pair in
            let miss = pair.1 - (pair.0 == items[place].answer ? 1 : 0)
            return sum + miss * miss
        }
    }

    /// The mean over kinds of the mean share of right answers.
    public var macroAccuracy: Double {
        let byKind = Dictionary(grouping: items.indices, by: { items[$0].kind })
        return byKind.isEmpty ? 0 : byKind.sorted { $0.key < $1.key }.reduce(0) { $0 + Statistics.mean($1.value.map(right)) } / Double(byKind.count)
    }

    /// The findings, their names behind a suffix such as ` of policy`.
    ///
    /// `accuracy` is the mean over items, `accuracy: K` that of a kind, `macro accuracy` the mean over kinds; `corrected accuracy` is
    /// (accuracy − c)/(1 − c) with c the mean share that chance would get right; `brier` the mean score; `unanswered` the share of answers that
    /// chose nothing; `blind accuracy` what the best constant answer to each question would get.
    public func findings(suffix: String = "") -> Findings {
        var found = Findings()
        func add(_ name: String, _ places: [Int], _ unit: String = "share", _ value: (Int) -> Double) {
            found.estimates[name + suffix] = .mean(of: places.map(value), unit: unit)
            found.values[name + suffix] = Dictionary(uniqueKeysWithValues: places.map { (items[$0].id, value($0)) })
        }
        let all = Array(items.indices)
        guard !all.isEmpty else { return found }
        add("accuracy", all, "share", right)
        let kinds = Set(items.map(\.kind)).sorted()
        for kind in kinds { add("accuracy: \(kind)", all.filter { items[$0].kind == kind }, "share", right) }
        // Weighted so that the mean over items is the mean over kinds.
        let sizes = Dictionary(grouping: items, by: \.kind).mapValues { Double($0.count) }
        add("macro accuracy", all) { right($0) * Double(items.count) / (Double(kinds.count) * (sizes[items[$0].kind] ?? 1)) }
        let chance = items.reduce(0) { $0 + 1 / Double($1.options.count) } / Double(items.count)
        add("corrected accuracy", all, "corrected") { (right($0) - chance) / (1 - chance) }
        add("brier", all, "score", brier)
        add("unanswered", all) { max(0, 1 - shares[$0].reduce(0, +)) }
        let blind = ChoiceItem.blindAccuracy(items)
        found.estimates["blind accuracy" + suffix] = Estimate(mean: blind, low: blind, high: blind, count: 1, unit: "share")
        found.values["blind accuracy" + suffix] = ["all items": blind]
        return found
    }
}
