/// Splits text into words before merging, by the rules that the patterns in use share, in one pass without backtracking.
///
/// Two families are covered. GPT-2's (Radford et al. 2019) takes words and numbers with the space before them; that of GPT-4 and
/// its relatives (Llama 3, Qwen) takes a word with any one sign before it, short numbers, and line breaks behind signs. Both
/// end with white space, of which the last belongs to what follows.
struct WordScanner: Hashable, Sendable {
    /// Which shortened forms such as 's are words of their own.
    enum Contractions: Hashable, Sendable {
        /// Lower case only.
        case lower
        /// Upper and lower case.
        case anyCase
        /// Upper and lower case with what Unicode folds to them: ſ counts as s.
        case folded
    }

    /// The longest run of digits that is one word; nil for any length, with the space before it, as GPT-2 has it.
    var digits: Int?
    var contractions: Contractions
    /// Whether combining marks are parts of words as letters are.
    var takesMarks = false

    /// GPT-2's rules.
    static let gpt2 = WordScanner(digits: nil, contractions: .lower)

    /// Appends the byte ranges of the words of a range of the text, which cover it.
    func split(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout [Range<Int>]) {
        let scan = Scan(text: UnsafeBufferPointer(rebasing: text[range]), letters: takesMarks ? [.letter, .mark] : .letter)
        var start = 0
        while start < scan.text.count {
            let end = digits == nil ? scan.oldEnd(of: start, contractions) : scan.newEnd(of: start, contractions, digits: digits ?? 1)
            pieces.append((range.lowerBound + start)..<(range.lowerBound + end))
            start = end
        }
    }

    private struct Scan {
        let text: UnsafeBufferPointer<UInt8>
        let letters: ScalarClass

        /// The class of what begins at a place and where it ends; nil at the end.
        func look(_ place: Int) -> (kind: ScalarClass, end: Int)? {
            guard place < text.count else { return nil }
            let (code, width) = ScalarClasses.scalar(in: text, at: place)
            return (ScalarClasses.of(code), place + width)
        }

        func isWord(_ kind: ScalarClass) -> Bool { !kind.isDisjoint(with: letters) }
        func isSign(_ kind: ScalarClass) -> Bool { kind.isDisjoint(with: letters.union([.number, .space])) }

        func run(from place: Int, limit: Int = .max, _ belongs: (ScalarClass) -> Bool) -> Int {
            var place = place
            var count = 0
            while count < limit, let (kind, end) = look(place), belongs(kind) {
                place = end
                count += 1
            }
            return place
        }

        /// The end of a shortened form at an apostrophe; nil when there is none.
        func contraction(at place: Int, _ rules: Contractions) -> Int? {
            func letter(_ place: Int) -> UInt8 {
                guard place < text.count else { return 0 }
                let byte = text[place]
                return rules != .lower && (65...90).contains(byte) ? byte + 32 : byte
            }
            switch letter(place + 1) {
            case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return place + 2
            case UInt8(ascii: "r") where letter(place + 2) == UInt8(ascii: "e"),
                UInt8(ascii: "v") where letter(place + 2) == UInt8(ascii: "e"),
                UInt8(ascii: "l") where letter(place + 2) == UInt8(ascii: "l"):
                return place + 3
            // U+017F, the long s.
            case 0xC5 where rules == .folded && place + 2 < text.count && text[place + 2] == 0xBF: return place + 3
            default: return nil
            }
        }

        func oldEnd(of start: Int, _ contractions: Contractions) -> Int {
            if text[start] == UInt8(ascii: "'"), let end = contraction(at: start, contractions) { return end }
            guard var (kind, end) = look(start) else { return text.count }
            if text[start] == 32, let next = look(end), !next.kind.contains(.space) { (kind, end) = next }
            if isWord(kind) { return run(from: end, isWord) }
            if kind.contains(.number) { return run(from: end) { $0.contains(.number) } }
            if isSign(kind) { return run(from: end, isSign) }
            return spaces(from: start)
        }

