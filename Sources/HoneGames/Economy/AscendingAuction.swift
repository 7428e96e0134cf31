import HoneCore

/// Several things one after another, each to the highest of rising open bids, out of a budget (Chen et al. 2023, AucArena).
///
/// In a round all but the highest bidder choose at once: a bid that is high enough, or to withdraw for good from this thing; who cannot pay
/// the next bid is out. A round without a bid, or nobody left against the highest, ends it. Bidders know an estimate that is too high by a
/// percentage, and by a spread of their own where the settings say so; the true value is told after the hammer. What nobody wants can be
/// offered again at half the price. Departures: true values are drawn here, in the paper there is a fixed list; and bids go up by the
/// increment or a few times it, so that moves can be listed.
public struct AscendingAuction: ExtensiveGame {
    public static let card = PartCard(
        name: "ascending-auction", summary: "rising bids out of a budget for things of uncertain value", source: "Chen et al. 2023, AucArena")

    /// In which order things come, by their true value.
    public enum Order: String, Codable, Hashable, Sendable, CaseIterable {
        case random, ascending, descending
    }

    /// What a bidder's return is.
    public enum Goal: String, Codable, Hashable, Sendable, CaseIterable {
        /// True values less prices of what it bought.
        case profit
        /// How many things it bought.
        case items
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Bidders, 2 to 8.
        public var bidders = 3
        /// The things, 1 to 10 different words of small letters.
        public var items = ["vase", "lamp", "clock", "chair"]
        /// The smallest and the largest true value, drawn evenly, from 1, at most 1000 apart.
        public var values = [2, 9]
        /// By how many percent estimates are too high, 0 to 100; rounded to whole numbers.
        public var overestimate = 10
        /// How far a bidder's own estimate can lie above or below that, drawn evenly, 0 to 100.
        public var spread = 0
        /// What everybody can spend, 1 to 1,000,000.
        public var budget = 12
        /// The first price of everything, from 1.
        public var startPrice = 1
        /// How much higher a bid has to be, from 1.
        public var increment = 1
        /// How many bids there are to choose from: the smallest allowed, and each an increment more; 1 to 100.
        public var choices = 3
        /// How often something that nobody wants is offered again at half the price, 0 to 3.
        public var discounts = 0
        /// The order of things.
        public var order = Order.random
        /// Who is the highest bidder where several bid the same.
        public var tie = SealedAuction.Tie.chance
        /// What bidders want, by seat; the last holds for all behind it.
        public var goals = [Goal.profit]

        /// Three bidders, four things.
        public init() {}
    }

    /// What is done.
    public enum Action: Hashable, Sendable {
        /// Chance draws the next true value.
        case value(Int)
        /// Chance draws how far the next bidder's estimate of the next thing is off.
        case error(Int)
        /// Chance makes this seat the highest bidder among those who bid the same.
        case leader(Int)
        /// A bid.
        case bid(Int)
        /// No bid for this thing any more.
        case out
    }

    /// A thing that is done with.
    public struct Sale: Hashable, Codable, Sendable {
        /// Who bought it; nil for nobody.
        public var winner: Int?
        /// What was paid.
        public var price: Int
        /// The rounds of bidding for it.
        public var rounds: [[Int]]
    }

    /// Where a play stands.
    public struct State: Hashable, Codable, Sendable {
        /// The true values, in the order in which things come as soon as all are drawn.
        public var values: [Int] = []
        /// How far estimates are off, by thing and seat, one after the other; empty without a spread.
        public var errors: [Int] = []
        /// What has been done with things so far.
        public var sales: [Sale] = []
        /// What everybody has left.
        public var budgets: [Int]
        /// The rounds for this thing, also before a discount: by seat the bid, 0 for withdrawing, −1 for those not asked.
        public var rounds: [[Int]] = []
        /// What those who choose first in this round have chosen.
        public var pending: [Int] = []
        /// The seats that have withdrawn from this thing.
        public var withdrawn: [Int] = []
        /// The highest bidder.
        public var leader: Int?
        /// Those who bid the same, where chance has still to choose.
        public var tied: [Int] = []
        /// How often this thing has been offered again.
        public var discounts = 0
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        func require(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw CoreError.invalid("“\(name)” is \(value); expected \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try require("bidders", settings.bidders, 2...8)
        try require("overestimate", settings.overestimate, 0...100)
        try require("spread", settings.spread, 0...100)
        try require("budget", settings.budget, 1...1_000_000)
        try require("startPrice", settings.startPrice, 1...1_000_000)
        try require("increment", settings.increment, 1...1_000_000)
        try require("choices", settings.choices, 1...100)
        try require("discounts", settings.discounts, 0...3)
        let isPlain = settings.items.allSatisfy { item in !item.isEmpty && item.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
        guard (1...10).contains(settings.items.count), isPlain, Set(settings.items).count == settings.items.count else {
            throw CoreError.invalid("“items” is \(settings.items); expected 1 to 10 different words of small letters")
        }
        let values = settings.values
        guard values.count == 2, values[0] >= 1, values[0] <= values[1], values[1] - values[0] <= 1000 else {
            throw CoreError.invalid("“values” is \(values); expected a smallest and a largest true value from 1 on, at most 1000 apart")
        }
        guard !settings.goals.isEmpty else { throw CoreError.invalid("“goals” is empty; expected profit or items for the bidders") }
        guard settings.budget / settings.increment <= 10_000 else {
            throw CoreError.invalid("“budget” is \(settings.budget) and “increment” \(settings.increment); expected at most 10000 increments")
        }
        self.settings = settings
    }

    /// What a seat wants.
    public func goal(of seat: Int) -> Goal { settings.goals[min(seat, settings.goals.count - 1)] }

    public var facts: GameFacts {
        let items = settings.items.count
        let goals = Set((0..<settings.bidders).map(goal))
        let least = goals.contains(.profit) ? -settings.budget : 0
        let most = max(goals.contains(.profit) ? items * settings.values[1] : 0, goals.contains(.items) ? items : 0)
        // Every round but the last raises the price; a tie costs one action more.
        let rounds = settings.budget / settings.increment + 2 + settings.discounts
        return GameFacts(
            seats: settings.bidders, range: Double(least)...Double(most), sum: nil, hasPerfectInformation: false, hasChance: true,
            longest: items * (1 + (settings.spread > 0 ? settings.bidders : 0) + rounds * (settings.bidders + 1)))
    }

    public var start: State { State(budgets: [Int](repeating: settings.budget, count: settings.bidders)) }

    public func returns(of state: State) -> [Double] {
        (0..<settings.bidders).map { seat in Double(goal(of: seat) == .items ? items(of: seat, in: state) : profit(of: seat, in: state)) }
    }

    /// True values less prices of what a seat has bought.
    public func profit(of seat: Int, in state: State) -> Int {
        state.sales.indices.reduce(0) { $0 + (state.sales[$1].winner == seat ? state.values[$1] - state.sales[$1].price : 0) }
    }

    /// How many things a seat has bought.
    public func items(of seat: Int, in state: State) -> Int { state.sales.count { $0.winner == seat } }
}
