import HoneCore
import HoneText

/// A way of writing demonstrations for a world's problems, with rates that can be set and are known exactly.
///
/// What a corpus writes also decides how answers are read: the world is asked through `world(over:)` from then on.
public protocol Corpus: Part {
    /// The most characters of a demonstration; problems that need more are not demonstrated.
    var longest: Int { get }
    /// Whether its steps are those of `ThoughtTrace`, so that habits can be counted.
    var hasHabits: Bool { get }
    /// A worked solution; a faulty one when asked for. nil where none can be written.
    func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration?
    /// Whether each step of a response is right.
    func checkSteps(of response: String, to problem: Problem) -> [StepCheck]
    /// The final answer of a response; nil where there is not exactly one.
    func answer(in response: String) -> String?
    /// What its steps have between them.
    var separator: String { get }
}

extension Corpus {
    public func answer(in response: String) -> String? { ThoughtTrace(response).answer }
    public var separator: String { ";" }
}

/// A world whose solvers may think before they answer, as a corpus has it.
public struct ThinkingWorld: QuestionWorld {
    public static let card = PartCard(
        name: "thinking", summary: "a world's problems with thoughts before the answer", gives: [.stepVerdicts, .branches, .demonstrations])

    /// The world that poses and checks.
    public let world: any QuestionWorld
    /// How solutions are written.
    public let corpus: any Corpus

    /// A world as a corpus writes it.
    public init(_ world: any QuestionWorld, corpus: any Corpus) {
        self.world = world
        self.corpus = corpus
    }

    public var name: WorldName { world.name }
    public var separator: String { corpus.separator }
    public func problem(_ index: Int, seed: Seed) -> Problem? { world.problem(index, seed: seed) }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let found = corpus.demonstration(of: problem, withError: withError, seed: seed),
            found.text.unicodeScalars.count <= corpus.longest
        else { return nil }
        return found
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        guard let answer = corpus.answer(in: response) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "there are several bars, so no single answer")
        }
        return world.check(answer, to: problem)
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        let checks = corpus.checkSteps(of: response, to: problem)
        guard checks.isEmpty else { return checks }
        // Without any step the answer is the only one.
        let verdict = check(response, to: problem)
        return [StepCheck(text: response, isCorrect: verdict.correct, reason: verdict.correct ? "" : verdict.reason)]
    }
}

/// The corpora, by the names users write.
public enum CorpusCatalog {
    /// One corpus: its card, the worlds it writes for, its settings' defaults, and how it is made of them.
    public struct Entry: Sendable {
        /// Its name, summary and source.
        public let card: PartCard
        /// The worlds it writes for; empty for all.
        public let worlds: [String]
        /// What can be set, with defaults.
        public let defaults: JSONValue
        /// Makes it of resolved settings; nil where the world's own demonstrations are meant.
        public let make: @Sendable (JSONValue) throws -> (any Corpus)?
    }

    /// The world's own demonstrations.
    public static let plain = PartCard(name: "plain", summary: "the world's own worked solutions", gives: [.demonstrations])

    /// All of them.
    public static func entries() throws -> [Entry] {
        [
            Entry(card: plain, worlds: [], defaults: .object([:]), make: { _ in nil }),
            Entry(
                card: ArithmeticHabits.card, worlds: ["arithmetic"], defaults: try JSONValue(encoding: HabitSettings()),
                make: { try ArithmeticHabits($0.decode(HabitSettings.self)) }),
            Entry(
                card: CountdownHabits.card, worlds: ["countdown"], defaults: try JSONValue(encoding: HabitSettings()),
                make: { try CountdownHabits($0.decode(HabitSettings.self)) }),
            Entry(
                card: ErrorChains.card, worlds: ["arithmetic"], defaults: try JSONValue(encoding: ErrorChains.Settings()),
                make: { try ErrorChains($0.decode(ErrorChains.Settings.self)) }),
            Entry(
                card: Rechecks.card, worlds: ["arithmetic"], defaults: try JSONValue(encoding: Rechecks.Settings()),
                make: { try Rechecks($0.decode(Rechecks.Settings.self)) }),
        ]
    }

    /// The corpus of this name; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        let all = try entries()
        guard let entry = all.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "corpus", name: name, known: all.map(\.card.name))
        }
        return entry
    }

    /// The corpus of this name and resolved settings for a world; nil for the world's own demonstrations.
    public static func make(_ name: String, settings: JSONValue, world: String) throws -> (any Corpus)? {
        let entry = try entry(name)
        guard entry.worlds.isEmpty || entry.worlds.contains(world) else {
            throw CoreError.invalid(
                "Corpus “\(name)” writes for \(entry.worlds.joined(separator: ", ")), not for “\(world)”; set another base.corpus or task.world")
        }
        return try entry.make(settings)
    }
}
