import HoneCore

/// Qwen 3: normed queries and keys, no biases, and a width of heads of its own.
enum Qwen3: ModelFamily {
    static let kinds = ["qwen3"]
    static let architecture = "Qwen3ForCausalLM"

    static func shape(_ fields: ConfigurationFields) throws -> ModelShape {
        try expect(fields, "hidden_act", in: ["silu"])
        try fields.refuse("attention_bias", "biases of attention")
        var shape = try sizes(fields, headWidth: 128)
        (shape.ropeTheta, shape.form.ropeScaling) = try fields.rotary(default: 10_000)
        shape.form.hasQKNorm = true
        shape.family = "qwen3"
        try Qwen2.window(fields, &shape)
        return shape
    }

    static func particulars(of shape: ModelShape) -> [String: JSONValue] {
        var fields = Qwen2.particulars(of: shape)
        fields["attention_bias"] = .bool(false)
        return fields
    }
}
