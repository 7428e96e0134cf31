import HoneCore

/// Two teams of creatures fight two against two, with one in reserve, all orders given at once.
///
/// A small relative of the doubles battles of Angliss et al. 2025 (VGC-Bench): sheets of four are open, three of them are chosen in secret, and
/// which one is in reserve is seen when it comes in. An order is `strike` with the own element (power 8), `cover` with the second one (power 7),
/// `sweep` at both foes (power 5), `guard` (nothing hurts in this turn; not twice running) or `switch` with the reserve. Switches come first,
/// then guards, then attacks, the faster first and equally fast ones at once. Damage is power × attack × effect / 20, without chance. Who falls
/// is replaced by the reserve. A side without creatures loses; after the last turn, the side with less health left. Returns are 1, 0 and −1.
public struct TeamBattle: ExtensiveGame {
    public static let card = PartCard(
        name: "team-battle", summary: "two-on-two battles of creatures with a reserve, all orders at once", source: "after Angliss et al. 2025")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// From how many sheets chance draws each side's, 1 to 8.
        public var sheets = 1
        /// Whether the sheets are those held out for tests of transfer.
        public var isHeldOut = false
        /// The most turns, 1 to 50.
        public var turns = 10
        /// Whether positions and orders are written in a few characters, for models that read little.
        public var isTerse = false

        /// One sheet for both.
        public init() {}
    }

    /// What one creature does.
    public enum Order: Hashable, Codable, Sendable {
        /// At the foe in the slot 0 or 1.
        case strike(Int)
        case cover(Int)
        case sweep
        case `guard`
        case `switch`
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance gives a side this sheet.
        case sheet(Int)
        /// Of the sheet: two lead, one is in reserve.
        case pick([Int])
        /// The orders for both slots; nil where a slot is empty.
        case orders(Order?, Order?)
    }

    /// A side's team.
    public struct Side: Hashable, Codable, Sendable {
        /// The number of its sheet.
        public var sheet = 0
        /// The kinds of the three, the reserve last; empty before they are chosen.
        public var team: [Int] = []
        /// Their health.
        public var health: [Int] = []
        /// Who stands in the two slots: places in the team, −1 for none.
        public var field = [0, 1]
        /// Whether the one who stood in a slot guarded in the last turn.
        public var hasGuarded = [false, false]
        /// Whether the foe has seen the reserve.
        public var isReserveSeen = false

        /// The place of a living one that is not in the field; nil where there is none.
        var reserve: Int? { health.indices.first { health[$0] > 0 && !field.contains($0) } }
        /// The slots that are not empty.
        var slots: [Int] { team.isEmpty ? [] : (0...1).filter { field[$0] >= 0 } }
    }

    /// Where the battle stands.
    public struct State: Hashable, Codable, Sendable {
        /// Both sides.
        public var sides = [Side(), Side()]
        /// How many sides have been given a sheet.
        public var given = 0
        /// What the first has chosen while the second has still to: a pick, or orders.
        public var pendingPick: [Int]?
        /// See `pendingPick`; an order of each slot.
        public var pendingOrders: [Order?]?
        /// How many turns have been fought.
        public var turn = 0
        /// What all saw of each turn.
        public var log: [String] = []
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...8).contains(settings.sheets), (1...50).contains(settings.turns) else {
            throw CoreError.invalid("“sheets” is \(settings.sheets) and “turns” \(settings.turns); expected 1 to 8 sheets and 1 to 50 turns")
        }
        self.settings = settings
    }

    public var facts: GameFacts {
        GameFacts(hasPerfectInformation: false, hasChance: settings.sheets > 1, longest: 2 * settings.turns + 2 + (settings.sheets > 1 ? 2 : 0))
    }

    public var start: State {
        var state = State()
        if settings.sheets == 1 {
            state.given = 2
            for side in 0...1 { state.sides[side].sheet = sheetNumber(0) }
        }
        return state
    }

    private func sheetNumber(_ number: Int) -> Int { number + (settings.isHeldOut ? 8 : 0) }

    private func isEnded(_ state: State) -> Bool {
        !state.sides.contains { $0.team.isEmpty } && (state.turn == settings.turns || state.sides.contains { $0.slots.isEmpty })
    }

    public func turn(in state: State) -> GameTurn {
        if state.given < 2 { return .chance }
        if isEnded(state) { return .over }
        return .together(state.pendingPick == nil && state.pendingOrders == nil ? [0, 1] : [1])
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        if state.given < 2 {
            actions += (0..<settings.sheets).map { .sheet($0) }
        } else if let mover = turn(in: state).mover {
            appendActions(of: mover, in: state, to: &actions)
        }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Action]) {
        if state.sides[seat].team.isEmpty {
            for first in 0..<4 {
                for second in first + 1..<4 { for reserve in 0..<4 where reserve != first && reserve != second { actions.append(.pick([first, second, reserve])) } }
            }
            return
        }
        let lists = (0...1).map { slot -> [Order?] in
            let some = orders(of: slot, state.sides[seat], against: state.sides[1 - seat])
            return some.isEmpty ? [nil] : some
        }
        for first in lists[0] {
            for second in lists[1] where !(first == .switch && second == .switch) { actions.append(.orders(first, second)) }
        }
    }

    private func orders(of slot: Int, _ side: Side, against foe: Side) -> [Order] {
        guard side.field[slot] >= 0 else { return [] }
        return foe.slots.map { .strike($0) } + foe.slots.map { .cover($0) } + [.sweep] + (side.hasGuarded[slot] ? [] : [.guard])
            + (side.reserve == nil ? [] : [.switch])
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .sheet(let number):
            state.sides[state.given].sheet = sheetNumber(number)
            state.given += 1
        case .pick(let pick):
            guard let first = state.pendingPick else {
                state.pendingPick = pick
                return
            }
            state.pendingPick = nil
            for (seat, some) in [first, pick].enumerated() {
                state.sides[seat].team = some.map { Creature.sheets[state.sides[seat].sheet][$0] }
                state.sides[seat].health = state.sides[seat].team.map { Creature.all[$0].health }
            }
        case .orders(let one, let two):
            guard let first = state.pendingOrders else {
                state.pendingOrders = [one, two]
                return
            }
            state.pendingOrders = nil
            fight([first, [one, two]], &state)
        }
    }

    public func returns(of state: State) -> [Double] {
        guard isEnded(state) else { return [0, 0] }
        let left = state.sides.map { $0.health.reduce(0, +) }
        return left[0] == left[1] ? [0, 0] : left[0] > left[1] ? [1, -1] : [-1, 1]
    }

    /// Other choices of the other side that this one has not seen: the reserve, and what it has just chosen.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.given == 2, !isEnded(state) else { return nil }
        var other = state
        let foe = state.sides[1 - seat]
        if !foe.team.isEmpty, !foe.isReserveSeen {
            let hidden = Creature.sheets[foe.sheet].filter { !foe.team.prefix(2).contains($0) }
            let kind = generator.element(of: hidden) ?? foe.team[2]
            other.sides[1 - seat].team[2] = kind
            other.sides[1 - seat].health[2] = Creature.all[kind].health
        }
        guard seat == 1 else { return other }
        var free = other
        (free.pendingPick, free.pendingOrders) = (nil, nil)
        switch generator.element(of: actions(of: 0, in: free)) {
        case .pick(let pick)? where state.pendingPick != nil: other.pendingPick = pick
        case .orders(let one, let two)? where state.pendingOrders != nil: other.pendingOrders = [one, two]
        default: break
        }
        return other
    }
}
