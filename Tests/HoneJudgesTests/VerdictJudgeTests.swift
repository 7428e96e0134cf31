import Foundation
import HoneCore
import HoneJudges
import HoneSocieties
import HoneTestSupport
import Testing

/// Answers of a solver to one problem, each as the steps in which it was said.
private func group(_ answers: [[String]]) -> EpisodeGroup {
    let episodes = answers.enumerated().map { index, steps in
        var context: Transcript = [.text("1+1=", from: .prompt)]
        var episode = Episode(id: "e\(index)", ending: .completed)
        for text in steps {
            episode.steps.append(Step(role: .solver, context: context, move: Move(text: text)))
            context.append(.text(text, from: .demonstration))
        }
        return episode
    }
    return EpisodeGroup(assignment: Assignment(problem: Problem(id: "p", world: "w", text: "1+1="), samples: episodes.count), episodes: episodes)
}

private func services(_ model: ScriptedModel) -> ScriptedServices { ScriptedServices(models: ["judge": model], policies: ["direct": DirectPolicy()]) }

/// The seed under which a vote on a question is drawn.
private func seed(question: Int, vote: Int) -> Seed { Seed(0).child("question", question).child("vote", vote) }

@Suite("Judges by verdict words")
struct VerdictJudgeTests {
    @Test("P(True) is the accepting word's probability over that of both words, whatever stands before; nothing is drawn")
    func probability() async throws {
        // Token b has log-probability −b/256: “yes” has −337/256 and “no” −221/256.
        let model = ScriptedModel(saying: "no")
        let live = services(model)
        let judgement = try await TrueProbability(scorer: Player(model: "judge")).judge(group([["2"], ["3", "4"]]), in: live.scope())
        let expected = 1 / (1 + exp(116.0 / 256))
        #expect(judgement.verdicts.map(\.on) == [.role(0, .solver), .role(1, .solver)])
        #expect(judgement.verdicts.allSatisfy { $0.kind == TrueProbability.kind && abs($0.value - expected) < 1e-6 })
        #expect(model.requests.isEmpty && live.charged.judgeCalls == 2 && live.charged.calls == 0 && live.charged.scoredTokens > 0)
        let turned = try await TrueProbability(scorer: Player(model: "judge"), words: VerdictWords(yes: "no", no: "yes")).judge(group([["2"]]), in: live.scope())
        #expect(abs((turned.verdicts.first?.value ?? 0) - (1 - expected)) < 1e-6)
    }

    @Test("votes are the share of yes; a text's last verdict word counts, and a text without one votes for neither")
    func votes() async throws {
        let texts = ["yes", "it is no more than a guess, so yes", "No.", "perhaps"]
        let model = ScriptedModel { request, _ in
            texts.indices.first { seed(question: 0, vote: $0) == request.seed }.map { texts[$0] } ?? "nobody"
        }
        let judgement = try await GenerativeVotes(voter: Player(model: "judge"), votes: 4).judge(group([["2"], ["3"]]), in: services(model).scope())
        #expect(judgement.verdicts.map(\.value) == [2.0 / 3, 0.5], "of the second answer's votes none can be read")
        #expect(judgement.verdicts.first?.critique == texts.joined(separator: "\n"))
        #expect(judgement.verdicts.allSatisfy { $0.kind == GenerativeVotes.kind })
        let signs = VerdictWords(yes: "+", no: "-")
        #expect(signs.verdict(in: "+") == true && signs.verdict(in: "-") == false && signs.verdict(in: "+-") == nil)
    }

    @Test("a judge reads the problem, then the answer as it was said, step behind step, then what is asked")
    func layout() async throws {
        let model = ScriptedModel(saying: "yes")
        var prompt = VerdictPrompt()
        (prompt.opening, prompt.answer, prompt.ask) = ("q ", " a ", " ok?")
        _ = try await GenerativeVotes(voter: Player(model: "judge"), votes: 1, prompt: prompt).judge(group([["2,", "3"]]), in: services(model).scope())
        #expect(model.requests.map(\.context.text) == ["q 1+1= a 2,3 ok?"])
        #expect(prompt.text(problem: "p", answers: ["x", "y"]) == "q p a x| a y ok?")
        #expect(VerdictPrompt().text(problem: "1+1=", answers: ["2"], item: "even") == "1+1=2 even?")
    }

    @Test("a pair is asked in both orders: a win where they agree, a tie where a judge likes whatever stands first")
    func pairs() async throws {
        // Says that the larger number is better, but of 3 and 4 the one that stands first.
        let model = ScriptedModel { request, _ in
            let numbers = request.context.text.dropFirst(4).dropLast().split(separator: "|").compactMap { Int($0) }
            return numbers == [3, 4] || numbers[0] > numbers[1] ? "1" : "2"
        }
        let judge = PairwiseJudge(VerdictAsker(Player(model: "judge"), words: .pair, votes: 1))
        let live = services(model)
        let verdicts = try await judge.judge(group([["1"], ["3"], ["4"]]), in: live.scope()).verdicts
        let better = verdicts.filter { $0.kind == PairwiseJudge.kind }
        #expect(better.map(\.on) == [.pair(0, over: 1), .pair(0, over: 2), .pair(1, over: 2)])
        #expect(better.map(\.value) == [0, 0, 0.5])
        #expect(better.map(\.confidence) == [1, 1, 0])
        let shown = verdicts.filter { $0.kind == PairwiseJudge.shownKind }
        #expect(shown.map(\.on) == [.pair(0, over: 1), .pair(1, over: 0), .pair(0, over: 2), .pair(2, over: 0), .pair(1, over: 2), .pair(2, over: 1)])
        #expect(shown.map(\.value) == [0, 1, 0, 1, 1, 1])
        #expect(live.charged.judgeCalls == 6)
    }

