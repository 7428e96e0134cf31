import CTorch

// Reductions. Whole-tensor sums are added in fixed blocks: their bits do not depend on the thread count.
extension Tensor {
    /// The sum of all elements.
    public func sum() throws(TensorError) -> Tensor {
        try Tensor.made(ht_sum(handle), "sum", "a tensor of numbers", [self])
    }

    /// The mean of all elements.
    public func mean() throws(TensorError) -> Tensor {
        try Tensor.made(ht_mean(handle), "mean", "a tensor of numbers", [self])
    }

    /// The sum over one dimension or several.
    public func sum(_ dims: Int..., keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_sum_dim(handle, dims.map(Int64.init), Int32(dims.count), keep), "sum", "dimensions \(dims) of the tensor",
            [self])
    }

    /// The mean over one dimension or several.
    public func mean(_ dims: Int..., keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_mean_dim(handle, dims.map(Int64.init), Int32(dims.count), keep), "mean",
            "floating-point numbers and dimensions \(dims)", [self])
    }

    /// The variance over one dimension, divided by `count - correction` (1 gives the unbiased estimate).
    public func variance(_ dim: Int, correction: Int = 1, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_var_dim(handle, Int64(dim), Int64(correction), keep), "variance",
            "floating-point numbers and dimension \(dim)", [self])
    }

    /// The largest element of all.
    public func max() throws(TensorError) -> Tensor {
        try Tensor.made(ht_max(handle), "max", "one element or more", [self])
    }

    /// The smallest element of all.
    public func min() throws(TensorError) -> Tensor {
        try Tensor.made(ht_min(handle), "min", "one element or more", [self])
    }

    /// The largest elements over a dimension, and where they are.
    public func max(_ dim: Int, keep: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try pair("max", "dimension \(dim)") { ht_max_dim(handle, Int64(dim), keep, $0, $1) }
    }

    /// The smallest elements over a dimension, and where they are.
    public func min(_ dim: Int, keep: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try pair("min", "dimension \(dim)") { ht_min_dim(handle, Int64(dim), keep, $0, $1) }
    }

    /// The `k` largest (or smallest) elements over a dimension in order, and where they are.
    public func topk(
        _ k: Int, _ dim: Int, largest: Bool = true
    ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try pair("topk", "at least \(k) elements in dimension \(dim)") {
            ht_topk(handle, Int64(k), Int64(dim), largest, $0, $1)
        }
    }

    /// The elements in order over a dimension (equal ones keep theirs), and where they were.
    public func sort(
        _ dim: Int, descending: Bool = false
    ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try pair("sort", "dimension \(dim)") { ht_sort(handle, Int64(dim), descending, $0, $1) }
    }

    private func pair(
        _ name: String, _ expected: @autoclosure () -> String,
        _ call: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<OpaquePointer?>) -> Bool
    ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        var first: OpaquePointer?
        var second: OpaquePointer?
        try Tensor.check(call(&first, &second), name, expected(), [self])
        let values = try Tensor.made(first, name, expected(), [self])
        return (values, try Tensor.made(second, name, expected(), [self]))
    }

    /// Where the largest element over a dimension is; the first of equal ones.
    public func argmax(_ dim: Int, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(ht_argmax(handle, Int64(dim), keep), "argmax", "dimension \(dim)", [self])
    }

    /// The Euclidean norm of all elements.
    public func norm() throws(TensorError) -> Tensor {
        try Tensor.made(ht_norm(handle), "norm", "floating-point numbers", [self])
    }

    /// The Euclidean norm over a dimension.
    public func norm(_ dim: Int, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(ht_norm_dim(handle, Int64(dim), keep), "norm", "floating-point numbers, dimension \(dim)", [self])
    }

    /// exp(x) / Σ exp(x) over a dimension.
    public func softmax(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(ht_softmax(handle, Int64(dim)), "softmax", "floating-point numbers, dimension \(dim)", [self])
    }

    /// log softmax over a dimension, stable for large values.
    public func logSoftmax(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_log_softmax(handle, Int64(dim)), "logSoftmax", "floating-point numbers, dimension \(dim)", [self])
    }

    /// log Σ exp(x) over a dimension, stable for large values.
    public func logSumExp(_ dim: Int, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_logsumexp(handle, Int64(dim), keep), "logSumExp", "floating-point numbers, dimension \(dim)", [self])
    }

    /// The running sum over a dimension.
    public func cumsum(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(ht_cumsum(handle, Int64(dim)), "cumsum", "dimension \(dim)", [self])
    }

    /// Where any element over a dimension is true.
    public func any(_ dim: Int, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(ht_any_dim(handle, Int64(dim), keep), "any", "dimension \(dim)", [self])
    }

    /// Where all elements over a dimension are true.
    public func all(_ dim: Int, keep: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(ht_all_dim(handle, Int64(dim), keep), "all", "dimension \(dim)", [self])
    }
}
