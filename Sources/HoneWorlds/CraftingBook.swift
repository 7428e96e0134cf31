import HoneCore

/// How one thing is made of two.
struct CraftingRecipe: Hashable, Sendable {
    let thing: String
    let first: String
    let second: String

    var text: String { "\(thing)=\(first)+\(second)" }
}

/// The recipes and the goal of a crafting problem, and what moves do.
struct CraftingBook: Sendable {
    /// Recipes by what they make.
    let recipes: [String: CraftingRecipe]
    /// What is to be made.
    let goal: String
    /// All that can be got or made, without what can be dropped: in the order of the alphabet.
    let moves: [String]

    /// Reads `d=a+b g=c+d`, a line break and `make g`; nil for anything else.
    init?(_ text: String) {
        let lines = text.split(separator: "\n")
        guard lines.count >= 2, lines[1].hasPrefix("make ") else { return nil }
        var recipes: [String: CraftingRecipe] = [:]
        for word in lines[0].split(separator: " ") {
            let parts = word.split(whereSeparator: { "=+".contains($0) }).map(String.init)
            guard parts.count == 3, recipes[parts[0]] == nil else { return nil }
            recipes[parts[0]] = CraftingRecipe(thing: parts[0], first: parts[1], second: parts[2])
        }
        let goal = String(lines[1].dropFirst(5))
        guard recipes[goal] != nil else { return nil }
        let things = Set(recipes.values.flatMap { [$0.first, $0.second] })
        self.recipes = recipes
        self.goal = goal
        moves = things.subtracting(recipes.keys).sorted().map { "get \($0)" } + recipes.keys.sorted().map { "make \($0)" }
    }

    /// What has to be made on the way to the goal, without the goal.
    var needed: Set<String> {
        var found: Set<String> = []
        var open = [goal]
        while let thing = open.popLast() {
            guard let recipe = recipes[thing] else { continue }
            for part in [recipe.first, recipe.second] where recipes[part] != nil && found.insert(part).inserted { open.append(part) }
        }
        return found
    }

    /// What one holds after an action, in order; what cannot be done changes nothing.
    func after(_ action: String, holding held: [String], hands: Int) -> [String] {
        let words = action.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2 else { return held }
        var next = held
        switch words[0] {
        case "get" where held.count < hands && moves.contains(action): next.append(words[1])
        case "drop":
            guard let place = next.firstIndex(of: words[1]) else { return held }
            next.remove(at: place)
        case "make":
            guard let recipe = recipes[words[1]] else { return held }
            for part in [recipe.first, recipe.second] {
                guard let place = next.firstIndex(of: part) else { return held }
                next.remove(at: place)
            }
            next.append(words[1])
        default: return held
        }
        return next.sorted()
    }
}

/// How far all that hands can hold is from what a crafting problem asks for.
///
/// All of it is gone through once: with three hands and ten things some two hundred cases.
public struct CraftingMap: Sendable {
    private let world: Crafting
    private let distances: [[String]: Int]

    /// The map of a problem; nil where its text lists no recipes.
    public init?(of problem: Problem, in world: Crafting) {
        guard let book = CraftingBook(problem.text) else { return nil }
        self.world = world
        // What leads to what, from empty hands on.
        var before: [[String]: [[String]]] = [:]
        var seen: Set<[String]> = [[]]
        var open: [[String]] = [[]]
        while let held = open.popLast() {
            for action in book.moves + Set(held).map({ "drop \($0)" }) {
                let reached = book.after(action, holding: held, hands: world.settings.hands)
                before[reached, default: []].append(held)
                if seen.insert(reached).inserted { open.append(reached) }
            }
        }
        // From the goal backwards; what is a set here has the same distances in any order.
        var distances: [[String]: Int] = [:]
        var ring = seen.filter { $0.contains(book.goal) }
        var distance = 0
        while !ring.isEmpty {
            for held in ring { distances[held] = distance }
            ring = Set(ring.flatMap { before[$0] ?? [] }).filter { distances[$0] == nil }
            distance += 1
        }
        self.distances = distances
    }

    /// The fewest moves from here to what is to be made; nil where it cannot be reached.
    public func movesLeft(in state: Crafting.State) -> Int? { distances[state.held] }

    /// The moves that bring the goal one move nearer, in the order in which moves are listed.
    public func helpfulMoves(in state: Crafting.State) -> [String] { world.legalMoves(in: state).filter { isHelpful($0, in: state) } }

    /// Whether a move, with or without a thought, brings the goal one move nearer.
    public func isHelpful(_ move: String, in state: Crafting.State) -> Bool {
        guard let left = movesLeft(in: state) else { return false }
        var next = state
        world.apply(move, to: &next)
        return movesLeft(in: next).map { $0 < left } ?? false
    }
}
