import HoneCore

/// Pieces of HTML that are XML too: every element is closed, every attribute quoted, and no entity needs a definition.
enum HTML {
    /// The text with everything that means something in HTML made harmless, on one line: line breaks become `⏎`.
    static func escaped(_ text: String) -> String {
        lines(text).map(harmless).joined(separator: "⏎ ")
    }

    /// The text made harmless, with its line breaks, for `pre` elements.
    static func preformatted(_ text: String) -> String {
        lines(text).map(harmless).joined(separator: "\n")
    }

    /// An element with escaped text in it.
    static func element(_ name: String, _ text: String, class kind: String? = nil) -> String {
        "<\(name)\(kind.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</\(name)>"
    }

    /// JSON as one `path=value` a line, in the form that `--set` takes; members in the order of their names.
    static func assignments(_ value: JSONValue, path: String = "") -> [String] {
        guard case .object(let members) = value, !members.isEmpty else { return path.isEmpty ? [] : ["\(path)=\(plain(value))"] }
        return members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }.flatMap {
            assignments($0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)")
        }
    }

    /// A value as a person writes it: text that cannot be mistaken for something else goes without quotes.
    static func plain(_ value: JSONValue) -> String {
        guard case .string(let text) = value, !text.isEmpty else { return value.canonical }
        let isWord = text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "-_./@+ ".unicodeScalars.contains($0) || $0.properties.numericType != nil }
        let startsAsWord = text.unicodeScalars.first?.properties.isAlphabetic ?? false
        return isWord && startsAsWord && !["true", "false", "null", "yes", "no"].contains(text) ? text : value.canonical
    }

    /// Splits at `\n`, `\r\n`, `\r` and the separators U+2028 and U+2029; works on scalars, as `\r\n` is one `Character`.
    private static func lines(_ text: String) -> [String.UnicodeScalarView] {
        var lines: [String.UnicodeScalarView] = [String.UnicodeScalarView()]
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{2028}", "\u{2029}": lines.append(String.UnicodeScalarView())
            default: lines[lines.count - 1].append(scalar)
            }
            last = scalar
        }
        return lines
    }

    private static func harmless(_ line: String.UnicodeScalarView) -> String {
        var out = ""
        for scalar in line {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\t": out += "\t"
            case _ where isUnfit(scalar.value): out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Whether a scalar is forbidden in XML, is a control character, or changes the direction of the text around it.
    private static func isUnfit(_ value: UInt32) -> Bool {
        value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x061C || (0x200E...0x200F).contains(value)
            || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) || (0xFDD0...0xFDEF).contains(value)
            || value & 0xFFFE == 0xFFFE
    }
}
