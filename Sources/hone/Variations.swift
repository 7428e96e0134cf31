import HoneCore
import HoneRecipes

/// A grid of arms: each arm with every combination of the settings that vary.
///
/// One variation is written `search.method=greedy|beam|mcts`; several settings that change together are joined by `+`, as in
/// `compose.credit+compose.objective=best-only+cross-entropy|sibling-pairs+dpo`.
struct Variations {
    /// Settings that change together, and their values by alternative.
    private struct Axis {
        let keys: [String]
        let alternatives: [[String]]
    }

    private let axes: [Axis]

    /// Reads what was written; throws a sentence for anything that is no variation.
    init(parsing texts: [String]) throws {
        axes = try texts.map { text in
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let keys = sides[0].split(separator: "+", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, !keys.contains("") else {
                throw CoreError.invalid("--vary “\(text)” names no setting; write it as search.method=greedy|beam|mcts")
            }
            let alternatives = sides[1].split(separator: "|", omittingEmptySubsequences: false).map { part in
                part.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
            }
            if let odd = alternatives.first(where: { $0.count != keys.count || $0.contains("") }) {
                throw CoreError.invalid(
                    "--vary “\(text)” has the alternative “\(odd.joined(separator: "+"))” for \(keys.count) setting\(keys.count == 1 ? "" : "s"); give each one value, joined by +")
            }
            return Axis(keys: keys, alternatives: alternatives)
        }
        let all = axes.flatMap(\.keys)
        if let twice = all.first(where: { key in all.count { $0 == key } > 1 }) { throw CoreError.invalid("--vary names “\(twice)” twice; give all its values once") }
    }

    /// Whether nothing varies.
    var isEmpty: Bool { axes.isEmpty }

    /// The arms of one arm, named by what varies.
    func arms(of arm: String) -> [String] {
        guard !axes.isEmpty else { return [arm] }
        var combinations: [(name: String, settings: [String])] = [("", [])]
        for axis in axes {
            combinations = combinations.flatMap { known in
                axis.alternatives.map { values in
                    let own = values.joined(separator: "+")
                    return (known.name.isEmpty ? own : known.name + "/" + own, known.settings + zip(axis.keys, values).map { "\($0)=\($1)" })
                }
            }
        }
        var (prefix, rest) = ("", arm)
        let head = arm.prefix { $0 != ":" }
        if let equals = head.firstIndex(of: "=") { (prefix, rest) = (arm[..<equals] + "/", String(arm[arm.index(after: equals)...])) }
        return combinations.map { combination in
            "\(prefix)\(combination.name)=\(rest)\(rest.contains(":") ? "," : ":")\(combination.settings.joined(separator: ","))"
        }
    }
}
