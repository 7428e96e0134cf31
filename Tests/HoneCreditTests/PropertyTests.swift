import HoneCore
import HoneCredit
import HoneNumerics
import Testing

@Suite("What holds for every group")
struct PropertyTests {
    /// Credits of whole episodes whose advantages are about a group.
    private static let relative: [any Credit] = [
        GroupRelative(epsilon: 0), GroupRelative(normaliseByStd: false), LeaveOneOut(), LengthWeightedBaseline(), WinShare(),
        WinShare(normaliseByStd: true), DiscountedReturns(baseline: .groupMean), DiscountedReturns(baseline: .leaveOneOut),
        BatchNormalised(subtractsGroupMean: true),
    ]

    private func found(_ credit: any Credit, _ groups: [EpisodeGroup]) throws -> [Double] {
        var credit = credit
        return try credit.batch(for: [.solver], from: groups, scores: ScoreTable()).examples.map { Double($0.advantages.last ?? .nan) }
    }

    private func random(_ seed: Int) -> (rewards: [Double], tokens: [[TokenID]]) {
        var generator = Seed(17).child("group", seed).generator
        let count = 2 + generator.integer(in: 0...6)
        let rewards = (0..<count).map { _ in generator.chance(0.5) ? Double(generator.integer(in: 0...1)) : 3 * generator.unit() - 1 }
        let tokens = (0..<count).map { _ in (0...generator.integer(in: 0...4)).map { TokenID(10 + $0) } }
        return (rewards, tokens)
    }

    @Test("advantages add up to 0: by episode, or by token where lengths weigh", arguments: 0..<40)
    func sums(seed: Int) throws {
        let (rewards, tokens) = random(seed)
        let lengths = tokens.map { Double($0.count) }
        for credit in Self.relative {
            let own = try found(credit, [group(rewards, tokens: tokens)])
            let weights = credit is LengthWeightedBaseline ? lengths : lengths.map { _ in 1 }
            let sum = zip(own, weights).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(sum) < 1e-4, "\(type(of: credit).card.name): \(own)")
        }
        let all = try found(BatchNormalised(), [group(rewards, tokens: tokens)])
        #expect(abs(zip(all, lengths).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4)
    }

    @Test("equal rewards give exactly 0, whatever their value and count", arguments: [0.1, 1.0 / 3, -7.7, 0], [1, 2, 3, 7])
    func equal(reward: Double, count: Int) throws {
        let tokens = (0..<count).map { number in (0...number).map { TokenID(10 + $0) } }
        let same = group((0..<count).map { _ in reward }, tokens: tokens)
        for credit in Self.relative where !(credit is DiscountedReturns) || count > 1 {
            #expect(try found(credit, [same]).allSatisfy { $0 == 0 }, "\(type(of: credit).card.name)")
        }
    }

    @Test("groups without episodes teach nothing and change nothing")
    func empty() throws {
        let (rewards, tokens) = random(1)
        let played = group(rewards, tokens: tokens)
        for credit in Self.relative {
            #expect(try found(credit, [group([])]).isEmpty)
            #expect(try found(credit, [group([]), played, group([])]) == found(credit, [played]))
        }
    }

    @Test("who stands where in a group does not matter", arguments: 0..<20)
    func order(seed: Int) throws {
        let (rewards, tokens) = random(seed)
        var generator = Seed(18).child("order", seed).generator
        let order = generator.shuffled(Array(rewards.indices))
        for credit in Self.relative {
            let own = try found(credit, [group(rewards, tokens: tokens)])
            let turned = try found(credit, [group(order.map { rewards[$0] }, tokens: order.map { tokens[$0] })])
            for (place, index) in order.enumerated() { #expect(isClose(turned[place], own[index], 1e-5)) }
        }
    }

    @Test("a common offset changes no advantage, and win shares look at the order only", arguments: 0..<20)
    func offset(seed: Int) throws {
        let (rewards, tokens) = random(seed)
        for credit in Self.relative {
            let own = try found(credit, [group(rewards, tokens: tokens)])
            let moved = try found(credit, [group(rewards.map { $0 + 8 }, tokens: tokens)])
            for (a, b) in zip(own, moved) { #expect(isClose(a, b, 1e-5)) }
        }
        let stretched = try found(WinShare(), [group(rewards.map { $0 * $0 * $0 }, tokens: tokens)])
        #expect(try stretched == found(WinShare(), [group(rewards, tokens: tokens)]))
    }

    @Test("rewards that are not finite are refused in a sentence that names the episode", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(reward: Double) {
        for credit in Self.relative + [Labelled(), BestVersusWorst(), MonteCarloSteps(), RoleConditioned()] {
            let text = sentence { _ = try found(credit, [group([1, 0]), group([0, reward])]) }
            #expect(text.contains("finite number") && text.contains("episode 1"), "\(type(of: credit).card.name): \(text)")
        }
    }

    @Test("graded versions lose ever more of their key tokens; the pair itself is not graded")
    func degrees() throws {
        let tokens: [[TokenID]] = [[10, 20, 20, 21, 22, 23], [10, 30]]
        let found = try batch(PreferenceDegrees(degrees: 2), [group([1, 0.25], tokens: tokens)])
        #expect(found.pairs == [Pair(chosen: 0, rejected: 1, margin: 0.75)])
        #expect(found.examples.numbers("grade") == [-1, -1, 0, 1])
        // 20 is said twice and nowhere else, 21 and 22 once, 10 everywhere: the key is 20, 21, 22, half of it is lost (two of three).
        #expect(PreferenceDegrees.keyTokens(tokens[0], occurrences: [10: 2, 20: 1, 21: 1, 22: 1, 23: 1], count: 2) == [20, 21, 22])
        #expect(found.examples[2].tokens == [1, 2, 10, 20, 20, 21, 22, 23] && found.examples[3].tokens == [1, 2, 10, 22, 23])
        #expect(found.examples[3].samplerLogProbs.isEmpty)
    }
}
