import Foundation
import HoneCore

/// What a player says in its own words, where a game's settings allow it: one bounded line that cannot be taken for anything else.
///
/// A game with free talk sets ``GameFacts/hasOpenMoves`` and reads `say: TEXT` beyond its listed moves. Its text is shown to others with
/// ``quoted(_:)`` and is part of the position, never a move.
public enum Utterance {
    /// What stands before the words, unless a game says otherwise.
    public static let prefix = "say: "

    /// The words behind the prefix; nil where the text is no utterance that is allowed.
    ///
    /// Words are 1 to `limit` Unicode scalars on one line, without blanks at their ends. Not allowed is what cannot be seen or changes how
    /// other text is seen: control and format characters (line breaks, direction overrides, joiners), invisible fillers, blanks other than
    /// the plain one, private and unassigned characters, a combining mark at the beginning or more than four in a row. The text has to be
    /// in composed form (NFC), so that equal words have equal bytes.
    public static func read(_ text: String, after prefix: String = Utterance.prefix, limit: Int) -> String? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        let words = String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        // Bounded before anything else looks at it.
        guard !words.isEmpty, words.utf8.count <= 4 * max(0, limit), words.unicodeScalars.count <= limit else { return nil }
        guard words.unicodeScalars.first != " ", words.unicodeScalars.last != " " else { return nil }
        var marks = 4
        for scalar in words.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return nil
            case .spaceSeparator where scalar != " ": return nil
            case .nonspacingMark, .spacingMark, .enclosingMark: marks += 1
            default: marks = 0
            }
            // The blank pattern of Braille is a letter to Unicode.
            guard marks <= 4, !scalar.properties.isDefaultIgnorableCodePoint, scalar != "\u{2800}" else { return nil }
        }
        guard words.utf8.elementsEqual(words.precomposedStringWithCanonicalMapping.utf8) else { return nil }
        return words
    }

    /// The words in quotation marks for a line that others read; quotation marks within become apostrophes, so that nobody can end the
    /// quotation.
    public static func quoted(_ words: String) -> String { "\"" + words.replacing("\"", with: "'") + "\"" }
}

extension ExtensiveGame {
    /// Throws for a game whose moves cannot all be listed, with what it is wanted for: “A game tree”.
    func requireListedMoves(for purpose: String) throws {
        guard facts.hasOpenMoves else { return }
        throw CoreError.unsupported(
            "\(purpose) needs games whose moves can all be listed, but in “\(Self.card.name)” players may say what they like; turn free talk off in its settings")
    }
}
