import CTorch

// Products, norms, attention and losses. B batch, T queries, S keys, D width, H heads, G key-value heads, V vocabulary.
extension Tensor {
    /// The matrix product over the last two dimensions; the others broadcast.
    public func matmul(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_matmul(handle, other.handle), "matmul", "[.., n, k] and [.., k, m] of one type", [self, other])
    }

    /// x wᵀ + bias: self [.., in], weight [out, in], bias [out].
    public func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_linear(handle, weight.handle, bias?.handle), "linear",
            "[.., in], a weight [out, in] and, if any, a bias [out], of one type",
            bias.map { [self, weight, $0] } ?? [self, weight])
    }

    /// self + a b: self broadcasts to [n, m], a [n, k], b [k, m].
    public func addmm(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_addmm(handle, a.handle, b.handle), "addmm", "a shape that broadcasts to [n, m], [n, k] and [k, m]",
            [self, a, b])
    }

    /// A sum of products in index notation, for example "bhtd,bhsd->bhts".
    public static func einsum(_ equation: String, _ tensors: [Tensor]) throws(TensorError) -> Tensor {
        try made(
            ht_einsum(equation, tensors.map { Optional($0.handle) }, Int32(tensors.count)), "einsum",
            "tensors that fit \(equation)", tensors)
    }

    /// The rows of the table self [V, D] at int64 indices [..]; gives [.., D].
    public func embedding(_ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_embedding(handle, index.handle), "embedding", "a table [V, D] and int64 indices below V",
            [self, index])
    }

    /// x / √(mean(x²) + ε) · weight over the last dimension (Zhang and Sennrich 2019).
    public func rmsNorm(_ weight: Tensor? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_rms_norm(handle, weight?.handle, epsilon), "rmsNorm", "[.., D] and a weight [D]",
            weight.map { [self, $0] } ?? [self])
    }

    /// (x - mean) / √(variance + ε) · weight + bias over the last dimension (Ba et al. 2016).
    public func layerNorm(
        _ weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_layer_norm(handle, weight?.handle, bias?.handle, epsilon), "layerNorm", "[.., D], a weight and a bias [D]",
            [self] + [weight, bias].compactMap { $0 })
    }

    /// softmax(q kᵀ scale + mask) v: self q [B, H, T, D], keys and values [B, G, S, D] where G divides H.
    ///
    /// A bool mask is true where attention is allowed; a float mask is added. `causal` lets query t see keys up to t.
    /// Without `scale` it is 1/√D.
    public func attention(
        keys: Tensor, values: Tensor, mask: Tensor? = nil, causal: Bool = false, scale: Double? = nil
    ) throws(TensorError) -> Tensor {
        guard rank >= 3, keys.rank == rank, values.rank == rank else {
            throw TensorError(
                "attention: found ranks \(rank), \(keys.rank) and \(values.rank), expected one rank of 3 or more")
        }
        return try Tensor.made(
            ht_sdpa(handle, keys.handle, values.handle, mask?.handle, causal, scale ?? 0), "attention",
            "[B, H, T, D], [B, G, S, D] and [B, G, S, D] of one type, a mask that broadcasts to [B, H, T, S], and not both "
                + "a mask and causal", [self, keys, values] + [mask].compactMap { $0 })
    }

    /// -log softmax(self)[target] for each position: self [.., V], targets [..] int64; gives [..], 0 where a target is
    /// negative.
    public func nll(_ targets: Tensor) throws(TensorError) -> Tensor {
        guard rank == targets.rank + 1, Array(shape.dropLast()) == targets.shape else {
            throw TensorError(
                "nll: found logits \(shape) and targets \(targets.shape), expected targets of shape \(shape.dropLast())")
        }
        return try Tensor.made(
            ht_nll(handle, targets.handle), "nll", "logits [.., V] and int64 targets below V", [self, targets])
    }

    /// log softmax(self)[token] for each position: self [.., V], tokens [..] int64; gives [..].
    public func logProbs(of tokens: Tensor) throws(TensorError) -> Tensor {
        try -nll(tokens)
    }

    /// The entropy of softmax(self) over the last dimension, in nats.
    public func entropy() throws(TensorError) -> Tensor {
        let logP = try logSoftmax(-1)
        return try -(logP.exp() * logP).sum(-1)
    }

    /// Scaled dot-product attention of [B, H, T, D] queries, each seeing keys up to its own place.
    public static func causalAttention(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, scale: Double
    ) throws(TensorError) -> Tensor {
        try q.attention(keys: k, values: v, causal: true, scale: scale)
    }

    /// A two-dimensional convolution: self [B, in, height, width], weight [out, in / groups, kh, kw].
    public func conv2d(
        _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
    ) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_conv2d(handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), Int64(groups)), "conv2d",
            "[B, in, h, w], a weight [out, in / groups, kh, kw] and a bias [out]",
            [self, weight] + [bias].compactMap { $0 })
    }
}
