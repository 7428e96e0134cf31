import HoneCore
import HoneCredit
import HoneModel
import HoneObjectives
import HoneTestSupport
import Testing

/// Objectives declare what they take from rows; for each there is a credit that gives it.
@Suite("Credit gives what objectives take")
struct RouteRowsTests {
    /// The credit that goes with an objective; group-relative advantages, plain pairs or accepted rows where nothing is said.
    private static let partners: [String: any Credit] = {
        let pairs = PreferencePairs()
        let returns = DiscountedReturns(streams: [RewardStream(.worldReturn), RewardStream(.step), RewardStream("part"), RewardStream("other")])
        var partners: [String: any Credit] = [
            "reinforce": ReinforceBaseline(), "rloo": LeaveOneOut(), "t1": LeaveOneOut(), "reinforce++": BatchNormalised(),
            "ppo": GeneralisedAdvantage(), "dr-grpo": GroupRelative(normaliseByStd: false),
            "dapo": DynamicSampling(Shaped(GroupRelative(), by: [OverlongPenalty()])), "remax": GreedyBaseline(), "opo": LengthWeightedBaseline(),
            "score-stage1": DiscountedReturns(streams: [RewardStream(.step, discount: 0)]),
            "score-stage2": Shaped(DiscountedReturns(streams: [RewardStream(.step, discount: 0)]), by: [ImprovementBonus()]),
            "kimi-mirror-descent": Shaped(GroupRelative(normaliseByStd: false), by: [GroupLengthReward()]),
            "critique-grpo": RefinedUnderOriginal(), "spear": RecalibratedReplay(), "spiral": RoleConditioned(),
            "oreal": OnePerOutcome(LeaveOneOut(), threshold: 0.5), "awr": returns, "spo": WinShare(), "sppo": WinShare(), "nash-md": WinShare(), "kto": Labelled(),
            "agent-q": SiblingPairs(), "step-apo": SiblingPairs(), "spo-degree": PreferenceDegrees(), "spin": DemonstrationPairs(),
            "dno": BestVersusWorst(), "osp": PreferencePairs(temperature: 1), "self-reference": PreferencePairs(temperature: 1),
            "cross-entropy": Demonstrations(), "rejection-sampling": AcceptedOnly(threshold: 0.5), "negative-aware-tuning": Labelled(),
            "mistake-tuning": Labelled(), "outcome-reward-pairs": pairs, "outcome-reward-binary": Labelled(),
        ]
        for name in ["hard", "soft", "ranking"] { partners["process-reward-\(name)"] = MonteCarloSteps() }
        for name in ["value-regression", "clipped-value", "expectile-value", "q-regression", "cql", "ilql", "several-values"] { partners[name] = returns }
        return partners
    }()

    /// Rows that are marked where they are written, not where they are judged: scopes of feedback, verdicts as rows, drafts and
    /// rationales, weights of tokens.
    private static let markedElsewhere: Set<String> = ["c3po", "scir", "thought-mask", "contrastive-rationale", "weighted-cross-entropy"]

    private static let names: [String] = ((try? ObjectiveCatalog.entries()) ?? []).map(\.card.name)

    @Test("every objective has a credit whose rows hold all that it takes", arguments: names)
    func rows(name: String) throws {
        let entry = try ObjectiveCatalog.entry(name)
        let objective = try entry.make(entry.defaults)
        let takes = objective.takes
        let credit: any Credit = Self.partners[name] ?? (takes.pairs ? PreferencePairs() : GroupRelative())
        let card = type(of: credit).card
        let missing = entry.card.needs.intersection([.pairs, .tree, .stepVerdicts]).subtracting(card.gives)
        #expect(missing.isEmpty, "\(name) needs \(missing) of “\(card.name)”")
        if Self.markedElsewhere.contains(name) { return }
        var (rows, pairs) = (0, 0)
        var carried = credit
        for number in 0..<12 {
            let plays = RandomPlays(seed: Seed(61).child("route", number), number: number)
            let scores = plays.scores(for: credit.needs, seed: Seed(62).child("scores", number))
            let batch = try carried.batch(for: RandomPlays.roles, from: plays.groups, scores: scores)
            pairs += batch.pairs.count
            for row in batch.examples where row.trainedCount > 0 {
                rows += 1
                #expect(!takes.advantages || !row.advantages.isEmpty, "\(name): no advantages")
                #expect(!takes.samplerLogProbs || !row.samplerLogProbs.isEmpty, "\(name): no log-probabilities of the sampler")
                for (key, number) in takes.scalars {
                    let value = row.scalars[key]
                    #expect(value != nil, "\(name): no “\(key)” (\(number.meaning))")
                    // Judges say what rewards are; everything else is the credit's.
                    #expect(!number.isWhole || key == "reward" || value == value?.rounded(), "\(name): “\(key)” is \(value ?? .nan)")
                }
                for (key, number) in takes.channels {
                    let values = row.channels[key] ?? []
                    #expect(values.count == row.tokens.count, "\(name): no “\(key)” (\(number.meaning))")
                    #expect(!number.isWhole || values.allSatisfy { $0 == $0.rounded() }, "\(name): “\(key)” is not whole")
                }
            }
        }
        #expect(rows > 0 && (!takes.pairs || pairs > 0), "“\(card.name)” made nothing for \(name)")
    }

    @Test("the exceptions are still objectives, and still lack a credit")
    func exceptions() throws {
        #expect(Self.markedElsewhere.isSubset(of: Self.names))
        #expect(Set(Self.partners.keys).isSubset(of: Self.names))
    }
}
