import HoneCore
import Testing

@Suite("Budgets and what work costs")
struct BudgetTests {
    @Test("a budget is read as it is written", arguments: [("tokens=2e6", BudgetUnit.tokens, 2e6), ("steps=40", .steps, 40), ("seconds=1.5", .seconds, 1.5)])
    func parsing(text: String, unit: BudgetUnit, limit: Double) throws {
        let budget = try Budget(parsing: text)
        #expect(budget == Budget(unit, limit))
        #expect(try Budget(parsing: budget.description) == budget)
    }

    @Test(
        "a budget that cannot be read is refused with what was found and what to write",
        arguments: [
            ("tokens", "“tokens” is not a budget"), ("tokns=3", "did you mean “tokens”"), ("steps=-1", "has the limit “-1”"),
            ("steps=many", "has the limit “many”"), ("flops=inf", "has the limit “inf”"), ("=3", "no"),
        ])
    func refusals(text: String, part: String) {
        do {
            _ = try Budget(parsing: text)
            Issue.record("“\(text)” was taken")
        } catch { #expect(error.description.contains(part), "\(error)") }
    }

    @Test("each unit reads its own count, and is spent at the limit, not before it")
    func amounts() {
        var cost = Cost()
        cost.sampledTokens = 1
        cost.promptTokens = 20
        cost.trainedTokens = 300
        cost.scoredTokens = 4000
        cost.optimiserSteps = 7
        cost.calls = 9
        cost.flops = 11
        #expect(Budget.amount(.tokens, of: cost) == 4321)
        #expect(Budget.amount(.steps, of: cost) == 7 && Budget.amount(.calls, of: cost) == 9 && Budget.amount(.flops, of: cost) == 11)
        #expect(Budget.amount(.seconds, of: cost, seconds: 2.5) == 2.5)
        #expect(Budget(.tokens, 4321).isSpent(by: cost) && !Budget(.tokens, 4322).isSpent(by: cost))
        #expect(Budget(.seconds, 2).isSpent(by: cost, seconds: 2) && !Budget(.seconds, 2).isSpent(by: cost, seconds: 1.9))
    }

    @Test("costs that are too large for an integer stay at the largest, and old records lack nothing")
    func extremes() throws {
        var cost = Cost()
        cost.flops = Int.max - 1
        #expect((cost + cost).flops == Int.max)
        let old = try JSONValue(parsing: #"{"sampledTokens": 5, "episodes": 2}"#).decode(Cost.self)
        #expect(old.sampledTokens == 5 && old.episodes == 2 && old.flops == 0 && old.calls == 0)
    }

    @Test("an answer costs its context, its tokens, one call, and the operations of both")
    func answers() {
        let arithmetic = ModelArithmetic(perToken: 100, perPair: 10, perOutput: 7)
        let context: Transcript = [Segment(origin: .prompt, content: .tokens([1, 2, 3], text: ""))]
        let said = [Segment(origin: .model("m", update: 0), content: .tokens([4, 5], text: ""))]
        let cost = Cost(answering: context, with: said, arithmetic: arithmetic)
        #expect(cost.promptTokens == 3 && cost.sampledTokens == 2 && cost.calls == 1)
        // Four tokens go through, 1 + 2 + 3 + 4 pairs, two outputs: the last token drawn is not fed back.
        #expect(cost.flops == 4 * 100 + 10 * 10 + 2 * 7)
        #expect(Cost(answering: context, with: said, arithmetic: nil).flops == 0)
    }

    @Test("training costs three forward passes, frozen weights two")
    func training() {
        let all = ModelArithmetic(perToken: 100, perPair: 10, perOutput: 7)
        #expect(all.training(tokens: 3, trained: 2) == 3 * (300 + 60 + 14))
        let adapted = ModelArithmetic(perToken: 10, perTokenFrozen: 90, perPair: 10, perOutput: 7)
        #expect(adapted.training(tokens: 3, trained: 2) == 3 * (300 + 60 + 14) - 3 * 90 - 14)
        #expect(all.scoring(tokens: 3) == 300 + 60 + 14 && all.scoring(tokens: 0) == 0 && all.sampling(prompt: 5, drawn: 0) == 0)
    }
}
