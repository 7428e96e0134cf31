import HoneCore

/// One step that changes a text before it is split into words: the `normalizer` of a `tokenizer.json`.
enum NormalizationStep: Hashable, Sendable {
    case unicode(UnicodeForm)
    /// Every scalar in its small form.
    case lowercase
    /// Content put before a text that is not empty.
    case prepend(String)
    case replace(TextPattern, with: String)

    /// Changes the text; throws when it would become far longer than it was, or an expression finds no end.
    func apply(to text: inout AlignedText) throws(TextError) {
        switch self {
        case .unicode(let form): form.apply(to: &text)
        case .lowercase:
            var parts: [(scalar: Unicode.Scalar, change: Int)] = []
            for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars {
                for (index, small) in scalar.properties.lowercaseMapping.unicodeScalars.enumerated() { parts.append((small, index == 0 ? 0 : 1)) }
            }
            text.transform(parts)
        case .prepend(let content):
            guard !text.bytes.isEmpty else { return }
            try text.expectRoom(for: 1, of: content.utf8.count)
            text.insert(Array(content.utf8), before: [0])
        case .replace(let pattern, let content):
            let matches = try pattern.matches(in: text.bytes, 0..<text.bytes.count)
            try text.expectRoom(for: matches.count, of: content.utf8.count)
            text.replace(matches, with: Array(content.utf8))
        }
    }

    /// The steps of a `normalizer`, in order.
    static func steps(_ tree: JSONTree?) throws(TextError) -> [NormalizationStep] {
        guard let tree, !tree.isNull else { return [] }
        let kind = tree["type"]?.string ?? "unknown"
        if let form = UnicodeForm(rawValue: kind) { return [.unicode(form)] }
        switch kind {
        case "Lowercase": return [.lowercase]
        case "Prepend":
            guard let content = tree["prepend"]?.string else { throw TextError("The normalizer of type Prepend has no text “prepend”") }
            return content.isEmpty ? [] : [.prepend(content)]
        case "Replace":
            guard let content = tree["content"]?.string else { throw TextError("The normalizer of type Replace has no text “content”") }
            return [.replace(try TextPattern(tree["pattern"], of: "the normalizer of type Replace"), with: content)]
        case "Sequence":
            guard let list = tree["normalizers"]?.array else { throw TextError("The normalizer of type Sequence has no list of “normalizers”") }
            var steps: [NormalizationStep] = []
            for entry in list {
                guard steps.count < TokenizerParts.mostSteps else { throw TokenizerParts.tooManySteps("normalizer") }
                do throws(TextError) { steps += try Self.steps(entry) } catch {
                    throw error.description.contains("which is not supported") ? unsupported(TokenizerParts.types(of: tree)) : error
                }
            }
            return steps
        default: throw unsupported(TokenizerParts.types(of: tree))
        }
    }

    private static func unsupported(_ kind: String) -> TextError {
        TokenizerParts.unsupported("a normalizer of type \(kind)", known: "NFC, NFD, NFKC, NFKD, Lowercase, Prepend, Replace and sequences of them are")
    }

    /// The entry of a `tokenizer.json`.
    private var json: JSONValue {
        switch self {
        case .unicode(let form): .object(["type": .string(form.rawValue)])
        case .lowercase: .object(["type": .string("Lowercase")])
        case .prepend(let content): .object(["type": .string("Prepend"), "prepend": .string(content)])
        case .replace(let pattern, let content):
            .object(["type": .string("Replace"), "pattern": pattern.json, "content": .string(content)])
        }
    }

    /// The `normalizer` of a `tokenizer.json` with these steps.
    static func json(_ steps: [NormalizationStep]) -> JSONValue {
        switch steps.count {
        case 0: .null
        case 1: steps[0].json
        default: .object(["type": .string("Sequence"), "normalizers": .array(steps.map(\.json))])
        }
    }
}
