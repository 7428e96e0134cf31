import Foundation
import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Refinement trees")
struct RefinementTests {
    private func known(_ qualities: [Double]) -> [RefinementSelection.Known] {
        qualities.map { RefinementSelection.Known(quality: $0, visits: 1, parentVisits: 1) }
    }

    @Test("UCT of an attempt by hand: Q and a bonus for what is seldom backed up through; the first attempt has its constant")
    func uct() {
        let selection = RefinementSelection(exploration: 2, smallest: 1)
        #expect(abs(selection.uct(.init(quality: 10, visits: 1, parentVisits: 3)) - (10 + 2 * (log(4) / 2).squareRoot())) < 1e-12)
        #expect(selection.uct(.init(quality: 10, visits: 0, parentVisits: 0)) == 10)
        #expect(selection.uct(.init(quality: 10, visits: 5, parentVisits: nil)) == 10_000)
    }

    @Test("strategies by hand: none, uniform over candidates, and uniform over those that refine the first attempt")
    func strategies() {
        var candidates = known([1, 2, 3, 4])
        candidates[1].refinesFirst = true
        candidates[3].refinesFirst = true
        func weights(_ policy: RefinementSelection.Policy, _ strategy: RefinementSelection.Strategy) -> [Double] {
            RefinementSelection(policy: policy, strategy: strategy).weights(candidates)
        }
        #expect(weights(.greedy, .none) == [0, 0, 0, 0] && weights(.importance, .none) == [1, 1, 1, 1])
        #expect(weights(.greedy, .candidates) == [0.25, 0.25, 0.25, 0.25] && weights(.pairwise, .rootChildren) == [0, 0.5, 0, 0.5])
    }

    /// A policy, the UCTs of candidates, and how often each should be taken.
    private struct Draws {
        var policy: RefinementSelection.Policy
        var qualities: [Double]
        var shares: [Double]
    }

