public import HoneCore

/// Byte-level byte-pair encoding, as GPT-2 and its successors use it: every text can be written.
///
/// Source: Sennrich, Haddow and Birch 2016 (merging), Radford et al. 2019 (bytes). Equal to the Python `tokenizers` library on
/// the reference cases.
public struct ByteLevelBPE: Tokenizer {
    /// What is configured beside the vocabulary.
    public struct Settings: Hashable, Sendable {
        /// Whether a text that does not begin with a space is read as if it did.
        public var addsPrefixSpace = false
        /// Whether text is split into words before merging.
        public var splitsWords = true
        /// Whether a word that is in the vocabulary is taken whole, whatever the merges say.
        public var ignoresMerges = false

        /// Word splitting, no prefix space.
        public init() {}
    }

    /// One merge: two tokens that become one.
    struct Merge: Sendable {
        let left: TokenID
        let right: TokenID
        let result: TokenID
    }

    /// The settings.
    public let settings: Settings
    public let addedTokens: [AddedToken]
    public let endOfText: TokenID
    public let padding: TokenID
    public let template: TokenTemplate
    /// The spelling of each token in the vocabulary; nil for ids that only added tokens have.
    let spellings: [[UInt8]?]
    let merges: [Merge]
    private let pieces: [[UInt8]]
    private let ids: [[UInt8]: TokenID]
    private let byteTokens: [TokenID]
    /// The rank of each pair of tokens and what it becomes.
    private let ranks: [UInt64: (rank: Int, result: TokenID)]
    private let finder: AddedTokens

    public var vocabularySize: Int { pieces.count }

    /// A tokenizer from its parts; throws when a byte has no token, or no token ends a text.
    init(
        spellings: [[UInt8]?], merges: [Merge], addedTokens: [AddedToken], settings: Settings, template: TokenTemplate = .plain
    ) throws(TextError) {
        self.spellings = spellings
        self.merges = merges
        self.settings = settings
        self.template = template
        self.addedTokens = addedTokens.sorted { $0.id < $1.id }
        finder = AddedTokens(self.addedTokens)
        let count = max(spellings.count, (addedTokens.map { Int($0.id) + 1 }).max() ?? 0)
        var pieces = [[UInt8]](repeating: [], count: count)
        var ids: [[UInt8]: TokenID] = [:]
        // Ordinary text never becomes a special token, even where the vocabulary or a merge spells one, nor a token that is
        // spelled outside the byte alphabet.
        let special = Set(addedTokens.filter(\.isSpecial).map(\.id))
        for (id, spelling) in spellings.enumerated() {
            guard let spelling else { continue }
            let bytes = ByteSpelling.bytes(of: spelling)
            pieces[id] = bytes ?? spelling
            if let bytes, ids[bytes] == nil, !special.contains(TokenID(id)) { ids[bytes] = TokenID(id) }
        }
        var byteTokens: [TokenID] = []
        for byte in 0...255 {
            guard let id = ids[[UInt8(byte)]] else {
                throw TextError("The vocabulary has no ordinary token for the byte \(byte); a byte-level vocabulary needs all 256")
            }
            byteTokens.append(id)
        }
        for token in addedTokens { pieces[Int(token.id)] = token.isSpecial ? [] : Array(token.text.utf8) }
        self.pieces = pieces
        self.ids = ids
        self.byteTokens = byteTokens
        var ranks: [UInt64: (rank: Int, result: TokenID)] = [:]
        ranks.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() where !special.contains(merge.result) {
            ranks[Self.key(merge.left, merge.right)] = (rank, merge.result)
        }
        self.ranks = ranks
        for case .token(let id) in template.single + template.pair where Int(id) >= count {
            throw TextError("The post-processor adds the token \(id), but the vocabulary has \(count) tokens")
        }
        func named(_ names: [String]) -> TokenID? {
            names.lazy.compactMap { name in addedTokens.first { $0.text == name && $0.isSpecial }?.id }.first
        }
        guard let end = named(["<end>", "<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "</s>", "<eos>"])
        else {
            throw TextError(
                "No special token ends a text; <end>, <|endoftext|>, <|end_of_text|>, <|im_end|>, <|eot_id|>, </s> or <eos> is needed")
        }
        endOfText = end
        padding = named(["<pad>", "<|pad|>", "[PAD]", "<|padding|>", "<|finetune_right_pad_id|>"]) ?? end
    }

    static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    public func bytes(of token: TokenID) -> [UInt8] {
        let index = Int(token)
        return pieces.indices.contains(index) ? pieces[index] : []
    }

    public func encode(_ text: String) throws(TextError) -> [TokenID] {
        try encodeWithOffsets(text, recognizesAddedTokens: false).tokens
    }

    public func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding {
        let bytes = Array(text.utf8)
        var encoding = TokenEncoding()
        var known: [[UInt8]: [TokenID]] = [:]
        let parts = recognizesAddedTokens ? finder.split(bytes) : (bytes.isEmpty ? [] : [(id: nil, range: 0..<bytes.count)])
        for part in parts {
            if let id = part.id {
                encoding.tokens.append(id)
                encoding.byteOffsets.append(part.range)
                continue
            }
            let hasPrefix = settings.addsPrefixSpace && bytes[part.range.lowerBound] != 32
            let content = hasPrefix ? [32] + bytes[part.range] : Array(bytes[part.range])
            let shift = part.range.lowerBound - (hasPrefix ? 1 : 0)
            for word in settings.splitsWords ? WordPieces.split(content[...]) : [0..<content.count] {
                let key = Array(content[word])
                let tokens: [TokenID]
                if let cached = known[key] {
                    tokens = cached
                } else {
                    tokens = merged(key)
                    known[key] = tokens
                }
                var position = word.lowerBound + shift
                for token in tokens {
                    let end = position + pieces[Int(token)].count
                    encoding.tokens.append(token)
                    encoding.byteOffsets.append(max(position, part.range.lowerBound)..<max(end, part.range.lowerBound))
                    position = end
                }
            }
        }
        encoding.locateScalars(in: bytes)
        return encoding
    }

    /// The tokens of one word: neighbours merge in the order of their ranks, the leftmost first.
    private func merged(_ word: [UInt8]) -> [TokenID] {
        if settings.ignoresMerges, let id = ids[word] { return [id] }
        var tokens = word.map { byteTokens[Int($0)] }
        if tokens.count > 64 { return MergeQueue.merged(tokens, ranks: ranks) }
        while tokens.count > 1 {
            var best: (rank: Int, at: Int, result: TokenID)?
            for index in 0..<(tokens.count - 1) {
                guard let found = ranks[Self.key(tokens[index], tokens[index + 1])], found.rank < best?.rank ?? .max else { continue }
                best = (found.rank, index, found.result)
            }
            guard let best else { break }
            tokens[best.at] = best.result
            tokens.remove(at: best.at + 1)
        }
        return tokens
    }
}
