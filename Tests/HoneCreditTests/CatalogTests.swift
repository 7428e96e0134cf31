import HoneCore
import HoneCredit
import HoneTestSupport
import Testing

@Suite("The catalogue of credits")
struct CatalogTests {
    @Test("every listed credit keeps its promises on random groups", arguments: CreditCatalog.parts.indices)
    func promises(index: Int) throws {
        let credit = CreditCatalog.parts[index]
        let broken = try checkCredit(credit, seed: Seed(3).child(type(of: credit).card.name), batches: 42)
        #expect(broken.isEmpty, "\(type(of: credit).card.name): \(broken.joined(separator: "; "))")
    }

    @Test("settings other than the defaults keep them too", arguments: Self.others.indices)
    func settings(index: Int) throws {
        let credit = Self.others[index]
        let broken = try checkCredit(credit, seed: Seed(4).child("\(index)"), batches: 24)
        #expect(broken.isEmpty, "\(credit): \(broken.joined(separator: "; "))")
    }

    private static let others: [any Credit] =
        CreditUnit.allCases.flatMap { unit -> [any Credit] in
            [GeneralisedAdvantage(discount: 0.9, lambda: 0.5, unit: unit, klCoefficient: 0.1, whitens: true)]
                + DiscountedReturns.Baseline.allCases.map {
                    DiscountedReturns(
                        streams: [RewardStream(.worldReturn, discount: 0.9), RewardStream("part", weight: 2, discount: 0.5)], unit: unit, baseline: $0)
                }
        } + PreferencePairs.Choice.allCases.map { PreferencePairs(choice: $0, threshold: 0.1, temperature: 0.7, weighsByDifference: true) }
        + TreeBackup.Rule.allCases.flatMap { rule -> [any Credit] in
            [TreeBackup(rule: rule, leastVisits: 0), SiblingPairs(hasOppositeSigns: true, bestVersusWorst: true, backup: rule)]
        }
        + CreditCatalog.shapings.map { Shaped(DiscountedReturns(baseline: .leaveOneOut), by: [$0]) } + [
            BatchNormalised(subtractsGroupMean: true, klCoefficient: 0.2), MonteCarloSteps(isHard: true), RoleTreeMoves(threshold: 0.2),
            RevisionSplice(signals: [[1700, 1701], [1702]]), RoleConditioned(discount: 0.5, updatesFirst: true),
            Shaped(RoleConditioned(), by: [OverlongPenalty(limit: 3, buffer: 2)]), DynamicSampling(RoleConditioned()), OnePerOutcome(RoleConditioned(), seed: 3),
            SiblingPairs(threshold: 0, centre: 0.5, finishedScale: 0.3, finishedBestVersusWorst: true, priorShare: 0.5),
            FirstError(learnsError: true), CheckedSteps(isQuality: true), RefinementPairs(threshold: 0), Labelled(isSoft: true), WinShare(normaliseByStd: true),
        ]

    @Test("names are unique, in order, and cards say where a credit is from")
    func cards() {
        let cards = CreditCatalog.parts.map { type(of: $0).card }
        #expect(cards.map(\.name) == Set(cards.map(\.name)).sorted())
        #expect(cards.allSatisfy { $0.source.count > 10 && $0.summary.count > 10 })
    }

    @Test("the checker sees a credit that breaks its promises", arguments: Broken.Fault.allCases)
    func checkerSees(fault: Broken.Fault) throws {
        let broken = try checkCredit(Broken(fault: fault), seed: Seed(5), batches: 12)
        #expect(broken.contains { $0.contains(fault.rawValue) }, "\(broken)")
    }
}

/// A credit with one fault, to see that the checker finds it.
struct Broken: Credit {
    enum Fault: String, CaseIterable, Sendable {
        case heldOut = "kept for measuring"
        case notFinite = "not finite"
        case masked = "masked token"
        case first = "first token"
        case lengths = "other lengths"
        case logProbs = "another log-probability"
        case order = "order of groups"
        case pair = "which the card does not promise"
        case nothing = "never a token"
        case notEmpty = "no groups give a batch"
    }
    static let card = PartCard(name: "broken", summary: "one fault", source: "none", gives: [.onPolicyLogProbs])
    var fault: Fault

    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        if fault == .notEmpty, groups.isEmpty { return TrainingBatch(examples: [Example(tokens: [1], isTrained: [false])]) }
        var own = groups
        if fault == .heldOut { for index in own.indices { own[index].assignment.problem.isHeldOut = false } }
        var inner = ReinforceBaseline(baseline: .none)
        var batch = try inner.batch(for: roles, from: own, scores: scores)
        if fault == .nothing || batch.examples.isEmpty { return TrainingBatch() }
        switch fault {
        case .notFinite: batch.examples[0].advantages[0] = .nan
        case .masked: batch.examples[0].isTrained = batch.examples[0].tokens.indices.map { $0 > 0 }
        case .first: batch.examples[0].isTrained[0] = true
        case .lengths: batch.examples[0].weights.append(1)
        case .logProbs: for row in batch.examples.indices { batch.examples[row].samplerLogProbs = batch.examples[row].samplerLogProbs.map { $0 - 1 } }
        case .order: for row in batch.examples.indices { batch.examples[row].advantages = batch.examples[row].advantages.map { $0 + Float(row) } }
        case .pair: batch.pairs = [Pair(chosen: 0, rejected: 0)]
        case .heldOut, .nothing, .notEmpty: break
        }
        return batch
    }
}
