import HoneCore

/// A small shop on pages: search, open an item, choose a size, buy. It is won by buying what was wanted below the price bound.
///
/// What is wanted reads `want red mug large under 9>`. Commands are `search(words)`, `click(12)` for an item in the list, `next` for more of the list, `option(large)`,
/// `back` and `buy`; square brackets will do too. A page is at most 160 characters and ends with `>`; a command that means nothing there leaves the page
/// as it is and counts. A play is a value, so searches branch by copying it.
///
/// Source: after Yao et al. 2022, “WebShop: Towards Scalable Real-World Web Interaction with Grounded Language Agents”: its pages, actions and reward
/// at the purchase, with sixty items and no reward for half of what was wanted.
public struct WebShop: Game, ProblemWorld {
    public static let card = PartCard(
        name: "web-shop", summary: "find an item on pages, choose its size and buy it below a price", source: "after Yao et al. 2022, “WebShop”", gives: [.branches])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How many items are on sale, 1 to 100.
        public var items = 60
        /// Which catalogue it is.
        public var catalogue = 1
        /// How many items a page lists, 1 to 9.
        public var listed = 3
        /// The most commands, 4 or more.
        public var turns = 6

        /// The defaults.
        public init() {}
    }

    /// What is shown.
    public enum Page: Hashable, Sendable, Codable {
        /// The first page.
        case home
        /// What a search found, from a place on.
        case results(found: [Int], from: Int)
        /// An item, with the size that was chosen, and the list it was opened from.
        case item(Int, size: String?, found: [Int], from: Int)
    }

    /// Where a play stands.
    public struct State: KnowsProblem, Hashable, Sendable, Codable {
        /// What is wanted.
        public var problem: Problem
        /// What is shown.
        public var page = Page.home
        /// Commands so far.
        public var commands = 0
        /// Whether the last command meant nothing.
        public var isLost = false
        /// Whether the right thing was bought; nil before anything was.
        public var isRight: Bool?

        /// Where a play begins.
        public init(problem: Problem) { self.problem = problem }
    }

    /// Its settings.
    public let settings: Settings
    /// What is on sale.
    public let catalogue: ShopCatalogue
    public var name: WorldName { "web-shop" }

    /// The shop; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        for (key, value, range) in [("items", settings.items, 1...100), ("listed", settings.listed, 1...9), ("turns", settings.turns, 4...100)]
        where !range.contains(value) {
            throw CoreError.invalid("“task.settings.\(key)” is \(value); it should be from \(range.lowerBound) to \(range.upperBound)")
        }
        self.settings = settings
        catalogue = ShopCatalogue(items: settings.items, seed: Seed(UInt64(bitPattern: Int64(settings.catalogue))))
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("web-shop", index).generator
        return catalogue.goal(using: &generator).map { Problem(id: $0.text, world: name, text: $0.text) }
    }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> State {
        guard ShopCatalogue.Goal(problem.text) != nil else {
            throw CoreError.invalid("“\(problem.text)” is nothing one can want in “web-shop”; expected such as red mug large under 9")
        }
        return State(problem: problem)
    }

    public func turn(in state: State) -> Turn {
        state.isRight != nil || state.commands >= settings.turns ? .over(.completed) : .moves(of: [.solver])
    }

    public func observation(of state: State, for role: Role) -> Observation {
        guard case .moves = turn(in: state) else { return Observation() }
        let text = state.commands == 0 ? "want \(state.problem.text)>" : "\n" + (state.isLost ? "what?" : text(of: state.page)) + ">"
        return Observation(news: [.text(text, from: .world)], legal: legalMoves(in: state), informationState: state.problem.text + "\n" + self.text(of: state.page))
    }

    /// The page in words.
    func text(of page: Page) -> String {
        switch page {
        case .home: return "shop"
        case .results(let found, let from):
            let shown = found.dropFirst(from).prefix(settings.listed)
            return shown.isEmpty ? "none" : shown.map { "\($0) \(catalogue.items[$0].text)" }.joined(separator: "\n")
        case .item(let id, let size, _, _):
            let item = catalogue.items[id]
            return "\(item.text):" + item.sizes.map { $0 == size ? "(\($0))" : $0 }.joined(separator: " ")
        }
    }

    /// The commands that mean something there: searches for a colour and a kind, then what the page offers.
    public func legalMoves(in state: State) -> [String] {
        guard case .moves = turn(in: state) else { return [] }
        let searches = ShopCatalogue.colours.flatMap { colour in ShopCatalogue.kinds.map { "search(\(colour) \($0))" } }
        switch state.page {
        case .home: return searches
        case .results(let found, let from):
            let shown = found.dropFirst(from).prefix(settings.listed)
            return searches + shown.map { "click(\($0))" } + (from + settings.listed < found.count ? ["next"] : []) + ["back"]
        case .item(let id, _, _, _): return searches + catalogue.items[id].sizes.map { "option(\($0))" } + ["back", "buy"]
        }
    }

    public func apply(_ move: String, to state: inout State) {
        guard case .moves = turn(in: state) else { return }
        state.commands += 1
        state.isLost = false
        let (verb, argument) = Self.command(move)
        switch (verb, argument, state.page) {
        case ("search", let words?, _) where !words.isEmpty: state.page = .results(found: catalogue.found(words), from: 0)
        case ("click", let number?, .results(let found, let from)):
            guard let id = Int(number), String(id) == number, found.dropFirst(from).prefix(settings.listed).contains(id) else {
                state.isLost = true
                return
            }
            state.page = .item(id, size: nil, found: found, from: from)
        case ("next", nil, .results(let found, let from)) where from + settings.listed < found.count:
            state.page = .results(found: found, from: from + settings.listed)
        case ("option", let size?, .item(let id, _, let found, let from)) where catalogue.items[id].sizes.contains(size):
            state.page = .item(id, size: size, found: found, from: from)
        case ("back", nil, .item(_, _, let found, let from)): state.page = .results(found: found, from: from)
        case ("back", nil, .results): state.page = .home
        case ("buy", nil, .item(let id, let size, _, _)):
            let goal = ShopCatalogue.Goal(state.problem.text)
            state.isRight = goal.map { $0.admits(catalogue.items[id]) && $0.size == size } ?? false
        default: state.isLost = true
        }
    }

    /// A command taken apart: its verb, and what stands in brackets where there are any.
    private static func command(_ text: String) -> (verb: String, argument: String?) {
        let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
        guard let open = line.firstIndex(where: { $0 == "(" || $0 == "[" }), let last = line.last, last == ")" || last == "]" else { return (String(line), nil) }
        return (String(line[..<open]), String(line[line.index(after: open)...].dropLast()))
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        apply(moves[.solver]?.text ?? "", to: &state)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func returns(of state: State) -> [Role: Double] { [.solver: state.isRight == true ? 1 : 0] }
}
