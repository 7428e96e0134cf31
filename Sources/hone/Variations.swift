import Foundation
import HoneCore
import HoneRecipes

/// A grid of arms: each arm with every combination of the settings that vary.
///
/// One variation is written `search.method=greedy|beam|mcts`; several settings that change together are joined by `+`, and an alternative may have a
/// name, as in `compose.credit+compose.objective=best-only+cross-entropy as sft|sibling-pairs+dpo as step-dpo`.
struct Variations {
    /// Settings that change together, and their values by alternative.
    struct Axis {
        let keys: [String]
        let alternatives: [(name: String, values: [String])]
    }

    /// An arm of the grid as it would be written, and the name of its alternative on each axis.
    struct Place {
        let arm: String
        let names: [String]
    }

    let axes: [Axis]

    /// Reads what was written; throws a sentence for anything that is no variation.
    init(parsing texts: [String]) throws {
        axes = try texts.map { text in
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let keys = sides[0].split(separator: "+", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, !keys.contains("") else {
                throw CoreError.invalid("--vary “\(text)” names no setting; write it as search.method=greedy|beam|mcts")
            }
            let alternatives = sides[1].split(separator: "|", omittingEmptySubsequences: false).map { part in
                let (written, name) = Self.named(String(part))
                return (name: name, values: written.split(separator: "+", omittingEmptySubsequences: false).map(String.init))
            }
            if let odd = alternatives.first(where: { $0.values.count != keys.count || $0.values.contains("") || $0.name.isEmpty }) {
                throw CoreError.invalid(
                    "--vary “\(text)” has the alternative “\(odd.values.joined(separator: "+"))” for \(keys.count) setting\(keys.count == 1 ? "" : "s"); give each one value, joined by +")
            }
            return Axis(keys: keys, alternatives: alternatives)
        }
        let all = axes.flatMap(\.keys)
        if let twice = all.first(where: { key in all.count { $0 == key } > 1 }) { throw CoreError.invalid("--vary names “\(twice)” twice; give all its values once") }
    }

    /// An alternative's values and its name, which is what is written unless ` as ` gives another.
    private static func named(_ text: String) -> (values: String, name: String) {
        guard let mark = text.range(of: " as ", options: .backwards) else { return (text, text) }
        return (String(text[..<mark.lowerBound]), text[mark.upperBound...].trimmingCharacters(in: .whitespaces))
    }

    /// Whether a setting decides which held-out problems are met.
    private static func decidesProblems(_ key: String) -> Bool { key == "task.world" || key == "task.heldOutShare" || key.hasPrefix("task.settings") }

    /// What an arm's problems are called: its alternatives of settings of the task; nil where none varies.
    func taskName(of place: Place) -> String? {
        let own = named(place) { $0.keys.contains(where: Self.decidesProblems) }
        return own.isEmpty ? nil : own.joined(separator: ", ")
    }

    /// The alternatives of everything else.
    func otherNames(of place: Place) -> [String] {
        Array(place.names.prefix(place.names.count - axes.count)) + named(place) { !$0.keys.contains(where: Self.decidesProblems) }
    }

    /// An arm's alternatives on some axes; a name of its own comes before all of them.
    private func named(_ place: Place, where isWanted: (Axis) -> Bool) -> [String] {
        zip(axes, place.names.suffix(axes.count)).filter { isWanted($0.0) }.map(\.1)
    }

    /// Whether nothing varies.
    var isEmpty: Bool { axes.isEmpty }

    /// The arms of one arm, named by what varies.
    func arms(of arm: String) -> [Place] {
        guard !axes.isEmpty else { return [Place(arm: arm, names: [])] }
        var combinations: [(names: [String], settings: [String])] = [([], [])]
        for axis in axes {
            combinations = combinations.flatMap { known in
                axis.alternatives.map { (known.names + [$0.name], known.settings + zip(axis.keys, $0.values).map { "\($0)=\($1)" }) }
            }
        }
        var (prefix, rest) = ("", arm)
        let head = arm.prefix { $0 != ":" }
        if let equals = head.firstIndex(of: "=") { (prefix, rest) = (arm[..<equals] + "/", String(arm[arm.index(after: equals)...])) }
        return combinations.map { combination in
            let name = combination.names.joined(separator: "/")
            let arm = "\(prefix)\(name)=\(rest)\(rest.contains(":") ? "," : ":")\(combination.settings.joined(separator: ","))"
            return Place(arm: arm, names: (prefix.isEmpty ? [] : [String(prefix.dropLast())]) + combination.names)
        }
    }
}
