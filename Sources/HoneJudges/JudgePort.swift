import HoneCore

/// Answers `hone pipe judge <name>`: what a judge says of responses to one problem that another program sends.
///
/// A line holds `problem` (a text, or `{"prompt", "answer"?, "world"?, "id"?, "meta"?}` as `hone pipe problems` writes it),
/// `responses` (texts) or `episodes` (texts, `{"response"}`, `{"steps": [{"role"?, "text"}], "returns"?}`, or stored
/// episodes), and `settings`: those of the judge, and `world` with `worldSettings` for judges that ask the world.
public struct JudgePort: Sendable {
    /// Makes the world of a name; the settings are those of the line.
    public typealias WorldMaker = @Sendable (_ name: String, _ settings: JSONValue) throws -> any World

    private let entry: JudgeCatalog.Entry
    private let makeWorld: WorldMaker

    /// Keys of `settings` that are about the world, not the judge.
    private static let worldKeys: Set<String> = ["world", "worldSettings", "corpus", "corpusSettings"]

    /// The port of the judge with this name; throws with the nearest names.
    public init(_ judge: String, world: @escaping WorldMaker) throws {
        entry = try JudgeCatalog.entry(judge)
        makeWorld = world
    }

    /// The answer to a line: `{"verdicts": [{"on", "kind", "value", "confidence"?, "critique"?}]}`. Throws a sentence for
    /// anything missing or of the wrong kind.
    public func answer(_ line: JSONValue) async throws -> JSONValue {
        let settings = line["settings"] ?? .object([:])
        guard case .object(let members) = settings else {
            throw CoreError.invalid("“settings” is \(settings.kind); expected a group of settings")
        }
        let own = members.filter { !Self.worldKeys.contains($0.key) }.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(path: [$0.key], value: $0.value, place: "settings")
        }
        let judge = try entry.make(try SettingsOverlay(defaults: entry.defaults).resolve(own))
        let name = line["problem"]?["world"]?.text ?? members["world"]?.text
        if entry.asksWorld, name == nil {
            throw CoreError.invalid("Judge “\(entry.card.name)” asks the world: name it as “world” in “problem” or “settings”")
        }
        let problem = try Self.problem(line, world: name ?? "none")
        let world = entry.asksWorld ? try name.map { try makeWorld($0, settings) } : nil
        let scope = Scope(services: PortServices(world: world, for: "a judge"), seed: Seed(0), path: "pipe")
        let episodes = try await Self.episodes(line, problem, world, scope)
        let group = EpisodeGroup(assignment: Assignment(problem: problem, samples: episodes.count), episodes: episodes)
        return Self.spelled(try await judge.judge(group, in: scope).verdicts)
    }

    private static func problem(_ line: JSONValue, world: String) throws -> Problem {
        guard let given = line["problem"] else { throw CoreError.invalid("The line needs “problem”, a text or an object with “prompt”") }
        if let text = given.text { return Problem(id: text, world: WorldName(world), text: text, answer: answer(line["gold"])) }
        guard case .object = given else { throw CoreError.invalid("“problem” is \(given.kind); expected a text or an object with “prompt”") }
        let text = given["prompt"]?.text ?? given["text"]?.text ?? given["question"]?.text
        guard let text else { throw CoreError.invalid("“problem” needs “prompt” with a text") }
        var details: [String: String] = [:]
        if case .object(let meta)? = given["meta"] { details = meta.compactMapValues(\.text) }
        return Problem(
            id: given["id"]?.text ?? text, world: WorldName(world), text: text, answer: answer(given["answer"] ?? line["gold"]), details: details)
    }

    /// A reference answer as text; numbers are spelled out.
    private static func answer(_ value: JSONValue?) -> String? { value.flatMap { $0.text ?? ($0.double == nil ? nil : $0.canonical) } }

    private static func episodes(_ line: JSONValue, _ problem: Problem, _ world: (any World)?, _ scope: Scope) async throws -> [Episode] {
        let key = line["responses"] != nil ? "responses" : "episodes"
        guard line["responses"] == nil || line["episodes"] == nil else {
            throw CoreError.invalid("The line has “responses” and “episodes”; give one of them")
        }
        guard let given = line[key]?.elements else { throw CoreError.invalid("The line needs “responses”, a list of texts, or “episodes”") }
        var episodes: [Episode] = []
        for (index, element) in given.enumerated() {
            let place = "“\(key)” at place \(index)"
            if key == "responses", element.text == nil { throw CoreError.invalid("\(place) is \(element.kind); expected a text") }
            episodes.append(try await episode(element, place, problem, world, scope.child("episode", index)))
        }
        return episodes
    }

    private static func episode(
        _ value: JSONValue, _ place: String, _ problem: Problem, _ world: (any World)?, _ scope: Scope
    ) async throws -> Episode {
        if value["steps"]?.elements?.first?["move"]?["segments"] != nil {
            guard let stored = try? value.decode(Episode.self) else { throw CoreError.invalid("\(place) is no episode as runs store them") }
            return stored
        }
        var moves: [(role: Role, text: String)] = []
        if let text = value.text ?? value["response"]?.text {
            moves = [(.solver, text)]
        } else if let steps = value["steps"]?.elements {
            moves = try steps.enumerated().map { number, step in
                guard let text = step.text ?? step["text"]?.text else { throw CoreError.invalid("\(place) has no “text” in step \(number)") }
                return (Role(step["role"]?.text ?? Role.solver.text), text)
            }
        } else {
            throw CoreError.invalid("\(place) is \(value.kind) without “response” or “steps”; expected a text or an episode")
        }
        var episode = Episode(id: scope.path, ending: .completed)
        if let world {
            episode = try await play(world, problem, moves, place, scope)
        } else {
            episode.steps = moves.map { Step(role: $0.role, context: [.text(problem.text, from: .prompt)], move: Move(text: $0.text)) }
        }
        if let given = value["returns"], given != .null {
            if let number = given.double {
                episode.returns = [.solver: number]
            } else if case .object(let members) = given, members.values.allSatisfy({ $0.double != nil }) {
                episode.returns = Dictionary(uniqueKeysWithValues: members.map { (Role($0.key), $0.value.double ?? 0) })
            } else {
                throw CoreError.invalid("\(place) has “returns” that are \(given.kind); expected a number, or a number for each role")
            }
        }
        return episode
    }

    /// Plays given moves.
    private static func play<W: World>(
        _ world: W, _ problem: Problem, _ moves: [(role: Role, text: String)], _ place: String, _ scope: Scope
    ) async throws -> Episode {
        var position = Position(world: world, state: try await world.begin(problem, in: scope))
        for (number, move) in moves.enumerated() {
            guard case .moves(let roles) = world.turn(in: position.state) else {
                throw CoreError.invalid("\(place) has a step \(number), but nobody is to move there")
            }
            guard roles.contains(move.role) else {
                throw CoreError.invalid("\(place) has role “\(move.role)” in step \(number); to move is \(roles.map(\.text).joined(separator: ", "))")
            }
            try await position.take([move.role: Move(text: move.text)], in: scope)
        }
        var ending: Ending?
        if case .over(let how) = world.turn(in: position.state) { ending = how }
        let episode = Episode(id: scope.path, steps: position.steps, returns: world.returns(of: position.state), ending: ending)
        await world.release(position.state)
        return episode
    }

    private static func spelled(_ verdicts: [Verdict]) -> JSONValue {
        let roles = Set(verdicts.compactMap { verdict in if case .role(_, let role) = verdict.on { role } else { nil } })
        var counted: [Int: Int] = [:]
        return .object([
            "verdicts": .array(
                verdicts.map { verdict in
                    var members: [String: JSONValue] = ["kind": .string(verdict.kind.text), "value": .number(verdict.value)]
                    switch verdict.on {
                    // The steps of an answer are counted through the episode, over all its moves.
                    case .span(let episode, _, _) where verdict.kind == .step:
                        members["on"] = .string("step \(episode).\(counted[episode, default: 0])")
                        counted[episode, default: 0] += 1
                    // What the only role got is said of the episode.
                    case .role(let episode, _) where roles.count == 1: members["on"] = .string("episode \(episode)")
                    default: members["on"] = .string(verdict.on.spelled)
                    }
                    members["confidence"] = verdict.confidence.map { .number($0) }
                    members["critique"] = verdict.critique.map { .string($0) }
                    return .object(members)
                })
        ])
    }
}

extension Verdict.Subject {
    /// As it is written on a pipe: `episode 0`, `step 0.3`, `pair 0 over 1`.
    var spelled: String {
        switch self {
        case .group: "group"
        case .episode(let episode): "episode \(episode)"
        case .role(let episode, let role): "role \(episode).\(role)"
        case .step(let episode, let step): "step \(episode).\(step)"
        case .span(let episode, let step, let range): "span \(episode).\(step).\(range.lowerBound)-\(range.upperBound)"
        case .pair(let better, let worse): "pair \(better) over \(worse)"
        }
    }
}
