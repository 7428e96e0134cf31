import HoneCore
import HoneText
import Testing

/// Learns merges by counting everything anew after each merge.
private struct NaiveTrainer {
    var size: Int
    var minimum: Int
    var special: [String]

    /// The spellings in the order of their ids, and the merges.
    func train(on texts: [String]) -> (spellings: [String], merges: [(Int, Int)]) {
        let alphabet = NaiveBPE.alphabet.map { String($0) }.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        var spellings = special + alphabet
        var merges: [(Int, Int)] = []
        var words = texts.flatMap { NaiveBPE.split($0) }.map { word in
            word.utf8.compactMap { byte in spellings[special.count...].firstIndex(of: String(NaiveBPE.alphabet[Int(byte)])) }
        }
        var refused: Set<[Int]> = []
        while spellings.count < size {
            var counts: [[Int]: Int] = [:]
            for word in words { for (left, right) in zip(word, word.dropFirst()) { counts[[left, right], default: 0] += 1 } }
            let frequent = counts.filter { $0.value >= max(1, minimum) && !refused.contains($0.key) }
            guard let best = frequent.min(by: { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) })?.key else { break }
            let union = spellings[best[0]] + spellings[best[1]]
            if special.contains(union) {
                refused.insert(best)
                continue
            }
            let result = spellings.firstIndex(of: union) ?? spellings.count
            if result == spellings.count { spellings.append(union) }
            merges.append((best[0], best[1]))
            for index in words.indices {
                var merged: [Int] = []
                var rest = words[index][...]
                while let first = rest.popFirst() {
                    if first == best[0], rest.first == best[1] {
                        rest.removeFirst()
                        merged.append(result)
                    } else {
                        merged.append(first)
                    }
                }
                words[index] = merged
            }
        }
        return (spellings, merges)
    }
}

@Suite("Training of byte-level BPE")
struct BPETrainingTests {
    /// The spellings by id and the merges by id, as the tokenizer's file has them.
    private func parts(_ tokenizer: BPETokenizer) throws -> (spellings: [String], merges: [[Int]]) {
        let model = try #require(tokenizer.json()["model"])
        guard case .object(let vocabulary)? = model["vocab"] else { return ([], []) }
        let spellings = vocabulary.sorted { ($0.value.int ?? 0) < ($1.value.int ?? 0) }.map(\.key)
        let merges = (model["merges"]?.elements ?? []).map { ($0.elements ?? []).compactMap { vocabulary[$0.text ?? ""]?.int } }
        return (spellings, merges)
    }

    private func corpus(_ generator: inout SeededGenerator, _ letters: [String]) -> [String] {
        (0..<generator.integer(in: 1...12)).map { _ in
            (0..<generator.integer(in: 0...30)).compactMap { _ in generator.element(of: letters) }.joined()
        }
    }

    @Test("what is learned is what counting anew after every merge gives, merge by merge", arguments: UInt64(0)..<20)
    func definition(seed: UInt64) throws {
        var generator = Seed(seed).child("train").generator
        let letters = [["a", "b"], ["a", "b", "c", " "], ["a", "aa", " ", "\n"], ["x", "é", "日", " ", "1", "'s"]][Int(seed % 4)]
        for minimum in [0, 1, 2, 5] {
            let texts = corpus(&generator, letters)
            let naive = NaiveTrainer(size: 290, minimum: minimum, special: ["<pad>", "<end>"]).train(on: texts)
            let trained = try BPETrainer(vocabularySize: 290, minimumFrequency: minimum).train(on: texts)
            let found = try parts(trained)
            #expect(found.spellings == naive.spellings, "\(texts)")
            #expect(found.merges == naive.merges.map { [$0.0, $0.1] }, "\(texts)")
        }
    }

