public import Foundation
import HoneCore

extension BPETokenizer {
    /// Reads a `tokenizer.json`.
    ///
    /// Understood are models of type BPE, with merges as `"a b"` or `["a", "b"]`, the normalizers NFC, NFD, NFKC, NFKD, Lowercase,
    /// Prepend and Replace, the pre-tokenizers ByteLevel, Split, Digits and Metaspace, and the decoders that belong to them.
    /// Other kinds (WordPiece, Unigram, …) are refused by name. The end of a text is a special token with a usual name; a file
    /// beside this one may say otherwise, which `TokenizerFile.read` looks at.
    public init(tokenizerJSON bytes: [UInt8]) throws(TextError) { try self.init(tokenizerJSON: bytes, roles: TokenRoles()) }

    /// Reads a `tokenizer.json` whose roles of tokens other files name.
    init(tokenizerJSON bytes: [UInt8], roles: TokenRoles) throws(TextError) {
        try self.init(tree: try JSONTree.parse(bytes), source: bytes, roles: roles)
    }

    init(tree root: JSONTree, source: [UInt8], roles: TokenRoles) throws(TextError) {
        guard let model = root["model"] else { throw TextError("This tokenizer.json has no “model”") }
        let kind = model["type"]?.string ?? (model["merges"] != nil ? "BPE" : "unknown")
        guard kind == "BPE" else { throw Self.unsupported("a model of type \(kind.shown)") }
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = model[option], !value.isNull, value.string != "" { throw Self.unsupported("a BPE model with \(option)") }
        }
        if let dropout = model["dropout"], !dropout.isNull, dropout != .integer(0), dropout != .number(0) {
            throw Self.unsupported("a BPE model with dropout")
        }
        var parts = Parts()
        parts.source = source
        parts.normalization = try NormalizationStep.steps(root["normalizer"])
        parts.splitting = try SplitStep.steps(root["pre_tokenizer"])
        var options = BPEModel.Options()
        options.isOfBytes = if case .bytes? = parts.splitting.last { true } else { false }
        options.ignoresMerges = try TokenizerParts.flag("ignore_merges", of: model, default: false)
        options.hasByteFallback = try TokenizerParts.flag("byte_fallback", of: model, default: false)
        options.fusesUnknown = try TokenizerParts.flag("fuse_unk", of: model, default: false)
        parts.decoding = try TokenDecoding(root["decoder"], isOfBytes: options.isOfBytes)
        parts.template = try TokenTemplate(postProcessor: root["post_processor"])
        parts.trimming = try OffsetTrimming(postProcessor: root["post_processor"])

