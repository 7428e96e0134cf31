import HoneCore

/// Gemma 3 without its eyes: norms by 1 + w around both halves of a block, GELU gates, local and global layers with bases of their own.
enum Gemma3: ModelFamily {
    static let kinds = ["gemma3_text"]
    static let architecture = "Gemma3ForCausalLM"

    static func shape(_ fields: ConfigurationFields) throws -> ModelShape {
        try expect(fields, "hidden_activation", in: ["gelu_pytorch_tanh"])
        try fields.refuse("attention_bias", "biases of attention")
        try fields.refuse("final_logit_softcapping", "capped logits")
        try fields.refuse("attn_logit_softcapping", "capped scores")
        try fields.refuse("use_bidirectional_attention", "attention in both directions")
        var shape = try sizes(fields, headWidth: 256, isTied: true)
        (shape.ropeTheta, shape.form.ropeScaling) = try fields.rotary("full_attention", default: 1_000_000)
        shape.form.hasQKNorm = true
        shape.form.normsAddOne = true
        shape.form.hasPostNorms = true
        shape.form.activation = .geluTanh
        shape.form.scalesEmbeddings = true
        shape.form.queryScalar = try fields.number("query_pre_attn_scalar") ?? 256
        shape.form.window = try fields.whole("sliding_window") ?? 4096
        let pattern = max(1, try fields.whole("sliding_window_pattern") ?? fields.whole("_sliding_window_pattern") ?? 6)
        shape.form.localLayers = try fields.slidingLayers(of: shape.layers)
            ?? Set((0..<max(0, shape.layers)).filter { ($0 + 1) % pattern != 0 })
        let listed = try fields.object("rope_parameters")?.object("sliding_attention")
        if let listed, try RotaryScaling(listed) != nil {
            throw ModelError("\(listed.place) scales the positions of local layers, which cannot be computed here")
        }
        shape.form.localRopeTheta = try listed?.number("rope_theta") ?? fields.number("rope_local_base_freq") ?? 10_000
        shape.family = "gemma3_text"
        return shape
    }

    static func particulars(of shape: ModelShape) -> [String: JSONValue] {
        let form = shape.form
        var global = form.ropeScaling?.fields() ?? ["rope_type": .string("default")]
        global["rope_theta"] = .number(shape.ropeTheta)
        let local: [String: JSONValue] = ["rope_type": .string("default"), "rope_theta": .number(form.localRopeTheta ?? shape.ropeTheta)]
        return [
            "hidden_activation": .string("gelu_pytorch_tanh"), "attention_bias": .bool(false),
            "query_pre_attn_scalar": form.queryScalar.map { .number($0) } ?? .integer(shape.headWidth),
            "sliding_window": form.window.map { .integer($0) } ?? .null,
            "layer_types": .array((0..<shape.layers).map { .string(form.isLocal($0) ? "sliding_attention" : "full_attention") }),
            "rope_theta": .number(shape.ropeTheta), "rope_local_base_freq": .number(form.localRopeTheta ?? shape.ropeTheta),
            "rope_scaling": form.ropeScaling.map { .object($0.fields()) } ?? .null,
            "rope_parameters": .object(["full_attention": .object(global), "sliding_attention": .object(local)]),
            "final_logit_softcapping": .null, "attn_logit_softcapping": .null,
        ]
    }
}
