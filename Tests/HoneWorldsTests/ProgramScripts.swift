import Foundation
import HoneCore
import HoneSocieties
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

/// Moves as a function says.
struct SaidMoves: Policy {
    static let card = PartCard(name: "said-moves")
    let move: @Sendable (View) -> String

    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        Move(segments: [.text(move(view), from: .demonstration, author: view.role)])
    }
}

/// Plays a problem of any world with everybody moving as the function says.
func played<W: World>(_ world: W, _ problem: Problem, path: String = "test", _ move: @escaping @Sendable (View) -> String) async throws -> Episode {
    let scope = ScriptedServices(policies: ["said": SaidMoves(move: move)]).scope(seed: 7, path: path)
    let cast = Dictionary(uniqueKeysWithValues: world.rules.roles.map { ($0, Player(model: "none", policy: "said")) })
    let start = Position(world: world, state: try await world.begin(problem, in: scope))
    return try await Solo().play(start, cast: cast, in: scope)
}