        func newEnd(of start: Int, _ contractions: Contractions, digits: Int) -> Int {
            guard let (kind, end) = look(start) else { return text.count }
            if text[start] == UInt8(ascii: "'"), let end = contraction(at: start, contractions) { return end }
            if isWord(kind) { return run(from: end, isWord) }
            if kind.contains(.number) { return run(from: end, limit: digits - 1) { $0.contains(.number) } }
            if !kind.contains(.newline), let next = look(end), isWord(next.kind) { return run(from: next.end, isWord) }
            var signs = isSign(kind) ? end : start
            if text[start] == 32, let next = look(end), isSign(next.kind) { signs = next.end }
            if signs > start { return run(from: run(from: signs, isSign)) { $0.contains(.newline) } }
            // White space up to its last line break is one word.
            var last: Int?
            var place = start
            while let (kind, end) = look(place), kind.contains(.space) {
                if kind.contains(.newline) { last = end }
                place = end
            }
            return last ?? spaces(from: start)
        }

        /// White space, whose last scalar belongs to what follows.
        func spaces(from start: Int) -> Int {
            var place = start
            var last = start
            while let (kind, end) = look(place), kind.contains(.space) {
                last = place
                place = end
            }
            return place < text.count && last > start ? last : place
        }
    }
}

extension WordScanner {
    /// The ways of writing shortened forms that are in use, with what each takes.
    private static let contractionPatterns: [(pattern: String, rules: Contractions)] = [
        ("'s|'t|'re|'ve|'m|'ll|'d|", .lower), ("'(?:[sdmt]|ll|ve|re)|", .lower), ("(?:'s|'t|'re|'ve|'m|'ll|'d)|", .lower),
        ("(?i:'s|'t|'re|'ve|'m|'ll|'d)|", .folded), ("'(?i:[sdmt]|ll|ve|re)|", .folded),
        ("(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|", .anyCase),
    ]

    private static let oldRest = [#" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#]

    private static let newWords: [(pattern: String, takesMarks: Bool)] = [
        (#"[^\r\n\p{L}\p{N}]?\p{L}+|"#, false), (#"[^\r\n\p{L}\p{N}]?+\p{L}+|"#, false), (#"[^\r\n\p{L}\p{N}]?+\p{L}++|"#, false),
        (#"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|"#, true),
    ]

    private static let newDigits: [(pattern: String, count: Int)] = [
        (#"\p{N}|"#, 1), (#"\p{N}{1,2}|"#, 2), (#"\p{N}{1,3}|"#, 3), (#"\p{N}{1,3}+|"#, 3),
    ]

    private static let newSigns: [(pattern: String, takesMarks: Bool)] = [
        (#" ?[^\s\p{L}\p{N}]+[\r\n]*|"#, false), (#" ?[^\s\p{L}\p{N}]++[\r\n]*|"#, false), (#" ?[^\s\p{L}\p{N}]++[\r\n]*+|"#, false),
        (#" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"#, true),
    ]

    // Greedy white space gives back until a line break follows, so one or more breaks there are the same.
    private static let newSpaces = [#"\s*[\r\n]+|\s+(?!\S)|\s+"#, #"\s*[\r\n]|\s+(?!\S)|\s+"#, #"\s*[\r\n]+|\s+(?!\S)|\s"#]

    /// The rules that a regular expression of a `tokenizer.json` stands for; nil for any other expression.
    init?(pattern: String) {
        for (beginning, rules) in Self.contractionPatterns where pattern.hasPrefix(beginning) {
            let rest = pattern.dropFirst(beginning.count)
            if Self.oldRest.contains(String(rest)) {
                self.init(digits: nil, contractions: rules)
                return
            }
            for words in Self.newWords where rest.hasPrefix(words.pattern) {
                let behind = rest.dropFirst(words.pattern.count)
                for digits in Self.newDigits where behind.hasPrefix(digits.pattern) {
                    let last = behind.dropFirst(digits.pattern.count)
                    for signs in Self.newSigns where last.hasPrefix(signs.pattern) && signs.takesMarks == words.takesMarks {
                        guard Self.newSpaces.contains(String(last.dropFirst(signs.pattern.count))) else { continue }
                        self.init(digits: digits.count, contractions: rules, takesMarks: words.takesMarks)
                        return
                    }
                }
            }
        }
        return nil
    }
}
