public import Foundation
public import HoneCore

extension ByteLevelBPE {
    /// Reads a `tokenizer.json`.
    ///
    /// Byte-level BPE with GPT-2's word splitting is understood, with merges as `"a b"` or `["a", "b"]`. Other kinds
    /// (WordPiece, Unigram, other split patterns, normalizers, decoders) are refused by name. The post-processor becomes the
    /// `template`; what it says about offsets, and the file's truncation and padding, are not applied.
    public init(tokenizerJSON bytes: [UInt8]) throws(TextError) {
        let root = try JSONTree.parse(bytes)
        guard let model = root["model"] else { throw TextError("This tokenizer.json has no “model”") }
        let kind = model["type"]?.string ?? (model["merges"] != nil ? "BPE" : "unknown")
        guard kind == "BPE" else { throw Self.unsupported("a model of type \(kind)") }
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = model[option], !value.isNull, value.string != "" { throw Self.unsupported("a BPE model with \(option)") }
        }
        if try Self.flag("byte_fallback", of: model, default: false) { throw Self.unsupported("a BPE model with byte_fallback") }
        if let dropout = model["dropout"], !dropout.isNull, dropout != .integer(0), dropout != .number(0) {
            throw Self.unsupported("a BPE model with dropout")
        }
        if let normalizer = root["normalizer"], !normalizer.isNull {
            throw Self.unsupported("a normalizer of type \(Self.types(of: normalizer))")
        }
        var settings = Settings()
        settings.ignoresMerges = try Self.flag("ignore_merges", of: model, default: false)
        guard let splitter = Self.byteLevel(root["pre_tokenizer"], steps: "pretokenizers") else {
            throw Self.unsupported("a pre-tokenizer of type \(Self.types(of: root["pre_tokenizer"]))")
        }
        settings.addsPrefixSpace = try Self.flag("add_prefix_space", of: splitter, default: true)
        settings.splitsWords = try Self.flag("use_regex", of: splitter, default: true)
        if let decoder = root["decoder"], !decoder.isNull, Self.byteLevel(decoder, steps: "decoders") == nil {
            throw Self.unsupported("a decoder of type \(Self.types(of: decoder))")
        }
        let template = try TokenTemplate(postProcessor: root["post_processor"])

