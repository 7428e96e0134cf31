import HoneCore
import HoneGames
import Testing

/// Nim with one fault put in, to see that the checks find it.
private struct FaultyNim: PerfectInformationGame {
    static let card = Nim.card

    enum Fault: String, Codable, CaseIterable {
        case none, looseParser, hiddenMove, wrongSum, wrongRange, tooLong, sharedView, sharedState, forgetfulCoding, outOfTurn, twins
    }

    struct Settings: Codable, Hashable { var fault = Fault.none }

    struct State: Hashable, Codable {
        var nim: Nim.State
        var secret = 0
        enum CodingKeys: String, CodingKey { case nim }
        init(nim: Nim.State) { self.nim = nim }
    }

    let settings: Settings
    let nim: Nim

    init(_ settings: Settings) throws {
        self.settings = settings
        nim = try Nim()
    }

    func isFault(_ fault: Fault) -> Bool { settings.fault == fault }

    var facts: GameFacts {
        GameFacts(range: isFault(.wrongRange) ? -0.5...0.5 : -1...1, longest: isFault(.tooLong) ? 3 : 16)
    }
    var instructions: String { nim.instructions }
    var start: State { State(nim: nim.start) }
    func turn(in state: State) -> GameTurn { nim.turn(in: state.nim) }

    func appendActions(in state: State, to actions: inout [Nim.Action]) {
        nim.appendActions(in: state.nim, to: &actions)
        if isFault(.twins), let first = actions.first { actions.append(first) }
    }

    func apply(_ action: Nim.Action, to state: inout State) {
        if isFault(.forgetfulCoding) { state.secret += 1 }
        nim.apply(action, to: &state.nim)
    }

    func returns(of state: State) -> [Double] {
        let returns = nim.returns(of: state.nim)
        return isFault(.wrongSum) && returns[0] == 1 ? [1, 0] : returns
    }

    func board(of state: State) -> String { isFault(.sharedView) ? "a board" : nim.board(of: state.nim) }

    func informationState(of state: State, for seat: Int) -> String { isFault(.sharedState) ? board(of: state) : "\(seat)|\(board(of: state))" }

    func text(of action: Nim.Action, in state: State) -> String { nim.text(of: action, in: state.nim) }

    func action(for text: String, by seat: Int?, in state: State) -> Nim.Action? {
        if isFault(.outOfTurn), let mover = turn(in: state).mover { return nim.action(for: text, by: mover, in: state.nim) }
        if isFault(.looseParser) { return nim.action(for: String(text.filter { !$0.isWhitespace }), by: seat, in: state.nim) }
        if isFault(.hiddenMove), text.hasSuffix(":3") { return nil }
        return nim.action(for: text, by: seat, in: state.nim)
    }
}

@Suite("The checks of games")
struct CheckGameTests {
    @Test("every planted fault is found, and nothing where there is none", arguments: FaultyNim.Fault.allCases)
    fileprivate func faults(fault: FaultyNim.Fault) throws {
        let broken = checkGame(try FaultyNim(.init(fault: fault)), seed: Seed(2), plays: 60)
        #expect(broken.isEmpty == (fault == .none), "\(fault): \(broken)")
    }
}
