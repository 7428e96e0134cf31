import HoneCore

/// Which tokens end, begin and fill a text, as the files beside a `tokenizer.json` name them.
struct TokenRoles: Sendable {
    /// A token by its written form or by its id, and the file that says so.
    enum Name: Hashable, Sendable {
        case text(String, place: String)
        case id(Int, place: String)
    }

    var end: Name?
    var begin: Name?
    var padding: Name?
    /// Further tokens after which a model has finished.
    var stops: [Name] = []
    /// Whether some file was there to say; where not, the usual written forms are looked for.
    var isStated = false

    /// The roles as ids.
    struct Resolved {
        var end: TokenID
        var begin: TokenID?
        var padding: TokenID
        var stops: [TokenID]
        /// The ids that files name, which are special whatever the `tokenizer.json` says.
        var named: [TokenID]
    }

    private static let ends = [
        "<end>", "<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "</s>", "<eos>", "<|eos|>", "<|end|>", "<|return|>",
        "<｜end▁of▁sentence｜>",
    ]
    private static let begins = ["<s>", "<bos>", "<|begin_of_text|>", "<|startoftext|>", "<｜begin▁of▁sentence｜>"]
    private static let paddings = ["<pad>", "<|pad|>", "[PAD]", "<|padding|>", "<|finetune_right_pad_id|>"]

    /// The ids; throws when a file names a token that is not there, or nothing ends a text.
    func resolved(added: [AddedToken], spellings: PieceStore, count: Int) throws(TextError) -> Resolved {
        func usual(_ names: [String]) -> TokenID? {
            names.lazy.compactMap { name in added.first { $0.text == name && $0.isSpecial }?.id }.first
        }
        func id(_ name: Name) throws(TextError) -> TokenID {
            switch name {
            case .id(let id, let place):
                guard id >= 0, id < count else { throw TextError("\(place) names the token \(id), but the vocabulary has 0 to \(count - 1)") }
                return TokenID(id)
            case .text(let text, let place):
                let bytes = Array(text.utf8)
                if let token = added.first(where: { $0.text.utf8.elementsEqual(bytes) }) { return token.id }
                guard let id = (0..<spellings.count).first(where: { spellings[$0]?.elementsEqual(bytes) ?? false }) else {
                    throw TextError("\(place) names the token “\(text.shown)”, which the vocabulary does not have")
                }
                return TokenID(id)
            }
        }
        var stops: [TokenID] = []
        for name in self.stops { stops.append(try id(name)) }
        let stated: TokenID? = if let end { try id(end) } else { stops.first }
        guard let end = stated ?? usual(Self.ends) else {
            throw TextError(
                "No special token ends a text; <end>, <|endoftext|>, <|end_of_text|>, <|im_end|>, <|eot_id|>, </s> or <eos> is needed, or an "
                    + "eos_token in a tokenizer_config.json beside the file")
        }
        var named = stops + (stated.map { [$0] } ?? [])
        var begin: TokenID?
        if let name = self.begin {
            let found = try id(name)
            begin = found
            named.append(found)
        } else if !isStated {
            begin = usual(Self.begins)
        }
        var padding = usual(Self.paddings) ?? end
        if let name = self.padding {
            padding = try id(name)
            named.append(padding)
        }
        return Resolved(end: end, begin: begin, padding: padding, stops: Set(stops + [end]).sorted(), named: named)
    }
}
