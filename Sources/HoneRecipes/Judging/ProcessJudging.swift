import HoneCore
import HoneEvaluation
import HoneJudges
import HoneNumerics
import HoneSocieties

/// How well a model judges steps, what its judgement is worth for choosing among its samples, and how both go along its checkpoints.
///
/// | measure | of |
/// |---|---|
/// | `on wrong (…)`, `on right (…)`, `F1 (…)` | written answers: first wrong steps named, right ones accepted, harmonic mean; by readout |
/// | `pass@1`, `majority@k`, `self@k`, `reward@k` | one sample; a vote of k; the best of k by the model's own least step likelihood, or by a taught process reward |
/// | `accepted right, easy`, `…, hard` | samples with no refused step that are right, in the thirds of the problems that are solved most and least often |
/// | `rank correlation (…)` | Spearman's ρ of accuracy and F1 over checkpoints |
/// | `checkpoint i: …` | accuracy, F1 and φ (how far problems that are solved are those judged rightly) of each |
///
/// Readouts are `likelihood`, `asked`, and `reference`: asked behind an own answer. Numbers of the whole, such as F1 and ρ, are given to each problem alike.
struct ProcessJudging: Measure {
    static let card = PartCard(
        name: "process-judging", summary: "process-judging F1, best-of-k by the model's own step likelihoods, and both along checkpoints",
        source: "“Is PRM Necessary?”; ProcessBench (Zheng et al. 2024)")

    /// The problems, of a world in steps.
    let problems: [Problem]
    /// Samples of each.
    let samples: Int
    /// Who answers, step by step.
    let player: Player
    /// Answers of known faults.
    let written: [WrittenAnswer]
    /// How a verdict is asked for.
    let prompt: VerdictPrompt
    /// A step is refused whose likelihood is below this.
    let threshold: Double
    /// The model at earlier times, from the oldest.
    let checkpoints: [ModelRef]
    /// Samples of each problem at a checkpoint.
    let checkpointSamples: Int
    /// A process reward that was taught apart.
    let reward: BalancedReward
    /// Reads the answer of a play.
    let reading: SampleMeasures.Reading

    func measure(in scope: Scope) async throws -> Findings {
        var found = try await choosing(in: scope.child("choosing"))
        let own = scope.child("judging")
        found.add(try await likely(player.model, in: own), by: "likelihood")
        found.add(try await asked(player.model, withReference: false, in: own), by: "asked")
        found.add(try await asked(player.model, withReference: true, in: own), by: "reference")
        try await sweep(&found, in: scope.child("checkpoints"))
        return found
    }

