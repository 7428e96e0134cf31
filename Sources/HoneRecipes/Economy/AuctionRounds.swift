import HoneCore
import HoneGames
import HoneSocieties

extension Role {
    /// Who plans and bids.
    static var bidder: Role { "bidder" }
    /// Who keeps the record; it learns nothing from profits.
    static var scribe: Role { "scribe" }
}

/// Whom a bidder meets.
public enum AuctionRival: String, Codable, Hashable, Sendable, CaseIterable {
    /// The paper's rule: the smallest bid, at most four times for each thing.
    case rule
    /// Bids up to its estimate, which is too high.
    case estimate
    /// Plans by a rule, and anew before each thing.
    case planner

    /// The bidder.
    var bidder: any GamePlayer<AscendingAuction> {
        switch self {
        case .rule: RuleBidder()
        case .estimate: EstimateBidder()
        case .planner: PlanningBidder()
        }
    }
}

/// What came of one auction for a model's seat.
struct AuctionLog: Codable, Hashable, Sendable {
    /// How far a record was right.
    struct Belief: Codable, Hashable, Sendable {
        /// Wrong numbers about itself, of 2.
        var ownErrors: Int
        /// Wrong numbers about others, of as many as there are.
        var otherErrors: Int
    }

    /// The end.
    var state: AscendingAuction.State
    /// The model's seat.
    var seat: Int
    /// The priorities of all things before the first.
    var firstPlan: [Int]
    /// How often it has planned anew, and how often something was then changed.
    var replans = 0
    var changes = 0
    /// How often it answered when a bid was asked for, and how often that was none.
    var bids = 0
    var failedBids = 0
    /// By sale.
    var beliefs: [Belief] = []

    /// What was paid for each thing, 0 for those that others bought.
    var spent: [Double] { state.sales.map { $0.winner == seat ? Double($0.price) : 0 } }
}

/// One auction with a model on a seat that plans, bids, sums up and plans again; the others follow rules (Chen et al. 2023).
///
/// A bid that is not allowed is asked for again, `tries` times in all, then the model is out. A plan that cannot be read leaves the old one; so does a record.
/// Who plans and bids gets the seat's return.
struct AuctionRounds: Society {
    static let card = PartCard(name: "auction-rounds", summary: "plan, bid, sum up and plan again in an auction against rule bidders", source: "Chen et al. 2023, AucArena")

    /// How prompts are written, by the order in which things come.
    let prompts: [AscendingAuction.Order: AuctionPrompt]
    /// Who sits on the seats behind the model's, in turn.
    let rivals: [AuctionRival]
    /// Whether it plans again after each thing.
    let replans: Bool
    /// Whether it is asked for a record after each sale.
    let keepsRecord: Bool
    /// Whether its record is put right after it was checked.
    let correctsRecord: Bool
    /// How often a bid is asked for.
    let tries: Int

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        try await WrittenTurns.episode(from: start, cast: cast, in: scope) { problem, episode in
            let order = problem.details["order"].flatMap(AscendingAuction.Order.init(rawValue:)) ?? .random
            guard let prompt = prompts[order] else { throw CoreError.unknown(kind: "order", name: order.rawValue, known: prompts.keys.map(\.rawValue).sorted()) }
            var auction = Auction(rules: self, prompt: prompt, draw: WrittenTurns.draw(of: problem), seat: Int(problem.details["seat"] ?? "") ?? 0, cast: cast)
            try await auction.play(&episode, in: scope)
            episode.returns = [.bidder: prompt.game.returns(of: auction.log.state)[auction.log.seat]]
            episode.steps.append(try .record(auction.log))
        }
    }

    /// A problem: an auction whose values and ties are drawn from a key, with the model on a seat.
    static func problem(_ id: String, drawn seed: Seed, order: AscendingAuction.Order, seat: Int, isHeldOut: Bool) -> Problem {
        WrittenTurns.problem(id, drawn: seed, isHeldOut: isHeldOut, details: ["order": order.rawValue, "seat": String(seat)])
    }
}

/// An auction under way.
private struct Auction {
    let rules: AuctionRounds
    let prompt: AuctionPrompt
    let draw: Seed
    let cast: Cast
    var log: AuctionLog
    /// The priorities of all things.
    private var priorities: [Int]
    /// What the model takes for true.
    private var record: AuctionRecord
    private var game: AscendingAuction { prompt.game }

