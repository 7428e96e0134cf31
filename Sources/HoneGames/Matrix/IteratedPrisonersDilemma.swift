import HoneCore

/// The prisoner's dilemma, again and again, with each other's past in view (Axelrod 1984).
///
/// Returns are the sums of all rounds' payoffs.
public struct IteratedPrisonersDilemma: ExtensiveGame {
    public static let card = PartCard(
        name: "iterated-prisoners-dilemma", summary: "cooperate or defect at once, for several rounds", source: "Axelrod 1984")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The most rounds, 1 to 1000.
        public var rounds = 10
        /// The probability with which a round is followed by another, above 0 and at most 1.
        public var continuation = 1.0
        /// For defecting alone.
        public var temptation = 5.0
        /// For both cooperating.
        public var reward = 3.0
        /// For both defecting.
        public var punishment = 1.0
        /// For cooperating alone.
        public var sucker = 0.0
        /// Whether the players know how many rounds are left.
        public var showsRoundsLeft = true

        /// Axelrod's payoffs.
        public init() {}
    }

    /// What was done.
    public struct State: Hashable, Codable, Sendable {
        /// Both choices of each finished round: bit 0 for seat 0, bit 1 for seat 1; a set bit is a defection.
        public var rounds: [UInt8] = []
        /// Seat 0's choice in a round where seat 1 has still to choose.
        public var pending: UInt8?
        /// Whether chance has still to say if there is another round.
        public var isUndecided = false
        /// Whether there is no other round.
        public var isOver = false
    }

    /// What a player or chance does.
    public enum Action: Hashable, Sendable {
        case cooperate, defect
        /// There is another round.
        case goOn
        /// There is none.
        case stop
    }

    public let settings: Settings

    /// The game; throws a sentence when the payoffs are no prisoner's dilemma or a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...1000).contains(settings.rounds), settings.continuation > 0, settings.continuation <= 1 else {
            throw CoreError.invalid(
                "“rounds” is \(settings.rounds) and “continuation” \(settings.continuation); expected 1 to 1000 rounds, and a probability above 0")
        }
        let payoffs = [settings.temptation, settings.reward, settings.punishment, settings.sucker]
        guard payoffs.allSatisfy(\.isFinite), zip(payoffs, payoffs.dropFirst()).allSatisfy({ $0 > $1 }) else {
            throw CoreError.invalid("The payoffs are \(payoffs); a prisoner's dilemma has temptation > reward > punishment > sucker")
        }
        self.settings = settings
    }

    public var facts: GameFacts {
        let least = settings.continuation < 1 ? min(settings.sucker, settings.sucker * Double(settings.rounds)) : settings.sucker * Double(settings.rounds)
        let most = settings.continuation < 1 ? max(settings.temptation, settings.temptation * Double(settings.rounds)) : settings.temptation * Double(settings.rounds)
        return GameFacts(
            range: least...most, sum: nil, hasPerfectInformation: false, hasChance: settings.continuation < 1,
            longest: settings.rounds * (settings.continuation < 1 ? 3 : 2))
    }

    public var instructions: String {
        func show(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value) }
        return "Prisoner's dilemma. Each round both choose at once. Both cooperate: \(show(settings.reward)) each; both defect: \(show(settings.punishment)) each; "
            + "who defects alone gets \(show(settings.temptation)), the other \(show(settings.sucker))."
            + (settings.showsRoundsLeft ? " There are \(settings.continuation < 1 ? "at most " : "")\(settings.rounds) rounds." : "")
            + (settings.continuation < 1 ? " After each, another follows with probability \(show(settings.continuation))." : "")
    }

    public var start: State { State() }

    public func turn(in state: State) -> GameTurn {
        if state.isOver { return .over }
        if state.isUndecided { return .chance }
        return .together(state.pending == nil ? [0, 1] : [1])
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .together: actions += [.cooperate, .defect]
        case .chance: actions += [.goOn, .stop]
        case .seat, .over: break
        }
    }

    public var isChanceUniform: Bool { false }
    public func chanceProbabilities(in state: State) -> [Double] { [settings.continuation, 1 - settings.continuation] }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .goOn: state.isUndecided = false
        case .stop:
            state.isUndecided = false
            state.isOver = true
        case .cooperate, .defect:
            let choice: UInt8 = action == .defect ? 1 : 0
            guard let first = state.pending else {
                state.pending = choice
                return
            }
            state.rounds.append(first | choice << 1)
            state.pending = nil
            state.isOver = state.rounds.count == settings.rounds
            state.isUndecided = !state.isOver && settings.continuation < 1
        }
    }

    public func returns(of state: State) -> [Double] {
        var values = [0.0, 0.0]
        for round in state.rounds {
            for seat in 0...1 {
                let own = round >> UInt8(seat) & 1
                let other = round >> UInt8(1 - seat) & 1
                values[seat] += own == 1 ? (other == 1 ? settings.punishment : settings.temptation) : other == 1 ? settings.sucker : settings.reward
            }
        }
        return values
    }

    /// The rounds as a seat sees them, its own choice first: `CD` is cooperating alone.
    private func history(of state: State, for seat: Int) -> String {
        state.rounds.map { round in
            (round >> UInt8(seat) & 1 == 1 ? "D" : "C") + (round >> UInt8(1 - seat) & 1 == 1 ? "D" : "C")
        }.joined(separator: " ")
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let own = seat == 0 ? state.pending.map { $0 == 1 ? "|D" : "|C" } ?? "" : ""
        return "\(seat)|\(history(of: state, for: seat))\(own)\(state.isUndecided ? "|?" : "")\(state.isOver ? "|." : "")"
    }

    public func view(of state: State, for seat: Int) -> String {
        let history = history(of: state, for: seat)
        let left = settings.showsRoundsLeft ? " Rounds left: \(settings.rounds - state.rounds.count)." : ""
        return "You are player \(seat). Rounds so far (you, the other): \(history.isEmpty ? "none" : history).\(left)"
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .cooperate: "cooperate"
        case .defect: "defect"
        case .goOn: "continue"
        case .stop: "stop"
        }
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if seat == 1, state.pending != nil { other.pending = UInt8(generator.integer(in: 0...1)) }
        return other
    }
}
