/// An answer of several parts: a tuple `(1, 2)`, an interval `[1, 2)`, or a set `{1, 2}`.
///
/// Brackets and order are part of the answer, but for sets, whose parts have no order and count once. Parts that are numbers
/// are compared as exact fractions, other parts as texts.
struct AnswerList: Equatable {
    /// The brackets, the parts between them.
    private let open: Unicode.Scalar
    private let close: Unicode.Scalar
    private let parts: [Part]

    private indirect enum Part: Equatable {
        case number(NumberReader.Found)
        case text(String)
        case list(AnswerList)

        var key: String {
            switch self {
            case .number(let found): found.isPercent ? "\(found.value * 100)%" : "\(found.value)"
            case .text(let text): text
            case .list(let list): list.description
            }
        }
    }

    private static let pairs: [Unicode.Scalar: [Unicode.Scalar]] = ["(": [")", "]"], "[": ["]", ")"], "{": ["}"]]
    /// The longest list that is read, in characters.
    static let longest = 2000
    /// How deep lists may be nested.
    static let deepest = 4

    /// The list that a text is; nil when it has no brackets around, or no comma between parts.
    init?(_ text: some Collection<Unicode.Scalar>) { self.init(text, depth: 0) }

    private init?(_ text: some Collection<Unicode.Scalar>, depth: Int) {
        guard text.count <= Self.longest, depth < Self.deepest else { return nil }
        // Braces that LaTeX shows are written \{ and \}; those that only group stay within macros.
        var plain: [Unicode.Scalar] = []
        for scalar in text {
            if scalar == "{" || scalar == "}", plain.last == "\\" { plain.removeLast() }
            plain.append(scalar)
        }
        for name in ["\\left", "\\right"] {
            while let range = plain.firstRange(of: Array(name.unicodeScalars)) { plain.removeSubrange(range) }
        }
        var inside = Prose.trimmed(plain[...])
        while inside.count > 2, inside.first == "$", inside.last == "$" { inside = Prose.trimmed(inside.dropFirst().dropLast()) }
        guard let open = inside.first, let close = inside.last, inside.count >= 2, Self.pairs[open]?.contains(close) == true else {
            return nil
        }
        guard let pieces = Self.split(inside.dropFirst().dropLast()), pieces.count > 1 || open == "{" || depth > 0 else { return nil }
        var parts: [Part] = []
        for piece in pieces {
            if let list = AnswerList(piece, depth: depth + 1) {
                parts.append(.list(list))
            } else if case .one(let found) = NumberReader.read(piece, isStrict: true) {
                parts.append(.number(found))
            } else {
                let text = AnswerChecker.normalized(piece).replacing("∞", with: "infty")
                guard !text.isEmpty else { return nil }
                parts.append(.text(text))
            }
        }
        if open == "{" {
            var seen: Set<String> = []
            parts = parts.filter { seen.insert($0.key).inserted }.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
        }
        (self.open, self.close, self.parts) = (open, close, parts)
    }

    /// The parts between commas that stand in no inner bracket; nil when brackets do not match.
    private static func split(_ text: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>]? {
        var found: [ArraySlice<Unicode.Scalar>] = []
        var depth = 0
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                depth -= 1
                guard depth >= 0 else { return nil }
            case "," where depth == 0:
                found.append(text[start..<index])
                start = index + 1
            default: break
            }
        }
        guard depth == 0 else { return nil }
        return found + [text[start...]]
    }

    /// The list as it is compared.
    var description: String {
        var text = ""
        text.unicodeScalars.append(open)
        text += parts.map(\.key).joined(separator: ", ")
        text.unicodeScalars.append(close)
        return text
    }
}

extension AnswerChecker {
    func checkList(_ wanted: AnswerList, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        let content = try Self.markedOrLastLine(of: visible)
        var end = content.endIndex
        while end > content.startIndex, content[end - 1] == "." { end -= 1 }
        guard let found = AnswerList(content[..<end]) else {
            return .refused("“\(Prose.shown(content))” is not a list in brackets", extracted: Prose.shown(content))
        }
        return found == wanted
            ? AnswerVerdict(correct: true, extracted: found.description, reason: "it has the parts of the gold answer")
            : .refused("\(found.description) is not \(wanted.description)", extracted: found.description)
    }
}
