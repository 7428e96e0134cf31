import HoneCore
import HoneWorlds

/// New problems from old ones: the same question with other numbers, whose answers nobody tells.
///
/// Source: Tian et al. 2024, section 4.2 (data synthesising), where a model rewrites prompts. Departure: numbers are drawn anew, nothing is reworded.
public enum ImaginedProblems {
    /// As many different problems as can be found, at most `count`: seeds in turn, each number replaced by one of as many digits.
    ///
    /// Left out are those that `isRefused` by their text, such as held-out ones and the seeds themselves, and chains of sums that fall below 0.
    public static func problems(from seeds: [Problem], count: Int, seed: Seed, isRefused: (String) -> Bool) -> [Problem] {
        var found: [Problem] = []
        var seen = Set(seeds.map(\.text))
        var draw = 0
        // Worlds with few questions run out of new ones.
        while !seeds.isEmpty, found.count < count, draw < 20 * count {
            let original = seeds[draw % seeds.count]
            var generator = seed.child("imagined", draw).generator
            draw += 1
            let text = renumbered(original.text, using: &generator)
            guard seen.insert(text).inserted, !isRefused(text), isPossible(text) else { continue }
            found.append(Problem(id: "imagined \(text)", world: original.world, text: text))
        }
        return found
    }

    /// The text with each number replaced by one of as many digits, none of which begins with 0.
    static func renumbered(_ text: String, using generator: inout SeededGenerator) -> String {
        var result = ""
        var isInside = false
        for character in text {
            let isDigit = character.isASCII && character.isNumber
            result.append(isDigit ? Character(String(generator.integer(in: (isInside ? 0 : 1)...9))) : character)
            isInside = isDigit
        }
        return result
    }

    /// Whether a chain of sums stays at 0 or above, as those do that the world makes; of other questions nothing is known.
    private static func isPossible(_ text: String) -> Bool {
        guard let chain = MaskedChains.Chain(text) else { return true }
        var total = 0
        return zip(chain.numbers, chain.isTaken).allSatisfy { number, isTaken in
            total += isTaken ? -number : number
            return total >= 0
        }
    }
}