    /// What choosing among samples brings.
    private func choosing(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: [.solver: player]).groups(in: scope)
        let scored = try await groups.concurrently { index, group in
            var copy = group
            copy.verdicts += try await StepLikelihood(scorer: player.model).judge(group, in: scope.child("likelihood", index)).verdicts
            copy.verdicts += try await reward.judge(group, in: scope.child("reward", index)).verdicts
            return copy
        }
        return findings(of: scored)
    }

    /// The measures of groups whose answers have both scores.
    func findings(of groups: [EpisodeGroup]) -> Findings {
        var found = Findings()
        let rows = groups.map { group in
            (
                problem: group.assignment.problem.id, isRight: group.episodes.map(SampleMeasures.isCorrect),
                answers: group.episodes.map { reading($0, group.assignment.problem) },
                own: scores(StepLikelihood.kind, of: group), reward: scores(BalancedReward.process, of: group)
            )
        }
        found.add("pass@1", unit: "share", rows.map { ($0.problem, $0.isRight.map { $0 ? 1 : 0 }) })
        for k in [8, 16, 32, 64] where k <= samples {
            func add(_ name: String, _ value: (Int) -> Double?) {
                found.add("\(name)@\(k)", unit: "share", rows.indices.map { (rows[$0].problem, value($0).map { [$0] } ?? []) })
            }
            add("majority") { ScoredSamples.majorityAtK(answers: rows[$0].answers, isRight: rows[$0].isRight, k: k, seed: Seed(0)) }
            add("self") { ScoredSamples.bestOfK(scores: rows[$0].own, isRight: rows[$0].isRight, k: k) }
            add("reward") { ScoredSamples.bestOfK(scores: rows[$0].reward, isRight: rows[$0].isRight, k: k) }
        }
        let ranked = rows.indices.sorted { first, second in
            let (one, other) = (rows[first].isRight.count { $0 }, rows[second].isRight.count { $0 })
            return one == other ? first < second : one < other
        }
        let third = rows.count / 3
        for (name, places) in [("hard", Set(ranked.prefix(third))), ("easy", Set(ranked.suffix(third)))] {
            found.addRatio(
                "accepted right, \(name)", unit: "share",
                rows.indices.map { index in
                    let row = rows[index]
                    let accepted = places.contains(index) ? zip(row.isRight, row.own).filter { $0.1 >= threshold } : []
                    return (row.problem, Double(accepted.count { $0.0 }), Double(accepted.count))
                })
        }
        return found
    }

    private func scores(_ kind: VerdictKind, of group: EpisodeGroup) -> [Double] {
        group.episodes.indices.map { group.value(of: kind, episode: $0, role: .solver) ?? -Double.infinity }
    }

    /// First wrong steps by likelihood: the first step below the threshold.
    private func likely(_ model: ModelRef, in scope: Scope) async throws -> FirstFaults {
        let cases = try await written.concurrently { index, answer in
            let group = EpisodeGroup(assignment: Assignment(problem: answer.problem), episodes: [answer.episode])
            let verdicts = try await StepLikelihood(scorer: model).judge(group, in: scope.child("likely", index)).verdicts
            let named = verdicts.first { verdict in
                if case .step = verdict.on { verdict.value < threshold } else { false }
            }
            var place: Int?
            if case .step(_, let step)? = named?.on { place = step }
            return FirstFaults.Case(problem: answer.problem.id, fault: answer.fault, named: place)
        }
        return FirstFaults(cases: cases)
    }

    /// First wrong steps as the model says them, behind an own answer where it is to have one.
    private func asked(_ model: ModelRef, withReference: Bool, in scope: Scope) async throws -> FirstFaults {
        var judge = player
        judge.model = model
        judge.sampling = judge.sampling.greedy
        judge.sampling.stop = []
        let asking = judge
        let policy = try scope.services.policy(asking.policy)
        let cases = try await written.concurrently { index, answer in
            let own = scope.child(withReference ? "referring" : "asking", index)
            func say(_ text: String, _ label: String) async throws -> String {
                try await policy.move(on: View(role: .solver, transcript: [.text(text, from: .prompt)]), as: asking, in: own.child(label)).text
            }
            var shown = [answer.text]
            if withReference { shown.append(try await say(answer.problem.text, "reference").trimmed) }
            let said = FirstFaults.read(try await say(prompt.text(problem: answer.problem.text, answers: shown), "verdict"))
            return FirstFaults.Case(problem: answer.problem.id, fault: answer.fault, named: said.named, isRead: said.isRead)
        }
        return FirstFaults(cases: cases)
    }

    /// Accuracy and judgement along the checkpoints that there are.
    private func sweep(_ found: inout Findings, in scope: Scope) async throws {
        var (accuracies, likelihoods, words): ([Double], [Double], [Double]) = ([], [], [])
        for (index, model) in checkpoints.enumerated() where (try? scope.services.model(model)) != nil {
            let own = scope.child("checkpoint", index)
            var solver = player
            solver.model = model
            let groups = try await HeldOutPlay(problems: problems, samples: checkpointSamples, cast: [.solver: solver]).groups(in: own)
            let likely = try await likely(model, in: own)
            let asked = try await asked(model, withReference: false, in: own)
            accuracies.append(Statistics.mean(groups.map { Double(SampleMeasures.correct($0)) / Double(max(1, $0.episodes.count)) }))
            likelihoods.append(likely.f1)
            words.append(asked.f1)
            let judged = likely.mastered
            let together = Independence(
                groups.map { $0.episodes.first.map(SampleMeasures.isCorrect) ?? false }, groups.map { judged.contains($0.assignment.problem.id) })
            for (name, value) in [("accuracy", accuracies.last), ("F1", likely.f1), ("F1 (asked)", asked.f1), ("φ", together?.phi), ("χ²", together?.chiSquared)] {
                guard let value else { continue }
                found.estimates["checkpoint \(index): \(name)"] = Estimate(mean: value, low: value, high: value, count: groups.count, unit: name == "χ²" ? "χ²" : "share")
            }
        }
        for (readout, scores) in [("likelihood", likelihoods), ("asked", words)] {
            guard let correlation = RankCorrelation.spearman(accuracies, scores) else { continue }
            found.addWhole("rank correlation (\(readout))", unit: "ρ", correlation, of: problems.map(\.id))
        }
    }
}
