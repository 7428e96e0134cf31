import CTorch

extension Tensor {
    /// The sum of all elements.
    public func sum() throws(TensorError) -> Tensor { try Tensor(taking: ht_sum(handle)) }
    /// The mean of all elements.
    public func mean() throws(TensorError) -> Tensor { try Tensor(taking: ht_mean(handle)) }
    /// The sum over dimensions.
    public func sum(_ dims: Int..., keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_sum_dim(handle, dims.map(Int64.init), Int32(dims.count), keep))
    }
    /// The largest of all elements.
    public func max() throws(TensorError) -> Tensor { try Tensor(taking: ht_max(handle)) }
    /// Probabilities along a dimension.
    public func softmax(_ dim: Int) throws(TensorError) -> Tensor { try Tensor(taking: ht_softmax(handle, Int64(dim))) }
    /// Log-probabilities along a dimension.
    public func logSoftmax(_ dim: Int) throws(TensorError) -> Tensor { try Tensor(taking: ht_log_softmax(handle, Int64(dim))) }
    /// Matrix product, batched over leading dimensions.
    public func matmul(_ other: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_matmul(handle, other.handle)) }
    /// x·Wᵀ + b, with W of shape [out, in].
    public func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_linear(handle, weight.handle, bias?.handle))
    }
    /// Rows of a table [V, H] at whole-number indices.
    public func embedding(_ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_embedding(handle, index.handle))
    }
    /// Root-mean-square normalisation over the last dimension (Zhang and Sennrich 2019).
    public func rmsNorm(_ weight: Tensor, epsilon: Double) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_rms_norm(handle, weight.handle, epsilon))
    }
    /// SiLU(gate)·up.
    public func siluMul(_ up: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_silu_mul(handle, up.handle)) }
    /// Scaled dot-product attention of [B, H, T, D] queries, causal.
    public static func causalAttention(_ q: Tensor, _ k: Tensor, _ v: Tensor, scale: Double) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_sdpa(q.handle, k.handle, v.handle, nil, true, scale))
    }
}
