import HoneCore

/// A duel counted in frames: two fighters on a line choose techniques that take time to start and to recover from.
///
/// In a frame both who are free choose at once; who is in the middle of a technique goes on with it. In each frame first both move, then all
/// that strikes in this frame strikes at once. A hit costs health and breaks off what the other has begun; a blocked strike does nothing but
/// holds the striker one frame longer; a throw cannot be blocked. Who has no health left loses; after the last frame, who has less.
public struct Fighter: ExtensiveGame {
    public static let card = PartCard(
        name: "fighter", summary: "a duel in frames: distance, strikes, blocks and throws, chosen at once", source: "fighting games with frame data")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Health at the start, 1 to 100.
        public var health = 5
        /// Cells of the line, 2 to 20.
        public var width = 6
        /// The most frames, 1 to 1000.
        public var frames = 40
        /// How many cells lie between the fighters and the ends of the line at the start.
        public var margin = 1

        /// A short duel.
        public init() {}
    }

    /// What a fighter does.
    public enum Technique: Int, Codable, Hashable, Sendable, CaseIterable {
        case wait, advance, retreat, block, jab, kick, `throw`

        /// Frames before it strikes; frames it takes after that; how far it strikes; what a hit costs.
        var data: (startup: Int, recovery: Int, reach: Int, damage: Int) {
            switch self {
            case .wait, .advance, .retreat, .block: (0, 0, 0, 0)
            case .jab: (0, 1, 1, 1)
            case .kick: (1, 2, 2, 2)
            case .throw: (1, 3, 1, 2)
            }
        }

        /// Its name among the moves.
        var name: String { "\(self)" }
    }

    /// One side of the duel.
    public struct Side: Hashable, Codable, Sendable {
        /// The cell it stands on.
        public var cell: Int
        /// Its health.
        public var health: Int
        /// What it is doing.
        public var technique: Technique?
        /// How many frames of it have passed.
        public var elapsed = 0
        /// For how many more frames it is held after a hit or a blocked strike.
        public var held = 0
    }

    /// Where both stand and what they do.
    public struct State: Hashable, Codable, Sendable {
        /// Both sides; the first stands on the left.
        public var sides: [Side]
        /// How many frames have passed.
        public var frame = 0
        /// What those who were free chose, per frame with a choice: frame, then a technique for each seat, −1 where it was not free.
        public var log: [[Int]] = []
        /// What the first has chosen while the second has still to.
        public var pending: Technique?
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...100).contains(settings.health), (2...20).contains(settings.width), (1...1000).contains(settings.frames) else {
            throw CoreError.invalid(
                "“health” is \(settings.health), “width” \(settings.width), “frames” \(settings.frames); expected 1 to 100, 2 to 20, 1 to 1000")
        }
        guard settings.margin >= 0, 2 * settings.margin <= settings.width - 2 else {
            throw CoreError.invalid("“margin” is \(settings.margin); expected at least 0, with room for two fighters on \(settings.width) cells")
        }
        self.settings = settings
    }

    public var facts: GameFacts { GameFacts(hasPerfectInformation: false, longest: 2 * settings.frames) }

    public var instructions: String {
        let attacks = [Technique.jab, .kick, .throw].map { technique in
            "\(technique.name) (reach \(technique.data.reach), damage \(technique.data.damage), strikes after \(technique.data.startup) frames, then \(technique.data.recovery) frames of recovery)"
        }.joined(separator: ", ")
        return
            "A duel on a line of \(settings.width) cells, \(settings.health) health each, \(settings.frames) frames. Both choose at once; a technique goes on until it is done. "
            + "One frame each: wait, advance, retreat, block (stops jab and kick in this frame). Attacks: \(attacks). "
            + "A hit breaks off what the other is doing and holds it for a frame; a blocked strike holds the striker a frame longer; a throw cannot be blocked. "
            + "Who has no health left loses; after the last frame, who has less."
    }

    public var start: State {
        State(sides: [
            Side(cell: settings.margin, health: settings.health), Side(cell: settings.width - 1 - settings.margin, health: settings.health),
        ])
    }

    private func isEnded(_ state: State) -> Bool { state.frame == settings.frames || state.sides.contains { $0.health <= 0 } }

    private func isFree(_ side: Side) -> Bool { side.technique == nil && side.held == 0 }

    public func turn(in state: State) -> GameTurn {
        if isEnded(state) { return .over }
        if state.pending != nil { return .together([1]) }
        let free = (0...1).filter { isFree(state.sides[$0]) }
        return free.count == 2 ? .together(free) : .seat(free.first ?? 0)
    }

    public func appendActions(in state: State, to actions: inout [Technique]) {
        if !isEnded(state) { actions += Technique.allCases }
    }

    public func apply(_ action: Technique, to state: inout State) {
        if case .together(let seats) = turn(in: state), seats.count == 2 {
            state.pending = action
            return
        }
        if let first = state.pending {
            state.pending = nil
            state.sides[0].technique = first
            state.sides[1].technique = action
            state.log.append([state.frame, first.rawValue, action.rawValue])
        } else {
            let seat = isFree(state.sides[0]) ? 0 : 1
            state.sides[seat].technique = action
            state.log.append(seat == 0 ? [state.frame, action.rawValue, -1] : [state.frame, -1, action.rawValue])
        }
        repeat { step(&state) } while !isEnded(state) && !state.sides.contains(where: isFree)
    }

    /// One frame.
    private func step(_ state: inout State) {
        let cells = (0...1).map { seat -> Int in
            let side = state.sides[seat]
            let forwards = seat == 0 ? 1 : -1
            let way = side.held > 0 ? 0 : side.technique == .advance ? forwards : side.technique == .retreat ? -forwards : 0
            return min(max(side.cell + way, 0), settings.width - 1)
        }
        // Two who would stand on one cell, or change places, both stay.
        if cells[0] < cells[1] { for seat in 0...1 { state.sides[seat].cell = cells[seat] } }
        let distance = state.sides[1].cell - state.sides[0].cell
        let before = state.sides
        for seat in 0...1 {
            guard before[seat].held == 0, let technique = before[seat].technique, technique.data.damage > 0,
                before[seat].elapsed == technique.data.startup, distance <= technique.data.reach
            else { continue }
            if before[1 - seat].technique == .block, before[1 - seat].held == 0, technique != .throw {
                state.sides[seat].held += 1
            } else {
                state.sides[1 - seat].health -= technique.data.damage
            }
        }
        for seat in 0...1 {
            if state.sides[seat].health < before[seat].health {
                state.sides[seat].technique = nil
                state.sides[seat].elapsed = 0
                state.sides[seat].held = 1
            } else if before[seat].held > 0 {
                state.sides[seat].held -= 1
            } else if let technique = state.sides[seat].technique {
                state.sides[seat].elapsed += 1
                if state.sides[seat].elapsed > technique.data.startup + technique.data.recovery {
                    state.sides[seat].technique = nil
                    state.sides[seat].elapsed = 0
                }
            }
        }
        state.frame += 1
    }

    public func returns(of state: State) -> [Double] {
        guard isEnded(state) else { return [0, 0] }
        let lead = max(state.sides[0].health, 0) - max(state.sides[1].health, 0)
        return lead == 0 ? [0, 0] : lead > 0 ? [1, -1] : [-1, 1]
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let own = seat == 0 ? state.pending.map { "|\($0.rawValue)" } ?? "" : ""
        return "\(seat)|\(state.log.map { $0.map(String.init).joined(separator: ",") }.joined(separator: " "))\(own)"
    }

    public func view(of state: State, for seat: Int) -> String {
        func describe(_ other: Int) -> String {
            let side = state.sides[other]
            let busy = side.held > 0 ? "held for \(side.held)" : side.technique.map { "in a \($0.name), frame \(side.elapsed)" } ?? "free"
            return "cell \(side.cell), health \(max(side.health, 0)), \(busy)"
        }
        let distance = state.sides[1].cell - state.sides[0].cell
        return
            "You are player \(seat), on the \(seat == 0 ? "left" : "right"). You: \(describe(seat)). The other: \(describe(1 - seat)). Distance \(distance). Frames left: \(settings.frames - state.frame)."
    }

    public func text(of action: Technique, in state: State) -> String { action.name }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if seat == 1, state.pending != nil { other.pending = generator.element(of: Technique.allCases) }
        return other
    }
}
