import HoneCore

/// Calculator annotations in a worked solution, as GSM8K writes them: `<<48/2=24>>`.
public enum AnnotatedCalculations {
    /// One annotation.
    public struct Calculation: Hashable, Sendable {
        /// What is calculated: `48/2`.
        public var expression: String
        /// What comes out: `24`.
        public var result: String
        /// Where the annotation stands in the text, with its brackets.
        public var range: Range<String.Index>
    }

    /// The annotations of a text, in order; ones without an equals sign are left out.
    public static func all(in text: String) -> [Calculation] {
        var found: [Calculation] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "<<") {
            let after = rest[open.upperBound...]
            guard let close = after.firstRange(of: ">>") else { break }
            let inside = after[..<close.lowerBound]
            if let equals = inside.lastIndex(of: "=") {
                let expression = inside[..<equals].filter { !$0.isWhitespace }
                let result = inside[inside.index(after: equals)...].filter { !$0.isWhitespace }
                if !expression.isEmpty, !result.isEmpty {
                    found.append(Calculation(expression: String(expression), result: String(result), range: open.lowerBound..<close.upperBound))
                }
            }
            rest = after[close.upperBound...]
        }
        return found
    }

    /// The text without its annotations.
    public static func stripped(_ text: String) -> String {
        text.replacing(/<<[^<>]*>>/, with: "")
    }

    /// What follows the last `####`; nil where there is none.
    public static func finalAnswer(of text: String) -> String? {
        guard let mark = text.ranges(of: "####").last else { return nil }
        let line = text[mark.upperBound...].prefix { $0 != "\n" }
        return line.trimmingPrefix(while: \.isWhitespace).isEmpty ? nil : trim(line)
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
