import HoneTensor

/// The operations of a block that are worth a kernel of their own; composites of libtorch's operations give the same values.
enum FusedOperations {
    /// Rotary tables of the positions at hand, [T, D/2].
    struct Rotary {
        let cosines: Tensor
        let sines: Tensor
    }

    /// RMSNorm over the last dimension.
    static func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Double) throws -> Tensor {
        try x.rmsNorm(weight, epsilon: epsilon)
    }

    /// SiLU(gate)·up of a joint product [.., 2·mlp].
    static func swiGLU(_ gateUp: Tensor, mlp: Int) throws -> Tensor {
        let gate = try gateUp.narrow(-1, from: 0, length: mlp)
        return try gate.siluMul(try gateUp.narrow(-1, from: mlp, length: mlp))
    }

    /// Queries, keys and values [B, H, T, D] of a joint product [B, T, (H+2K)·D], rotated; keys and values repeated for
    /// grouped queries.
    static func split(_ qkv: Tensor, shape: ModelShape, rotary: Rotary) throws -> (Tensor, Tensor, Tensor) {
        let (b, t, d) = (qkv.size(0), qkv.size(1), shape.headWidth)
        func part(_ from: Int, _ heads: Int) throws -> Tensor {
            try qkv.narrow(2, from: from * d, length: heads * d).reshape([b, t, heads, d]).transpose(1, 2)
        }
        func rotated(_ x: Tensor) throws -> Tensor {
            let a = try x.narrow(3, from: 0, length: d / 2)
            let c = try x.narrow(3, from: d / 2, length: d / 2)
            return try Tensor.cat(
                [a * rotary.cosines - c * rotary.sines, c * rotary.cosines + a * rotary.sines], 3)
        }
        let q = try rotated(try part(0, shape.heads))
        var k = try rotated(try part(shape.heads, shape.kvHeads))
        var v = try part(shape.heads + shape.kvHeads, shape.kvHeads)
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
        let logProbsNV = try hiddenNC.linear(weight).logSoftmax(-1)
        let chosen = try logProbsNV.gather(1, try targets.unsqueeze(1)).squeeze(1)
        guard wantsEntropies else { return (chosen, nil) }
        return (chosen, try -(try logProbsNV.exp() * logProbsNV).sum(-1))
    }
}
