import HoneCore
import HoneJudges
import HoneText
import HoneWorlds
import Synchronization
import Testing

/// Services with one world; everything else is missing. Costs are added up.
private final class OneWorld: Services {
    let held: (any World)?
    private let spent = Mutex(Cost())
    init(_ world: (any World)? = nil) { held = world }
    var cost: Cost { spent.withLock { $0 } }

    private struct Missing: Error {}
    func world(_ name: WorldName) throws -> any World {
        guard let held else { throw Missing() }
        return held
    }
    func model(_ ref: ModelRef) throws -> any Model { throw Missing() }
    func memory(_ name: MemoryName) throws -> any Memory { throw Missing() }
    func policy(_ name: PolicyName) throws -> any Policy { throw Missing() }
    func search(_ name: SearchName) throws -> any SearchMethod { throw Missing() }
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { throw Missing() }
    func charge(_ cost: Cost) { spent.withLock { $0 += cost } }
}

/// A group of episodes, each with the given moves of the solver and returns.
private func group(_ problem: Problem, _ episodes: [([String], [Role: Double])]) -> EpisodeGroup {
    EpisodeGroup(
        assignment: Assignment(problem: problem, samples: episodes.count),
        episodes: episodes.enumerated().map { index, episode in
            let steps = episode.0.map { Step(role: .solver, context: [.text(problem.text, from: .prompt)], move: Move(text: $0)) }
            return Episode(id: "e\(index)", steps: steps, returns: episode.1, ending: .completed)
        })
}

@Suite("Judges")
struct JudgeTests {
    @Test("the answer judge compares the solver's whole response, and charges a call an episode")
    func answerJudge() async throws {
        let problem = Problem(id: "p", world: "file", text: "how many?", answer: "1,200")
        let services = OneWorld()
        let judgement = try await AnswerJudge().judge(
            group(problem, [(["1200"], [:]), (["first I guess", "so it is 1200"], [:]), (["12"], [:]), ([], [:])]),
            in: Scope(services: services, seed: Seed(0)))
        #expect(judgement.verdicts.map(\.value) == [1, 1, 0, 0])
        #expect(judgement.verdicts.map(\.on) == (0..<4).map { .episode($0) })
        #expect(judgement.verdicts.allSatisfy { $0.kind == "correct" && $0.critique?.isEmpty == false })
        #expect(judgement.children.isEmpty)
        #expect(services.cost.judgeCalls == 4)
    }

    @Test("each kind of answer is compared in its own way", arguments: [
        (AnswerChecker.Kind.number, "42", "42.0", true), (.number, "42", "forty", false), (.expression, "2*3", "6", true),
        (.choice, "C", "the answer is (C)", true), (.choice, "C", "D", false), (.text, "Paris", "paris", true), (.text, "Paris", "London", false),
    ])
    func kinds(kind: AnswerChecker.Kind, gold: String, response: String, isRight: Bool) async throws {
        let problem = Problem(id: "p", world: "file", text: "q", answer: gold)
        let judgement = try await AnswerJudge(kind: kind).judge(
            group(problem, [([response], [:])]), in: Scope(services: OneWorld(), seed: Seed(0)))
        #expect(judgement.verdicts[0].value == (isRight ? 1 : 0), "\(judgement.verdicts[0].critique ?? "")")
    }

    @Test("without a reference answer the answer judge says so")
    func withoutAnswer() async {
        let problem = Problem(id: "no answer", world: "countdown", text: "q")
        await #expect(throws: CoreError.unsupported("Problem “no answer” has no reference answer to compare with")) {
            try await AnswerJudge().judge(group(problem, [(["1"], [:])]), in: Scope(services: OneWorld(), seed: Seed(0)))
        }
    }

    @Test("the step verifier marks each step of each move, with the reason where it is wrong")
    func stepVerifier() async throws {
        let problem = Problem(id: "p", world: "arithmetic", text: "3+8-5+7=")
        let services = OneWorld(try Arithmetic())
        let judgement = try await StepVerifier().judge(
            group(problem, [(["11,7,14"], [:]), (["11", "x"], [:]), ([""], [:])]), in: Scope(services: services, seed: Seed(0)))
        #expect(
            judgement.verdicts.map(\.on) == [.span(0, 0, 0...0), .span(0, 0, 1...1), .span(0, 0, 2...2), .span(1, 0, 0...0), .span(1, 1, 0...0)])
        #expect(judgement.verdicts.map(\.value) == [1, 0, 1, 1, 0])
        #expect(judgement.verdicts.map(\.critique) == [nil, "11-5 is 6, not 7", nil, nil, "“x” is not a whole number"])
        #expect(judgement.verdicts.allSatisfy { $0.kind == .step })
        #expect(services.cost.judgeCalls == 3)
    }

    @Test("a world that cannot check steps is named")
    func noSteps() async throws {
        struct Silent: World {
            static let card = PartCard(name: "silent")
            func begin(_ problem: Problem, in scope: Scope) async throws -> Int { 0 }
            func turn(in state: Int) -> Turn { .over(.completed) }
            func observation(of state: Int, for role: Role) -> Observation { Observation() }
            func advance(_ state: inout Int, by moves: [Role: Move], in scope: Scope) async throws {}
            func returns(of state: Int) -> [Role: Double] { [:] }
        }
        let problem = Problem(id: "p", world: "silent")
        await #expect(throws: CoreError.unsupported("World “silent” cannot check single steps; use another judge")) {
            try await StepVerifier().judge(group(problem, []), in: Scope(services: OneWorld(Silent()), seed: Seed(0)))
        }
    }

    @Test("returns become verdicts on each role, roles in a fixed order")
    func worldReturns() async throws {
        let problem = Problem(id: "p", world: "game")
        let returns: [Role: Double] = ["b": -1, "a": 1, "c": 0]
        let judgement = try await WorldReturns().judge(
            group(problem, [([], returns), ([], [:]), ([], ["a": 0.5])]), in: Scope(services: OneWorld(), seed: Seed(0)))
        #expect(judgement.verdicts.map(\.on) == [.role(0, "a"), .role(0, "b"), .role(0, "c"), .role(2, "a")])
        #expect(judgement.verdicts.map(\.value) == [1, -1, 0, 0.5])
        #expect(judgement.verdicts.allSatisfy { $0.kind == .worldReturn })
    }

    @Test("every judge of the catalogue can be made by its name, and none is listed twice")
    func catalogue() throws {
        let names = JudgeCatalog.entries.map(\.card.name)
        #expect(Set(names).count == names.count)
        for entry in JudgeCatalog.entries {
            #expect(type(of: try JudgeCatalog.make(entry.card.name)).card == entry.card)
            #expect(!entry.card.summary.isEmpty)
        }
        #expect(throws: CoreError.self) { try JudgeCatalog.entry("answer").make(.object(["kind": .string("colour")])) }
    }
}
