import Foundation
import HoneCore
import HoneCredit
import HoneNumerics
import Testing

/// A softmax policy with logits of its own for each state; choice c is the token 10 + c.
private struct Table {
    var logits: [[TokenID]: [Double]] = [:]
    let choices: Int

    func probabilities(_ state: [TokenID]) -> [Double] {
        let own = logits[state] ?? [Double](repeating: 0, count: choices)
        let total = Statistics.logSumExp(own)
        return own.map { exp($0 - total) }
    }

    func draw(_ state: [TokenID], _ generator: inout SeededGenerator) -> Int {
        var left = generator.unit()
        for (choice, probability) in probabilities(state).enumerated() {
            left -= probability
            if left < 0 { return choice }
        }
        return choices - 1
    }

    /// One step of gradient ascent on Σ A·log π / rows.
    mutating func learn(_ batch: TrainingBatch, rate: Double) {
        var changes: [[TokenID]: [Double]] = [:]
        for row in batch.examples {
            guard let place = row.isTrained.lastIndex(of: true), !row.advantages.isEmpty else { continue }
            let state = Array(row.tokens[..<place])
            let chosen = Int(row.tokens[place]) - 10
            for (choice, probability) in probabilities(state).enumerated() {
                let slope = (choice == chosen ? 1 : 0) - probability
                changes[state, default: [Double](repeating: 0, count: choices)][choice] += Double(row.advantages[place]) * slope
            }
        }
        let rows = Double(max(1, batch.examples.count))
        for (state, change) in changes {
            let old = logits[state] ?? [Double](repeating: 0, count: choices)
            logits[state] = zip(old, change).map { $0 + rate * $1 / rows }
        }
    }
}

@Suite("Known answers are learned")
struct LearningTests {
    private static let pays: [Double] = [0, 1, 0.2]

    /// The credits that can find the best of three arms.
    private static let bandits: [any Credit] = [
        ReinforceBaseline(baseline: .none), ReinforceBaseline(baseline: .batchMean), LeaveOneOut(), GroupRelative(), GroupRelative(normaliseByStd: false),
        DynamicSampling(GroupRelative()), LengthWeightedBaseline(), GreedyBaseline(), BatchNormalised(), BatchNormalised(subtractsGroupMean: true),
        RoleConditioned(), StateConditioned(), WinShare(), DiscountedReturns(baseline: .leaveOneOut), Shaped(LeaveOneOut(), by: [OverlongPenalty()]), RecalibratedReplay(),
        OnePerOutcome(LeaveOneOut()), MonteCarloSteps(), GeneralisedAdvantage(),
    ]

