import HoneCore
import HoneGames
import Testing

@Suite("Item splits and beliefs about what the other wants")
struct ItemSplitTests {
    /// Two books, one hat, two balls: seat 0 wants books (4, 2, 0), seat 1 balls (1, 2, 3).
    private let split = ItemSplit(counts: [2, 1, 2], values: [[4, 2, 0], [1, 2, 3]])

    @Test("valuations are all that add up to 10")
    func valuations() {
        let all = ItemSplit.valuations(of: [2, 1, 2])
        // 2a + b + 2c = 10: b is even, and a + c = 5 − b/2, so 6 + 5 + 4 + 3 + 2 + 1.
        #expect(all.count == 21 && Set(all).count == 21 && all.allSatisfy { 2 * $0[0] + $0[1] + 2 * $0[2] == 10 })
    }

    @Test("envy and Pareto optimality of single deals")
    func deals() {
        #expect(split.deals.count == 18)
        // Seat 0 takes the books and the hat: 10 for it, and the balls are worth 6 of 10 to seat 1.
        #expect(split.worth([2, 1, 0], to: 0) == 10 && split.worth([2, 1, 0], to: 1) == 6)
        #expect(split.isEnvyFree([2, 1, 0]) && split.isParetoOptimal([2, 1, 0]))
        // A ball more for seat 0 is worth nothing to it.
        #expect(!split.isParetoOptimal([2, 1, 1]) && !split.isEnvyFree([2, 1, 1]))
        #expect(!split.isEnvyFree([0, 0, 0]) && split.isEnvyFree([0, 0, 0], for: 1, by: split.values[1]))
    }

    @Test("what is heard leaves the hypotheses that explain it, and the true values are among them for a truthful other")
    func belief() {
        var belief = ValueBelief(split, seat: 0)
        #expect(belief.hypotheses.count == 21)
        // Everything for the other: no valuation envies that, so nothing is learned.
        belief.hear([0, 0, 0])
        #expect(belief.hypotheses.count == 21)
        // My proposal gave the other the balls; the answer asks for the hat too.
        belief.hear([2, 0, 0], refusing: [2, 1, 0])
        for values in belief.envious { #expect(4 * values[2] < 10 && 2 * values[2] + values[1] >= 5) }
        for values in belief.greedy { #expect(4 * values[2] >= 10 && values[1] > 0) }
        #expect(belief.greedy.contains([1, 2, 3]))
    }

    @Test("a refused deal is less likely to be accepted by ρ each time, unless the other proposed it")
    func acceptance() {
        // Twice refused with the same answer, so that the hypotheses stay as they are.
        var once = ValueBelief(split, seat: 0, decay: 0.1)
        once.hear([2, 0, 0], refusing: [2, 1, 0])
        var twice = once
        twice.hear([2, 0, 0], refusing: [2, 1, 0])
        #expect(twice.hypotheses == once.hypotheses)
        #expect(abs(twice.acceptance(of: [2, 1, 0]) - 0.9 * once.acceptance(of: [2, 1, 0])) < 1e-12)
        let all = ValueBelief(split, seat: 0)
        #expect(all.acceptance(of: [0, 0, 0]) == 1 && all.acceptance(of: [2, 1, 2]) == 0)
        #expect(once.acceptance(of: [2, 0, 0]) == 1)
    }

    @Test("a believer proposes without envy for itself, and accepts where nothing better is likely")
    func proposals() {
        let belief = ValueBelief(split, seat: 0)
        let proposal = belief.proposal()
        #expect(belief.isFairToMe(proposal))
        #expect(belief.acceptance(of: proposal) > 0.5 && belief.accepts(proposal))
        #expect(!belief.accepts([0, 0, 0]) && belief.accepts([2, 1, 0]))
    }

    @Test("talks end with a deal or with nothing for both, and are the same again from the same seed")
    func talks() {
        for number in 0..<30 {
            let split = ItemSplit.drawn(seed: Seed(UInt64(number)))
            #expect(split.values.allSatisfy { ItemSplit.worth(split.counts, by: $0) == 10 } && (5...7).contains(split.counts.reduce(0, +)))
            for manners in [[SplitTalks.Manner.plain, .plain], [.believing, .plain], [.believing, .believing]] {
                let talks = SplitTalks(split, turns: 8)
                let outcome = talks.outcome(manners, first: number % 2, seed: Seed(7))
                #expect(outcome == talks.outcome(manners, first: number % 2, seed: Seed(7)))
                #expect(outcome.proposals.count <= 8)
                #expect(outcome.rewards == (outcome.deal.map { deal in (0...1).map { split.worth(deal, to: $0) } } ?? [0, 0]))
                if manners[0] == .believing, let deal = outcome.deal { #expect(split.isEnvyFree(deal, for: 0, by: split.values[0])) }
            }
        }
    }
}
