import Foundation
import HoneCore
import HoneCredit
import HoneNumerics
import Testing

/// Values of plain definitions, made by Tests/References/credit.py.
struct References: Decodable {
    struct Chain: Decodable { var rewards, values, advantages: [Double]; var discount, lam: Double }
    struct Returns: Decodable { var rewards, returns: [Double]; var discount: Double }
    struct Group: Decodable { var rewards, population, sample, leaveOneOut, lengthWeighted, winShare: [Double]; var lengths: [Int] }
    struct Batch: Decodable { var groups, plain, baseline: [[Double]]; var lengths: [[Int]] }
    struct Cosine: Decodable { var length: Int; var right: Bool; var ends: [Double]; var reward: Double }
    struct Overlong: Decodable { var length: Int; var penalty: Double }
    struct Kimi: Decodable { var lengths: [Int]; var right: [Bool]; var rewards: [Double] }
    struct Repetition: Decodable { var tokens: [TokenID]; var size: Int; var marks: [Bool] }
    struct Running: Decodable { var rewards, advantages: [Double]; var decay: Double }
    struct Vine: Decodable { var moves: [[TokenID]]; var rewards: [Double]; var advantages: [[Double]] }
    var gae: [Chain]
    var returns: [Returns]
    var groups: [Group]
    var batch: [Batch]
    var cosine: [Cosine]
    var overlong: [Overlong]
    var kimi: [Kimi]
    var repetition: [Repetition]
    var running: [Running]
    var vine: [Vine]

    static func read() throws -> References {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/credit.json")
        return try JSONDecoder().decode(References.self, from: try Data(contentsOf: url))
    }
}

@Suite("Reference values")
struct ReferenceTests {
    private let references: References

    init() throws { references = try References.read() }

    private func agree(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-12) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1, tolerance) }
    }

    @Test("generalised advantages are the double sum, and returns the sum of discounted rewards")
    func chains() {
        for one in references.gae {
            let found = GeneralisedAdvantage.advantages(rewards: one.rewards, values: one.values, discount: one.discount, lambda: one.lam)
            #expect(agree(found, one.advantages))
        }
        for one in references.returns { #expect(agree(DiscountedReturns.returns(one.rewards, discount: one.discount), one.returns)) }
    }

    @Test("baselines of a group")
    func groups() {
        for one in references.groups {
            let r = one.rewards
            #expect(agree(GroupRelative.advantages(r, normaliseByStd: true, epsilon: 1e-4), one.population))
            #expect(agree(GroupRelative.advantages(r, normaliseByStd: true, epsilon: 1e-4, deviation: .sample), one.sample))
            #expect(agree(ReinforceBaseline.advantages([r], baseline: .leaveOneOut)[0], one.leaveOneOut))
            #expect(agree(LengthWeightedBaseline.advantages(r, lengths: one.lengths), one.lengthWeighted))
            #expect(agree(GroupStatistics.winShares(r), one.winShare))
        }
    }

    @Test("REINFORCE++ with and without the group's mean, through whole batches")
    func batches() throws {
        for one in references.batch {
            let groups = zip(one.groups, one.lengths).map { rewards, lengths in
                group(rewards, tokens: lengths.map { (0..<$0).map { TokenID(10 + $0) } })
            }
            let plain = try advantages(BatchNormalised(), groups).map(Double.init)
            #expect(agree(plain, one.plain.flatMap { $0 }, 1e-5))
            let baseline = try advantages(BatchNormalised(subtractsGroupMean: true), groups).map(Double.init)
            #expect(agree(baseline, one.baseline.flatMap { $0 }, 1e-5))
        }
    }

    @Test("length and repetition rewards")
    func shapings() {
        for one in references.cosine {
            let shaping = CosineLength(
                limit: 64, rightShort: one.ends[0], rightLong: one.ends[1], wrongShort: one.ends[2], wrongLong: one.ends[3], overflow: -10)
            #expect(isClose(shaping.reward(isRight: one.right, length: one.length), one.reward))
        }
        let overlong = OverlongPenalty(limit: 64, buffer: 24)
        for one in references.overlong { #expect(isClose(overlong.penalty(length: one.length), one.penalty)) }
        for one in references.kimi { #expect(agree(GroupLengthReward.rewards(lengths: one.lengths, areRight: one.right), one.rewards)) }
        for one in references.repetition { #expect(RepetitionPenalty.repeated(one.tokens, size: one.size) == one.marks) }
    }

    @Test("the running mean is the geometric sum of earlier rewards")
    func running() {
        for one in references.running {
            var credit = RoleConditioned(decay: one.decay)
            #expect(agree(one.rewards.map { credit.advantage(of: $0, world: "nim", role: .solver) }, one.advantages))
        }
    }

    @Test("Monte Carlo step values are means over plays with the same beginning")
    func vine() throws {
        for one in references.vine {
            let episodes = one.moves.enumerated().map { number, moves in chain("\(number)", moves.map { [10 + $0] }) }
            let verdicts = one.rewards.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
            let found = try advantages(MonteCarloSteps(), [group(of: episodes, verdicts)]).map(Double.init)
            #expect(agree(found, one.advantages.flatMap { $0 }, 1e-5))
        }
    }
}
