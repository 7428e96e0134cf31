import Foundation
import HoneCore
import HoneTestSupport
import HoneWorlds

/// Shell scripts as programs to play with, in a folder that is removed with its owner.
final class ProgramScripts: Sendable {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-programs-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The command line of a script.
    func command(_ script: String, name: String = "program") throws -> String {
        let path = "\(folder)/\(name).sh"
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        return "cmd: sh '\(path)'"
    }

    /// A script that answers its card, then runs the given lines; `$line` holds what was asked.
    static func answering(card: String = #"{"seats":1,"range":[0,1]}"#, _ cases: String) -> String {
        """
        while read -r line; do
          case $line in
            *'"op":"card"'*) echo '\(card)' ;;
            \(cases)
          esac
        done
        """
    }

    /// Where a play of one seat stands that has to answer.
    static let asked = #"{"turn":{"seats":[0]},"observations":{"0":"say it: "},"returns":[0]}"#
    /// Where it stands when it has answered well.
    static let done = #"{"turn":{"over":"completed"},"returns":[1]}"#

    /// Asks whether the seed is even or odd. The move `crash` makes it end; every start writes a line to `starts`.
    static func parity(sessions: Bool, starts: String) -> String {
        """
        echo $$ >> '\(starts)'
        while read -r line; do
          session=none
          case $line in *'"session":"'*) session=${line#*'"session":"'}; session=${session%%'"'*} ;; esac
          case $line in
            *'"op":"card"'*) echo '{"seats":1,"range":[0,1],"sessions":\(sessions)}' ;;
            *'"op":"reset"'*)
              seed=${line#*'"seed":'}; seed=${seed%%[!0-9]*}
              eval "seed_$session=$seed; tries_$session=0"
              echo '{"turn":{"seats":[0]},"observations":{"0":"Is '$seed' even? "},"returns":[0]}' ;;
            *'"op":"step"'*)
              eval "seed=\\$seed_$session; tries=\\$tries_$session"
              case $line in
                *crash*) echo 'out of luck' >&2; exit 3 ;;
                *wait*)
                  eval "tries_$session=$((tries + 1))"
                  echo '{"turn":{"seats":[0]},"observations":{"0":"'$((tries + 1))' of '$seed'? "},"returns":[0]}' ;;
                *yes*) echo '{"turn":{"over":"completed"},"returns":['$((1 - seed % 2))']}' ;;
                *) echo '{"turn":{"over":"completed"},"returns":['$((seed % 2))']}' ;;
              esac ;;
            *) echo '{}' ;;
          esac
        done
        """
    }
}

/// Plays a problem of any world with everybody moving as the function says; chance is drawn from the path.
func played<W: World>(_ world: W, _ problem: Problem, path: String = "test", _ move: @Sendable (View) -> String) async throws -> Episode {
    let scope = ScriptedServices().scope(seed: 7, path: path)
    var position = Position(world: world, state: try await world.begin(problem, in: scope))
    for turn in 0..<1000 {
        let own = scope.child(path).child("turn", turn)
        switch world.turn(in: position.state) {
        case .over(let ending):
            let episode = Episode(id: path, steps: position.steps, returns: world.returns(of: position.state), ending: ending)
            await world.release(position.state)
            return episode
        case .chance(let outcomes):
            var generator = own.seed.generator
            var rest = generator.unit()
            let drawn = outcomes.first { outcome in
                rest -= outcome.probability
                return rest < 0
            }
            let text = drawn?.move ?? outcomes.last?.move ?? ""
            try await world.advance(&position.state, by: ["chance": Move(text: text, origin: .world)], in: own)
        case .moves(let roles):
            var moves: [Role: Move] = [:]
            for role in roles { moves[role] = Move(segments: [.text(move(position.view(for: role)), from: .demonstration, author: role)]) }
            try await position.take(moves, in: own)
        }
    }
    await world.release(position.state)
    return Episode(id: path, steps: position.steps, returns: world.returns(of: position.state), ending: .budget)
}
