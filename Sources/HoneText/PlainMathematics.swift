/// Rewrites the LaTeX and the typographic signs that answers use into plain arithmetic.
struct PlainMathematics {
    /// Whether fractions become `((a)/(b))` for an expression, rather than `a/b` for a single number.
    let forExpression: Bool
    private var out: [Unicode.Scalar] = []
    private var text: [Unicode.Scalar]
    private var index = 0
    /// How many brace groups this text stands in.
    private let depth: Int

    /// How deep brace groups may be nested.
    private static let deepest = 8
    /// The longest brace group that is read.
    private static let longestGroup = 400

    /// The plain form. What is not understood stays as a backslash, which no reader of numbers accepts.
    static func rewritten(_ text: some Collection<Unicode.Scalar>, forExpression: Bool = false) -> [Unicode.Scalar] {
        var rewriter = PlainMathematics(forExpression: forExpression, text: Array(text), depth: 0)
        rewriter.rewrite()
        return rewriter.out
    }

    private init(forExpression: Bool, text: [Unicode.Scalar], depth: Int) {
        self.forExpression = forExpression
        self.depth = depth
        self.text = text
    }

    private mutating func rewrite() {
        while index < text.count {
            let scalar = text[index]
            index += 1
            switch scalar {
            case "\\": macro()
            case "−", "﹣", "－", "–": out.append("-")
            case "½": share("1/2")
            case "¼": share("1/4")
            case "¾": share("3/4")
            case "⅓": share("1/3")
            case "⅔": share("2/3")
            case "×", "·", "⋅", "∗": out.append("*")
            case "÷", "⁄", "∕": out.append("/")
            case "{" where text[index...].starts(with: [",", "}"]):
                out.append(",")
                index += 2
            case "^": power()
            case "*", "_", "`": emphasis(scalar)
            case "x", "X": out.append(isProduct ? "*" : scalar)
            default: out.append(scalar.isBlank ? " " : scalar)
            }
        }
    }

    /// Whether the letter x that was just read stands between two numbers.
    private var isProduct: Bool {
        guard let before = out.last(where: { $0 != " " }), let after = text[index...].first(where: { !$0.isBlank }) else {
            return false
        }
        let isHexadecimal =
            out.last == "0" && index < text.count && !text[index].isBlank && out.dropLast().last?.isDigit != true
            && out.dropLast().last != "."
        return (before.isDigit || before == ")" || before == "%") && (after.isDigit || after == "(" || after == "$" || after == ".")
            && !isHexadecimal
    }

    private mutating func share(_ fraction: String) {
        if let last = out.last, last.isDigit { out.append(" ") }
        out.append(contentsOf: fraction.unicodeScalars)
    }

    /// Markdown's emphasis goes; a sign between operands stays.
    private mutating func emphasis(_ mark: Unicode.Scalar) {
        let before = out.last
        var length = 1
        while index < text.count, text[index] == mark {
            index += 1
            length += 1
        }
        let after = index < text.count ? text[index] : nil
        func isOutside(_ scalar: Unicode.Scalar?) -> Bool {
            guard let scalar else { return true }
            return scalar.isBlank || scalar.isLineEnd || ".,:;!?\"'".unicodeScalars.contains(scalar)
        }
        let beginsDecimal = after == "." && index + 1 < text.count && text[index + 1].isDigit
        let opens = isOutside(before) && !(after.map { $0.isBlank } ?? false)
        let closes = isOutside(after) && !beginsDecimal && !(before.map { $0.isBlank } ?? true)
        if mark == "_", length == 1 {
            out.append(mark)
            return
        }
        if mark == "`" || (!forExpression && (opens || closes)) || (mark != "*" && (opens || closes)) { return }
        if forExpression, mark == "*", length == 2, out.allSatisfy(\.isBlank) || index == text.count { return }
        out.append(contentsOf: repeatElement(mark, count: length))
    }

    private mutating func power() {
        let rest = text[index...]
        if rest.starts(with: "\\circ".unicodeScalars) || rest.starts(with: "{\\circ}".unicodeScalars) {
            index += rest.first == "{" ? 7 : 5
            out.append("°")
        } else if rest.first == "{", let content = group() {
            out.append(contentsOf: ["^", "("])
            out.append(contentsOf: content)
            out.append(")")
        } else {
            out.append("^")
        }
    }

