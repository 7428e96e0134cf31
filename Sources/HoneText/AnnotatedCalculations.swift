/// Calculator annotations in a worked solution, as GSM8K writes them: `<<48/2=24>>`.
///
/// An annotation stands on one line, has at most 100 characters between its brackets and no other angle brackets inside. What
/// is written otherwise is ordinary text, here and for the answer checker alike.
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

    /// The annotations of a text, in order; ones without an equals sign, or with nothing beside it, are left out.
    public static func all(in text: String) -> [Calculation] {
        let (scalars, places) = located(text)
        return VisibleText.annotations(in: scalars).compactMap { range in
            let inside = scalars[(range.lowerBound + 2)..<(range.upperBound - 2)]
            guard let equals = inside.lastIndex(of: "=") else { return nil }
            let expression = inside[..<equals].filter { !$0.properties.isWhitespace }
            let result = inside[(equals + 1)...].filter { !$0.properties.isWhitespace }
            guard !expression.isEmpty, !result.isEmpty else { return nil }
            return Calculation(
                expression: String(String.UnicodeScalarView(expression)), result: String(String.UnicodeScalarView(result)),
                range: places[range.lowerBound]..<places[range.upperBound])
        }
    }

    /// The text without its annotations.
    public static func stripped(_ text: String) -> String {
        String(String.UnicodeScalarView(VisibleText.withoutAnnotations(Array(text.unicodeScalars))))
    }

    /// What follows the last `####` on its line, without spaces around; nil where there is none.
    public static func finalAnswer(of text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        var last: Int?
        var run = 0
        for (index, scalar) in scalars.enumerated() {
            run = scalar == "#" ? run + 1 : 0
            if run >= 4 { last = index + 1 }
        }
        guard let last else { return nil }
        let line = Prose.trimmed(scalars[last...].prefix { !$0.isLineEnd })
        return line.isEmpty ? nil : String(String.UnicodeScalarView(line))
    }

    /// The scalars of a text and where each begins, with the end of the text.
    private static func located(_ text: String) -> (scalars: [Unicode.Scalar], places: [String.Index]) {
        (Array(text.unicodeScalars), Array(text.unicodeScalars.indices) + [text.endIndex])
    }
}
