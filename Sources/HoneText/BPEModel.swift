import HoneCore

/// The vocabulary and the merges of byte-pair encoding, on bytes or on characters.
///
/// Source: Sennrich, Haddow and Birch 2016. On characters, one without a token is spelled in byte tokens such as `<0xE4>` where
/// the vocabulary has them, as SentencePiece does (Kudo and Richardson 2018), and becomes the unknown token where not.
struct BPEModel: Sendable {
    /// One merge: two tokens that become one.
    struct Merge: Hashable, Sendable {
        let left: TokenID
        let right: TokenID
        let result: TokenID
    }

    /// What a file says beside vocabulary and merges.
    struct Options: Hashable, Sendable {
        /// Whether the spellings are bytes in the alphabet of `ByteSpelling`, and not characters.
        var isOfBytes = true
        /// Whether a word that is in the vocabulary is taken whole, whatever the merges say.
        var ignoresMerges = false
        var hasByteFallback = false
        /// The token for characters that have no other.
        var unknown: TokenID?
        /// Whether neighbouring unknown characters become one unknown token.
        var fusesUnknown = false
    }

    let options: Options
    let merges: [Merge]
    /// The spellings by token, as the file writes them.
    let spellings: PieceStore
    /// Tokens by spelling, in bytes of the text; without special tokens, which ordinary text never becomes.
    private let words: ByteTable
    private let pairs: PairTable
    /// The tokens of bytes: those of the alphabet, or those of the fallback; -1 where there is none.
    private let byteTokens: [TokenID]
    /// Pairs of neighbouring characters that some merge joins; nil when words cannot be taken apart by them.
    private let joints: PairTable?

    /// A model from its parts; throws when it is one of bytes and a byte that texts contain has no token.
    init(spellings: PieceStore, merges: [Merge], special: Set<TokenID>, options: Options) throws(TextError) {
        self.spellings = spellings
        self.merges = merges
        var words = ByteTable(capacity: spellings.count)
        var byteTokens = [TokenID](repeating: -1, count: 256)
        for id in 0..<spellings.count {
            guard let spelling = spellings[id] else { continue }
            let token = TokenID(id)
            if !options.isOfBytes, options.hasByteFallback, let byte = TokenDecoding.fallbackByte(spelling), byteTokens[Int(byte)] < 0 {
                byteTokens[Int(byte)] = token
            }
            guard !special.contains(token) else { continue }
            if options.isOfBytes {
                if let bytes = ByteSpelling.bytes(of: spelling) { words.add(bytes, token) }
            } else {
                words.add(Array(spelling), token)
            }
        }
        var options = options
        if options.isOfBytes {
            for byte in 0...255 { byteTokens[byte] = words.token(of: [UInt8(byte)]) ?? -1 }
            // No text has the bytes C0, C1 and F5 to FF, but they are asked for as well: vocabularies have all or are broken.
            if let byte = byteTokens.firstIndex(of: -1) {
                throw TextError("The vocabulary has no ordinary token for the byte \(byte); a byte-level vocabulary needs all 256")
            }
            (options.unknown, options.fusesUnknown, options.hasByteFallback) = (nil, false, false)
        }
        self.options = options
        self.words = words
        self.byteTokens = byteTokens
        var pairs = PairTable(capacity: merges.count)
        for (rank, merge) in merges.enumerated() where !special.contains(merge.result) {
            pairs.set(merge.left, merge.right, PairTable.Entry(rank: Int32(rank), result: merge.result))
        }
        self.pairs = pairs
        joints = options.isOfBytes ? nil : Self.joints(of: merges, spellings: spellings, words: words)
    }

    /// The pairs of characters that the merges join: in the middle of each merge lie the last character of its left side and the
    /// first of its right side. Where neighbours are no such pair, nothing merges across, and the text may be cut.
    private static func joints(of merges: [Merge], spellings: PieceStore, words: ByteTable) -> PairTable? {
        var joints = PairTable(capacity: merges.count)
        for merge in merges {
            guard let left = spellings[Int(merge.left)], let right = spellings[Int(merge.right)],
                TokenDecoding.fallbackByte(left) == nil, TokenDecoding.fallbackByte(right) == nil,
                let last = left.lastIndex(where: { $0 & 0xC0 != 0x80 }), !right.isEmpty
            else { return nil }
            let first = right.dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? right.endIndex
            guard let before = words.token(of: Array(left[last...])), let behind = words.token(of: Array(right[..<first])) else { return nil }
            joints.set(before, behind, PairTable.Entry(rank: 0, result: 0))
        }
        return joints
    }

