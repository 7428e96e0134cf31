import HoneCore
import HoneGames
import HoneNumerics
import HoneSocieties

extension Role {
    /// Who writes strategies.
    static var author: Role { "author" }
    /// Who follows one.
    static var donor: Role { "donor" }
}

/// Whose strategies go on into the next generation.
public enum DonorSelection: String, Codable, Hashable, Sendable, CaseIterable {
    /// Of the half that ended with most.
    case best
    /// Of a half drawn at random.
    case random
}

/// What those who are new read before they write.
public enum DonorTransmission: String, Codable, Hashable, Sendable, CaseIterable {
    /// The strategies that survived.
    case survivors
    /// Nothing, as the first generation.
    case none
}

/// Who carries out a strategy.
public enum DonorFollower: String, Codable, Hashable, Sendable, CaseIterable {
    /// The model, which reads it.
    case model
    /// The rule itself, without a model.
    case rules
}

/// What came of one culture.
struct DonorHistory: Codable, Hashable, Sendable {
    /// One generation.
    struct Generation: Codable, Hashable, Sendable {
        /// The strategies, by agent.
        var strategies: [String]
        /// What each ended with, the mean of both plays.
        var scores: [Double]
        /// The mean share given, from −1 to 1.
        var generosity: Double
        /// The slope of what is given on what the recipient last gave; nil where all recipients gave the same.
        var slope: Double?
        /// How often donors were asked, how often they did what the rule says, and how often they said nothing that is allowed.
        var asked = 0
        var faithful = 0
        var unreadable = 0
        /// How many were new, and how many of their texts held no strategy.
        var written = 0
        var unwritten = 0

        /// The mean of the scores.
        var resources: Double { Statistics.mean(scores) }
    }

    var generations: [Generation] = []
}

/// Generations of agents that write strategies for the donor game and follow them: the better half goes on with its strategies, and as many new agents write theirs after reading these
/// (Vallinder and Hughes 2024).
///
/// A generation plays twice with donors and recipients exchanged. A text without a strategy gives nothing to anybody, as does an answer that cannot be read. Only what authors say is filed: there
/// are twenty gifts for each of their texts.
struct DonorGenerations: Society {
    static let card = PartCard(
        name: "donor-generations", summary: "generations that play the donor game, survive by what they end with, and write strategies after reading survivors'",
        source: "Vallinder and Hughes 2024, Cultural Evolution of Cooperation among LLM Agents")

    /// How prompts are written.
    let prompt: DonorPrompt
    /// How many generations.
    let count: Int
    /// Who goes on.
    let selection: DonorSelection
    /// What new agents read.
    let transmission: DonorTransmission
    /// Who follows strategies.
    let follower: DonorFollower

    /// The strategy of a text that holds none: it gives nothing.
    private static let silence = DonorRule(give: 0, threshold: 0, otherwise: 0).text

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        try await WrittenTurns.episode(from: start, cast: cast, in: scope) { problem, episode in
            let game = prompt.game
            let draw = WrittenTurns.draw(of: problem)
            var history = DonorHistory()
            var strategies: [String] = []
            var read: [DonorPrompt.Read] = []
            for number in 0..<count {
                let own = scope.child("generation", number)
                let missing = game.settings.players - strategies.count
                let asked = prompt.author(transmission == .survivors ? read : [])
                let steps = try await WrittenTurns.ask(all: (0..<missing).map { _ in (role: Role.author, text: asked) }, cast: cast, in: own.child("authors"))
                episode.steps += steps
                let texts = steps.map { prompt.strategy($0.move.text) }
                strategies += texts.map { $0 ?? (prompt.isShort ? Self.silence : "Give nothing.") }
                var generation = try await played(strategies, draw.child("generation", number), cast, in: own)
                (generation.written, generation.unwritten) = (missing, texts.count { $0 == nil })
                history.generations.append(generation)
                let order = survivors(generation.scores, draw.child("survivors", number))
                read = order.map { DonorPrompt.Read(text: strategies[$0], score: generation.scores[$0]) }
                strategies = order.map { strategies[$0] }
            }
            episode.returns = [.author: history.generations.last?.resources ?? 0]
            episode.steps.append(try .record(history))
        }
    }

    /// The half that goes on: the best, best first and of equals the earlier, or any in a drawn order.
    func survivors(_ scores: [Double], _ seed: Seed) -> [Int] {
        var generator = seed.generator
        let order = selection == .best ? scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) } : generator.shuffled(Array(scores.indices))
        return Array(order.prefix(scores.count / 2))
    }

    /// Both plays of a generation, round by round at the same time.
    private func played(_ strategies: [String], _ draw: Seed, _ cast: Cast, in scope: Scope) async throws -> DonorHistory.Generation {
        let game = prompt.game
        var plays = game.mirrored(seed: draw)
        var generation = DonorHistory.Generation(strategies: strategies, scores: [], generosity: 0)
        let rules = strategies.map(prompt.rule)
        for round in 0..<game.settings.rounds {
            game.toss(&plays, seed: draw)
            let gifts = [plays.0, plays.1].map { game.gifts(in: round, of: $0) }
            var wanted: [[Int]] = [plays.0, plays.1].enumerated().map { place, state in
                gifts[place].map { gift in rules[gift.donor]?.share(after: game.pastShares(of: gift.recipient, in: state).first, of: game) ?? 0 }
            }
            if follower == .model {
                let states = [plays.0, plays.1]
                let questions = states.enumerated().flatMap { place, state in
                    gifts[place].map { (role: Role.donor, text: prompt.donor($0.donor, to: $0.recipient, following: strategies[$0.donor], in: state)) }
                }
                let steps = try await WrittenTurns.ask(all: questions, cast: cast, in: scope.child("round", round))
                for (number, step) in steps.enumerated() {
                    let (play, place) = (number / gifts[0].count, number % gifts[0].count)
                    let share = prompt.share(step.move.text, in: states[play])
                    generation.asked += 1
                    if share == nil { generation.unreadable += 1 }
                    if share == wanted[play][place] { generation.faithful += 1 }
                    wanted[play][place] = share ?? 0
                }
            }
            for share in wanted[0] { game.apply(.give(share), to: &plays.0) }
            for share in wanted[1] { game.apply(.give(share), to: &plays.1) }
        }
        generation.scores = zip(game.returns(of: plays.0), game.returns(of: plays.1)).map { ($0 + $1) / 2 }
        generation.generosity = ((game.generosity(of: plays.0) ?? 0) + (game.generosity(of: plays.1) ?? 0)) / 2
        generation.slope = game.reciprocity(of: [plays.0, plays.1])
        return generation
    }
}
