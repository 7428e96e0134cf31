import CTorch
import HoneTensor

/// The operations of a block that have kernels of their own, with gradients.
enum FusedOperations {
    /// RMSNorm over the last dimension.
    static func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Double) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_fused_rms_norm(x.handle, weight.handle, epsilon))
    }

    /// SiLU(gate)·up of a joint product [.., 2·mlp], gate first.
    static func swiGLU(_ gateUp: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_fused_swiglu(gateUp.handle))
    }

    /// Queries [B, H, T, D], keys and values [B, K, T, D] of a joint product [B, T, (H+2K)·D]; queries and keys rotated.
    static func split(
        _ qkv: Tensor, cosines: Tensor, sines: Tensor, heads: Int, kvHeads: Int
    ) throws(TensorError) -> (q: Tensor, k: Tensor, v: Tensor) {
        var out: [OpaquePointer?] = [nil, nil, nil]
        guard ht_fused_rope_split(qkv.handle, cosines.handle, sines.handle, Int64(heads), Int64(kvHeads), &out) else {
            throw TensorError.latest
        }
        return (try Tensor(taking: out[0]), try Tensor(taking: out[1]), try Tensor(taking: out[2]))
    }

    /// Log-probabilities [N] of int64 targets under softmax(hidden·Wᵀ), and the entropies [N] of the distributions.
    static func tokenLogProbs(
        hiddenNC: Tensor, weight: Tensor, targetsN: Tensor
    ) throws(TensorError) -> (logProbs: Tensor, entropies: Tensor) {
        var entropies: OpaquePointer?
        let logProbs = try Tensor(
            taking: ht_fused_token_log_probs(hiddenNC.handle, weight.handle, targetsN.handle, 1, &entropies))
        return (logProbs, try Tensor(taking: entropies))
    }

    /// cos and sin of the rotary angles, [context, frequencies] each, as the decoder computes them.
    static func rotaryTables(context: Int, frequencies: [Float]) throws(TensorError) -> (Tensor, Tensor) {
        let half = frequencies.count
        var cosines = [Float](repeating: 0, count: context * half)
        var sines = cosines
        ht_rotary_table_of(Int64(context), Int64(half), frequencies, &cosines, &sines)
        return (try Tensor(cosines, shape: [context, half]), try Tensor(sines, shape: [context, half]))
    }
}
