import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds

/// A world whose moves are the letters a and b, over after `depth` of them: what a play is worth is a fixed number for its word.
struct Letters: Concluding {
    static let card = PartCard(name: "letters", gives: [.branches])

    struct State: KnowsProblem, Hashable, Sendable {
        var problem: Problem
        var word = ""
    }

    let depth: Int
    var isBranchable = true

    var rules: WorldRules { WorldRules(roles: [.solver], isBranchable: isBranchable) }
    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }
    func turn(in state: State) -> Turn { state.word.count < depth ? .moves(of: [.solver]) : .over(.completed) }
    func observation(of state: State, for role: Role) -> Observation {
        Observation(news: state.word.isEmpty ? [.text("spell:", from: .prompt)] : [], legal: ["a", "b"])
    }
    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws { state.word += moves[.solver]?.text ?? "" }
    func returns(of state: State) -> [Role: Double] { [.solver: turn(in: state) == .over(.completed) ? Self.worth(of: state.word) : 0] }
    func conclusion(of state: State) -> String? { state.word }

    func position() -> Position<Letters> {
        Position(world: self, state: State(problem: Problem(id: "word", world: "letters", text: "spell:")))
    }

    /// A fixed number from 0 to 1 for each word.
    static func worth(of word: String) -> Double {
        var generator = Seed(5).child(word).generator
        return generator.unit()
    }
}

/// Values of words that are not over: the same fixed numbers.
struct WordValues: Valuation {
    static let card = PartCard(name: "word-values")

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { Valued(Letters.worth(of: ($0.state as? Letters.State)?.word ?? "")) }
    }
}

/// A solver of chains of sums, in steps: each is right with a chance, else too large by 1 to 6; drawn from the request's seed.
func chainSolver(right chance: Double) -> ScriptedModel {
    ScriptedModel { request, number in
        let parts = request.context.text.split(separator: "=", omittingEmptySubsequences: false)
        let said = parts.count > 1 ? parts[1].split(separator: ",").compactMap { Int($0) } : []
        var (numbers, signs): ([Int], [Character]) = ([], [])
        for character in parts[0] {
            if let digit = character.wholeNumberValue { numbers.append(digit) } else { signs.append(character) }
        }
        let place = said.count
        guard place < signs.count else { return "0" }
        let before = said.last ?? numbers[0]
        let exact = signs[place] == "-" ? before - numbers[place + 1] : before + numbers[place + 1]
        var generator = request.seed.child("draw", number).generator
        let value = generator.chance(chance) ? exact : exact + generator.integer(in: 1...6)
        return place + 1 < signs.count ? "\(value)," : "\(value)"
    }
}

/// A sum in steps, its problem, and services in which the solver answers it.
struct Sums {
    let world: Stepwise
    let problem: Problem
    let services: ScriptedServices
    let model: ScriptedModel
    static let cast: Cast = [.solver: Player(model: "policy")]

    init(right chance: Double, search: (any SearchMethod)? = nil) throws {
        let arithmetic = try Arithmetic()
        world = try Stepwise(arithmetic, separator: arithmetic.separator)
        problem = Problem(id: "3+8-5+7", world: "arithmetic", text: "3+8-5+7=", answer: "13")
        model = chainSolver(right: chance)
        services = ScriptedServices(
            models: ["policy": model], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()], searches: search.map { ["looking": $0] } ?? [:])
    }

    var position: Position<Stepwise> { Position(world: world, state: Stepwise.State(problem: problem)) }

    /// What a search finds, as text, and its tree.
    func found(by search: any SearchMethod, seed: UInt64 = 1) async throws -> (text: String, tree: SearchTree) {
        let tree = try await search.search(position, for: .solver, cast: Self.cast, judge: nil, in: services.scope(seed: seed))
        return (tree.path(to: tree.chosen).map { tree.nodes[$0].move.text }.joined(), tree)
    }
}