        guard let vocabulary = model["vocab"]?.members else { throw TextError("The model of this tokenizer.json has no “vocab”") }
        let listed = root["added_tokens"] ?? .null
        guard let entries = listed.isNull ? [] : listed.array else { throw TextError("“added_tokens” of this tokenizer.json is no list") }
        // Ids far beyond the number of tokens would make tables far beyond the size of the file.
        let limit = min(1 << 24, 65_536 + 16 * (vocabulary.count + entries.count))
        let (spellings, ids) = try Self.vocabulary(vocabulary, limit: limit)
        if let name = model["unk_token"], !name.isNull {
            guard let text = name.exact else { throw TextError("“unk_token” of this tokenizer.json must be a text or null") }
            options.unknown = ids.token(of: text.bytes)
        }
        let merges = try Self.merges(model["merges"], ids: ids)
        let added = try Self.addedTokens(entries, vocabulary: ids, limit: limit)
        let special = Set(added.filter(\.isSpecial).map(\.id))
        let bpe = try BPEModel(spellings: spellings, merges: merges, special: special, options: options)
        try self.init(model: bpe, addedTokens: added, roles: roles, parts: parts)
    }

    /// Reads a `tokenizer.json` from a file, without looking at the files beside it.
    public init(contentsOf url: URL) throws(TextError) {
        let bytes = try TokenizerFile.bytes(of: url.path)
        do throws(TextError) { try self.init(tokenizerJSON: bytes) } catch {
            throw TextError("\(url.path): \(error.description)")
        }
    }

    private static func unsupported(_ what: String) -> TextError {
        TokenizerParts.unsupported(what, known: "supported are models of type BPE, on bytes or on characters")
    }

    private static func vocabulary(_ members: [JSONTree.Member], limit: Int) throws(TextError) -> (PieceStore, ByteTable) {
        var highest = -1
        for member in members {
            guard let id = member.value.integer, id >= 0, id < 1 << 24 else {
                throw TextError("The token “\(member.key.string.shown)” has no id from 0 to 16777215")
            }
            guard id < limit else {
                throw TextError("The token “\(member.key.string.shown)” has the id \(id), far beyond the \(members.count) tokens of the vocabulary")
            }
            highest = max(highest, id)
        }
        var spellings = PieceStore(count: max(highest + 1, members.count))
        var ids = ByteTable(capacity: members.count)
        for member in members {
            guard let id = member.value.integer else { continue }
            guard spellings[id] == nil else { throw TextError("Two tokens have the id \(id), one of them “\(member.key.string.shown)”") }
            spellings.set(id, member.key.bytes)
            ids.add(member.key.bytes, TokenID(id))
        }
        return (spellings, ids)
    }

    private static func merges(_ tree: JSONTree?, ids: ByteTable) throws(TextError) -> [BPEModel.Merge] {
        guard let pairs = tree?.array else { throw TextError("The model of this tokenizer.json has no list of “merges”") }
        var merges: [BPEModel.Merge] = []
        merges.reserveCapacity(pairs.count)
        for (rank, entry) in pairs.enumerated() {
            guard let (left, right) = pair(entry), let leftID = ids.token(of: left), let rightID = ids.token(of: right),
                let result = ids.token(of: left + right)
            else { throw TextError("Merge \(rank) of this tokenizer.json does not name two tokens whose union is a token") }
            merges.append(BPEModel.Merge(left: leftID, right: rightID, result: result))
        }
        return merges
    }

    private static func pair(_ entry: JSONTree) -> ([UInt8], [UInt8])? {
        if case .array(let parts) = entry, parts.count == 2, case .string(let left) = parts[0], case .string(let right) = parts[1] {
            return (left.bytes, right.bytes)
        }
        guard case .string(let text) = entry, let space = text.bytes.firstIndex(of: 32) else { return nil }
        let right = text.bytes[(space + 1)...]
        return right.contains(32) ? nil : (Array(text.bytes[..<space]), Array(right))
    }

    private static func addedTokens(_ entries: [JSONTree], vocabulary: ByteTable, limit: Int) throws(TextError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        var known: Set<Int> = []
        var texts: Set<ExactText> = []
        for entry in entries {
            guard let text = entry["content"]?.exact, let id = entry["id"]?.integer, id >= 0, id < limit, !text.bytes.isEmpty
            else { throw TextError("An entry of “added_tokens” has no content or no id") }
            let own = vocabulary.token(of: text.bytes)
            guard own.map({ Int($0) == id }) ?? true, known.insert(id).inserted, texts.insert(text).inserted else {
                throw TextError("The added token “\(text.string.shown)” has the id \(id), which contradicts the vocabulary")
            }
            var token = AddedToken(text: text.string, id: TokenID(id), isSpecial: try TokenizerParts.flag("special", of: entry, default: false))
            token.takesSpaceBefore = try TokenizerParts.flag("lstrip", of: entry, default: false)
            token.takesSpaceBehind = try TokenizerParts.flag("rstrip", of: entry, default: false)
            token.isWholeWord = try TokenizerParts.flag("single_word", of: entry, default: false)
            token.isNormalized = try TokenizerParts.flag("normalized", of: entry, default: false)
            tokens.append(token)
        }
        return tokens
    }
}
