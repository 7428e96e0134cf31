import HoneCore

/// A solver answers, is told something, and answers again, up to a cap on answers: iterated prompting.
///
/// Each answer is a branch of its own from the start of the episode, so the world judges it as if it were the only one; the returns are
/// those of the last answer. All replies have the same cap, and stop at the same sign, so that conditions differ in what is said and
/// in nothing else. The world must be branchable, and over after one move of the solver.
///
/// Source: Stechly, Marquez and Kambhampati 2023, “GPT-4 Doesn't Know It's Wrong: An Analysis of Iterative Prompting for Reasoning
/// Problems”.
public struct Revision: Society {
    public static let card = PartCard(
        name: "revision", summary: "a solver answers, is told something, and answers again", source: "Stechly et al. 2023", needs: [.branches])

    /// When no further answer is asked for, before the cap is reached.
    public enum Stop: String, Hashable, Sendable, Codable, CaseIterable {
        /// Never.
        case never
        /// When the world pays the most it can: a sound verifier. Each look at an answer is charged as a judge's call.
        case verified
        /// When the critic accepts the answer.
        case accepted
    }

    /// The most answers; 1 or more.
    public var answers: Int
    /// What is said between them.
    public var reply: Reply
    /// When to stop.
    public var stop: Stop
    /// How many earlier answers the solver sees; 0 is all.
    public var window: Int
    /// The words of verdicts.
    public var wording: Wording

    /// The society.
    public init(answers: Int = 2, reply: Reply = .verdict, stop: Stop = .verified, window: Int = 0, wording: Wording = Wording()) {
        precondition(answers >= 1 && window >= 0, "There is at least one answer, and a window is not negative")
        self.answers = answers
        self.reply = reply
        self.stop = stop
        self.window = window
        self.wording = wording
    }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, cast: cast)
        do {
            episode.ending = try await run(start, &episode, in: scope)
        } catch {
            await start.world.release(start.state)
            throw error
        }
        await start.world.release(start.state)
        return episode
    }

    /// Plays all answers into the episode; throws only when the task is cancelled.
    private func run<W: World>(_ start: Position<W>, _ episode: inout Episode, in scope: Scope) async throws -> Ending {
        guard start.world.rules.isBranchable else {
            return .failed("World “\(W.card.name)” cannot be branched, so a second answer cannot start where the first one did")
        }
        var exchange = Exchange(question: start.view(for: .solver).transcript)
        for number in 0..<answers {
            do {
                let own = scope.child("answer", number)
                var branch = start
                let said = try await speak(.solver, exchange.context(window: reply == .nothing ? 1 : window), episode.cast, in: own)
                try await branch.take([.solver: said], in: own)
                guard case .over = branch.world.turn(in: branch.state) else {
                    return .failed("World “\(W.card.name)” is not over after one answer, so it cannot be answered again")
                }
                episode.steps += branch.steps.suffix(1)
                episode.returns = branch.world.returns(of: branch.state)
                let isRight = (episode.returns[.solver] ?? 0) >= branch.world.rules.range.upperBound
                var words: String?
                if reply == .critic || stop == .accepted {
                    let critique = try await speak(
                        .critic, wording.context(question: exchange.question, answer: said.text), episode.cast, in: own)
                    episode.steps.append(Step(role: .critic, context: critique.context ?? [], move: critique.filed))
                    words = critique.text
                }
                if stop == .verified { charge(own) }
                let isOver =
                    switch stop {
                    case .never: false
                    case .verified: isRight
                    case .accepted: wording.accepts(words ?? "")
                    }
                if isOver { return .completed }
                guard number + 1 < answers, reply != .nothing else { continue }
                let between = try between(said.text, words, isRight, start, in: own)
                exchange.turns.append(Exchange.Turn(answer: said.segments, between: between))
            } catch { return try .failed(by: error) }
        }
        return stop == .never ? .completed : .budget
    }

    /// What stands between this answer and the next one.
    private func between<W: World>(
        _ answer: String, _ words: String?, _ isRight: Bool, _ start: Position<W>, in scope: Scope
    ) throws -> String {
        switch reply {
        case .nothing: return ""
        case .question(let words): return "\n" + words + start.view(for: .solver).transcript.text
        case .critic: return wording.between(words ?? "")
        case .verdict, .firstFault, .allFaults, .soundSteps: break
        }
        guard reply.namesSteps else { return wording.between(wording.verdict(isRight: isRight)) }
        guard let world = start.world as? any StepChecking, let problem = start.problem else {
            throw CoreError.unsupported("World “\(W.card.name)” cannot check single steps; let the reply be only the verdict")
        }
        let checks = world.checkSteps(of: answer, to: problem)
        return wording.between(
            wording.verdict(isRight: isRight, faults: isRight ? [] : reply.named(of: checks, seed: scope.seed.child("reply"))))
    }

    private func charge(_ scope: Scope) {
        var cost = Cost()
        cost.judgeCalls = 1
        scope.services.charge(cost)
    }
}

/// A role's move upon a context, with the exact context it was made in.
func speak(_ role: Role, _ context: Transcript, _ cast: Cast, in scope: Scope) async throws -> Move {
    guard let player = cast[role] else {
        throw CoreError.unknown(kind: "player for role", name: role.text, known: cast.keys.map(\.text))
    }
    let policy = try scope.services.policy(player.policy)
    var move = try await policy.move(on: View(role: role, transcript: context), as: player, in: scope.child(role.text))
    if move.context == nil { move.context = context }
    return move
}