    @Test("scored, a pair's mean of both orders has no position in it")
    func scoredPairs() async throws {
        // “1” is likelier than “2” by 1/256 nats in either order, which cancels.
        let asker = VerdictAsker(Player(model: "judge"), words: .pair)
        for combines in PairwiseJudge.Combination.allCases {
            let judge = PairwiseJudge(asker, combines: combines)
            let verdicts = try await judge.judge(group([["1"], ["3"]]), in: services(ScriptedModel(saying: "")).scope()).verdicts
            let shown = 1 / (1 + exp(-1.0 / 256))
            #expect(verdicts.filter { $0.kind == PairwiseJudge.shownKind }.allSatisfy { abs($0.value - shown) < 1e-6 })
            #expect(verdicts.filter { $0.kind == PairwiseJudge.kind }.map(\.value) == [0.5])
        }
    }

    @Test("a checklist is the share of its questions with yes: given ones, or those the model writes for the problem")
    func checklists() async throws {
        let model = ScriptedModel { request, _ in
            let text = request.context.text
            if text == "1+1=\n" { return " even\nsmall\n\neven\nround" }
            return text.hasSuffix("small?") || text.contains("=2 even") ? "yes" : "no"
        }
        let asker = VerdictAsker(Player(model: "judge"), votes: 1)
        let given = try await Checklist(asker, questions: ["even", "small"]).judge(group([["2"], ["3"]]), in: services(model).scope())
        #expect(given.verdicts.map(\.value) == [1, 0.5] && given.verdicts.last?.critique == "even: no\nsmall: yes")
        let live = services(model)
        let drawn = try await Checklist(asker).judge(group([["2"], ["3"]]), in: live.scope())
        #expect(drawn.verdicts.map(\.value) == [2.0 / 3, 1.0 / 3] && live.charged.judgeCalls == 6)
        // Scored, each word has the same probability behind any question: below ½ is a no, and softly it is the probability.
        let scored = VerdictAsker(Player(model: "judge"))
        let hard = try await Checklist(scored, questions: ["even"]).judge(group([["2"]]), in: services(model).scope())
        let soft = try await Checklist(scored, questions: ["even"], isSoft: true).judge(group([["2"]]), in: services(model).scope())
        #expect(hard.verdicts.map(\.value) == [0] && abs((soft.verdicts.first?.value ?? 0) - 1 / (1 + exp(116.0 / 256))) < 1e-6)
        await #expect(throws: CoreError.self) {
            try await Checklist(asker).judge(group([["2"]]), in: services(ScriptedModel(saying: "\n")).scope())
        }
    }

    @Test("words that begin alike, and no votes, are refused with a sentence")
    func refusals() async throws {
        let live = services(ScriptedModel(saying: "yes"))
        func refusal(_ judge: any Judge) async -> String {
            do {
                _ = try await judge.judge(group([["2"]]), in: live.scope())
                return ""
            } catch { return "\(error)" }
        }
        #expect(await refusal(TrueProbability(scorer: Player(model: "judge"), words: VerdictWords(yes: "no", no: "not"))).contains("neither begins"))
        #expect(await refusal(GenerativeVotes(voter: Player(model: "judge"), votes: 0)).contains("0 verdicts"))
        #expect(await refusal(TrueProbability(scorer: Player(model: "judge"))).isEmpty)
    }

    @Test("settings of the catalogue reach the judges: words, votes, layout and questions")
    func settings() async throws {
        let entry = try JudgeCatalog.entry("checklist")
        let own = entry.defaults.setting(["questions"], to: .array([.string("even")])).setting(["votes"], to: .integer(1))
            .setting(["yes"], to: .string("ja")).setting(["no"], to: .string("nein")).setting(["prompt", "ask"], to: .string("!"))
        let model = ScriptedModel(saying: "ja")
        let live = ScriptedServices(models: ["policy": model], policies: ["direct": DirectPolicy()])
        let verdicts = try await entry.make(own).judge(group([["2"]]), in: live.scope()).verdicts
        #expect(verdicts.map(\.value) == [1] && model.requests.map(\.context.text) == ["1+1=2 even!"])
        #expect(try JudgeCatalog.entry("p-true").defaults["votes"] == nil)
        let pairs = try JudgeCatalog.entry("pairwise")
        #expect(throws: CoreError.self) { try pairs.make(pairs.defaults.setting(["combines"], to: .string("mode"))) }
    }
}
