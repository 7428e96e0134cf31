import HoneCore

/// Qwen 2 and 2.5: Llama with biases of queries, keys and values.
enum Qwen2: ModelFamily {
    static let kinds = ["qwen2"]
    static let architecture = "Qwen2ForCausalLM"

    static func shape(_ fields: ConfigurationFields) throws -> ModelShape {
        try expect(fields, "hidden_act", in: ["silu"])
        var shape = try sizes(fields)
        (shape.ropeTheta, shape.form.ropeScaling) = try fields.rotary(default: 10_000)
        shape.hasQKVBias = true
        shape.family = "qwen2"
        try window(fields, &shape)
        return shape
    }

    /// The window of layers from `max_window_layers` on, or of those listed, where it is used at all.
    static func window(_ fields: ConfigurationFields, _ shape: inout ModelShape) throws {
        guard try fields.flag("use_sliding_window", default: false), let window = try fields.whole("sliding_window") else { return }
        shape.form.window = window
        let first = try fields.whole("max_window_layers") ?? 28
        shape.form.localLayers = try fields.slidingLayers(of: shape.layers) ?? Set((0..<max(0, shape.layers)).filter { $0 >= first })
    }

    static func particulars(of shape: ModelShape) -> [String: JSONValue] {
        var fields = rotary(shape)
        fields["hidden_act"] = .string("silu")
        fields["use_sliding_window"] = .bool(shape.form.window != nil)
        if let window = shape.form.window {
            fields["sliding_window"] = .integer(window)
            fields["layer_types"] = .array(
                (0..<shape.layers).map { .string(shape.form.isLocal($0) ? "sliding_attention" : "full_attention") })
            fields["max_window_layers"] = .integer(shape.form.localLayers.min() ?? shape.layers)
        }
        return fields
    }
}
