import HoneCore
import HoneSocieties

extension Role {
    /// Whose only step holds what came of a play.
    static var record: Role { "record" }
}

/// Nothing but a place to meet in: a society knows the rules, and problems differ in what is drawn.
struct EconomyRoom: World {
    static let card = PartCard(name: "economy-room", summary: "a place for a society that knows the rules of its game", gives: [.branches, .demonstrations])

    /// The name in a plan.
    static let name: WorldName = "economy-room"

    /// Who takes part.
    let roles: [Role]
    /// What they can get.
    let range: ClosedRange<Double>

    struct State: KnowsProblem, Hashable, Sendable, Codable {
        var problem: Problem
    }

    var rules: WorldRules { WorldRules(roles: roles, range: range) }
    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }
    func turn(in state: State) -> Turn { .moves(of: Array(roles.prefix(1))) }
    func observation(of state: State, for role: Role) -> Observation { Observation(news: [.text(state.problem.text, from: .prompt)]) }
    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {}
    func returns(of state: State) -> [Role: Double] { [:] }
}

/// Asks players in writing, and files what they say.
enum WrittenTurns {
    /// A problem with a key for what chance draws: all its plays draw the same.
    static func problem(_ id: String, drawn seed: Seed, isHeldOut: Bool, details: [String: String] = [:]) -> Problem {
        Problem(id: id, world: EconomyRoom.name, details: details.merging(["draw": String(seed.value)]) { $1 }, isHeldOut: isHeldOut)
    }

    /// The key of what chance draws in a problem's plays.
    static func draw(of problem: Problem) -> Seed { Seed(problem.details["draw"].flatMap { UInt64($0) } ?? 0) }

    /// A written question with its answer, to be rehearsed.
    static func lesson(_ number: Int, _ question: String, _ answer: String) throws -> Problem {
        try Script(answers: [answer]).given(to: Problem(id: "lesson \(number)", world: EconomyRoom.name, text: question))
    }

    /// One player's answer as a step.
    static func ask(_ role: Role, _ text: String, cast: Cast, in scope: Scope) async throws -> Step {
        guard let player = cast[role] else { throw CoreError.unknown(kind: "player for role", name: role.text, known: cast.keys.map(\.text).sorted()) }
        let view = View(role: role, transcript: [.text(text, from: .prompt)])
        let move = try await scope.services.policy(player.policy).move(on: view, as: player, in: scope)
        return Step(role: role, context: move.context ?? view.transcript, move: move.filed)
    }

    /// The answers of several players who are asked at once, in the order of the questions.
    static func ask(all questions: [(role: Role, text: String)], cast: Cast, in scope: Scope) async throws -> [Step] {
        try await questions.concurrently { place, question in
            try await ask(question.role, question.text, cast: cast, in: scope.child("question", place))
        }
    }

    /// Plays a game in a society: what it does becomes the episode's steps and returns, what it throws the ending.
    static func episode<W: World>(
        from start: Position<W>, cast: Cast, in scope: Scope, _ body: (_ problem: Problem, _ episode: inout Episode) async throws -> Void
    ) async throws -> Episode {
        var episode = Episode(id: scope.path, cast: cast)
        do {
            guard let problem = start.problem else { throw CoreError.invalid("This society plays problems, and “\(W.card.name)” knows of none") }
            try await body(problem, &episode)
            episode.ending = .completed
        } catch { episode.ending = try .failed(by: error) }
        await start.world.release(start.state)
        return episode
    }
}

extension Step {
    /// What came of a play, for measures. It has no tokens, so that nothing is learned from it.
    static func record(_ value: some Encodable) throws -> Step {
        let text = try JSONValue(encoding: value).canonical
        return Step(role: .record, context: [], move: Move(segments: [Segment(origin: .world, author: .record, content: .tokens([], text: text))]))
    }
}

extension Episode {
    /// What came of the play, as its society has filed it; nil where the play has failed.
    func record<T: Decodable>(_ type: T.Type) -> T? {
        guard let text = steps.last(where: { $0.role == .record })?.move.text, let json = try? JSONValue(parsing: text) else { return nil }
        return try? json.decode(type)
    }
}

extension String {
    /// The first line, without blanks at its ends.
    var firstLine: String {
        let line = prefix { !$0.isNewline }.drop { $0 == " " }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// All whole numbers of the text, in order; a minus counts where it stands before a digit.
    var wholeNumbers: [Int] {
        var numbers: [Int] = []
        var word = ""
        for letter in self + " " {
            if letter.isASCII && letter.isNumber || letter == "-" && word.isEmpty {
                word.append(letter)
            } else {
                if let number = Int(word) { numbers.append(number) }
                word = letter == "-" ? "-" : ""
            }
        }
        return numbers
    }
}
