public import Foundation
public import HoneCore

extension ByteLevelBPE {
    /// Reads a `tokenizer.json`.
    ///
    /// Byte-level BPE with GPT-2's word splitting is understood, with merges as `"a b"` or `["a", "b"]`. Other kinds
    /// (WordPiece, Unigram, other split patterns, normalizers) are refused by name. A post-processor is not applied.
    public init(tokenizerJSON bytes: [UInt8]) throws(TextError) {
        let root = try JSONTree.parse(bytes)
        guard let model = root["model"] else { throw TextError("This tokenizer.json has no “model”") }
        let kind = model["type"]?.string ?? (model["merges"] != nil ? "BPE" : "unknown")
        guard kind == "BPE" else { throw Self.unsupported("a \(kind) model") }
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = model[option], !value.isNull, value.string != "" { throw Self.unsupported("a BPE model with \(option)") }
        }
        if model["byte_fallback"]?.bool == true { throw Self.unsupported("a BPE model with byte_fallback") }
        if let normalizer = root["normalizer"], !normalizer.isNull {
            throw Self.unsupported("a normalizer of type \(normalizer["type"]?.string ?? "unknown")")
        }
        var settings = Settings()
        settings.ignoresMerges = model["ignore_merges"]?.bool ?? false
        guard let splitter = root["pre_tokenizer"], splitter["type"]?.string == "ByteLevel" else {
            throw Self.unsupported("a pre-tokenizer of type \(root["pre_tokenizer"]?["type"]?.string ?? "none")")
        }
        settings.addsPrefixSpace = splitter["add_prefix_space"]?.bool ?? true
        settings.splitsWords = splitter["use_regex"]?.bool ?? true

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
        for (rank, entry) in (model["merges"]?.array ?? []).enumerated() {
            guard let (left, right) = Self.pair(entry), let leftID = ids[left], let rightID = ids[right],
                let result = ids[ExactText(bytes: left.bytes + right.bytes)]
            else { throw TextError("Merge \(rank) does not name two tokens whose union is a token") }
            merges.append(Merge(left: leftID, right: rightID, result: result))
        }
        let added = try Self.addedTokens(root["added_tokens"]?.array ?? [], vocabulary: ids)
        try self.init(spellings: spellings, merges: merges, addedTokens: added, settings: settings)
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
        TextError("This tokenizer.json needs \(what), which is not supported; byte-level BPE with GPT-2's word splitting is")
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
        for entry in entries {
            guard case .string(let text)? = entry["content"], let id = entry["id"]?.integer, id >= 0, id < 1 << 24, !text.bytes.isEmpty
            else { throw TextError("An entry of “added_tokens” has no content or no id") }
            guard vocabulary[text].map({ Int($0) == id }) ?? true, !tokens.contains(where: { Int($0.id) == id }) else {
                throw TextError("The added token “\(text.string)” has the id \(id), which contradicts the vocabulary")
            }
            var token = AddedToken(text: text.string, id: TokenID(id), isSpecial: entry["special"]?.bool ?? false)
            token.takesSpaceBefore = entry["lstrip"]?.bool ?? false
            token.takesSpaceBehind = entry["rstrip"]?.bool ?? false
            token.isWholeWord = entry["single_word"]?.bool ?? false
            tokens.append(token)
        }
        return tokens
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
        let pairs = merges.map { merge in
            JSONValue.array([merge.left, merge.right].map { .string(String(decoding: spellings[Int($0)] ?? [], as: UTF8.self)) })
        }
        let byteLevel: [String: JSONValue] = [
            "type": .string("ByteLevel"), "add_prefix_space": .bool(settings.addsPrefixSpace), "trim_offsets": .bool(false),
            "use_regex": .bool(settings.splitsWords),
        ]
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null, "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": .null, "pre_tokenizer": .object(byteLevel), "post_processor": .null, "decoder": .object(byteLevel),
            "model": .object([
                "type": .string("BPE"), "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
                "end_of_word_suffix": .null, "fuse_unk": .bool(false), "byte_fallback": .bool(false),
                "ignore_merges": .bool(settings.ignoresMerges), "vocab": .object(vocabulary), "merges": .array(pairs),
            ]),
        ])
    }
}
