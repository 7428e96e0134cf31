import HoneCore

extension SplitStep {
    /// The steps of a `pre_tokenizer`, in order.
    static func steps(_ tree: JSONTree?) throws(TextError) -> [SplitStep] {
        guard let tree, !tree.isNull else { return [] }
        switch tree["type"]?.string ?? "unknown" {
        case "ByteLevel":
            return [
                .bytes(
                    addsPrefixSpace: try TokenizerParts.flag("add_prefix_space", of: tree, default: true),
                    splitsWords: try TokenizerParts.flag("use_regex", of: tree, default: true))
            ]
        case "Digits": return [.digits(oneByOne: try TokenizerParts.flag("individual_digits", of: tree, default: false))]
        case "Split":
            let pattern = try TextPattern(tree["pattern"], of: "the pre-tokenizer of type Split")
            guard let name = tree["behavior"]?.string, let behavior = Behavior(rawValue: name) else {
                throw TextError(
                    "The “behavior” of the pre-tokenizer of type Split is none of Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous")
            }
            return [.split(pattern, behavior, isInverted: try TokenizerParts.flag("invert", of: tree, default: false))]
        case "Metaspace":
            let (sign, prefix) = try TokenizerParts.metaspace(tree, of: "pre-tokenizer")
            return [.metaspace(sign: sign, prefix: prefix, splits: try TokenizerParts.flag("split", of: tree, default: true))]
        case "Sequence":
            guard let list = tree["pretokenizers"]?.array else {
                throw TextError("The pre-tokenizer of type Sequence has no list of “pretokenizers”")
            }
            var steps: [SplitStep] = []
            for entry in list {
                if case .bytes? = steps.last { throw TextError("A step follows ByteLevel in the pre-tokenizer; it must be the last") }
                guard steps.count < TokenizerParts.mostSteps else { throw TokenizerParts.tooManySteps("pre-tokenizer") }
                do throws(TextError) { steps += try Self.steps(entry) } catch {
                    throw error.description.contains("which is not supported") ? unsupported(TokenizerParts.types(of: tree)) : error
                }
            }
            return steps
        default: throw unsupported(TokenizerParts.types(of: tree))
        }
    }

    private static func unsupported(_ kind: String) -> TextError {
        TokenizerParts.unsupported("a pre-tokenizer of type \(kind)", known: "ByteLevel, Split, Digits, Metaspace and sequences of them are")
    }

    private var json: JSONValue {
        switch self {
        case .split(let pattern, let behavior, let isInverted):
            .object([
                "type": .string("Split"), "pattern": pattern.json, "behavior": .string(behavior.rawValue), "invert": .bool(isInverted),
            ])
        case .bytes(let addsPrefixSpace, let splitsWords):
            .object([
                "type": .string("ByteLevel"), "add_prefix_space": .bool(addsPrefixSpace), "trim_offsets": .bool(false),
                "use_regex": .bool(splitsWords),
            ])
        case .digits(let oneByOne): .object(["type": .string("Digits"), "individual_digits": .bool(oneByOne)])
        case .metaspace(let sign, let prefix, let splits):
            .object([
                "type": .string("Metaspace"), "replacement": .string(sign), "prepend_scheme": .string(prefix.rawValue), "split": .bool(splits),
            ])
        }
    }

    /// The `pre_tokenizer` of a `tokenizer.json` with these steps.
    static func json(_ steps: [SplitStep]) -> JSONValue {
        switch steps.count {
        case 0: .null
        case 1: steps[0].json
        default: .object(["type": .string("Sequence"), "pretokenizers": .array(steps.map(\.json))])
        }
    }
}

/// What the readers of a `tokenizer.json` share.
enum TokenizerParts {
    /// The refusal of a part by name.
    static func unsupported(_ what: String, known: String) -> TextError {
        TextError("This tokenizer.json needs \(what), which is not supported; \(known)")
    }

    /// The most steps of a part of the pipeline; files in use have up to ten.
    static let mostSteps = 64

    /// The refusal of a part with more.
    static func tooManySteps(_ part: String) -> TextError {
        TextError("The \(part) of this tokenizer.json has more than \(mostSteps) steps")
    }

    /// The type of a part of the pipeline, with the types of its steps.
    static func types(of tree: JSONTree?) -> String {
        guard let tree, !tree.isNull else { return "none" }
        guard let kind = tree["type"]?.string else { return "unknown" }
        let steps = ["pretokenizers", "normalizers", "decoders"].lazy.compactMap { tree[$0]?.array }.first
        let names = (steps ?? []).prefix(12).map { $0["type"]?.string?.shown ?? "unknown" } + ((steps?.count ?? 0) > 12 ? ["…"] : [])
        return names.isEmpty ? kind.shown : "\(kind.shown) (\(names.joined(separator: ", ")))"
    }

    /// A setting that is true or false.
    static func flag(_ key: String, of tree: JSONTree, default standard: Bool) throws(TextError) -> Bool {
        guard let value = tree[key], !value.isNull else { return standard }
        guard let flag = value.bool else { throw TextError("“\(key)” of this tokenizer.json must be true or false") }
        return flag
    }

    /// The sign of a Metaspace, and when it is put before a text.
    static func metaspace(_ tree: JSONTree, of part: String) throws(TextError) -> (sign: String, prefix: SplitStep.Prefix) {
        guard let sign = tree["replacement"]?.string, sign.unicodeScalars.count == 1 else {
            throw TextError("The \(part) of type Metaspace has no “replacement” of one character")
        }
        let scheme = tree["prepend_scheme"]
        guard let prefix = scheme.map({ $0.string.flatMap { SplitStep.Prefix(rawValue: $0) } }) ?? .always else {
            throw TextError("The “prepend_scheme” of the \(part) of type Metaspace is none of always, first, never")
        }
        if try !flag("add_prefix_space", of: tree, default: true), prefix != .never {
            throw TextError("The \(part) of type Metaspace has “add_prefix_space” false, which contradicts its “prepend_scheme”")
        }
        return (sign, prefix)
    }
}

extension StringProtocol {
    /// The beginning, for a sentence that quotes it.
    var shown: String { utf8.count <= 120 ? String(self) : String(prefix(60)) + "…" }
}
