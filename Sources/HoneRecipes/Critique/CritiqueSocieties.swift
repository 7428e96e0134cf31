import HoneCore
import HoneSocieties
import HoneText
import HoneWorlds

extension Role {
    /// Who makes attempts that nothing is learned from.
    static var drafter: Role { "drafter" }
}

/// Files a written critique with the share of refinements after it that are right: critiques are kept by their effect.
///
/// The attempt is the solver's own, or one written with slips, half and half. The critic's return is the share of `refinements` of the solver that are right
/// behind the critique.
///
/// Source: the soft filter by Monte Carlo of “Enhancing LLM Reasoning via Critique Models” (AutoMathCritique), stage 3.
struct AnnotatedCritiques: Society {
    static let card = PartCard(name: "annotated-critiques", summary: "a written critique, worth the share of refinements behind it that are right", needs: [.branches])

    /// Checks answers.
    let world: any QuestionWorld
    /// Writes attempts and critiques.
    let lessons: ChainCritiques
    /// The words around attempts.
    let wording: AttemptWording
    /// Refinements of each.
    let refinements: Int

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, cast: cast)
        do {
            guard let problem = start.problem, let chain = MaskedChains.Chain(problem.text), let solver = cast[.solver] else {
                throw CoreError.unsupported("Critiques are written of answers to chains of sums, which “\(W.card.name)” does not ask")
            }
            let policy = try scope.services.policy(solver.policy)
            func say(_ words: String, _ label: String, _ index: Int = 0) async throws -> String {
                let shown: Transcript = [.text(problem.text, from: .prompt)] + (words.isEmpty ? [] : [.text(words, from: .world)])
                return try await policy.move(on: View(role: .solver, transcript: shown), as: solver, in: scope.child(label, index)).text.trimmed
            }
            var generator = scope.seed.child("critique").generator
            var attempt = lessons.answer(to: chain, using: &generator).map(String.init).joined(separator: ",")
            if generator.chance(0.5) { attempt = try await say("", "attempt") }
            let critique = lessons.critique(of: attempt, to: problem, in: world, using: &generator)
            var right = 0
            for index in 0..<refinements {
                let refined = try await say(wording.refining(attempt, critique: critique), "refine", index)
                if world.check(refined, to: problem).correct { right += 1 }
            }
            var segment = Segment.text(critique, from: .demonstration, author: Attempts.critic)
            segment.isTrained = true
            let shown: Transcript = [.text(problem.text, from: .prompt), .text(wording.criticising(attempt), from: .world)]
            episode.steps.append(Step(role: Attempts.critic, context: shown, move: Move(segments: [segment])))
            episode.returns = [Attempts.critic: refinements > 0 ? Double(right) / Double(refinements) : 1]
            episode.ending = .completed
        } catch { episode.ending = try .failed(by: error) }
        await start.world.release(start.state)
        return episode
    }
}

/// A solver answers; where it is wrong a critic is asked and the answer refined, and a refinement that is right is filed as an answer to the question.
///
/// So what a self-training learns from holds questions that are never answered rightly at once. Wrong first answers and refinements are the drafter's.
///
/// Source: the critique-in-the-loop self-improvement of “Enhancing LLM Reasoning via Critique Models”.
struct CritiqueInTheLoop: Society {
    static let card = PartCard(name: "critique-in-the-loop", summary: "wrong answers are criticised and refined, and right refinements are answers", needs: [.branches])

    /// Checks answers.
    let world: any QuestionWorld
    /// The words around attempts.
    let wording: AttemptWording
    /// The most refinements of a wrong answer; 0 asks no critic.
    let refinements: Int

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, cast: cast)
        do {
            guard let problem = start.problem else { throw CoreError.unsupported("“\(W.card.name)” does not tell its problems, so answers to them cannot be refined") }
            let question: Transcript = [.text(problem.text, from: .prompt)]
            func say(_ role: Role, _ words: String, _ label: String, _ index: Int = 0) async throws -> Step {
                guard let player = cast[role] else { throw CoreError.unknown(kind: "player for role", name: role.text, known: cast.keys.map(\.text).sorted()) }
                let shown = question + (words.isEmpty ? [] : [.text(words, from: .world)])
                let move = try await scope.services.policy(player.policy).move(on: View(role: role, transcript: shown), as: player, in: scope.child(label, index))
                return Step(role: role, context: move.context ?? shown, move: move.filed)
            }
            var cost = Cost()
            cost.worldSteps = 1
            var first = try await say(.solver, "", "answer")
            scope.services.charge(cost)
            var isRight = world.check(first.move.text, to: problem).correct
            if !isRight, refinements > 0 { first.role = .drafter }
            episode.steps.append(first)
            if !isRight, refinements > 0 {
                let critique = try await say(Attempts.critic, wording.criticising(first.move.text), "critique")
                episode.steps.append(critique)
                for index in 0..<refinements where !isRight {
                    var next = try await say(.solver, wording.refining(first.move.text, critique: critique.move.text), "refine", index)
                    next.role = .drafter
                    episode.steps.append(next)
                    scope.services.charge(cost)
                    isRight = world.check(next.move.text, to: problem).correct
                    guard isRight else { continue }
                    var segment = Segment.text(next.move.text.trimmed, from: .demonstration, author: .solver)
                    segment.isTrained = true
                    episode.steps.append(Step(role: .solver, context: first.context, move: Move(segments: [segment])))
                }
            }
            episode.returns = [.solver: isRight ? 1 : 0]
            episode.ending = .completed
        } catch { episode.ending = try .failed(by: error) }
        await start.world.release(start.state)
        return episode
    }
}
