import HoneCore
import HoneWorlds

/// Answers to chains of sums with missing carries, critiques of them, and refinements that follow what a critique says.
///
/// A critique is `y`, or `n` and the number of the first wrong step. A refinement after `n 2` keeps the totals before the second, puts that one right and goes
/// on as answers do; after `y` it says the same again. So a critique helps exactly as far as it is right. Errors are put in by chance, so they are known.
struct ChainCritiques: Codable, Hashable, Sendable {
    /// The chance that a carry or borrow is left out.
    var slips = 0.4
    /// The share of critiques that are wrong: they accept what is wrong, or name another step.
    var noise = 0.2

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        [("slips", slips), ("noise", noise)].compactMap { (0...1).contains($1) ? nil : "“\(key).\($0)” is \($1); it should be between 0 and 1" }
    }

    /// So many lessons about training problems: two answers, two refinements and a critique in turn.
    func problems(_ training: [Problem], of world: any QuestionWorld, count: Int, wording: AttemptWording, seed: Seed) -> [Problem] {
        (0..<(training.isEmpty ? 0 : count)).compactMap { index in
            let problem = training[index / 5 % training.count]
            var generator = seed.child("lesson", index).generator
            guard let chain = MaskedChains.Chain(problem.text) else { return nil }
            let attempt = answer(to: chain, using: &generator)
            var lesson = problem
            let kind: String
            switch index % 5 {
            case 0, 1: (kind, lesson.demonstrations) = ("answer", [Self.text(attempt)])
            case 2, 3:
                let words = critique(of: Self.text(attempt), to: problem, in: world, using: &generator)
                kind = "refinement"
                lesson.text += wording.refining(Self.text(attempt), critique: words)
                lesson.demonstrations = [Self.text(refined(attempt, of: chain, after: words, using: &generator))]
            default:
                kind = "critique"
                lesson.text += wording.criticising(Self.text(attempt))
                lesson.demonstrations = [critique(of: Self.text(attempt), to: problem, in: world, using: &generator)]
            }
            lesson.id = "\(problem.id) \(kind) \(index)"
            return lesson
        }
    }

    /// The running totals, with slips; behind totals that stand already.
    func answer(to chain: MaskedChains.Chain, behind kept: [Int] = [], firstIsRight: Bool = false, using generator: inout SeededGenerator) -> [Int] {
        var totals = kept
        for place in (kept.count + 1)..<max(kept.count + 1, chain.numbers.count) {
            let (before, number, sign): (Int, Int, Character) = (totals.last ?? chain.numbers[0], chain.numbers[place], chain.isTaken[place] ? "-" : "+")
            let right = sign == "-" ? before - number : before + number
            let isExact = firstIsRight && place == kept.count + 1
            let slipped = isExact ? nil : Rechecks.withoutCarry(before, sign, number)
            totals.append(slipped.map { generator.chance(slips) ? $0 : right } ?? right)
        }
        return totals
    }

    /// What a critique with errors says of an answer.
    func critique(of text: String, to problem: Problem, in world: any QuestionWorld, using generator: inout SeededGenerator) -> String {
        let checks = world.checkSteps(of: text, to: problem)
        let truth = Self.words(checks.firstIndex { !$0.isCorrect })
        guard generator.chance(noise) else { return truth }
        let others = ([nil] + checks.indices.map { $0 }).map(Self.words).filter { $0 != truth }
        return generator.element(of: others) ?? truth
    }

    /// What comes of an answer after a critique.
    func refined(_ attempt: [Int], of chain: MaskedChains.Chain, after critique: String, using generator: inout SeededGenerator) -> [Int] {
        guard critique.hasPrefix("n "), let step = Int(critique.dropFirst(2)), (1...max(1, attempt.count)).contains(step) else { return attempt }
        return answer(to: chain, behind: Array(attempt.prefix(step - 1)), firstIsRight: true, using: &generator)
    }

    /// The words of a critique that names a step, from 0; nil accepts.
    static func words(_ step: Int?) -> String { step.map { "\(RefinementLessons.refusing) \($0 + 1)" } ?? RefinementLessons.accepting }

    private static func text(_ totals: [Int]) -> String { totals.map(String.init).joined(separator: ",") }
}

/// A critic that knows: it names the first wrong step of the attempt it is shown, or accepts. The upper bound of what criticism can do.
struct OracleCritic: Policy {
    static let card = PartCard(name: "oracle-critic", summary: "names the first wrong step of an attempt as the world finds it")

    /// Checks steps.
    let world: any QuestionWorld
    /// The words around attempts.
    let wording: AttemptWording

    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        // Only the newest question counts: a problem, and the words with the attempt.
        guard let words = view.transcript.last?.text, let problem = view.transcript.dropLast().last?.text else {
            throw CoreError.invalid("An oracle critic was shown nothing; expected a problem and an attempt")
        }
        let attempt = words.dropFirst(wording.beforeAttempt.count).dropLast(wording.askCritique.count)
        var cost = Cost()
        cost.judgeCalls = 1
        scope.services.charge(cost)
        let fault = world.checkSteps(of: String(attempt), to: Problem(id: problem, world: world.name, text: problem)).firstIndex { !$0.isCorrect }
        return Move(segments: [.text(ChainCritiques.words(fault), from: .world, author: view.role)])
    }
}
