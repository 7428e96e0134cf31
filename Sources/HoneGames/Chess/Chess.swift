import HoneCore

/// Chess by the rules of FIDE.
///
/// Draws by repetition, by the fifty-move rule and for lack of material come about by themselves, without a claim; a mate goes before them.
public struct Chess: PerfectInformationGame {
    public static let card = PartCard(
        name: "chess", summary: "chess by the rules of FIDE", source: "FIDE Handbook E.01", gives: [.perfectInformation])

    /// How moves are written.
    public enum Notation: String, Codable, Hashable, Sendable, CaseIterable {
        /// `e2e4`, `e7e8q`: the Universal Chess Interface.
        case uci
        /// `e4`, `Nf3`, `O-O`, `e8=Q+`: standard algebraic notation.
        case san
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How moves are written.
        public var notation = Notation.uci
        /// The start in Forsyth–Edwards notation.
        public var start = ChessPosition.standardFEN
        /// How often a position has to occur for a draw; 0 for never.
        public var repetitions = 3
        /// Moves of one side without a capture or pawn move that make a draw, 1 to 150.
        public var quietLimit = 100

        /// The usual rules and moves as `e2e4`.
        public init() {}
    }

    /// How a play has ended.
    public enum Ending: String, Codable, Hashable, Sendable, CaseIterable {
        case checkmate, stalemate, repetition, fiftyMoves, insufficientMaterial
    }

    /// The position, what may be repeated, and how the play has ended.
    public struct State: Hashable, Codable, Sendable {
        /// The position.
        public var position: ChessPosition
        /// The placements since the last capture or pawn move, without that of now.
        public var past: [ChessPosition] = []
        /// How the play has ended; nil while it goes on.
        public var ending: Ending?
    }

    public let settings: Settings
    private let first: State

    /// The game; throws a sentence when the start is no position or a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (0...20).contains(settings.repetitions), settings.repetitions != 1, (1...150).contains(settings.quietLimit) else {
            throw CoreError.invalid(
                "“repetitions” is \(settings.repetitions) and “quietLimit” \(settings.quietLimit); expected 0 or 2 to 20, and 1 to 150")
        }
        self.settings = settings
        var state = State(position: try ChessPosition(fen: settings.start))
        state.ending = Self.ending(of: state, settings)
        first = state
    }

    public var facts: GameFacts {
        // Pawns step at most 96 times and 30 pieces can be taken: each ends a run of quiet moves.
        GameFacts(longest: 127 * settings.quietLimit)
    }
    public var instructions: String {
        let form = settings.notation == .uci ? "as e2e4, e7e8q, e1g1 for castling" : "as e4, Nf3, exd5, O-O, e8=Q+, Qh5#"
        return "Chess; white begins. Moves are written \(form). The position is given in FEN. "
            + "Stalemate, \(settings.repetitions > 0 ? "a position occurring \(settings.repetitions) times, " : "")"
            + "\(settings.quietLimit) moves of either side without capture or pawn move, and lack of material are draws."
    }
    public var start: State { first }

    private static func ending(of state: State, _ settings: Settings) -> Ending? {
        let position = state.position
        if !position.hasLegalMove { return position.isCheck ? .checkmate : .stalemate }
        if position.hasInsufficientMaterial { return .insufficientMaterial }
        if position.halfmoves >= settings.quietLimit { return .fiftyMoves }
        guard settings.repetitions > 0, state.past.count >= 4 * (settings.repetitions - 1) else { return nil }
        let placement = position.placement
        let count = state.past.count { $0 == placement }
        return count + 1 >= settings.repetitions ? .repetition : nil
    }

    public func turn(in state: State) -> GameTurn { state.ending != nil ? .over : .seat(state.position.isWhiteToMove ? 0 : 1) }

    public func appendActions(in state: State, to actions: inout [ChessMove]) {
        if state.ending == nil { state.position.appendLegalMoves(to: &actions) }
    }

    public func apply(_ action: ChessMove, to state: inout State) {
        let before = state.position.placement
        state.position.play(action)
        if state.position.halfmoves == 0 { state.past.removeAll(keepingCapacity: true) } else { state.past.append(before) }
        state.ending = Self.ending(of: state, settings)
    }

    public func returns(of state: State) -> [Double] {
        guard state.ending == .checkmate else { return [0, 0] }
        return state.position.isWhiteToMove ? [-1, 1] : [1, -1]
    }

    public func board(of state: State) -> String {
        let placement = state.position.placement
        let count = state.past.count { $0 == placement } + 1
        return state.position.fen + (count > 1 ? " (occurs for the \(count == 2 ? "second" : "\(count)th") time)" : "")
    }

    /// The position with what may be repeated.
    public func informationState(of state: State, for seat: Int) -> String {
        "\(seat)|\(state.position.fen)" + state.past.map { "|" + $0.placementFEN }.joined()
    }

    public func text(of action: ChessMove, in state: State) -> String {
        settings.notation == .uci ? action.uci : state.position.san(action)
    }

    public func action(for text: String, by seat: Int?, in state: State) -> ChessMove? {
        guard let mover = turn(in: state).mover, mover == seat else { return nil }
        let legal = state.position.legalMoves
        switch settings.notation {
        case .uci: return ChessMove(uci: text).flatMap { legal.contains($0) ? $0 : nil }
        case .san: return legal.first { state.position.san($0, among: legal).utf8.elementsEqual(text.utf8) }
        }
    }
}
