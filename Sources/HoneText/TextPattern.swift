import Foundation
import HoneCore

/// What is looked for in a text: plain text, the rules of words, or a regular expression.
struct TextPattern: Hashable, Sendable {
    private enum Kind: Sendable {
        case plain([UInt8])
        case words(WordScanner)
        case expression(NSRegularExpression)
    }

    /// How the file writes it.
    private let text: String
    private let isExpression: Bool
    private let kind: Kind

    static func == (a: TextPattern, b: TextPattern) -> Bool { a.isExpression == b.isExpression && ExactText(a.text) == ExactText(b.text) }

    func hash(into hasher: inout Hasher) {
        hasher.combine(isExpression)
        hasher.combine(ExactText(text))
    }

    /// The longest regular expression that is taken from a file.
    static let longestExpression = 10_000

    /// The constructs that mean something else, or nothing, outside the library that these files are written for.
    private static let strange = [#"\h"#, #"\H"#, #"\K"#, #"\g"#, #"\R"#, #"\X"#, #"\O"#, #"\G"#, #"\Z"#, "(?m", "(?s", "(?x", "(?~", "(?-", "(?a", "(?u", "(?d"]

    /// Plain text.
    init(plain: String) {
        text = plain
        isExpression = false
        kind = .plain(Array(plain.utf8))
    }

    /// The pattern of a `tokenizer.json`: `{"String": …}` or `{"Regex": …}`.
    init(_ tree: JSONTree?, of owner: String) throws(TextError) {
        if let plain = tree?["String"]?.string {
            guard !plain.isEmpty else { throw TextError("The pattern of \(owner) is empty") }
            self.init(plain: plain)
            return
        }
        guard let pattern = tree?["Regex"]?.string else {
            throw TextError("The pattern of \(owner) is neither a String nor a Regex")
        }
        try self.init(expression: pattern, of: owner)
    }

    /// A regular expression.
    init(expression pattern: String, of owner: String) throws(TextError) {
        text = pattern
        isExpression = true
        if let words = WordScanner(pattern: pattern) {
            kind = .words(words)
            return
        }
        guard pattern.utf8.count <= Self.longestExpression else {
            throw TextError("The regular expression of \(owner) has \(pattern.utf8.count) bytes; up to \(Self.longestExpression) are read")
        }
        if let construct = Self.strange.first(where: { pattern.contains($0) }) {
            throw TextError("The regular expression “\(pattern.shown)” of \(owner) uses \(construct), which is not supported")
        }
        // ^ and $ are the ends of lines in the files' own dialect.
        guard let expression = try? NSRegularExpression(pattern: pattern, options: .anchorsMatchLines) else {
            throw TextError("The regular expression “\(pattern.shown)” of \(owner) cannot be understood")
        }
        kind = .expression(expression)
    }

    /// The byte ranges of the matches in a range of a text, in order and apart; throws where an expression takes far more work than
    /// the length of the text can explain.
    func matches(in bytes: [UInt8], _ range: Range<Int>) throws(TextError) -> [Range<Int>] {
        switch kind {
        case .plain(let wanted): return ByteSearch(of: wanted, in: bytes, range).map { $0..<($0 + wanted.count) }
        case .words(let scanner):
            var pieces: [Range<Int>] = []
            bytes.withUnsafeBufferPointer { scanner.split($0, range, into: &pieces) }
            return pieces
        case .expression(let expression):
            let text = String(decoding: bytes[range], as: UTF8.self)
            let found = try found(expression, in: text)
            guard !found.isEmpty else { return [] }
            // Places in UTF-16 become places in UTF-8.
            var offsets: [Int] = []
            offsets.reserveCapacity(range.count + 1)
            var place = range.lowerBound
            for scalar in text.unicodeScalars {
                offsets.append(place)
                if scalar.value > 0xFFFF { offsets.append(place) }
                place += UTF8.width(scalar)
            }
            offsets.append(place)
            return found.map { offsets[$0.location]..<offsets[$0.location + $0.length] }
        }
    }

    /// The matches in UTF-16, counting the reports of progress, which come after so many steps of the search and not after a time.
    private func found(_ expression: NSRegularExpression, in text: String) throws(TextError) -> [NSRange] {
        let length = text.utf16.count
        let limit = Self.reports + length / 10
        var found: [NSRange] = []
        var reports = 0
        expression.enumerateMatches(in: text, options: .reportProgress, range: NSRange(location: 0, length: length)) { match, _, stop in
            if let match {
                found.append(match.range)
            } else {
                reports += 1
                if reports > limit { stop.pointee = true }
            }
        }
        guard reports <= limit else {
            throw TextError(
                "The regular expression “\(self.text.shown)” goes back and forth without end in a text of \(length) characters; the tokenizer's file is unusable")
        }
        return found
    }

    /// How many reports of progress, of some ten thousand steps each, a short text may take.
    private static let reports = 1000

    /// The pattern in a `tokenizer.json`.
    var json: JSONValue { .object([isExpression ? "Regex" : "String": .string(text)]) }
}