    init(rules: AuctionRounds, prompt: AuctionPrompt, draw: Seed, seat: Int, cast: Cast) {
        self.rules = rules
        self.prompt = prompt
        self.draw = draw
        self.cast = cast
        let settings = prompt.game.settings
        let state = prompt.game.start
        let own = min(max(seat, 0), settings.bidders - 1)
        priorities = [Int](repeating: 2, count: settings.items.count)
        record = AuctionRecord(for: own, after: 0, in: state, of: prompt.game)
        log = AuctionLog(state: state, seat: own, firstPlan: priorities)
    }

    mutating func play(_ episode: inout Episode, in scope: Scope) async throws {
        var planned = -1
        var ply = 0
        while true {
            ply += 1
            switch game.turn(in: log.state) {
            case .over, .seat: return
            case .chance:
                // Keyed by the place in the auction, so that plays of one problem that have gone alike so far draw alike.
                let place = draw.child("thing", log.state.sales.count).child("round", log.state.rounds.count)
                var generator = place.child("drawn", log.state.values.count + log.state.errors.count).generator
                guard let action = game.drawChance(in: log.state, using: &generator) else { return }
                game.apply(action, to: &log.state)
            case .together(let seats):
                let item = log.state.sales.count
                if planned < 0 || rules.replans && item != planned { try await plan(isFirst: planned < 0, &episode, in: scope.child("plan", item)) }
                planned = item
                var actions: [AscendingAuction.Action] = []
                for seat in seats {
                    if seat == log.seat {
                        actions.append(try await bid(&episode, in: scope.child("bid", ply)))
                    } else {
                        let rival = rules.rivals[(seat - log.seat + game.settings.bidders - 1) % game.settings.bidders % rules.rivals.count].bidder
                        actions.append(rival.action(in: log.state, for: seat, of: game, seed: draw.child("rival", ply).child("seat", seat)) ?? .out)
                    }
                }
                for action in actions { game.apply(action, to: &log.state) }
                for sold in item..<max(item, log.state.sales.count) { try await sumUp(sold, &episode, in: scope.child("sale", sold)) }
            }
        }
    }

    private mutating func plan(isFirst: Bool, _ episode: inout Episode, in scope: Scope) async throws {
        let first = log.state.sales.count
        let step = try await WrittenTurns.ask(.bidder, prompt.plan(log.seat, log.state, record: record, old: priorities), cast: cast, in: scope)
        episode.steps.append(step)
        let old = priorities
        if let new = prompt.priorities(step.move.text, from: first) { priorities.replaceSubrange(first..., with: new) }
        if isFirst {
            log.firstPlan = priorities
        } else {
            log.replans += 1
            if priorities != old { log.changes += 1 }
        }
    }

    private mutating func bid(_ episode: inout Episode, in scope: Scope) async throws -> AscendingAuction.Action {
        let priority = priorities[log.state.sales.count]
        for number in 0..<rules.tries {
            let text = prompt.bid(log.seat, log.state, record: record, priority: priority, isRepeated: number > 0)
            let step = try await WrittenTurns.ask(.bidder, text, cast: cast, in: scope.child("try", number))
            episode.steps.append(step)
            log.bids += 1
            if let action = prompt.bid(step.move.text, of: log.seat, in: log.state) { return action }
            log.failedBids += 1
        }
        return .out
    }

    private mutating func sumUp(_ item: Int, _ episode: inout Episode, in scope: Scope) async throws {
        let truth = AuctionRecord(for: log.seat, after: item + 1, in: log.state, of: game)
        if rules.keepsRecord {
            let step = try await WrittenTurns.ask(.scribe, prompt.summary(log.seat, item, log.state, record: record), cast: cast, in: scope)
            episode.steps.append(step)
            if let new = prompt.record(step.move.text) { record = new }
            log.beliefs.append(AuctionLog.Belief(ownErrors: record.ownErrors(against: truth), otherErrors: record.otherErrors(against: truth)))
        }
        if rules.correctsRecord || !rules.keepsRecord { record = truth }
    }
}
