import HoneCore

/// The worlds, by the names users write.
public enum WorldCatalog {
    /// One world: its card, its settings' defaults, and how it is made of them.
    public struct Entry: Sendable {
        /// Its name, summary and traits.
        public let card: PartCard
        /// What can be set, with defaults.
        public let defaults: JSONValue
        /// Makes it of resolved settings, where it asks one question and checks one answer; throws a sentence where it is played move by move.
        public let make: @Sendable (JSONValue) throws -> any QuestionWorld
        /// Makes a world that is played move by move; nil for those that ask one question.
        public var play: (@Sendable (JSONValue) throws -> any ProblemWorld)?

        /// The entry of a world that asks questions.
        init(card: PartCard, defaults: JSONValue, make: @escaping @Sendable (JSONValue) throws -> any QuestionWorld) {
            self.card = card
            self.defaults = defaults
            self.make = make
        }

        /// The entry of a world that is played move by move.
        init(card: PartCard, defaults: JSONValue, play: @escaping @Sendable (JSONValue) throws -> any ProblemWorld) {
            self.card = card
            self.defaults = defaults
            self.play = play
            make = { _ in
                throw CoreError.unsupported(
                    "“\(card.name)” is played move by move and asks no single question; use a recipe that plays it: direct, agent-q (web-shop), agent-r (crafting) or "
                        + "swe-search (repo-repair)")
            }
        }

        /// Makes it of resolved settings, whether it asks one question or is played move by move.
        public func playable(_ settings: JSONValue) throws -> any ProblemWorld { try play?(settings) ?? make(settings) }
    }

    /// All of them.
    public static func entries() throws -> [Entry] {
        [
            Entry(
                card: Arithmetic.card, defaults: try JSONValue(encoding: Arithmetic.Settings()),
                make: { try Arithmetic($0.decode(Arithmetic.Settings.self)) }),
            Entry(
                card: CodeTasks.card, defaults: try JSONValue(encoding: CodeTasks.Settings()),
                make: { try CodeTasks($0.decode(CodeTasks.Settings.self)) }),
            Entry(
                card: Constraints.card, defaults: try JSONValue(encoding: Constraints.Settings()),
                make: { try Constraints($0.decode(Constraints.Settings.self)) }),
            Entry(
                card: Countdown.card, defaults: try JSONValue(encoding: Countdown.Settings()),
                make: { try Countdown($0.decode(Countdown.Settings.self)) }),
            Entry(
                card: Crafting.card, defaults: try JSONValue(encoding: Crafting.Settings()),
                play: { try Crafting($0.decode(Crafting.Settings.self)) }),
            Entry(
                card: GraphColouring.card, defaults: try JSONValue(encoding: GraphColouring.Settings()),
                make: { try GraphColouring($0.decode(GraphColouring.Settings.self)) }),
            Entry(
                card: Quantities.card, defaults: try JSONValue(encoding: Quantities.Settings()),
                make: { try Quantities($0.decode(Quantities.Settings.self)) }),
            Entry(
                card: RepoRepair.card, defaults: try JSONValue(encoding: RepoRepair.Settings()),
                play: { try RepoRepair($0.decode(RepoRepair.Settings.self)) }),
            Entry(
                card: WebShop.card, defaults: try JSONValue(encoding: WebShop.Settings()),
                play: { try WebShop($0.decode(WebShop.Settings.self)) }),
            Entry(
                card: WordProblems.card, defaults: try JSONValue(encoding: WordProblems.Settings()),
                make: { try WordProblems($0.decode(WordProblems.Settings.self)) }),
            Entry(
                card: ProblemFile.card, defaults: try JSONValue(encoding: ProblemFile.Settings()),
                make: { try ProblemFile($0.decode(ProblemFile.Settings.self)) }),
        ]
    }

    /// The world of this name; throws with the nearest names. A command line (`cmd: …`) has an entry too, but no questions to be made:
    /// it is opened by `playable`, as are worlds that are played move by move.
    public static func entry(_ name: String) throws -> Entry {
        let all = try entries()
        if ProgramCommand.isCommand(name) {
            _ = try ProgramCommand(name)
            return Entry(
                card: ProcessWorld.card, defaults: try JSONValue(encoding: ProcessWorldSettings()),
                make: { _ in
                    throw CoreError.unsupported(
                        "“\(name)” is another program, which can be played but not be asked to make or check answers; name one of "
                            + all.map(\.card.name).joined(separator: ", "))
                })
        }
        guard let entry = all.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "world", name: name, known: all.map(\.card.name))
        }
        return entry
    }

    /// The world of this name and resolved settings.
    public static func make(name: String, settings: JSONValue) throws -> any QuestionWorld {
        try entry(name).make(settings)
    }

    /// The world of this name and resolved settings: one of the catalogue, or the program of a command line, which is started.
    public static func playable(name: String, settings: JSONValue) throws -> any ProblemWorld {
        guard ProgramCommand.isCommand(name) else {
            return try entry(name).playable(settings)
        }
        return try ProcessWorld(name, settings: settings.decode(ProcessWorldSettings.self))
    }
}
