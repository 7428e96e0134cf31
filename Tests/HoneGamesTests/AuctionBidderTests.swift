import HoneCore
import HoneGames
import Testing

@Suite("Bidders and records of ascending auctions")
struct AuctionBidderTests {
    /// The paper's proportions: raises of a tenth of the first price.
    private func game(_ change: (inout AscendingAuction.Settings) -> Void = { _ in }) throws -> AscendingAuction {
        var settings = AscendingAuction.Settings()
        (settings.items, settings.values, settings.startPrice, settings.increment, settings.budget) = (["vase", "lamp"], [12, 28], 10, 1, 40)
        change(&settings)
        return try AscendingAuction(settings)
    }

    @Test("the things that can be paid at one and a half first prices get 3, two more get 2, the others 1")
    func priorities() {
        #expect(PlanningBidder.priorities(of: [22, 18, 30, 14, 25], budget: 40, startPrice: 10) == [2, 2, 3, 1, 3])
        #expect(PlanningBidder.priorities(of: [22, 22], budget: 15, startPrice: 10) == [3, 2], "of equals the earlier goes first")
        #expect(PlanningBidder.priorities(of: [20], budget: 3, startPrice: 10) == [2])
        #expect((1...3).map { PlanningBidder.limit(estimate: 20, priority: $0) } == [12, 15, 18])
    }

    @Test("a planner stops at the share of its estimate that goes with its priority, and plans anew with what it has")
    func planner() throws {
        let game = try game { ($0.bidders, $0.budget) = (2, 28) }
        // Estimates 22 and 31: 28 pays for one thing at 15, which is the lamp.
        let state = game.playing(["value 20", "value 28"])
        #expect(PlanningBidder().priority(for: 0, in: state, of: game) == 2)
        let late = game.playing(["out", "bid 10"], from: state)
        #expect(late.sales.map(\.price) == [10] && late.budgets == [28, 18])
        #expect(PlanningBidder().priority(for: 1, in: late, of: game) == 3, "18 pays for the only thing left")
        #expect(PlanningBidder(replans: false).priority(for: 1, in: late, of: game) == 3)
        #expect(PlanningBidder(replans: false).priority(for: 0, in: state, of: game) == 2)
        #expect(PlanningBidder().action(in: state, for: 0, of: game, seed: Seed(1)) == .bid(10))
    }

    @Test("bidders up to their estimates drive the price to where the second of them stops")
    func estimates() throws {
        let game = try game { ($0.bidders, $0.items, $0.tie) = (2, ["vase"], .seat) }
        let state = game.ended(with: [EstimateBidder(), EstimateBidder()], seed: Seed(4))
        let value = try #require(state.values.first)
        let estimate = game.estimate(of: 0, for: 0, in: state)
        #expect(state.sales[0].price == estimate && game.profit(of: state.sales[0].winner ?? 0, in: state) == value - estimate && value < estimate)
    }

    @Test("rule bidders earn something among themselves; two who raise as long as they can lose beside one of them; high estimates are a curse")
    func environment() throws {
        let game = try game { $0.items = ["vase", "lamp", "clock", "chair", "table"] }
        let rich = try self.game { ($0.items, $0.budget) = (["vase", "lamp", "clock", "chair", "table"], 80) }
        let raiser = RuleBidder(bids: .max)
        var (rule, beside, raising, cursed) = (0, 0, 0, 0)
        for play in 0..<200 {
            let seed = Seed(8).child("play", play)
            let first = game.ended(with: [RuleBidder(), RuleBidder(), RuleBidder()], seed: seed)
            let second = game.ended(with: [RuleBidder(), raiser, raiser], seed: seed)
            let third = rich.ended(with: [EstimateBidder(), EstimateBidder(), EstimateBidder()], seed: seed)
            rule += (0..<3).reduce(0) { $0 + game.profit(of: $1, in: first) }
            beside += game.profit(of: 0, in: second)
            raising += game.profit(of: 1, in: second) + game.profit(of: 2, in: second)
            cursed += (0..<3).reduce(0) { $0 + rich.profit(of: $1, in: third) }
            for state in [first, second] {
                #expect(state.budgets.allSatisfy { $0 >= 0 })
                for sale in state.sales { #expect(sale.price == max(0, sale.rounds.joined().max() ?? 0), "the hammer falls at the highest bid") }
            }
        }
        #expect(rule > 0 && beside > 0 && raising < 0 && cursed < 0, "\(rule) \(beside) \(raising) \(cursed)")
    }

    @Test("a record follows sales, and its errors are counted apart for oneself and others")
    func records() throws {
        let game = try game()
        let state = game.playing(["value 20", "value 28", "out", "bid 12", "out", "bid 11", "out", "out"])
        #expect(state.sales.map(\.winner) == [1, 0] && state.sales.map(\.price) == [12, 11])
        let own = AuctionRecord(for: 1, after: 2, in: state, of: game)
        // Its own profit 20 − 12 first, then that of seat 0, 28 − 11, and of seat 2.
        #expect(own.text == "28 8 17 0" && AuctionRecord(for: 1, after: 1, in: state, of: game).text == "28 8 0 0")
        #expect(AuctionRecord(for: 2, after: 2, in: state, of: game).text == "40 0 17 8")
        #expect(AuctionRecord("28 8 17 0", bidders: 3) == own && AuctionRecord("28 8 17", bidders: 3) == nil && AuctionRecord("a 8 17 0", bidders: 3) == nil)
        let wrong = AuctionRecord(budget: 27, profits: [8, 17, 1])
        #expect(wrong.ownErrors(against: own) == 1 && wrong.otherErrors(against: own) == 1)
        #expect(AuctionRecord(budget: 0, profits: []).ownErrors(against: own) == 2 && AuctionRecord(budget: 0, profits: []).otherErrors(against: own) == 2)
    }
}
