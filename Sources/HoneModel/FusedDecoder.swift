import CTorch
import HoneTensor

/// The fused decoder: its own packed copy of the weights and a key/value cache of many slots.
///
/// A row's result depends on its slot's tokens only, whatever else is in the step and however many threads there are.
final class FusedDecoder: Decoder {
    private let handle: OpaquePointer
    let shape: ModelShape
    /// Sequences held at once.
    let slots: Int

    /// Whether its matrices are kept in bfloat16: half the memory, and half of what a token reads from it.
    let keepsHalf: Bool

    init(_ shape: ModelShape, slots: Int, threads: Int = 0, keepsHalf: Bool = false) throws {
        self.keepsHalf = keepsHalf
        let form = shape.form
        var sizes = ht_decoder_shape(
            hidden: Int64(shape.width), layers: Int64(shape.layers), heads: Int64(shape.heads),
            kv_heads: Int64(shape.kvHeads), head_dim: Int64(shape.headWidth), mlp: Int64(shape.mlp),
            vocabulary: Int64(shape.vocabulary), slots: Int64(slots), context: Int64(shape.context),
            rope_theta: shape.ropeTheta, rms_eps: shape.epsilon, tied: shape.isTied, qkv_bias: shape.hasQKVBias,
            threads: Int32(threads), qk_norm: form.hasQKNorm, post_norms: form.hasPostNorms, gelu: form.activation == .geluTanh,
            embedding_scale: form.scalesEmbeddings ? Double(shape.width).squareRoot() : 0, query_scalar: form.queryScalar ?? 0,
            window: Int64(form.localLayers.isEmpty ? 0 : form.window ?? 0), half_weights: keepsHalf)
        var status: Int32 = 0
        guard let made = ht_decoder_new(&sizes, &status) else { throw Self.error(status) }
        handle = made
        self.shape = shape
        self.slots = slots
        // The tables are those of the forward pass, bit for bit.
        let tables = try RotaryTables.of(shape)
        func check(_ status: Int32) throws { if status != 0 { throw Self.error(status) } }
        try tables.global.cosines.withFloats { c in
            try tables.global.sines.withFloats { s in try check(ht_decoder_set_rotary(handle, c, s)) }
        }
        guard sizes.window > 0 else { return }
        let isLocal = (0..<shape.layers).map(form.isLocal)
        try tables.local.cosines.withFloats { c in
            try tables.local.sines.withFloats { s in try check(ht_decoder_set_local(handle, isLocal, c, s)) }
        }
    }

    deinit { ht_decoder_free(handle) }

    private static func error(_ status: Int32) -> ModelError {
        ModelError("The decoder refused: \(String(cString: ht_decoder_status_text(status)))")
    }

    func use(threads: Int) { ht_decoder_set_threads(handle, Int32(threads)) }

    func load(_ network: Network) throws {
        let (c, d) = (shape.width, shape.headWidth)
        let names = Transformer.names(of: shape)
        let weights = try zip(names, network.mergedParameters()).map { name, weight in
            try shape.form.normsAddOne && name.hasSuffix("norm.weight") ? weight + 1 : weight.contiguous()
        }
        var pointers: [UnsafePointer<Float>?] = []
        for (name, tensor) in zip(names, weights) {
            try tensor.withFloats { base in
                if name.hasSuffix("qkv_proj.weight") {
                    pointers += [base, base + shape.heads * d * c, base + (shape.heads + shape.kvHeads) * d * c]
                } else if name.hasSuffix("qkv_proj.bias") {
                    pointers += [base, base + shape.heads * d, base + (shape.heads + shape.kvHeads) * d]
                } else if name.hasSuffix("gate_up_proj.weight") {
                    pointers += [base, base + shape.mlp * c]
                } else {
                    pointers.append(base)
                }
            }
        }
        let status = withExtendedLifetime(weights) { ht_decoder_load(handle, pointers, Int32(pointers.count)) }
        guard status == 0 else { throw Self.error(status) }
    }

    func step(
        slot: [Int32], position: [Int32], token: [Int32], outRows: [Int32], logits: UnsafeMutablePointer<Float>
    ) throws(ModelError) {
        let status = ht_decoder_step(
            handle, Int32(token.count), slot, position, token, outRows, Int32(outRows.count), logits)
        guard status == 0 else { throw Self.error(status) }
    }

    func copy(from: Int32, to: Int32, length: Int) throws(ModelError) {
        let status = ht_decoder_copy_slot(handle, from, to, Int32(length))
        guard status == 0 else { throw Self.error(status) }
    }
}
