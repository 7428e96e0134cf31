import HoneCore

/// Llama, and what is built alike: SmolLM2, TinyLlama, Llama 3 with scaled positions, Mistral (with its window).
enum Llama: ModelFamily {
    static let kinds = ["llama", "mistral"]
    static let architecture = "LlamaForCausalLM"

    static func shape(_ fields: ConfigurationFields) throws -> ModelShape {
        try expect(fields, "hidden_act", in: ["silu", "swish"])
        try fields.refuse("attention_bias", "biases of attention")
        try fields.refuse("mlp_bias", "biases of the MLP")
        var shape = try sizes(fields)
        (shape.ropeTheta, shape.form.ropeScaling) = try fields.rotary(default: 10_000)
        if try fields.text("model_type") == "mistral", let window = try fields.whole("sliding_window"), window < shape.context {
            shape.form.window = window
            shape.form.localLayers = Set(0..<max(0, shape.layers))
            shape.family = "mistral"
        }
        return shape
    }

    static func particulars(of shape: ModelShape) -> [String: JSONValue] {
        var fields = rotary(shape)
        fields["hidden_act"] = .string("silu")
        if shape.form.window != nil {
            fields["model_type"] = .string("mistral")
            fields["architectures"] = .array([.string("MistralForCausalLM")])
            fields["sliding_window"] = shape.form.window.map { .integer($0) } ?? .null
        } else {
            fields["attention_bias"] = .bool(false)
            fields["mlp_bias"] = .bool(false)
        }
        return fields
    }
}
