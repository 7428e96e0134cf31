public import HoneCore

/// Byte-pair encoding as a `tokenizer.json` describes it: on bytes, as GPT-2 and its successors use it (Llama 3, Qwen,
/// SmolLM2), or on characters with bytes for those without a token (Llama 2, Gemma).
///
/// Source: Sennrich, Haddow and Birch 2016 (merging), Radford et al. 2019 (bytes), Kudo and Richardson 2018 (characters). Equal to
/// the Python `tokenizers` library (0.23) on the reference cases. Departures: a character that the vocabulary cannot express is an
/// error and not left out; spellings without a decoder are joined without spaces; the file's truncation and padding are not applied.
public struct BPETokenizer: Tokenizer {
    /// The settings that GPT-2's tokenizer has, as they are in this one.
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

    public let addedTokens: [AddedToken]
    public let endOfText: TokenID
    public let padding: TokenID
    public let beginOfText: TokenID?
    public let stopTokens: [TokenID]
    public let template: TokenTemplate
    public let offsetTrimming: OffsetTrimming?
    let model: BPEModel
    let normalization: [NormalizationStep]
    let splitting: [SplitStep]
    let decoding: TokenDecoding
    /// The bytes of the file it was read from.
    let source: [UInt8]?
    /// What each token contributes behind the first; none for special tokens.
    private let pieces: PieceStore
    /// The tokens that stand for one byte each.
    private let bytePieces: [TokenID: UInt8]
    private let addedPlaces: [TokenID: Int]
    private let finder: AddedTokens
    private let normalizedFinder: AddedTokens

    /// Everything a tokenizer is made of but its vocabulary.
    struct Parts {
        var normalization: [NormalizationStep] = []
        var splitting: [SplitStep] = [.bytes(addsPrefixSpace: false, splitsWords: true)]
        var decoding = TokenDecoding(isOfBytes: true)
        var template = TokenTemplate.plain
        var trimming: OffsetTrimming?
        var source: [UInt8]?
    }

    public var vocabularySize: Int { pieces.count }

    public var settings: Settings {
        var settings = Settings()
        settings.ignoresMerges = model.options.ignoresMerges
        settings.splitsWords = !splitting.isEmpty
        if case .bytes(let addsPrefixSpace, let splitsWords)? = splitting.last {
            settings.addsPrefixSpace = addsPrefixSpace
            settings.splitsWords = splitsWords || splitting.count > 1
        }
        return settings
    }