    @Test("the best of three arms is found with p ≥ 0.99, for 10 of 10 seeds", arguments: bandits.indices)
    func bandit(index: Int) throws {
        for seed in 0..<10 {
            var credit = Self.bandits[index]
            var policy = Table(choices: 3)
            var generator = Seed(41).child("bandit", seed).generator
            var value = 0.0
            var steps = 0
            while policy.probabilities([1, 2])[1] < 0.99, steps < 1500 {
                steps += 1
                let groups = (0..<2).map { number in
                    var arms = (0..<6).map { _ in policy.draw([1, 2], &generator) }
                    let likeliest = policy.probabilities([1, 2]).enumerated().max { $0.element < $1.element }?.offset ?? 0
                    if credit is GreedyBaseline { arms[0] = likeliest }
                    var played = group(
                        of: arms.enumerated().map { chain("\(number)/\($0.offset)", [[10 + TokenID($0.element)]]) },
                        arms.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: Self.pays[$0.element]) })
                    if credit is GreedyBaseline { played.episodes[0].cast[.solver] = Player(model: "policy", sampling: Sampling(temperature: 0)) }
                    return played
                }
                var scores = ScoreTable()
                for need in credit.needs {
                    for episode in groups.flatMap(\.episodes) {
                        scores.rows[need, default: [:]][.init(episode: episode.id, step: 0)] = Scores(values: [0, Float(value)], shape: [2])
                    }
                }
                let made = try credit.batch(for: [.solver], from: groups, scores: scores)
                policy.learn(made, rate: 2)
                let targets = made.examples.compactMap { $0.channels["returns"]?.last }.map(Double.init)
                if !targets.isEmpty { value += 0.2 * (Statistics.mean(targets) - value) }
            }
            #expect(policy.probabilities([1, 2])[1] >= 0.99, "\(type(of: credit).card.name), seed \(seed): \(policy.probabilities([1, 2])) after \(steps) steps")
        }
    }

    /// Three choices of two in a row; only 1, 1, 1 is paid, at the end.
    private static let sequential: [any Credit] = [
        LeaveOneOut(), DiscountedReturns(baseline: .leaveOneOut), MonteCarloSteps(), GeneralisedAdvantage(discount: 1, lambda: 0.5, unit: .step),
        DiscountedReturns(unit: .step, baseline: .valueHead), RoleConditioned(), StateConditioned(),
    ]

    @Test("three right choices in a row are found, with one reward at the end", arguments: sequential.indices)
    func chainOfChoices(index: Int) throws {
        for seed in 0..<5 {
            var credit = Self.sequential[index]
            var policy = Table(choices: 2)
            var values: [[TokenID]: Double] = [:]
            var generator = Seed(42).child("chain", seed).generator
            func success() -> Double {
                var (state, product): ([TokenID], Double) = ([1, 2], 1)
                for _ in 0..<3 {
                    product *= policy.probabilities(state)[1]
                    state.append(11)
                }
                return product
            }
            var steps = 0
            while success() < 0.95, steps < 1500 {
                steps += 1
                var episodes: [Episode] = []
                var verdicts: [Verdict] = []
                var scores = ScoreTable()
                for play in 0..<16 {
                    var state: [TokenID] = [1, 2]
                    for step in 0..<3 {
                        for need in credit.needs {
                            let own = Scores(values: state.dropFirst().map { _ in 0 } + [Float(values[state] ?? 0)], shape: [state.count])
                            scores.rows[need, default: [:]][.init(episode: "\(play)", step: step)] = own
                        }
                        state.append(10 + TokenID(policy.draw(state, &generator)))
                    }
                    episodes.append(chain("\(play)", state.dropFirst(2).map { [$0] }))
                    verdicts.append(Verdict(on: .episode(play), kind: .worldReturn, value: state.dropFirst(2).allSatisfy { $0 == 11 } ? 1 : 0))
                }
                let made = try credit.batch(for: [.solver], from: [group(of: episodes, verdicts)], scores: scores)
                policy.learn(made, rate: 3)
                for row in made.examples {
                    guard let target = row.channels["returns"]?.last else { continue }
                    let state = Array(row.tokens.dropLast())
                    values[state, default: 0] += 0.1 * (Double(target) - (values[state] ?? 0))
                }
            }
            #expect(success() >= 0.95, "\(type(of: credit).card.name), seed \(seed): \(success()) after \(steps) steps")
        }
    }

    @Test("steps that are paid on their own are learned by themselves with discount 0")
    func attempts() throws {
        // The first choice is paid for 0, the second for 1; each is credited with its own reward only.
        var policy = Table(choices: 2)
        var generator = Seed(43).generator
        for _ in 0..<300 {
            var episodes: [Episode] = []
            var verdicts: [Verdict] = []
            for play in 0..<8 {
                let first = policy.draw([1, 2], &generator)
                let second = policy.draw([1, 2, 10 + TokenID(first)], &generator)
                episodes.append(chain("\(play)", [[10 + TokenID(first)], [10 + TokenID(second)]]))
                verdicts += [Verdict(on: .step(play, 0), kind: .step, value: Double(1 - first)), Verdict(on: .step(play, 1), kind: .step, value: Double(second))]
            }
            policy.learn(try batch(DiscountedReturns(streams: [RewardStream(.step, discount: 0)]), [group(of: episodes, verdicts)]), rate: 2)
        }
        #expect(policy.probabilities([1, 2])[0] > 0.97 && policy.probabilities([1, 2, 10])[1] > 0.97)
    }
}