    @Test("text that spells a special token is never merged into it", arguments: [
        ["<end>", "ab"], ["ab", "<end>", "abc"], ["<end>", "aa", "aaa"],
    ])
    func specialSpellings(special: [String]) throws {
        let texts = ["ab ab abc abcabc aa aaa aaaa", "abc ab aaa"]
        let naive = NaiveTrainer(size: 280, minimum: 1, special: special).train(on: texts)
        let trained = try BPETrainer(vocabularySize: 280, minimumFrequency: 1, specialTokens: special).train(on: texts)
        #expect(trained.bytes(of: 0).isEmpty && trained.bytes(of: TokenID(special.count - 1)).isEmpty)
        for text in texts {
            let tokens = try trained.encode(text)
            #expect(tokens.allSatisfy { $0 >= TokenID(special.count) })
            #expect(trained.decode(tokens) == text)
        }
        let isDistinct = Set(naive.spellings).count == naive.spellings.count
        if isDistinct { #expect(try parts(trained).spellings == naive.spellings) }
    }

    @Test("the order of the texts does not matter, nor does splitting them between words", arguments: UInt64(0)..<6)
    func invariance(seed: UInt64) throws {
        var generator = Seed(seed).child("order").generator
        let texts = corpus(&generator, ["ab", "ba", "c", " "]).filter { !$0.isEmpty }
        let trainer = BPETrainer(vocabularySize: 275, minimumFrequency: 1)
        let first = try trainer.train(on: texts)
        #expect(try trainer.train(on: generator.shuffled(texts)).fingerprint == first.fingerprint)
        #expect(try trainer.train(on: texts.flatMap { NaiveBPE.split($0) }).fingerprint == first.fingerprint)
        // Twice the texts have the same pairs in the same order of frequency.
        #expect(try trainer.train(on: texts + texts).fingerprint == first.fingerprint)
    }

    @Test("a smaller vocabulary is the beginning of a larger one")
    func prefixes() throws {
        let texts = ["the cat sat on the mat", "the hat that the cat had", "that mat"]
        let large = try parts(BPETrainer(vocabularySize: 285, minimumFrequency: 1).train(on: texts))
        for size in 258...285 {
            let small = try parts(BPETrainer(vocabularySize: size, minimumFrequency: 1).train(on: texts))
            #expect(small.spellings == Array(large.spellings.prefix(size)))
            #expect(small.merges == Array(large.merges.prefix(small.merges.count)))
        }
    }

    @Test("texts get shorter in tokens as the vocabulary grows, and none is lost")
    func compression() throws {
        let text = "she sells sea shells by the sea shore; the shells she sells are sea shells for sure"
        var last = Int.max
        for size in [258, 262, 270, 290, 320] {
            let tokenizer = try BPETrainer(vocabularySize: size, minimumFrequency: 1).train(on: [text])
            let tokens = try tokenizer.encode(text)
            #expect(tokens.count <= last)
            #expect(tokenizer.decode(tokens) == text)
            last = tokens.count
        }
        #expect(last < text.utf8.count / 2)
    }

    @Test("no text, empty texts and texts of one letter make no tokens")
    func nothingToLearn() throws {
        for texts in [[], [""], ["a", "b", "a"], [" ", "a"]] as [[String]] {
            let trained = try BPETrainer(vocabularySize: 300, minimumFrequency: 1).train(on: texts)
            #expect(trained.vocabularySize == 258)
            let single = try ["a", " ", "b"].map { try #require(trained.encode($0).first) }
            #expect(try trained.encode("a b") == single)
        }
    }

    @Test(
        "what cannot be trained is refused with what is needed",
        arguments: [
            (257, ["<pad>", "<end>"], "A vocabulary of 257 is too small; 2 special tokens and 256 bytes need 258"),
            (0, ["<end>"], "A vocabulary of 0 is too small; 1 special tokens and 256 bytes need 257"),
            (300, ["<end>", "<end>"], "Special tokens must be different and not empty"),
            (300, ["<end>", ""], "Special tokens must be different and not empty"),
            (300, ["a", "<end>"], "The special token “a” spells a byte"), (300, ["<end>", "Ġ"], "The special token “Ġ” spells a byte"),
            (300, [], "No special token ends a text"), (300, ["<stop>"], "No special token ends a text"),
        ])
    func refusals(size: Int, special: [String], sentence: String) {
        #expect {
            _ = try BPETrainer(vocabularySize: size, specialTokens: special).train(on: ["a"])
        } throws: { error in
            "\(error)".hasPrefix(sentence)
        }
    }

    @Test("the names by which an end and a padding are known", arguments: [
        (["<end>"], 0, 0), (["<pad>", "</s>"], 1, 0), (["<eos>", "[PAD]"], 0, 1), (["<|im_end|>", "<|endoftext|>"], 1, 1),
        (["xx", "<|eot_id|>", "<|pad|>"], 1, 2), (["<|end_of_text|>", "<|padding|>", "<pad>"], 0, 2),
        (["<|finetune_right_pad_id|>", "</s>", "<eos>"], 1, 0),
    ] as [([String], TokenID, TokenID)])
    func roles(special: [String], end: TokenID, padding: TokenID) throws {
        let trained = try BPETrainer(vocabularySize: 260, specialTokens: special).train(on: [String]())
        #expect(trained.endOfText == end)
        #expect(trained.padding == padding)
        #expect(trained.addedTokens.map(\.text) == special)
        #expect(special.allSatisfy { trained.id(ofAdded: $0) != nil } && trained.id(ofAdded: "none") == nil)
    }

    @Test("training on words without end takes time in proportion to the text")
    func time() throws {
        for part in ["a", "ab", "abc ", "\n", "日"] {
            let began = ownSeconds()
            let trained = try BPETrainer(vocabularySize: 280, minimumFrequency: 1).train(on: [String(repeating: part, count: 12_000)])
            #expect(trained.vocabularySize <= 280)
            #expect(ownSeconds() - began < 20, "\(part)")
        }
    }
}
