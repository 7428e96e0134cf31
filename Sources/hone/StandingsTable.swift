import Foundation
import HoneCore
import HoneGames
import HoneNumerics

/// Standings as lines of text.
struct StandingsTable {
    private let standings: Standings

    init(_ standings: Standings) { self.standings = standings }

    /// The table of players, the table of pairs, and what is to be said of them.
    var lines: [String] { players + [""] + pairs + [""] + sentences }

    private var width: Int { max(6, standings.players.map(\.count).max() ?? 6) }

    private var players: [String] {
        guard standings.points != nil else {
            return [row("player", ["mean return ± ", "illegal"])]
                + standings.entries.map { row($0.player, [interval($0.meanReturn, "%.3f"), share($0.illegal.mean)]) }
        }
        return [row("player", ["mean return ± ", "points", "Elo ± ", "TrueSkill ± ", "Nash", "α-rank", "illegal"])]
            + standings.entries.map { entry in
                row(
                    entry.player,
                    [
                        interval(entry.meanReturn, "%.3f"), share(entry.points?.mean ?? 0), entry.elo.map { interval($0, "%.0f") } ?? "",
                        entry.skill.map { interval($0, "%.1f") } ?? "",
                        number(entry.nash ?? 0, "%.2f"), number(entry.alphaRank ?? 0, "%.2f"), share(entry.illegal.mean),
                    ])
            }
    }

    private var pairs: [String] {
        let isByReturn = standings.points == nil || standings.isGraded
        let title = isByReturn ? "mean return of the row with the column" : "points of the row against the column, %"
        let columns = standings.players.indices.map { "\($0 + 1)" }
        return [title, row("", columns)]
            + standings.players.enumerated().map { place, name in
                row(
                    "\(place + 1) \(name)",
                    standings.players.indices.map { column in
                        if !isByReturn, let points = standings.points { return place == column ? "·" : number(100 * points.scores[place][column].mean, "%.0f") }
                        return standings.returns[place][column].map { number($0.mean, "%.3f") } ?? "·"
                    })
            }
    }

    private var sentences: [String] {
        var lines: [String] = []
        if let share = standings.cyclicShare, let beyond = standings.cyclicShareBeyondChance, standings.players.count > 2 {
            lines.append(
                "Cyclic part of the pay-offs: \(number(100 * share, "%.0f")) %, beyond what chance makes \(number(100 * beyond, "%.0f")) %. "
                    + ((standings.cycles ?? []).isEmpty ? "No circle of three is established." : "Established circles:"))
            lines += (standings.cycles ?? []).map { "  " + ($0.players + $0.players.prefix(1)).joined(separator: " beats ") }
        }
        if let diversity = standings.diversity, standings.players.count > 2 {
            lines.append("Effective diversity: \(interval(diversity, "%.3f")) (0 where one player dominates).")
        }
        if let forgetting = standings.forgetting {
            if let worst = forgetting.largest {
                lines.append(
                    "Largest drop of the newest: \(interval(worst.drop, "%.2f")) against \(worst.opponent), which \(worst.best) beat more often; "
                        + (worst.isEstablished ? "it is established." : "chance alone can make such a drop."))
            } else {
                lines.append("No earlier snapshot met the same opponents, so nothing can be said of forgetting.")
            }
        }
        return lines
    }

    private func row(_ name: String, _ cells: [String]) -> String {
        let head = name.padding(toLength: max(name.count, width + 4), withPad: " ", startingAt: 0)
        return head + cells.map { cell in String(repeating: " ", count: max(1, 16 - cell.count)) + cell }.joined()
    }

    private func number(_ value: Double, _ format: String) -> String { String(format: format, value) }
    private func share(_ value: Double) -> String { number(100 * value, "%.1f %%") }
    private func interval(_ estimate: Estimate, _ format: String) -> String {
        "\(number(estimate.mean, format)) ±\(number((estimate.high - estimate.low) / 2, format))"
    }
}
