import Foundation
import HoneCore
import HoneGames

/// Own side of the measurements on games.
enum BenchGames {
    /// What is measured.
    enum Mode: String, CaseIterable {
        case random, mcts, cfr

        /// What is counted.
        var unit: String {
            switch self {
            case .random: "games/s"
            case .mcts: "simulations/s"
            case .cfr: "iterations/s"
            }
        }
    }

    /// Whether a game has such work.
    static func has(_ mode: Mode, _ work: GameWork) -> Bool {
        switch mode {
        case .random: true
        case .mcts: work.search != nil
        case .cfr: work.regret != nil
        }
    }

    /// The games, with settings and the names they have in OpenSpiel.
    static let named: [(name: String, settings: JSONValue, theirs: String)] = [
        ("tic-tac-toe", .object([:]), "tic_tac_toe"), ("connect-four", .object([:]), "connect_four"),
        ("hex", .object(["columns": .integer(7), "rows": .integer(7)]), "hex(board_size=7)"), ("kuhn-poker", .object([:]), "kuhn_poker"),
        ("leduc-poker", .object([:]), "leduc_poker"), ("chess", .object([:]), "chess"),
    ]

    /// Units a second over about a second: as much work as a first try says fills it.
    static func perSecond(_ mode: Mode, _ work: GameWork) -> Double {
        func timed(_ amount: Int) -> Double {
            let began = RunSession.clock()
            switch mode {
            case .random: _ = work.random(amount, Seed(7))
            case .mcts: work.search?(amount, Seed(7))
            case .cfr: work.regret?(amount)
            }
            return max(1e-9, RunSession.clock() - began)
        }
        if mode == .mcts {
            // As the peer does: searches of a thousand simulations, each from the start.
            let first = timed(1000)
            let count = max(1, Int(1 / first))
            let began = RunSession.clock()
            for _ in 0..<count { _ = timed(1000) }
            return Double(1000 * count) / (RunSession.clock() - began)
        }
        let first = timed(20)
        let amount = max(20, Int(20 / first))
        return Double(amount) / timed(amount)
    }
}
