import HoneCore

/// Raises by the smallest step as long as it does not go above its own estimate: whose estimates are too high pays too much.
public struct EstimateBidder: GamePlayer {
    /// Up to which share of its estimate it bids, in percent.
    public let percent: Int

    /// The bidder.
    public init(percent: Int = 100) { self.percent = percent }

    public func action(in state: AscendingAuction.State, for seat: Int, of game: AscendingAuction, seed: Seed) -> AscendingAuction.Action? {
        let allowed = game.actions(of: seat, in: state)
        let limit = game.estimate(of: state.sales.count, for: seat, in: state) * percent / 100
        return game.smallestBid(in: state) <= limit && allowed.count > 1 ? allowed[1] : allowed.first
    }
}

/// Gives each thing that is left a priority, and bids up to a share of its estimate that goes with it: a rule to learn planning from.
///
/// The paper's priorities are a model's own (1 least, 3 most important); this rule for them is ours. It takes one and a half first prices for what a thing will cost:
/// the things with the highest estimates that can be paid so get 3, two more get 2, the others 1.
public struct PlanningBidder: GamePlayer {
    /// Whether it plans anew before each thing, with what it then has; else it stays with its first plan.
    public let replans: Bool

    /// The bidder.
    public init(replans: Bool = true) { self.replans = replans }

    /// The priorities of things with these estimates, 1 to 3 each; of equal estimates the earlier goes first.
    public static func priorities(of estimates: [Int], budget: Int, startPrice: Int) -> [Int] {
        let affordable = budget / max(1, startPrice * 3 / 2)
        let order = estimates.indices.sorted { (-estimates[$0], $0) < (-estimates[$1], $1) }
        var priorities = estimates.map { _ in 1 }
        for (rank, item) in order.enumerated() where rank < affordable + 2 { priorities[item] = rank < affordable ? 3 : 2 }
        return priorities
    }

    /// The highest bid for a thing of this estimate and priority: 60, 75 or 90 % of the estimate.
    public static func limit(estimate: Int, priority: Int) -> Int { estimate * [60, 75, 90][min(max(priority, 1), 3) - 1] / 100 }

    /// The priority it gives to the thing that is offered.
    public func priority(for seat: Int, in state: AscendingAuction.State, of game: AscendingAuction) -> Int {
        let item = state.sales.count
        let first = replans ? item : 0
        let estimates = (first..<game.settings.items.count).map { game.estimate(of: $0, for: seat, in: state) }
        let budget = replans ? state.budgets[seat] : game.settings.budget
        return Self.priorities(of: estimates, budget: budget, startPrice: game.settings.startPrice)[item - first]
    }

    public func action(in state: AscendingAuction.State, for seat: Int, of game: AscendingAuction, seed: Seed) -> AscendingAuction.Action? {
        let allowed = game.actions(of: seat, in: state)
        let limit = Self.limit(estimate: game.estimate(of: state.sales.count, for: seat, in: state), priority: priority(for: seat, in: state, of: game))
        return game.smallestBid(in: state) <= limit && allowed.count > 1 ? allowed[1] : allowed.first
    }
}

extension AscendingAuction {
    /// Lets bidders play to the end; the state in which it ends. Chance and bidders draw from the seed.
    public func ended(with bidders: [any GamePlayer<AscendingAuction>], seed: Seed) -> State {
        var state = start
        var ply = 0
        while true {
            let own = seed.child("ply", ply)
            ply += 1
            switch turn(in: state) {
            case .over, .seat: return state
            case .chance:
                var generator = own.generator
                guard let action = drawChance(in: state, using: &generator) else { return state }
                apply(action, to: &state)
            case .together(let seats):
                // All choose at the same position.
                let actions = seats.map { bidders[$0].action(in: state, for: $0, of: self, seed: own.child("seat", $0)) ?? .out }
                for action in actions { apply(action, to: &state) }
            }
        }
    }
}
