import HoneCore

/// A small text adventure: things are got and made of each other until one has what was asked for.
///
/// A problem lists recipes and the thing to make: `p=a+b t=c+p q=a+c` and `make t`. Things are letters, and what no recipe makes lies about without end; such things are
/// named by the first half of the alphabet, made ones by the second. Each turn one may `get a`, `make p` (which uses up what it is made of), `drop a`, or `wait`; hands hold
/// few things. What does not work changes nothing. The answer is what one has: `ap>`. A move may begin with a thought, which ends with a colon and is not read: `that was wrong: wait`.
/// The return is 1 once the thing is made, else half the share of the needed intermediate things that were ever made.
///
/// Source: crafting worlds such as TextCraft (Prasad et al. 2024, “ADaPT”). Departures: things and recipes are drawn anew for each problem, one of each is needed, and
/// hands are small, so that wrong moves have to be undone.
public struct Crafting: Game, ProblemWorld {
    public static let card = PartCard(
        name: "crafting", summary: "a text adventure of getting and making things by recipes, in turns", source: "Prasad et al. 2024 (TextCraft)", gives: [.branches])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The fewest recipes that are needed one after the other, 1 to 3.
        public var leastDepth = 2
        /// The most, 1 to 3.
        public var mostDepth = 3
        /// Recipes that lead nowhere, 0 to 3.
        public var distractors = 1
        /// How many things one can hold, 3 to 6.
        public var hands = 3
        /// The most moves, 4 to 40.
        public var moves = 12

        /// The defaults.
        public init() {}
    }

    /// Where a play stands.
    public struct State: KnowsProblem, Hashable, Codable, Sendable {
        /// The problem.
        public var problem: Problem
        /// What one has, in alphabetical order.
        public var held: [String] = []
        /// What was ever made.
        public var made: Set<String> = []
        /// How many moves were made.
        public var moves = 0

        /// Where a problem begins.
        public init(problem: Problem) { self.problem = problem }
    }

    /// Its settings.
    public let settings: Settings

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        let depths = 1...3
        guard depths.contains(settings.leastDepth), depths.contains(settings.mostDepth), settings.leastDepth <= settings.mostDepth else {
            throw CoreError.invalid("“leastDepth” is \(settings.leastDepth) and “mostDepth” \(settings.mostDepth); expected 1 to 3, the least first")
        }
        guard (0...3).contains(settings.distractors), (3...6).contains(settings.hands), (4...40).contains(settings.moves) else {
            throw CoreError.invalid(
                "“distractors” is \(settings.distractors), “hands” \(settings.hands), “moves” \(settings.moves); expected 0 to 3, 3 to 6 and 4 to 40")
        }
        self.settings = settings
    }

    public var name: WorldName { "crafting" }
    public var rules: WorldRules { WorldRules(roles: [.solver], range: 0...1) }

    private static let rawNames = "abcdefghijklm".map(String.init)
    private static let madeNames = "nopqrstuvwxyz".map(String.init)

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("crafting", index).generator
        let depth = generator.integer(in: settings.leastDepth...settings.mostDepth)
        var letters = generator.shuffled(Self.madeNames)
        let raw = Array(generator.shuffled(Self.rawNames).prefix(4))
        var recipes: [CraftingRecipe] = []
        for level in 0..<depth {
            let parts = generator.shuffled(raw)
            // Each level needs the last one's thing; the last level may need two that were made.
            let first = recipes.last?.thing ?? parts[1]
            var second = parts[0]
            if level == 1, depth == 2, generator.chance(0.3) {
                let other = CraftingRecipe(thing: letters.removeLast(), first: parts[2], second: parts[3])
                recipes.append(other)
                second = other.thing
            }
            recipes.append(CraftingRecipe(thing: letters.removeLast(), first: first, second: second))
        }
        let goal = recipes.last?.thing ?? ""
        for _ in 0..<settings.distractors {
            let parts = generator.shuffled(raw)
            recipes.append(CraftingRecipe(thing: letters.removeLast(), first: parts[0], second: parts[1]))
        }
        let text = generator.shuffled(recipes).map(\.text).joined(separator: " ") + "\nmake \(goal)\n>"
        return Problem(id: text, world: name, text: text)
    }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }

    public func turn(in state: State) -> Turn {
        guard let book = CraftingBook(state.problem.text) else { return .over(.failed("“\(state.problem.text)” lists no recipes and thing to make")) }
        return state.held.contains(book.goal) || state.moves >= settings.moves ? .over(.completed) : .moves(of: [.solver])
    }

    public func observation(of state: State, for role: Role) -> Observation {
        guard role == .solver, case .moves = turn(in: state) else { return Observation() }
        let text = state.moves == 0 ? state.problem.text : "\n\(state.held.joined())>"
        return Observation(
            news: [.text(text, from: .world)], legal: legalMoves(in: state), informationState: "\(state.moves)|\(state.held.joined())|\(state.problem.text)")
    }

    public func legalMoves(in state: State) -> [String] {
        guard let book = CraftingBook(state.problem.text), case .moves = turn(in: state) else { return [] }
        return book.moves + Array(Set(state.held)).sorted().map { "drop \($0)" } + ["wait"]
    }

    public func apply(_ move: String, to state: inout State) {
        guard let book = CraftingBook(state.problem.text) else { return }
        let (before, said) = (state.held, Self.action(of: move))
        state.moves += 1
        state.held = book.after(said, holding: before, hands: settings.hands)
        if state.held != before, said.hasPrefix("make ") { state.made.insert(String(said.dropFirst(5))) }
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        apply(moves[.solver]?.text ?? "", to: &state)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func returns(of state: State) -> [Role: Double] {
        guard let book = CraftingBook(state.problem.text) else { return [.solver: 0] }
        if state.held.contains(book.goal) { return [.solver: 1] }
        let needed = book.needed
        return [.solver: needed.isEmpty ? 0 : Double(needed.intersection(state.made).count) / Double(needed.count) / 2]
    }

    /// What a move does, without a thought in front of it and a line break behind.
    public static func action(of move: String) -> String {
        let line = move.hasSuffix("\n") ? move.dropLast() : move[...]
        guard let colon = line.lastIndex(of: ":") else { return String(line) }
        return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
}
