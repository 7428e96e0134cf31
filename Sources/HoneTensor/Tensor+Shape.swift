import CTorch

// Shapes and indices. Views share memory with the receiver.
extension Tensor {
    /// The same elements in another shape; one size may be -1 and is then worked out.
    public func reshape(_ shape: [Int]) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_reshape(handle, shape.map(Int64.init), Int32(shape.count)), "reshape",
            "a shape of \(count) elements, not \(shape)", [self])
    }

    /// The dimensions in another order; a view.
    public func permute(_ dims: [Int]) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_permute(handle, dims.map(Int64.init), Int32(dims.count)), "permute",
            "each of the \(rank) dimensions once, not \(dims)", [self])
    }

    /// Two dimensions exchanged; a view.
    public func transpose(_ a: Int, _ b: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_transpose(handle, Int64(a), Int64(b)), "transpose", "dimensions \(a) and \(b)", [self])
    }

    /// `length` entries of a dimension from `start` on; a view.
    public func narrow(_ dim: Int, from start: Int, length: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_narrow(handle, Int64(dim), Int64(start), Int64(length)), "narrow",
            "entries \(start) ..< \(start &+ length) in dimension \(dim)", [self])
    }

    /// One entry of a dimension, without that dimension; a view.
    public func select(_ dim: Int, _ index: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_select(handle, Int64(dim), Int64(index)), "select", "entry \(index) in dimension \(dim)", [self])
    }

    /// A new dimension of size 1; a view.
    public func unsqueeze(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(ht_unsqueeze(handle, Int64(dim)), "unsqueeze", "a place for dimension \(dim)", [self])
    }

    /// Without a dimension of size 1 (unchanged when it has another size); a view.
    public func squeeze(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(ht_squeeze(handle, Int64(dim)), "squeeze", "dimension \(dim)", [self])
    }

    /// Dimensions of size 1 repeated to the given shape (-1 keeps a size); a view.
    public func expand(_ shape: [Int]) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_expand(handle, shape.map(Int64.init), Int32(shape.count)), "expand",
            "a shape that broadcasts to \(shape)", [self])
    }

    /// Every entry of a dimension `count` times in a row.
    public func repeatInterleave(_ count: Int, _ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_repeat_interleave(handle, Int64(count), Int64(dim)), "repeatInterleave",
            "dimension \(dim) and a count of 0 or more, not \(count)", [self])
    }

    /// Equal parts of a dimension; views.
    public func chunk(_ parts: Int, _ dim: Int) throws(TensorError) -> [Tensor] {
        let whole = size(dim)
        guard parts > 0, whole >= 0, whole % parts == 0 else {
            throw TensorError(
                "chunk: found \(dataType) \(shape), expected a size that \(parts) divides in dimension \(dim)")
        }
        var made: [Tensor] = []
        for part in 0..<parts {
            made.append(try narrow(dim, from: part * (whole / parts), length: whole / parts))
        }
        return made
    }

    /// Tensors one after the other along an existing dimension.
    public static func cat(_ tensors: [Tensor], _ dim: Int) throws(TensorError) -> Tensor {
        try made(
            ht_cat(tensors.map { Optional($0.handle) }, Int32(tensors.count), Int64(dim)), "cat",
            "one tensor or more, of equal sizes outside dimension \(dim)", tensors)
    }

    /// Tensors of one shape along a new dimension.
    public static func stack(_ tensors: [Tensor], _ dim: Int) throws(TensorError) -> Tensor {
        try made(
            ht_stack(tensors.map { Optional($0.handle) }, Int32(tensors.count), Int64(dim)), "stack",
            "one tensor or more, all of one shape", tensors)
    }

    /// The same elements in row-major memory; the same tensor where they are already.
    public func contiguous() throws(TensorError) -> Tensor {
        try Tensor.made(ht_contiguous(handle), "contiguous", "memory for a copy", [self])
    }

    /// The entries of a dimension named by a one-dimensional int64 index.
    public func indexSelect(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_index_select(handle, Int64(dim), index.handle), "indexSelect",
            "a one-dimensional int64 index within dimension \(dim)", [self, index])
    }

    /// The tensor with the entries of `source` added at `index` (one-dimensional int64) along a dimension.
    public func indexAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_index_add(handle, Int64(dim), index.handle, source.handle), "indexAdd",
            "a one-dimensional int64 index within dimension \(dim) and a source with as many entries",
            [self, index, source])
    }

    /// Overwrites the entries at `index` (one-dimensional int64) along a dimension with those of `source`, in place; of an index that comes
    /// twice one entry stays.
    public func copyEntries(of source: Tensor, to index: Tensor, _ dim: Int) throws(TensorError) {
        try Tensor.check(
            ht_index_copy_(handle, Int64(dim), index.handle, source.handle), "copyEntries",
            "a one-dimensional int64 index within dimension \(dim) and a source with as many entries", [self, index, source])
    }

    /// out[i][j] = self[i][index[i][j]] for dim 1, and so on; `index` is int64 of the same rank.
    public func gather(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_gather(handle, Int64(dim), index.handle), "gather",
            "an int64 index of the same rank with entries within dimension \(dim)", [self, index])
    }

    /// The tensor with `source` written where `gather` would read it.
    public func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_scatter(handle, Int64(dim), index.handle, source.handle), "scatter",
            "an int64 index of the same rank with entries within dimension \(dim)", [self, index, source])
    }

    /// The tensor with `source` added where `gather` would read it.
    public func scatterAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_scatter_add(handle, Int64(dim), index.handle, source.handle), "scatterAdd",
            "an int64 index of the same rank with entries within dimension \(dim)", [self, index, source])
    }

    /// A new last dimension with a 1 at each int64 element's index and 0 elsewhere.
    public func oneHot(_ classes: Int) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_one_hot(handle, Int64(classes)), "oneHot", "int64 elements from 0 to \(classes - 1)", [self])
    }

    /// The last two dimensions on and below a diagonal, zero above.
    public func tril(_ diagonal: Int = 0) throws(TensorError) -> Tensor {
        try Tensor.made(ht_tril(handle, Int64(diagonal)), "tril", "two dimensions or more", [self])
    }

    /// The last two dimensions on and above a diagonal, zero below.
    public func triu(_ diagonal: Int = 0) throws(TensorError) -> Tensor {
        try Tensor.made(ht_triu(handle, Int64(diagonal)), "triu", "two dimensions or more", [self])
    }

    /// A dimension in reverse order.
    public func flip(_ dim: Int) throws(TensorError) -> Tensor {
        try Tensor.made(ht_flip(handle, Int64(dim)), "flip", "dimension \(dim)", [self])
    }
}