    /// The plain form of the brace group that begins here; nil where none begins or it is too long or too deep.
    private mutating func group() -> [Unicode.Scalar]? {
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, text[index] == "{", depth < Self.deepest else { return nil }
        var end = index + 1
        var open = 1
        while end < text.count, end - index < Self.longestGroup {
            switch text[end] {
            case "\\": end += 1
            case "{": open += 1
            case "}": open -= 1
            default: break
            }
            if open == 0 { break }
            end += 1
        }
        guard open == 0, end < text.count else { return nil }
        var inner = PlainMathematics(forExpression: forExpression, text: Array(text[(index + 1)..<end]), depth: depth + 1)
        inner.rewrite()
        index = end + 1
        return inner.out
    }

    private mutating func macro() {
        guard index < text.count else {
            out.append("\\")
            return
        }
        let first = text[index]
        guard first.isASCII, first.isLetter else {
            index += 1
            switch first {
            case "$", "%", "#", "&": out.append(first)
            case "!": break
            case ",", ";", ":", " ", "(", ")", "[", "]":
                // Thin spaces also separate thousands, as in 1,\!234 and 1\,234; the second is two numbers.
                out.append(" ")
            default: out.append(contentsOf: ["\\", first])
            }
            return
        }
        var name = ""
        while index < text.count, text[index].isASCII, text[index].isLetter, name.utf8.count < 20 {
            name.unicodeScalars.append(text[index])
            index += 1
        }
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": fraction()
        case "text", "mathrm", "textrm", "mbox", "operatorname", "textit", "mathit": words(spaced: true)
        case "textbf", "mathbf", "bf", "mathsf", "boldsymbol": words(spaced: false)
        case "times", "cdot", "ast": out.append("*")
        case "div": out.append("/")
        case "left", "right":
            // A point stands for a bracket that is not shown.
            if index < text.count, text[index] == "." { index += 1 }
        case "displaystyle", "textstyle", "big", "Big": break
        case "quad", "qquad", "space": out.append(" ")
        case "circ", "degree": out.append("°")
        case "percent": out.append("%")
        case "euro": out.append("€")
        case "pounds": out.append("£")
        default:
            out.append("\\")
            out.append(contentsOf: name.unicodeScalars)
        }
    }

    private mutating func words(spaced: Bool) {
        guard let content = group() else {
            out.append("\\")
            return
        }
        if spaced { out.append(" ") }
        out.append(contentsOf: content)
        if spaced { out.append(" ") }
    }

    private mutating func fraction() {
        let start = index
        func single() -> [Unicode.Scalar]? {
            while index < text.count, text[index].isBlank { index += 1 }
            guard index < text.count, text[index].isDigit else { return nil }
            defer { index += 1 }
            return [text[index]]
        }
        guard var above = group() ?? single(), var below = group() ?? single() else {
            index = start
            out.append("\\")
            return
        }
        if forExpression {
            out.append(contentsOf: ["(", "("])
            out.append(contentsOf: above)
            out.append(contentsOf: [")", "/", "("])
            out.append(contentsOf: below)
            out.append(contentsOf: [")", ")"])
            return
        }
        above = Self.bare(above)
        below = Self.bare(below)
        if out.last.map({ !$0.isDigit && $0 != "-" }) ?? true {
            let signs = [above.first, below.first].count { $0 == "-" }
            if above.first == "-" { above.removeFirst() }
            if below.first == "-" { below.removeFirst() }
            if signs == 1 { out.append("-") }
        }
        if let last = out.last, last.isDigit { out.append(" ") }
        guard !above.isEmpty, !below.isEmpty, above.allSatisfy(\.isDigit), below.allSatisfy(\.isDigit) else {
            out.append("\\")
            return
        }
        out.append(contentsOf: above)
        out.append("/")
        out.append(contentsOf: below)
    }

    /// Without spaces and braces around.
    private static func bare(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = Prose.trimmed(text[...])
        while text.count > 2, text.first == "{", text.last == "}" { text = Prose.trimmed(text.dropFirst().dropLast()) }
        return Array(text)
    }
}
