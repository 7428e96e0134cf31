import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "fobar",
    [
        "model.size": .string("pico"), "base.demonstrations": .integer(64), "base.passes": .integer(2), "fobar.lessons": .integer(96), "fobar.samples": .integer(4),
        "fobar.chains": .integer(1), "evaluation.problems": .integer(4),
    ])

/// The value of `3+8-5`, read from left to right.
private func value(of chain: Substring) -> Int? {
    var (total, sign, digits) = (0, 1, "")
    for character in chain + "+" {
        if character.isNumber {
            digits.append(character)
        } else {
            guard let number = Int(digits) else { return nil }
            total += sign * number
            (sign, digits) = (character == "-" ? -1 : 1, "")
        }
    }
    return total
}

@Suite("FOBAR", .serialized)
struct FOBARTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "fobar" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test("every taught backward answer ends with a number that makes the chain right, in as many steps as the chain has signs; with errors some do not")
    func lessons() throws {
        func wrong(errorRate: Double) throws -> (backward: Int, wrong: Int) {
            let base = try #require(try recipe.plan(["base.errorRate": .number(errorRate)]).models["policy"]?.base)
            let stream = try #require(base.stages.first?.curriculum as? ProblemStream)
            var (backward, faults) = (0, 0)
            for problem in stream.problems where problem.text.hasSuffix("?") {
                let answer = try #require(Script(of: problem)?.answers.first)
                let (said, parts) = (answer.split(separator: ","), problem.text.dropLast().split(separator: "="))
                #expect(parts.count == 2 && said.count == parts[0].count { "+-".contains($0) })
                backward += 1
                if value(of: parts[0].replacing("x", with: said.last ?? "")) != Int(parts[1]) { faults += 1 }
            }
            return (backward, faults)
        }
        #expect(try wrong(errorRate: 0) == (96, 0))
        let noisy = try wrong(errorRate: 0.5)
        #expect(noisy.backward == 96 && (20...76).contains(noisy.wrong), "\(noisy)")
    }

    @Test("a taught model is measured, with votes and with backward chains", arguments: ["backward", "forward", "nothing"])
    func measured(spending: String) async throws {
        let store = MemoryStore()
        let run = try Run(
            plan: try recipe.plan(["fobar.spending": .string(spending)]), seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        for name in ["pass@1", "confidence", "Brier score", "reached"] { #expect(found[name].map { (0...1).contains($0) } == true, "\(name)") }
        #expect((found["reached"] ?? 0) >= (found["pass@1"] ?? 1) && (found["tokens"] ?? 0) > 4)
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["fobar.alpha": .number(2)]).contains("“fobar.alpha” is 2.0"))
        #expect(recipe.refusal(["fobar.chains": .integer(0)]).contains("“fobar.chains” is 0"))
        #expect(recipe.refusal(["iterations": .integer(3)]).contains("nothing is learned"))
        #expect(recipe.refusal(["task.settings.operations": .string("+*")]).contains("cannot be undone"))
        #expect(recipe.refusal(["task.world": .string("word-problems")]).contains("arithmetic"))
    }
}
