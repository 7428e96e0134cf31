import HoneCore

extension ModelShape {
    /// The `config.json` of the shape, as its family writes it.
    func configuration(end: TokenID, padding: TokenID) -> JSONValue {
        let family = ModelFamilies.of(self)
        let fields: [String: JSONValue] = [
            "architectures": .array([.string(family.architecture)]), "model_type": .string(family.kinds[0]),
            "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
            "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(kvHeads),
            "head_dim": .integer(headWidth), "intermediate_size": .integer(mlp), "vocab_size": .integer(vocabulary),
            "max_position_embeddings": .integer(context), "rms_norm_eps": .number(epsilon), "tie_word_embeddings": .bool(isTied),
            "torch_dtype": .string("float32"), "dtype": .string("float32"), "use_cache": .bool(true),
            "initializer_range": .number(0.02), "attention_dropout": .number(0), "bos_token_id": .null,
            "eos_token_id": .integer(Int(end)), "pad_token_id": .integer(Int(padding)),
        ]
        return .object(fields.merging(family.particulars(of: self)) { $1 })
    }

    /// The shape that a `config.json` describes.
    init(configuration: JSONValue, place: String) throws {
        let fields = try ConfigurationFields(configuration, place: place)
        let kind = try fields.text("model_type") ?? "llama"
        self = try ModelFamilies.named(kind, place: place).shape(fields)
        do { try check() } catch { throw ModelError("\(place): \(error)") }
    }
}
