import CTorch
import HoneTensor

/// The operations of a block that have a kernel of their own, with gradient; other types than float32 fall back to composites
/// inside the kernels.
enum FusedOperations {
    /// Rotary tables of the positions at hand, [T, D/2].
    struct Rotary {
        let cosines: Tensor
        let sines: Tensor
    }

    /// RMSNorm over the last dimension.
    static func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Double) throws -> Tensor {
        try Tensor(taking: ht_fused_rms_norm(x.handle, weight.handle, epsilon))
    }

    /// SiLU(gate)·up of a joint product [.., 2·mlp].
    static func swiGLU(_ gateUp: Tensor) throws -> Tensor { try Tensor(taking: ht_fused_swiglu(gateUp.handle)) }

    /// Queries [B, H, T, D], keys and values of a joint product [B, T, (H+2K)·D], queries and keys rotated; keys and values
    /// repeated for grouped queries.
    static func split(_ qkv: Tensor, shape: ModelShape, rotary: Rotary) throws -> (Tensor, Tensor, Tensor) {
        var parts: (OpaquePointer?, OpaquePointer?, OpaquePointer?) = (nil, nil, nil)
        let worked = withUnsafeMutableBytes(of: &parts) { bytes in
            ht_fused_rope_split(
                qkv.handle, rotary.cosines.handle, rotary.sines.handle, Int64(shape.heads), Int64(shape.kvHeads),
                bytes.bindMemory(to: OpaquePointer?.self).baseAddress)
        }
        guard worked else { throw ModelError("The attention inputs cannot be split: \(String(cString: ht_last_error()))") }
        let q = try Tensor(taking: parts.0)
        var k = try Tensor(taking: parts.1)
        var v = try Tensor(taking: parts.2)
        if shape.kvHeads != shape.heads {
            k = try k.repeatInterleave(shape.heads / shape.kvHeads, 1)
            v = try v.repeatInterleave(shape.heads / shape.kvHeads, 1)
        }
        return (q, k, v)
    }

    /// Log-probabilities [N] of targets under softmax(hidden·Wᵀ), and the distributions' entropies where wanted.
    static func tokenLogProbs(
        hiddenNC: Tensor, weight: Tensor, targets: Tensor, wantsEntropies: Bool
    ) throws -> (logProbs: Tensor, entropies: Tensor?) {
        var entropies: OpaquePointer?
        let logProbs = try Tensor(
            taking: ht_fused_token_log_probs(hiddenNC.handle, weight.handle, targets.handle, 1, wantsEntropies ? &entropies : nil))
        return (logProbs, wantsEntropies ? try Tensor(taking: entropies) : nil)
    }
}