    /// What encoding needs while it works: buffers, and the words that have come before.
    struct Work {
        /// The tokens so far, and how many bytes of the text each stands for.
        var tokens: [TokenID] = []
        var lengths: [Int32] = []
        fileprivate var word: [TokenID] = []
        fileprivate var wordLengths: [Int32] = []
        fileprivate var scratch = MergeScratch()
        fileprivate var known = ByteTable(capacity: 64)
        fileprivate var knownRanges: [(start: Int32, end: Int32)] = []
        fileprivate var knownTokens: [TokenID] = []
        fileprivate var knownLengths: [Int32] = []
    }

    /// Appends the tokens of one word of a text.
    func encode(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into work: inout Work) throws(TextError) {
        let word = UnsafeBufferPointer(rebasing: text[range])
        if options.ignoresMerges, let token = words.token(of: word) {
            work.tokens.append(token)
            work.lengths.append(Int32(word.count))
            return
        }
        if options.isOfBytes { return merge(word, into: &work) { for byte in word { $0.append(byteTokens[Int(byte)]) } } }
        var symbols: [TokenID] = []
        var lengths: [Int32] = []
        let isSimple = try spell(word, &symbols, &lengths)
        guard isSimple, let joints else {
            work.scratch.merge(&symbols, lengths: &lengths, pairs: pairs)
            work.tokens += symbols
            work.lengths += lengths
            return
        }
        var start = 0
        var first = 0
        var end = 0
        for index in symbols.indices {
            end += Int(lengths[index])
            if index + 1 < symbols.count, joints.find(symbols[index], symbols[index + 1]) != nil { continue }
            merge(UnsafeBufferPointer(rebasing: word[start..<end]), into: &work) { $0 += symbols[first...index] } lengths: {
                $0 += lengths[first...index]
            }
            start = end
            first = index + 1
        }
    }

    /// Merges one word, or takes it from those that came before.
    private func merge(
        _ word: UnsafeBufferPointer<UInt8>, into work: inout Work, symbols: (inout [TokenID]) -> Void, lengths: ((inout [Int32]) -> Void)? = nil
    ) {
        if let place = work.known.token(of: word) {
            let (start, end) = work.knownRanges[Int(place)]
            work.tokens += work.knownTokens[Int(start)..<Int(end)]
            work.lengths += work.knownLengths[Int(start)..<Int(end)]
            return
        }
        work.word.removeAll(keepingCapacity: true)
        work.wordLengths.removeAll(keepingCapacity: true)
        symbols(&work.word)
        if let lengths { lengths(&work.wordLengths) } else { for _ in work.word { work.wordLengths.append(1) } }
        work.scratch.merge(&work.word, lengths: &work.wordLengths, pairs: pairs)
        work.tokens += work.word
        work.lengths += work.wordLengths
        // Long words seldom come again.
        guard word.count <= 64 else { return }
        work.known.add(Array(word), TokenID(work.knownRanges.count))
        let start = Int32(work.knownTokens.count)
        work.knownTokens += work.word
        work.knownLengths += work.wordLengths
        work.knownRanges.append((start, Int32(work.knownTokens.count)))
    }

    /// The tokens of the characters of a word, with their lengths; whether all characters have tokens, their own or bytes.
    private func spell(_ word: UnsafeBufferPointer<UInt8>, _ symbols: inout [TokenID], _ lengths: inout [Int32]) throws(TextError) -> Bool {
        symbols.reserveCapacity(word.count)
        lengths.reserveCapacity(word.count)
        // Waits until something known follows, because the ones behind it may belong to it.
        var unknown: Int32?
        var isSimple = true
        var place = 0
        while place < word.count {
            let width = ScalarClasses.scalar(in: word, at: place).width
            let end = min(place + width, word.count)
            let character = UnsafeBufferPointer(rebasing: word[place..<end])
            if let token = words.token(of: character) {
                if let length = unknown, let id = options.unknown {
                    symbols.append(id)
                    lengths.append(length)
                    unknown = nil
                }
                symbols.append(token)
                lengths.append(Int32(width))
            } else if options.hasByteFallback, character.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
                for byte in character {
                    symbols.append(byteTokens[Int(byte)])
                    lengths.append(1)
                }
            } else {
                isSimple = false
                guard let id = options.unknown else { throw missing(character) }
                if let length = unknown, !options.fusesUnknown {
                    symbols.append(id)
                    lengths.append(length)
                    unknown = nil
                }
                unknown = (unknown ?? 0) + Int32(width)
            }
            place = end
        }
        if let length = unknown, let id = options.unknown {
            symbols.append(id)
            lengths.append(length)
        }
        return isSimple
    }

    private func missing(_ character: UnsafeBufferPointer<UInt8>) -> TextError {
        let text = String(decoding: character, as: UTF8.self)
        let code = String(text.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
        return TextError(
            "The vocabulary has no token for the character “\(text)” (U+\(code)), no byte tokens to spell it and no unknown token; "
                + "other libraries would leave it out without a word")
    }
}
