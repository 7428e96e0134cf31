import HoneCore
import HoneSocieties
import HoneWorlds

/// What a small model of crafting is taught: plays of an expert who errs now and then, and verdicts on single moves.
///
/// The expert says before each move which recipes it is following, as `CraftingMap.advice` has it. A helpful move lies up to three recipes away from what is asked
/// for, which a small model finds by writing the way down, not at one glance.
public struct CraftingLessons {
    /// The world.
    let world: Crafting
    /// The share of an expert's moves that are any move instead of a helpful one.
    let errors: Double

    /// Lessons in a world by an expert who makes any move in place of a helpful one with probability `errors`.
    public init(world: Crafting, errors: Double) {
        self.world = world
        self.errors = errors
    }

    /// What a reviewer is asked behind a move, and what it answers.
    static let (question, good, bad) = ("\n?", "g", "b")

    /// A move with its thought in front: `z=c+p p=a+b: get a`.
    static func spoken(_ move: String, after thought: String?) -> String { thought.map { "\($0): \(move)" } ?? move }

    /// A play of the expert: what it did and saw after each move, and which moves were helpful.
    private struct Play {
        var moves: [String] = []
        var seen: [String] = []
        var isHelpful: [Bool] = []
    }

    /// One play of each of the first problems; all its moves are to be learned, errors among them.
    public func plays(_ problems: [Problem], count: Int, seed: Seed) throws -> [Problem] {
        try (0..<(problems.isEmpty ? 0 : count)).compactMap { index in
            let problem = problems[index % problems.count]
            guard let play = play(problem, errors: errors, seed: seed.child("play", index)), !play.moves.isEmpty else { return nil }
            var lesson = problem
            lesson.id = "play \(index)"
            return try Script(answers: play.moves, between: Array(play.seen.dropLast())).given(to: lesson)
        }
    }

    /// Verdicts on moves of plays with many errors, in turn on helpful and other moves; only the verdict is to be learned.
    public func verdicts(_ problems: [Problem], count: Int, seed: Seed) throws -> [Problem] {
        try (0..<(problems.isEmpty ? 0 : count)).compactMap { index in
            let own = seed.child("verdict", index)
            let problem = problems[index % problems.count]
            guard let play = play(problem, errors: 0.4, seed: own) else { return nil }
            var generator = own.child("place").generator
            let wanted = index % 2 == 0
            guard let place = generator.element(of: play.moves.indices.filter { play.isHelpful[$0] == wanted }) else { return nil }
            var lesson = problem
            lesson.id = "verdict \(index)"
            return try Script(
                answers: Array(play.moves[...place]) + [wanted ? Self.good : Self.bad], between: Array(play.seen[..<place]) + [Self.question],
                firstTaught: place + 1
            ).given(to: lesson)
        }
    }

    /// A play until the thing is made or the moves are spent; nil where the problem cannot be read.
    private func play(_ problem: Problem, errors: Double, seed: Seed) -> Play? {
        guard let map = CraftingMap(of: problem, in: world) else { return nil }
        var generator = seed.generator
        var state = Crafting.State(problem: problem)
        var play = Play()
        while case .moves = world.turn(in: state) {
            let isAny = generator.chance(errors)
            guard let any = generator.element(of: world.legalMoves(in: state)) else { break }
            let advice = map.advice(in: state)
            // A slip: what is said is right, and what is done is any move.
            let move = Self.spoken(isAny ? any : advice?.move ?? any, after: advice?.thought)
            play.moves.append(move)
            play.isHelpful.append(map.isHelpful(move, in: state))
            world.apply(move, to: &state)
            play.seen.append(world.observation(of: state, for: .solver).news.text)
        }
        return play
    }
}
