public import HoneCore

extension BPETokenizer {
    /// A hash of everything that decides which tokens a text gets.
    public var fingerprint: String {
        if let json = try? json() { return SHA256.hex(json.canonical) }
        // A vocabulary that the file cannot keep apart is listed by its bytes beside the rest of the file.
        let spellings = model.spellings
        let listed = (0..<spellings.count).map { spellings[$0].map { $0.map(String.init).joined(separator: " ") } ?? "-" }
        let merged = model.merges.map { "\($0.left) \($0.right) \($0.result)" }
        return SHA256.hex((listed + merged + [file(vocabulary: [:]).canonical]).joined(separator: "\n"))
    }

    /// A `tokenizer.json` that other tools load; reading it gives an equal tokenizer. Throws where the vocabulary has two tokens
    /// that only composition tells apart; `fileBytes` is then all there is.
    public func json() throws -> JSONValue {
        var vocabulary: [String: JSONValue] = [:]
        for id in 0..<model.spellings.count {
            guard let spelling = model.spellings[id] else { continue }
            let text = String(decoding: spelling, as: UTF8.self)
            guard vocabulary.updateValue(.integer(id), forKey: text) == nil else {
                throw TextError("Two tokens are spelled “\(text)” in composed and decomposed form, which this format cannot keep apart")
            }
        }
        return file(vocabulary: vocabulary)
    }

    /// The bytes of the file it was read from, or else of the file that `json` gives.
    public func fileBytes() throws -> [UInt8] {
        if let source { return source }
        return Array(try json().canonical.utf8)
    }

    private func file(vocabulary: [String: JSONValue]) -> JSONValue {
        func written(_ id: TokenID) -> JSONValue { .string(String(decoding: spelling(of: id), as: UTF8.self)) }
        func spelled(_ id: TokenID) -> JSONValue { .string(String(decoding: model.spellings[Int(id)] ?? [], as: UTF8.self)) }
        let pairs = model.merges.map { JSONValue.array([spelled($0.left), spelled($0.right)]) }
        let byteLevel: JSONValue =
            if case .bytes? = splitting.last { SplitStep.json([splitting[splitting.count - 1]]) } else { .null }
        let framing = template.json { String(decoding: spelling(of: $0), as: UTF8.self) }
        let processor: JSONValue =
            if let trimming = offsetTrimming?.json {
                framing == .null ? trimming : .object(["type": .string("Sequence"), "processors": .array([trimming, framing])])
            } else {
                framing
            }
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null, "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": NormalizationStep.json(normalization), "pre_tokenizer": SplitStep.json(splitting), "post_processor": processor,
            "decoder": decoding.json(bytes: byteLevel),
            "model": .object([
                "type": .string("BPE"), "dropout": .null, "unk_token": model.options.unknown.map(written) ?? .null,
                "continuing_subword_prefix": .null, "end_of_word_suffix": .null, "fuse_unk": .bool(model.options.fusesUnknown),
                "byte_fallback": .bool(model.options.hasByteFallback), "ignore_merges": .bool(model.options.ignoresMerges),
                "vocab": .object(vocabulary), "merges": .array(pairs),
            ]),
        ])
    }
}