        guard let vocabulary = model["vocab"]?.members else { throw TextError("The model of this tokenizer.json has no “vocab”") }
        var ids: [ExactText: TokenID] = [:]
        var spellings = [[UInt8]?](repeating: nil, count: vocabulary.count)
        for member in vocabulary {
            guard let id = member.value.integer, id >= 0, id < 1 << 24 else {
                throw TextError("The token “\(member.key.string)” has no id from 0 to 16777215")
            }
            while spellings.count <= id { spellings.append(nil) }
            guard spellings[id] == nil else { throw TextError("Two tokens have the id \(id), one of them “\(member.key.string)”") }
            spellings[id] = member.key.bytes
            ids[member.key] = TokenID(id)
        }
        var merges: [Merge] = []
        guard let pairs = model["merges"]?.array else { throw TextError("The model of this tokenizer.json has no list of “merges”") }
        for (rank, entry) in pairs.enumerated() {
            guard let (left, right) = Self.pair(entry), let leftID = ids[left], let rightID = ids[right],
                let result = ids[ExactText(bytes: left.bytes + right.bytes)]
            else { throw TextError("Merge \(rank) of this tokenizer.json does not name two tokens whose union is a token") }
            merges.append(Merge(left: leftID, right: rightID, result: result))
        }
        let listed = root["added_tokens"] ?? .null
        guard let entries = listed.isNull ? [] : listed.array else { throw TextError("“added_tokens” of this tokenizer.json is no list") }
        let added = try Self.addedTokens(entries, vocabulary: ids)
        try self.init(spellings: spellings, merges: merges, addedTokens: added, settings: settings, template: template)
    }

    /// Reads a `tokenizer.json` from a file.
    public init(contentsOf url: URL) throws(TextError) {
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw TextError("The tokenizer file \(url.path) cannot be read: \(error.localizedDescription)")
        }
        do throws(TextError) { try self.init(tokenizerJSON: Array(data)) } catch {
            throw TextError("\(url.path): \(error.description)")
        }
    }

    private static func unsupported(_ what: String) -> TextError {
        TextError(
            "This tokenizer.json needs \(what), which is not supported; supported is byte-level BPE: a model of type BPE with a "
                + "ByteLevel pre-tokenizer (GPT-2's word splitting) and no normalizer")
    }

    /// The ByteLevel step of a part of the pipeline: the part itself, or the only step of a sequence.
    private static func byteLevel(_ tree: JSONTree?, steps: String) -> JSONTree? {
        guard let tree else { return nil }
        if tree["type"]?.string == "ByteLevel" { return tree }
        guard tree["type"]?.string == "Sequence", let only = tree[steps]?.array, only.count == 1 else { return nil }
        return only[0]["type"]?.string == "ByteLevel" ? only[0] : nil
    }

    /// The type of a part of the pipeline, with the types of its steps.
    private static func types(of tree: JSONTree?) -> String {
        guard let tree, !tree.isNull else { return "none" }
        guard let kind = tree["type"]?.string else { return "unknown" }
        let steps = ["pretokenizers", "normalizers", "decoders"].lazy.compactMap { tree[$0]?.array }.first
        let names = (steps ?? []).map { $0["type"]?.string ?? "unknown" }
        return names.isEmpty ? kind : "\(kind) (\(names.joined(separator: ", ")))"
    }

    private static func flag(_ key: String, of tree: JSONTree, default standard: Bool) throws(TextError) -> Bool {
        guard let value = tree[key], !value.isNull else { return standard }
        guard let flag = value.bool else { throw TextError("“\(key)” of this tokenizer.json must be true or false") }
        return flag
    }

    private static func pair(_ entry: JSONTree) -> (ExactText, ExactText)? {
        if case .array(let parts) = entry, parts.count == 2, case .string(let left) = parts[0], case .string(let right) = parts[1] {
            return (left, right)
        }
        guard case .string(let text) = entry else { return nil }
        let parts = text.bytes.split(separator: 32, omittingEmptySubsequences: false)
        return parts.count == 2 ? (ExactText(bytes: Array(parts[0])), ExactText(bytes: Array(parts[1]))) : nil
    }

    private static func addedTokens(_ entries: [JSONTree], vocabulary: [ExactText: TokenID]) throws(TextError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        var known: Set<Int> = []
        for entry in entries {
            guard case .string(let text)? = entry["content"], let id = entry["id"]?.integer, id >= 0, id < 1 << 24, !text.bytes.isEmpty
            else { throw TextError("An entry of “added_tokens” has no content or no id") }
            guard vocabulary[text].map({ Int($0) == id }) ?? true, known.insert(id).inserted else {
                throw TextError("The added token “\(text.string)” has the id \(id), which contradicts the vocabulary")
            }
            var token = AddedToken(text: text.string, id: TokenID(id), isSpecial: try flag("special", of: entry, default: false))
            token.takesSpaceBefore = try flag("lstrip", of: entry, default: false)
            token.takesSpaceBehind = try flag("rstrip", of: entry, default: false)
            token.isWholeWord = try flag("single_word", of: entry, default: false)
            tokens.append(token)
        }
        return tokens
    }

    /// A hash of everything that decides which tokens a text gets.
    public var fingerprint: String {
        if let json = try? json() { return SHA256.hex(json.canonical) }
        // A vocabulary that the file cannot keep apart is listed by its bytes beside the rest of the file.
        let listed = spellings.map { $0.map { $0.map(String.init).joined(separator: " ") } ?? "-" }
        let merged = merges.map { "\($0.left) \($0.right) \($0.result)" }
        return SHA256.hex((listed + merged + [file(vocabulary: [:]).canonical]).joined(separator: "\n"))
    }

    /// The `tokenizer.json` that other tools load; reading it gives an equal tokenizer.
    public func json() throws -> JSONValue {
        var vocabulary: [String: JSONValue] = [:]
        for (id, spelling) in spellings.enumerated() {
            guard let spelling else { continue }
            let text = String(decoding: spelling, as: UTF8.self)
            guard vocabulary.updateValue(.integer(id), forKey: text) == nil else {
                throw TextError("Two tokens are spelled “\(text)” in composed and decomposed form, which this format cannot keep apart")
            }
        }
        return file(vocabulary: vocabulary)
    }

    private func file(vocabulary: [String: JSONValue]) -> JSONValue {
        let pairs = merges.map { merge in
            JSONValue.array([merge.left, merge.right].map { .string(String(decoding: spellings[Int($0)] ?? [], as: UTF8.self)) })
        }
        let byteLevel: [String: JSONValue] = [
            "type": .string("ByteLevel"), "add_prefix_space": .bool(settings.addsPrefixSpace), "trim_offsets": .bool(false),
            "use_regex": .bool(settings.splitsWords),
        ]
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null, "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": .null, "pre_tokenizer": .object(byteLevel), "post_processor": template.json { id in
                addedTokens.first { $0.id == id }?.text
                    ?? String(decoding: (spellings.indices.contains(Int(id)) ? spellings[Int(id)] : nil) ?? [], as: UTF8.self)
            }, "decoder": .object(byteLevel),
            "model": .object([
                "type": .string("BPE"), "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
                "end_of_word_suffix": .null, "fuse_unk": .bool(false), "byte_fallback": .bool(false),
                "ignore_merges": .bool(settings.ignoresMerges), "vocab": .object(vocabulary), "merges": .array(pairs),
            ]),
        ])
    }
}
