import Foundation
import HoneCore

/// What a language model plays in a small game, exactly: at each information state the probability that it says each allowed move.
///
/// The model sees what a player of ``GameWorld`` sees there. The probability of a move is that of its text and the end of text behind it,
/// divided by the sum over the allowed moves; how much of the model's probability the allowed moves have in all is told as well.
public struct ModelStrategy: Sendable {
    /// The probabilities by information state and move.
    public let strategy: TabularStrategy
    /// By information state: the probability that the model says any allowed move at all.
    public let legalMass: [String: Double]

    /// The mean of the mass of allowed moves over the information states.
    public var meanLegalMass: Double { legalMass.isEmpty ? 0 : legalMass.sorted { $0.key < $1.key }.map(\.value).reduce(0, +) / Double(legalMass.count) }

    /// What a player sees at an information state, and what it may say.
    struct Question: Sendable {
        var state: String
        var transcript: Transcript
        var moves: [String]
    }

    /// Asks a model at every information state of a game.
    ///
    /// - Parameters:
    ///   - model: a model that scores log-probabilities.
    ///   - world: the game in words.
    ///   - end: the token that ends a text; nil where moves are scored without an end, which favours moves that begin others.
    ///   - limit: the most states of the game that are visited.
    ///   - batch: about how many transcripts are scored at once.
    ///   - prompt: what the model is shown of a transcript, such as its chat template's text.
    public init<Rules: ExtensiveGame>(
        of model: any Model, in world: GameWorld<Rules>, end: TokenID?, limit: Int = 200_000, batch: Int = 256,
        prompt: @Sendable (Transcript) throws -> Transcript = { $0 }
    ) async throws {
        try world.game.requireListedMoves(for: "A model's strategy")
        let questions = try Self.questions(world, limit: limit)
        var table: [String: [String: Double]] = [:]
        var mass: [String: Double] = [:]
        let size = max(1, batch / 8)
        for start in stride(from: 0, to: questions.count, by: size) {
            let some = Array(questions[start..<min(start + size, questions.count)])
            // The prompt alone tells how many of a row's numbers are its own.
            let rows = try some.flatMap { question in
                let shown = try prompt(question.transcript)
                return [shown] + question.moves.map { shown + [.text($0, from: .demonstration)] + Self.ending(end) }
            }
            let scores = try await model.score(rows, .logProbs)
            var next = 0
            for question in some {
                let prompt = scores[next].values.count
                let logs = question.moves.indices.map { index in scores[next + 1 + index].values.dropFirst(prompt).reduce(0.0) { $0 + Double($1) } }
                next += 1 + question.moves.count
                let top = logs.max() ?? 0
                let sum = logs.reduce(0) { $0 + exp($1 - top) }
                table[question.state] = Dictionary(uniqueKeysWithValues: zip(question.moves, logs.map { exp($0 - top) / sum }))
                mass[question.state] = exp(top) * sum
            }
        }
        strategy = TabularStrategy(table)
        legalMass = mass
    }

    private static func ending(_ end: TokenID?) -> Transcript {
        end.map { [Segment(origin: .demonstration, content: .tokens([$0], text: ""))] } ?? []
    }

    /// The information states in the order in which a walk in depth meets them. A player's words and what it was shown are the same in all
    /// states that it cannot tell apart, so the first one stands for all.
    static func questions<Rules: ExtensiveGame>(_ world: GameWorld<Rules>, limit: Int) throws -> [Question] {
        var seen: Set<String> = []
        var questions: [Question] = []
        var waiting = [(world.start(world.problem(0)), [Role: Transcript]())]
        var visited = 0
        while let (state, transcripts) = waiting.popLast() {
            visited += 1
            guard visited <= limit else {
                throw CoreError.unsupported("“\(world.name)” has more than \(limit) states, too many to ask a model at each; use smaller settings")
            }
            let moves = world.legalMoves(in: state)
            guard !moves.isEmpty else { continue }
            var role: Role?
            var known = transcripts
            if case .moves(let roles) = world.turn(in: state), let mover = roles.first {
                role = mover
                let observation = world.observation(of: state, for: mover)
                if world.settings.isLatestOnly { known[mover] = [] }
                known[mover, default: []] += observation.news
                let name = observation.informationState ?? ""
                if seen.insert(name).inserted { questions.append(Question(state: name, transcript: known[mover] ?? [], moves: moves)) }
            }
            for move in moves.reversed() {
                var next = state
                world.apply(move, to: &next)
                var said = known
                if let role { said[role, default: []].append(.text(move, from: .demonstration, author: role)) }
                waiting.append((next, said))
            }
        }
        return questions
    }
}
