import HoneCore

/// Learns a byte-level BPE vocabulary from texts.
///
/// The most frequent pair of neighbours within words becomes a token, again and again (Sennrich, Haddow and Birch 2016). Of
/// equally frequent pairs the one with the lowest ids wins, so the result depends on the texts alone, and equals that of the
/// Python `tokenizers` library with the full byte alphabet.
public struct BPETrainer: Sendable {
    /// How many tokens the vocabulary shall have; fewer result when no pair is frequent enough.
    public var vocabularySize: Int
    /// How often a pair must occur to become a token.
    public var minimumFrequency: Int
    /// Special tokens, which get the first ids; one of them must be `<end>`.
    public var specialTokens: [String]

    /// A trainer; special tokens and 256 bytes come first in the vocabulary.
    public init(vocabularySize: Int, minimumFrequency: Int = 2, specialTokens: [String] = ["<pad>", "<end>"]) {
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
        self.specialTokens = specialTokens
    }

    private struct Candidate: Comparable {
        let count: Int
        let pair: UInt64

        static func < (a: Candidate, b: Candidate) -> Bool { (b.count, a.pair) < (a.count, b.pair) }
    }

    /// The tokenizer learned from texts; throws when the vocabulary is too small for the special tokens and the bytes, or when
    /// special tokens are not told apart from each other and from bytes.
    public func train(on texts: some Sequence<String>) throws(TextError) -> BPETokenizer {
        let base = specialTokens.count + 256
        guard vocabularySize >= base else {
            throw TextError("A vocabulary of \(vocabularySize) is too small; \(specialTokens.count) special tokens and 256 bytes need \(base)")
        }
        guard Set(specialTokens.map { ExactText($0) }).count == specialTokens.count, !specialTokens.contains("") else {
            throw TextError("Special tokens must be different and not empty")
        }
        if let token = specialTokens.first(where: { ByteSpelling.bytes(of: Array($0.utf8))?.count == 1 }) {
            throw TextError("The special token “\(token)” spells a byte; special tokens need a written form of two characters or more")
        }
        var spellings = specialTokens.map { Array($0.utf8) } + ByteSpelling.ordered.map { Array(ByteSpelling.spelled([$0]).utf8) }
        var ids: [[UInt8]: TokenID] = [:]
        for (id, spelling) in spellings.enumerated() { ids[spelling] = TokenID(id) }
        var words = Words(texts, byteToken: (0...255).map { ids[Array(ByteSpelling.spelled([UInt8($0)]).utf8)] ?? 0 })

        var counts: [UInt64: Int] = [:]
        var places: [UInt64: [Int]] = [:]
        for index in words.tokens.indices { words.count(of: index, into: &counts, places: &places) }
        var queue = MinimumHeap<Candidate>()
        for (pair, count) in counts { queue.insert(Candidate(count: count, pair: pair)) }

        var merges: [BPEModel.Merge] = []
        while spellings.count < vocabularySize, let best = queue.removeFirst() {
            let count = counts[best.pair] ?? 0
            if count != best.count {
                if count > 0, count < best.count { queue.insert(Candidate(count: count, pair: best.pair)) }
                continue
            }
            guard count >= max(1, minimumFrequency) else { break }
            let left = TokenID(truncatingIfNeeded: best.pair >> 32)
            let right = TokenID(truncatingIfNeeded: best.pair)
            let spelling = spellings[Int(left)] + spellings[Int(right)]
            // Text that spells a special token stays text.
            if let known = ids[spelling], Int(known) < specialTokens.count {
                counts[best.pair] = nil
                places[best.pair] = nil
                continue
            }
            let result = ids[spelling] ?? TokenID(spellings.count)
            if ids[spelling] == nil {
                ids[spelling] = result
                spellings.append(spelling)
            }
            merges.append(BPEModel.Merge(left: left, right: right, result: result))
            var changed: Set<UInt64> = []
            let occurrences = Set(places.removeValue(forKey: best.pair) ?? []).sorted()
            for index in occurrences {
                words.merge(left, right, into: result, in: index) { pair, change in
                    counts[pair, default: 0] += change
                    if change > 0 {
                        places[pair, default: []].append(index)
                        changed.insert(pair)
                    }
                }
            }
            counts[best.pair] = nil
            for pair in changed {
                if let count = counts[pair], count > 0 { queue.insert(Candidate(count: count, pair: pair)) }
            }
        }
        let added = specialTokens.enumerated().map { AddedToken(text: $0.element, id: TokenID($0.offset)) }
        var store = PieceStore(count: spellings.count)
        for (id, spelling) in spellings.enumerated() { store.set(id, spelling) }
        let model = try BPEModel(spellings: store, merges: merges, special: Set(added.map(\.id)), options: .init())
        return try BPETokenizer(model: model, addedTokens: added)
    }

    /// The different words of the texts with how often each occurs.
    private struct Words {
        var tokens: [[TokenID]] = []
        var frequencies: [Int] = []

        init(_ texts: some Sequence<String>, byteToken: [TokenID]) {
            var index: [[UInt8]: Int] = [:]
            for text in texts {
                let bytes = Array(text.utf8)
                var ranges: [Range<Int>] = []
                bytes.withUnsafeBufferPointer { WordScanner.gpt2.split($0, 0..<$0.count, into: &ranges) }
                for range in ranges {
                    let word = Array(bytes[range])
                    if let known = index[word] {
                        frequencies[known] += 1
                    } else {
                        index[word] = tokens.count
                        tokens.append(word.map { byteToken[Int($0)] })
                        frequencies.append(1)
                    }
                }
            }
        }

        func count(of index: Int, into counts: inout [UInt64: Int], places: inout [UInt64: [Int]]) {
            let word = tokens[index]
            for (left, right) in zip(word, word.dropFirst()) {
                let pair = PairTable.key(left, right)
                counts[pair, default: 0] += frequencies[index]
                if places[pair]?.last != index { places[pair, default: []].append(index) }
            }
        }

        /// Merges a pair in one word and reports how the counts of the pairs around it change.
        mutating func merge(
            _ left: TokenID, _ right: TokenID, into result: TokenID, in index: Int, change: (UInt64, Int) -> Void
        ) {
            let word = tokens[index]
            let frequency = frequencies[index]
            var merged: [TokenID] = []
            merged.reserveCapacity(word.count)
            var position = 0
            while position < word.count {
                guard position + 1 < word.count, word[position] == left, word[position + 1] == right else {
                    merged.append(word[position])
                    position += 1
                    continue
                }
                if let before = merged.last {
                    change(PairTable.key(before, left), -frequency)
                    change(PairTable.key(before, result), frequency)
                }
                if position + 2 < word.count {
                    change(PairTable.key(right, word[position + 2]), -frequency)
                    change(PairTable.key(result, word[position + 2]), frequency)
                }
                merged.append(result)
                position += 2
            }
            tokens[index] = merged
        }
    }
}
