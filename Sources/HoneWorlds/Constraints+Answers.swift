import HoneCore

extension Constraints {
    /// A word of random letters.
    func word(_ length: Int, using generator: inout SeededGenerator) -> String {
        String((0..<length).map { _ in generator.element(of: alphabet) ?? "a" })
    }

    /// An answer that meets all constraints, random in all else; nil where none is found and none is known.
    ///
    /// It is filled with letters that are not forbidden, every other word one of the instruction's own where one fits; then the letters that are
    /// asked for are put in, and what still does not meet all is thrown away.
    public func answer(to problem: Problem, seed: Seed) -> String? {
        guard let asked = ConstraintProblem(problem.text) else { return nil }
        var generator = seed.generator
        for _ in 0..<100 {
            let text = draft(for: asked, using: &generator)
            if asked.met(by: text).allSatisfy({ $0 }) { return text }
        }
        return problem.details["solution"].flatMap { known in asked.met(by: known).allSatisfy { $0 } ? known : nil }
    }

    private func draft(for asked: ConstraintProblem, using generator: inout SeededGenerator) -> String {
        var count = generator.integer(in: 2...settings.words)
        var lengths: [Int: Int] = [:]
        var (first, last): (Character?, Character?) = (nil, nil)
        var wanted: [(letter: Character, count: Int?)] = []
        var barred: Set<Character> = []
        for constraint in asked.constraints {
            switch constraint {
            case .words(let own): count = own
            case .length(let word, let length): lengths[word - 1] = length
            case .first(let letter): first = letter
            case .last(let letter): last = letter
            case .without(let letter): barred.insert(letter)
            case .with(let letter): wanted.append((letter, nil))
            case .exactly(let letter, let number):
                wanted.append((letter, number))
                barred.insert(letter)
            }
        }
        if let furthest = lengths.keys.max(), !asked.constraints.contains(.words(count)) { count = max(count, furthest + 1) }
        let free = alphabet.filter { !barred.contains($0) }
        let fitting = asked.content.filter { !$0.contains { barred.contains($0) } }
        var letters: [Character] = []
        var ends: [Int] = []
        for word in 0..<count {
            let length = lengths[word] ?? generator.integer(in: Self.wordLength)
            let own = fitting.filter { lengths[word] == nil || $0.count == length }
            if generator.chance(0.5), let used = generator.element(of: own) {
                letters += Array(used)
            } else {
                letters += (0..<length).map { _ in generator.element(of: free) ?? "a" }
            }
            ends.append(letters.count)
        }
        var open = Array(letters.indices)
        if let first, !letters.isEmpty {
            letters[0] = first
            open.removeAll { $0 == 0 }
        }
        if let last, !letters.isEmpty {
            letters[letters.count - 1] = last
            open.removeAll { $0 == letters.count - 1 }
        }
        open = generator.shuffled(open)
        for (letter, number) in wanted {
            let held = letters.count { $0 == letter }
            for _ in 0..<max(0, (number ?? 1) - held) { if let place = open.popLast() { letters[place] = letter } }
        }
        return zip([0] + ends, ends).map { String(letters[$0..<$1]) }.joined(separator: " ")
    }

    /// The answer with one letter changed, put in or taken out, or one word put in or taken out; words keep a letter, and an answer a word.
    func edited(_ answer: String, using generator: inout SeededGenerator) -> String {
        var words = answer.split(separator: " ").map(Array.init)
        guard !words.isEmpty else { return answer }
        let place = generator.integer(in: 0...(words.count - 1))
        let at = generator.integer(in: 0...(words[place].count - 1))
        let letter = generator.element(of: alphabet) ?? "a"
        switch generator.integer(in: 0...5) {
        case 0: words.insert(Array(word(generator.integer(in: Self.wordLength), using: &generator)), at: place)
        case 1: if words.count > 1 { words.remove(at: place) }
        case 2: words[place].insert(letter, at: at)
        case 3: if words[place].count > 1 { words[place].remove(at: at) }
        default: words[place][at] = letter
        }
        return words.map { String($0) }.joined(separator: " ")
    }

    /// A right answer with so many constraints broken, or as many as 200 edits break: each edit that is kept breaks more than was broken before, so
    /// that what lies between the two is little else than what went wrong.
    public func damaged(_ answer: String, to problem: Problem, faults: Int, seed: Seed) -> String {
        guard let asked = ConstraintProblem(problem.text) else { return answer }
        var generator = seed.generator
        func unmet(_ text: String) -> Int { asked.met(by: text).count { !$0 } }
        var (text, broken) = (answer, unmet(answer))
        for _ in 0..<200 where broken < faults {
            let next = edited(text, using: &generator)
            let count = unmet(next)
            if count > broken, count <= faults { (text, broken) = (next, count) }
        }
        return text
    }
}