    /// A tokenizer from its parts; throws when no token ends a text, or the template names tokens that are not there.
    init(model: BPEModel, addedTokens: [AddedToken], roles: TokenRoles = TokenRoles(), parts: Parts = Parts()) throws(TextError) {
        let addedTokens = addedTokens.sorted { $0.id < $1.id }
        self.model = model
        self.addedTokens = addedTokens
        (normalization, splitting, decoding, template) = (parts.normalization, parts.splitting, parts.decoding, parts.template)
        (offsetTrimming, source) = (parts.trimming, parts.source)
        let count = max(model.spellings.count, (addedTokens.map { Int($0.id) + 1 }).max() ?? 0)
        for case .token(let id) in template.single + template.pair where Int(id) >= count {
            throw TextError("The post-processor adds the token \(id), but the vocabulary has \(count) tokens")
        }
        let resolved = try roles.resolved(added: addedTokens, spellings: model.spellings, count: count)
        (endOfText, padding, beginOfText, stopTokens) = (resolved.end, resolved.padding, resolved.begin, resolved.stops)

        var written: [[UInt8]] = []
        for token in addedTokens {
            var text = AlignedText(Array(token.text.utf8), shift: 0, keepsAlignment: false)
            if token.isNormalized { for step in parts.normalization { try step.apply(to: &text) } }
            written.append(text.bytes)
        }
        let places = addedTokens.indices
        let (early, late) = (places.filter { !addedTokens[$0].isNormalized }, places.filter { addedTokens[$0].isNormalized })
        finder = AddedTokens(early.map { addedTokens[$0] }, forms: early.map { written[$0] })
        normalizedFinder = AddedTokens(late.map { addedTokens[$0] }, forms: late.map { written[$0] })

        var pieces = PieceStore(count: count)
        var bytePieces: [TokenID: UInt8] = [:]
        let skipped = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id)).union(resolved.named)
        func set(_ id: Int, _ spelling: ArraySlice<UInt8>) throws(TextError) {
            switch try parts.decoding.piece(spelling, isFirst: false) {
            case .skipped: break
            case .bytes(let bytes): pieces.set(id, bytes)
            case .byte(let byte):
                pieces.set(id, [byte])
                bytePieces[TokenID(id)] = byte
            }
        }
        var addedPlaces: [TokenID: Int] = [:]
        for place in places { addedPlaces[addedTokens[place].id] = place }
        self.addedPlaces = addedPlaces
        for id in 0..<model.spellings.count where !skipped.contains(TokenID(id)) && addedPlaces[TokenID(id)] == nil {
            if let spelling = model.spellings[id] { try set(id, spelling) }
        }
        for place in places where !skipped.contains(addedTokens[place].id) { try set(Int(addedTokens[place].id), written[place][...]) }
        self.pieces = pieces
        self.bytePieces = bytePieces
    }

    public func bytes(of token: TokenID) -> [UInt8] { pieces[Int(token)].map { Array($0) } ?? [] }

    public func piece(of token: TokenID, isFirst: Bool) -> TokenPiece {
        guard let bytes = pieces[Int(token)] else { return .skipped }
        if let byte = bytePieces[token] { return .byte(byte) }
        guard isFirst, decoding.dependsOnPlace else { return .bytes(Array(bytes)) }
        // What goes wrong with a spelling went wrong when the tokenizer was made.
        return (try? decoding.piece(spelling(of: token)[...], isFirst: true)) ?? .bytes(Array(bytes))
    }

    public var leadingText: LeadingText? { decoding.leading }

    /// How the file spells a token; empty where there is none.
    public func spelling(of token: TokenID) -> [UInt8] {
        if let place = addedPlaces[token] { return Array(addedTokens[place].text.utf8) }
        return model.spellings[Int(token)].map { Array($0) } ?? []
    }

    public func encode(_ text: String) throws(TextError) -> [TokenID] {
        try encoding(Array(text.utf8), special: false, keepsOffsets: false).tokens
    }

    public func encodeRecognizingAddedTokens(_ text: String) throws(TextError) -> [TokenID] {
        try encoding(Array(text.utf8), special: true, keepsOffsets: false).tokens
    }

    public func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding {
        try encoding(Array(text.utf8), special: recognizesAddedTokens, keepsOffsets: true)
    }

    private func encoding(_ bytes: [UInt8], special: Bool, keepsOffsets: Bool) throws(TextError) -> TokenEncoding {
        var encoding = TokenEncoding()
        var work = BPEModel.Work()
        for part in finder.split(bytes, special: special) {
            if let id = part.id {
                work.tokens.append(id)
                if keepsOffsets { encoding.byteOffsets.append(part.range) }
                continue
            }
            let isWhole = part.range.count == bytes.count
            var text = AlignedText(isWhole ? bytes : Array(bytes[part.range]), shift: part.range.lowerBound, keepsAlignment: keepsOffsets)
            for step in normalization { try step.apply(to: &text) }
            guard !normalizedFinder.tokens.isEmpty else {
                try encode(text, text.bytes.isEmpty ? [] : [0..<text.bytes.count], into: &work, &encoding)
                continue
            }
            for part in normalizedFinder.split(text.bytes, special: special) {
                if let id = part.id {
                    work.tokens.append(id)
                    if keepsOffsets { encoding.byteOffsets.append(text.original(part.range)) }
                } else {
                    try encode(text, [part.range], into: &work, &encoding)
                }
            }
        }
        encoding.tokens = work.tokens
        if keepsOffsets { encoding.locateScalars(in: bytes) }
        return encoding
    }

    /// Splits ranges of a text into words and appends their tokens.
    private func encode(
        _ text: AlignedText, _ ranges: [Range<Int>], into work: inout BPEModel.Work, _ encoding: inout TokenEncoding
    ) throws(TextError) {
        var words = TextPieces(text)
        words.ranges = ranges
        for step in splitting { try step.apply(to: &words) }
        work.lengths.removeAll(keepingCapacity: true)
        let first = work.tokens.count
        var starts: [Int] = []
        let keepsOffsets = text.keepsAlignment
        let failure: TextError? = words.text.bytes.withUnsafeBufferPointer { bytes in
            do throws(TextError) {
                for range in words.ranges {
                    let before = work.lengths.count
                    try model.encode(bytes, range, into: &work)
                    guard keepsOffsets else { continue }
                    var place = range.lowerBound
                    for index in before..<work.lengths.count {
                        starts.append(place)
                        place += Int(work.lengths[index])
                    }
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        guard keepsOffsets else { return }
        let limit = words.text.bytes.count
        for (index, start) in starts.enumerated() where first + index < work.tokens.count {
            let range = min(start, limit)..<min(start + Int(work.lengths[index]), limit)
            encoding.byteOffsets.append(words.text.original(range))
        }
    }
}
