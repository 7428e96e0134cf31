/// What one seat thinks the other's values can be, as a set of hypotheses narrowed by what was proposed and refused.
///
/// Hua et al. 2024, “Game-theoretic LLM”, section on incomplete information: somebody who refuses a deal either envies, or does not envy and wants more; in both
/// cases what they propose in return leaves them without envy. Where nothing is consistent any more, the belief begins anew.
public struct ValueBelief: Hashable, Sendable {
    /// The split; of its values only those of the own seat are looked at.
    public let split: ItemSplit
    /// Whose belief it is.
    public let seat: Int
    /// Values of the other that explain a refusal by envy.
    public private(set) var envious: [[Int]]
    /// Values of the other that explain it by wanting more.
    public private(set) var greedy: [[Int]] = []
    /// How much less likely each refusal of a deal makes its acceptance: ρ.
    public let decay: Double
    private var refused: [[Int]: Int] = [:]
    private var offered: Set<[Int]> = []

    /// The belief before anything was said: any values are possible.
    public init(_ split: ItemSplit, seat: Int, decay: Double = 0.1) {
        self.split = split
        self.seat = seat
        self.decay = decay
        envious = ItemSplit.valuations(of: split.counts)
    }

    /// All hypotheses.
    public var hypotheses: [[Int]] { envious + greedy }

    /// The other proposes a deal; where it answers a deal of one's own, it refuses that.
    public mutating func hear(_ proposal: [Int], refusing own: [Int]? = nil) {
        offered.insert(proposal)
        let other = 1 - seat
        func isFair(_ deal: [Int], _ values: [Int]) -> Bool { split.isEnvyFree(deal, for: other, by: values) }
        guard let own else {
            envious = hypotheses.filter { isFair(proposal, $0) }
            greedy = []
            if envious.isEmpty { envious = ItemSplit.valuations(of: split.counts).filter { isFair(proposal, $0) } }
            return
        }
        if own == proposal { return }
        refused[own, default: 0] += 1
        func wants(_ values: [Int]) -> Bool {
            isFair(own, values) && ItemSplit.worth(split.share(of: other, proposal), by: values) > ItemSplit.worth(split.share(of: other, own), by: values)
        }
        func narrowed(_ all: [[Int]]) -> (envious: [[Int]], greedy: [[Int]]) {
            (all.filter { !isFair(own, $0) && isFair(proposal, $0) }, all.filter(wants))
        }
        var (first, second) = narrowed(hypotheses)
        if first.isEmpty, second.isEmpty { (first, second) = narrowed(ItemSplit.valuations(of: split.counts)) }
        if !first.isEmpty || !second.isEmpty { (envious, greedy) = (first, second) }
    }

    /// How likely the other is to accept a deal: the share of hypotheses under which it does not envy, times (1 − ρ)ᵏ after k refusals of a deal that it has never
    /// proposed itself.
    public func acceptance(of deal: [Int]) -> Double {
        let all = hypotheses
        guard !all.isEmpty else { return 0 }
        let fair = all.count { split.isEnvyFree(deal, for: 1 - seat, by: $0) }
        var chance = Double(fair) / Double(all.count)
        if !offered.contains(deal) { for _ in 0..<refused[deal, default: 0] { chance *= 1 - decay } }
        return chance
    }

    /// Whether a deal leaves oneself without envy.
    public func isFairToMe(_ deal: [Int]) -> Bool { split.isEnvyFree(deal, for: seat, by: split.values[seat]) }

    /// The deal to propose: of those without envy for oneself and likelier accepted than not, the one worth most; else the likeliest one without envy for oneself.
    public func proposal() -> [Int] {
        let fair = split.deals.filter(isFairToMe)
        let rated = fair.map { (deal: $0, worth: split.worth($0, to: seat), chance: acceptance(of: $0)) }
        let likely = rated.filter { $0.chance > 0.5 }
        func best(_ all: [(deal: [Int], worth: Int, chance: Double)], _ isBetter: ((deal: [Int], worth: Int, chance: Double), (deal: [Int], worth: Int, chance: Double)) -> Bool) -> [Int]? {
            var found = all.first
            for one in all.dropFirst() { if let now = found, isBetter(one, now) { found = one } }
            return found?.deal
        }
        return best(likely) { ($0.worth, $0.chance) > ($1.worth, $1.chance) } ?? best(rated) { ($0.chance, $0.worth) > ($1.chance, $1.worth) } ?? split.share(of: seat, split.counts)
    }

    /// Whether to accept a deal: it leaves oneself without envy, and no better one without envy is likelier accepted than not.
    public func accepts(_ deal: [Int]) -> Bool {
        guard isFairToMe(deal) else { return false }
        let worth = split.worth(deal, to: seat)
        return !split.deals.contains { isFairToMe($0) && split.worth($0, to: seat) > worth && acceptance(of: $0) > 0.5 }
    }
}