    @Test("greedy takes the best, importance in proportion, pairwise the better of a pair drawn by its difference")
    func policies() {
        let cases: [Draws] = [
            Draws(policy: .greedy, qualities: [0, 1, 3], shares: [0, 0, 1]), Draws(policy: .importance, qualities: [0, 1, 3], shares: [0, 0.25, 0.75]),
            Draws(policy: .importance, qualities: [-2, 0, 0], shares: [0, 0.5, 0.5]),
            Draws(policy: .pairwise, qualities: [0, 1, 3], shares: [0, 1.0 / 6, 5.0 / 6]),
            Draws(policy: .pairwise, qualities: [5, 5], shares: [0.5, 0.5]), Draws(policy: .importance, qualities: [0, 0], shares: [0.5, 0.5]),
        ]
        for one in cases {
            let selection = RefinementSelection(policy: one.policy, strategy: .candidates, exploration: 0)
            var counts = [Double](repeating: 0, count: one.qualities.count)
            for draw in 0..<4000 {
                var generator = Seed(3).child("draw", draw).generator
                counts[selection.choose(known(one.qualities), using: &generator)] += 1
            }
            for (count, share) in zip(counts, one.shares) { #expect(abs(count / 4000 - share) < 0.03, "\(one)") }
        }
    }

    @Test("without a shift scores below 0 are never drawn")
    func unshifted() {
        let selection = RefinementSelection(policy: .importance, strategy: .candidates, exploration: 0, shifts: false)
        for draw in 0..<200 {
            var generator = Seed(4).child("draw", draw).generator
            #expect(selection.choose(known([-2, 1, -1]), using: &generator) == 1)
        }
    }

    @Test("Q, its back-up and the attempt that is kept, by hand over three rollouts", arguments: ["direct", "latest-view"])
    func rollouts(policy: String) async throws {
        let counting = try Counting(policy: PolicyName(policy), scores: [10: "-50", 11: "it is 10", 12: "40", 13: "20"])
        let search = RefinementSearch(rollouts: 3, valuation: SeatScore(seat: Attempts.grader))
        let tree = try await counting.tree(search)
        #expect(tree.nodes.map(\.move.text) == ["10", "11", "12", "13", "12"])
        #expect(tree.nodes.map(\.parent) == [nil, 0, 1, 2, 2])
        // After the first rollout Q is ½(−50 + 10) = −20 and 10; after the second ½(−20 + 25) and ½(10 + 40); after the third ½(40 + 20) and so up.
        #expect(tree.nodes.map(\.value) == [15, 27.5, 30, 20, 30])
        #expect(tree.nodes.map(\.visits) == [1, 2, 2, 1, 0])
        #expect(tree.chosen == 4)
        #expect(tree.nodes[1].verdicts.filter { $0.kind == .worth }.map(\.value) == [10, 10])
        #expect(tree.nodes[4].move.segments.allSatisfy { !$0.isTrained } && tree.nodes[2].move.segments.allSatisfy(\.isTrained))
    }

    @Test("an attempt's own Q is half its least and half its mean valuation; then its best refinement counts as much")
    func ownQuality() async throws {
        let counting = try Counting(scores: [10: "draw", 11: "cannot be read"])
        let tree = try await counting.tree(RefinementSearch(rollouts: 1, valuations: 4, valuation: SeatScore(seat: Attempts.grader)))
        let found = tree.nodes[0].verdicts.filter { $0.kind == .worth }.map(\.value)
        let (least, mean) = (try #require(found.min()), found.reduce(0, +) / 4)
        #expect(found.count == 4 && Set(found).count > 1 && tree.nodes[1].value == -100)
        #expect(abs(tree.nodes[0].value - ((least + mean) / 2 - 100) / 2) < 1e-9)
    }

    @Test("what was kept is played on to its end without another search, and ends the play by being said again", arguments: ["direct", "latest-view"])
    func played(policy: String) async throws {
        let search = RefinementSearch(rollouts: 3, valuation: StandingReturn(lowest: -100, highest: 100))
        let counting = try Counting(policy: PolicyName(policy), search: search)
        let episode = try await Solo().play(counting.position, cast: counting.cast, in: counting.services.scope())
        #expect(episode.steps.map(\.move.text) == ["10", "11", "12", "13", "13"] && episode.returns == [.solver: 1])
        #expect(episode.steps.map { $0.move.tree != nil } == [true, false, false, false, false])
        #expect(counting.services.charged.judgeCalls == 6)
    }

    @Test("a refinement that changes nothing is not refined; the first attempt is, where nothing else is left")
    func closed() async throws {
        let counting = try Counting { latest, _ in latest }
        let tree = try await counting.tree(RefinementSearch(rollouts: 4, refinements: 2))
        #expect(tree.nodes.map(\.parent) == [nil, 0, 0, 0, 0, 0], "four refinements of the first attempt, and its repetition")
        #expect(tree.nodes.allSatisfy { $0.move.text == "10" } && tree.chosen == 5)
    }

    @Test("a dummy begins the tree and is never kept")
    func dummy() async throws {
        let counting = try Counting(scores: [0: "90", 1: "-90"])
        let tree = try await counting.tree(RefinementSearch(rollouts: 1, dummy: "0", valuation: SeatScore(seat: Attempts.grader)))
        #expect(tree.nodes.prefix(2).map(\.move.text) == ["0", "1"] && tree.path(to: tree.chosen).contains(1))
    }

    @Test("scores are read as the first whole number, near-perfect ones are lowered, and unreadable ones are asked for again", arguments: [
        ("-100", -100.0), ("score: 96.", 91), ("95", 95), ("100", 95), ("−25", -25), ("101", -100), ("none", -100), ("", -100), ("3 of 9", 3),
    ])
    func scores(said: String, value: Double) async throws {
        let counting = try Counting(scores: [10: said])
        let tree = try await counting.tree(RepairSearch(depth: 1, threshold: -1000, valuation: SeatScore(seat: Attempts.grader)))
        #expect(tree.nodes[0].value == value)
    }

    @Test("nine marks from 0 to 8 become values from −100 to 100 in steps of 25")
    func marks() async throws {
        let counting = try Counting(scores: [10: "6"])
        let score = SeatScore(seat: Attempts.grader, said: 0...8, ceiling: 95, damping: 5)
        #expect(try await counting.tree(RepairSearch(depth: 1, threshold: -1000, valuation: score)).nodes[0].value == 50)
    }

    @Test("worlds without attempts, sizes of 0, an absent grader, and attempts whose repetition ends nothing are refused with a sentence")
    func refusals() async throws {
        func refusal(_ search: any SearchMethod, _ counting: Counting) async -> String {
            do { _ = try await counting.tree(search); return "" } catch { return "\(error)" }
        }
        let counting = try Counting()
        #expect(await refusal(RefinementSearch(rollouts: 0), counting).contains("0 rollouts"))
        #expect(await refusal(RepairSearch(branches: 0), counting).contains("0 branches"))
        #expect(await refusal(RefinementSearch(valuation: SeatScore(seat: "nobody")), counting).contains("nobody"))
        #expect(await refusal(RefinementSearch(), try Counting(stop: .never)).contains("goes on after"))
        do {
            _ = try await RefinementSearch().search(
                Letters(depth: 2).position(), for: .solver, cast: Sums.cast, judge: nil, in: counting.services.scope())
            Issue.record("letters have no attempts")
        } catch { #expect("\(error)".contains("letters") && "\(error)".contains("attempts")) }
    }
}
