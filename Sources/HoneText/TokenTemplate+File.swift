import HoneCore

extension TokenTemplate {
    /// The template that a `post_processor` describes.
    ///
    /// Understood are `TemplateProcessing`, `BertProcessing`, `RobertaProcessing`, `ByteLevel` (which adds no tokens) and a
    /// `Sequence` of these with at most one that adds tokens.
    init(postProcessor tree: JSONTree?) throws(TextError) {
        guard let tree, !tree.isNull else {
            self = .plain
            return
        }
        switch tree["type"]?.string ?? "" {
        case "ByteLevel": self = .plain
        case "TemplateProcessing": try self.init(template: tree)
        case "BertProcessing":
            let (open, close) = (Part.token(try Self.named("cls", in: tree)), Part.token(try Self.named("sep", in: tree)))
            self.init(single: [open, .first, close], pair: [open, .first, close, .second, close])
        case "RobertaProcessing":
            let (open, close) = (Part.token(try Self.named("cls", in: tree)), Part.token(try Self.named("sep", in: tree)))
            self.init(single: [open, .first, close], pair: [open, .first, close, close, .second, close])
        case "Sequence":
            guard let steps = tree["processors"]?.array else {
                throw TextError("The post-processor of type Sequence has no list of “processors”")
            }
            var adding: [TokenTemplate] = []
            for step in steps {
                guard step["type"]?.string != "Sequence" else { throw TextError("Post-processors of type Sequence may not be nested") }
                let template = try TokenTemplate(postProcessor: step)
                if template != .plain { adding.append(template) }
            }
            guard adding.count <= 1 else { throw TextError("The post-processor adds tokens in \(adding.count) steps; one is understood") }
            self = adding.first ?? .plain
        case let kind:
            throw TextError(
                "This tokenizer.json needs a post-processor of type \(kind.isEmpty ? "unknown" : kind.shown), which is not supported; "
                    + "TemplateProcessing, BertProcessing, RobertaProcessing and ByteLevel are")
        }
    }

    private init(template tree: JSONTree) throws(TextError) {
        func parts(_ key: String) throws(TextError) -> [Part] {
            guard let entries = tree[key]?.array else { throw TextError("The template of the post-processor has no list “\(key)”") }
            var parts: [Part] = []
            for entry in entries {
                if let sequence = entry["Sequence"] {
                    switch sequence["id"]?.string {
                    case "A": parts.append(.first)
                    case "B" where key == "pair": parts.append(.second)
                    default: throw TextError("A sequence in “\(key)” of the post-processor has no id that is A or B")
                    }
                } else if let name = entry["SpecialToken"]?["id"]?.string {
                    guard let ids = tree["special_tokens"]?[name]?["ids"]?.array, !ids.isEmpty else {
                        throw TextError("The post-processor's token “\(name.shown)” has no ids in “special_tokens”")
                    }
                    for id in ids {
                        guard let id = id.integer, id >= 0, id < 1 << 24 else {
                            throw TextError("The post-processor's token “\(name.shown)” has no id from 0 to 16777215")
                        }
                        parts.append(.token(TokenID(id)))
                    }
                } else {
                    throw TextError("An entry of “\(key)” in the post-processor is neither a Sequence nor a SpecialToken")
                }
            }
            guard parts.count(where: { $0 == .first }) == 1, key == "single" || parts.count(where: { $0 == .second }) == 1 else {
                throw TextError("The list “\(key)” of the post-processor must name each text once")
            }
            return parts
        }
        self.init(single: try parts("single"), pair: try parts("pair"))
    }

    /// The id in a pair such as `["</s>", 2]`.
    private static func named(_ key: String, in tree: JSONTree) throws(TextError) -> TokenID {
        guard let pair = tree[key]?.array, pair.count == 2, let id = pair[1].integer, id >= 0, id < 1 << 24 else {
            throw TextError("The post-processor has no “\(key)” with a token and its id")
        }
        return TokenID(id)
    }

    /// The `post_processor` of a `tokenizer.json`; null for the plain template.
    func json(nameOf: (TokenID) -> String) -> JSONValue {
        guard self != .plain else { return .null }
        var tokens: [String: JSONValue] = [:]
        func written(_ parts: [Part]) -> JSONValue {
            var type = 0
            return .array(
                parts.map { part in
                    switch part {
                    case .first, .second:
                        type = part == .second ? 1 : 0
                        return .object(["Sequence": .object(["id": .string(type == 1 ? "B" : "A"), "type_id": .integer(type)])])
                    case .token(let id):
                        let name = nameOf(id)
                        tokens[name] = .object(["id": .string(name), "ids": .array([.integer(Int(id))]), "tokens": .array([.string(name)])])
                        return .object(["SpecialToken": .object(["id": .string(name), "type_id": .integer(type)])])
                    }
                })
        }
        let (single, pair) = (written(single), written(pair))
        return .object(["type": .string("TemplateProcessing"), "single": single, "pair": pair, "special_tokens": .object(tokens)])
    }
}
