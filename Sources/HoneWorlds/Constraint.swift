import HoneCore

/// One thing an instruction asks of an answer in words, checked exactly.
public enum Constraint: Hashable, Sendable {
    /// So many words: `w3`.
    case words(Int)
    /// The answer begins with a letter: `f=b`.
    case first(Character)
    /// The answer ends with a letter: `z=e`.
    case last(Character)
    /// A letter does not occur: `no=q`.
    case without(Character)
    /// A letter occurs: `has=k`.
    case with(Character)
    /// A letter occurs exactly so often: `a*2`.
    case exactly(Character, Int)
    /// A word, counted from 1, has so many letters: `2:4`.
    case length(word: Int, Int)

    /// How many kinds there are.
    public static let kinds = 7

    /// Reads one as it is written; nil for anything else. Numbers are from 1 to 9, letters from a to z.
    public init?(_ text: some StringProtocol) {
        func number(_ place: Character?) -> Int? { place.flatMap { $0.isASCII ? $0.wholeNumberValue : nil }.flatMap { $0 > 0 ? $0 : nil } }
        func letter(_ place: Character?) -> Character? { place.flatMap { $0.isASCII && ("a"..."z").contains($0) ? $0 : nil } }
        let signs = Array(text)
        switch (signs.count, String(signs.dropLast())) {
        case (2, "w"):
            guard let count = number(signs.last) else { return nil }
            self = .words(count)
        case (_, "f="), (_, "z="), (_, "no="), (_, "has="):
            guard let own = letter(signs.last) else { return nil }
            self = signs[0] == "f" ? .first(own) : signs[0] == "z" ? .last(own) : signs[0] == "n" ? .without(own) : .with(own)
        case (3, _) where signs[1] == "*":
            guard let own = letter(signs[0]), let count = number(signs[2]) else { return nil }
            self = .exactly(own, count)
        case (3, _) where signs[1] == ":":
            guard let word = number(signs[0]), let count = number(signs[2]) else { return nil }
            self = .length(word: word, count)
        default: return nil
        }
    }

    /// As it is written in instructions.
    public var text: String {
        switch self {
        case .words(let count): "w\(count)"
        case .first(let letter): "f=\(letter)"
        case .last(let letter): "z=\(letter)"
        case .without(let letter): "no=\(letter)"
        case .with(let letter): "has=\(letter)"
        case .exactly(let letter, let count): "\(letter)*\(count)"
        case .length(let word, let count): "\(word):\(count)"
        }
    }

    /// Whether an answer of these words, none of them empty, meets it.
    public func isMet(by words: [String]) -> Bool {
        switch self {
        case .words(let count): words.count == count
        case .first(let letter): words.first?.first == letter
        case .last(let letter): words.last?.last == letter
        case .without(let letter): !words.contains { $0.contains(letter) }
        case .with(let letter): words.contains { $0.contains(letter) }
        case .exactly(let letter, let count): words.reduce(0) { $0 + $1.count { $0 == letter } } == count
        case .length(let word, let count): words.indices.contains(word - 1) && words[word - 1].count == count
        }
    }

    /// A constraint of a kind, from 0 to `kinds` − 1, that the words meet and that names none of the letters `taken`, where it names a letter
    /// inside the answer; nil where there is none.
    static func met(by words: [String], kind: Int, alphabet: [Character], taken: Set<Character>, using generator: inout SeededGenerator) -> Constraint? {
        let letters = words.joined()
        let inside = kind == 4 || kind == 5 ? generator.element(of: alphabet.filter { letters.contains($0) && !taken.contains($0) }) : nil
        switch kind {
        case 0: return .words(words.count)
        case 1: return letters.first.map { .first($0) }
        case 2: return letters.last.map { .last($0) }
        case 3: return generator.element(of: alphabet.filter { !letters.contains($0) }).map { .without($0) }
        case 4: return inside.map { .with($0) }
        case 5: return inside.map { letter in .exactly(letter, letters.count { $0 == letter }) }
        default: return generator.element(of: Array(words.indices)).map { .length(word: $0 + 1, words[$0].count) }
        }
    }

    /// The letter it names inside the answer, so that no second constraint is about the same.
    var letterInside: Character? {
        switch self {
        case .with(let letter), .exactly(let letter, _): letter
        default: nil
        }
    }
}
