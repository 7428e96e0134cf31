import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

/// Two questions whose text tells the answer they go back from.
private struct TwoQuestions: BackwardQuestions {
    static let card = PartCard(name: "two-questions")
    func questions(of problem: Problem, given answer: String) -> [BackwardQuestion] {
        ["3", "8"].map { BackwardQuestion(text: "\($0) of \(answer)?", hidden: $0) }
    }
    func recovers(_ response: String, _ question: BackwardQuestion) -> Bool { response == question.hidden }
}

/// Says 12 more often than 11 to 3+8=, and finds what was hidden from 11 only.
private func say(_ request: Completion.Request) -> String {
    let asked = request.context.text
    if asked.hasSuffix("?") { return asked.contains("of 11") ? String(asked.prefix(1)) : "0" }
    var generator = request.seed.generator
    return generator.chance(0.2) ? "11" : generator.chance(0.9) ? "12" : "nothing"
}

@Suite("Forward-backward search")
struct ForwardBackwardTests {
    private func searched(_ search: ForwardBackward, seed: UInt64 = 3) async throws -> (answer: String, tree: SearchTree, asked: Int) {
        let world = try Arithmetic()
        let model = ScriptedModel { request, _ in say(request) }
        let services = ScriptedServices(models: ["policy": model], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()])
        let scope = services.scope(seed: seed)
        let problem = Problem(id: "3+8", world: "arithmetic", text: "3+8=", answer: "11")
        let position = Position(world: world, state: try await world.begin(problem, in: scope))
        let tree = try await search.search(position, for: .solver, cast: [.solver: Player(model: "policy")], judge: nil, in: scope)
        return (tree.path(to: tree.chosen).map { tree.nodes[$0].move.text }.joined(), tree, model.requests.count { $0.context.text.hasSuffix("?") })
    }

    @Test("probabilities by hand: 3 and 1 votes, 2 and 6 of 8 recovered")
    func probabilities() {
        let half = ForwardBackward.probabilities(votes: [3, 1], recovered: [2, 6], alpha: 0.5)
        // √(3/4 · 1/4) and √(1/4 · 3/4) are equal.
        #expect(abs(half[0].together - 0.5) < 1e-6 && abs(half[0].backward - 0.25) < 1e-6 && half[1].forward == 0.25)
        #expect(abs(ForwardBackward.probabilities(votes: [3, 1], recovered: [2, 6], alpha: 1)[0].together - 0.75) < 1e-9)
        #expect(abs(ForwardBackward.probabilities(votes: [3, 1], recovered: [2, 6], alpha: 0)[1].together - 0.75) < 1e-6)
        // Where nothing is recovered of anything the vote decides: √0.75 to √0.25.
        let none = ForwardBackward.probabilities(votes: [3, 1], recovered: [0, 0], alpha: 0.5)
        #expect(abs(none[0].together / none[1].together - 3.0.squareRoot()) < 1e-9)
        #expect(ForwardBackward.probabilities(votes: [0], recovered: [0], alpha: 0.5)[0].together == 0)
    }

    @Test("what leads back to the question is kept against the votes; as many further votes keep what is said most")
    func kept() async throws {
        let forward = try await searched(ForwardBackward(samples: 20, chains: 3, spending: .nothing, asking: TwoQuestions()))
        let both = try await searched(ForwardBackward(samples: 20, chains: 3, asking: TwoQuestions()))
        let further = try await searched(ForwardBackward(samples: 20, chains: 3, spending: .forward, asking: TwoQuestions()))
        #expect(forward.answer == "12" && forward.asked == 0 && forward.tree.nodes.count == 20)
        #expect(both.answer == "11" && both.asked == 2 * 2 * 3 && both.tree.nodes.count == 20, "two candidates, two questions, three chains")
        #expect(further.answer == "12" && further.asked == 0 && further.tree.nodes.count == 20 + 12, "as many answers as there were chains")
        #expect(both.tree.nodes.map(\.move.text) == Array(further.tree.nodes.map(\.move.text).prefix(20)), "the first answers are the same")
        let kept = both.tree.nodes[both.tree.chosen]
        #expect(kept.value > 0.99 && kept.verdicts.map(\.kind) == ["forward", "backward"])
        let share = Double(both.tree.nodes.count { $0.move.text == "11" }) / Double(both.tree.nodes.count { $0.move.text != "nothing" })
        #expect(kept.verdicts.first?.value == share, "answers that cannot be read do not vote")
    }

    @Test("a single candidate is asked nothing; settings without sense are refused")
    func edges() async throws {
        let alone = try await searched(ForwardBackward(samples: 1, chains: 3, asking: TwoQuestions()))
        #expect(alone.asked == 0 && alone.tree.nodes[alone.tree.chosen].value == (alone.answer == "nothing" ? 0 : 1))
        for search in [
            ForwardBackward(samples: 0, asking: TwoQuestions()), ForwardBackward(chains: -1, asking: TwoQuestions()), ForwardBackward(alpha: 1.5, asking: TwoQuestions()),
        ] {
            await #expect(throws: CoreError.self) { try await searched(search) }
        }
    }
}
