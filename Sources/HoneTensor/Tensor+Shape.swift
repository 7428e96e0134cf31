import CTorch

extension Tensor {
    /// The same elements in another shape; one size may be -1.
    public func reshape(_ shape: [Int]) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_reshape(handle, shape.map(Int64.init), Int32(shape.count)))
    }
    /// The dimensions in another order.
    public func permute(_ dims: [Int]) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_permute(handle, dims.map(Int64.init), Int32(dims.count)))
    }
    /// Two dimensions swapped.
    public func transpose(_ a: Int, _ b: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_transpose(handle, Int64(a), Int64(b)))
    }
    /// A slice of a dimension, sharing memory.
    public func narrow(_ dim: Int, from start: Int, length: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_narrow(handle, Int64(dim), Int64(start), Int64(length)))
    }
    /// One index of a dimension, which then is gone.
    public func select(_ dim: Int, _ index: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_select(handle, Int64(dim), Int64(index)))
    }
    /// A new dimension of size 1.
    public func unsqueeze(_ dim: Int) throws(TensorError) -> Tensor { try Tensor(taking: ht_unsqueeze(handle, Int64(dim))) }
    /// A dimension of size 1 removed.
    public func squeeze(_ dim: Int) throws(TensorError) -> Tensor { try Tensor(taking: ht_squeeze(handle, Int64(dim))) }
    /// The same elements in row-major order without gaps.
    public func contiguous() throws(TensorError) -> Tensor { try Tensor(taking: ht_contiguous(handle)) }
    /// Each element of a dimension repeated `count` times in place.
    public func repeatInterleave(_ count: Int, _ dim: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_repeat_interleave(handle, Int64(count), Int64(dim)))
    }
    /// Tensors joined along a dimension.
    public static func cat(_ tensors: [Tensor], _ dim: Int) throws(TensorError) -> Tensor {
        let handles: [OpaquePointer?] = tensors.map(\.handle)
        return try Tensor(taking: ht_cat(handles, Int32(handles.count), Int64(dim)))
    }
    /// Tensors joined along a new dimension.
    public static func stack(_ tensors: [Tensor], _ dim: Int) throws(TensorError) -> Tensor {
        let handles: [OpaquePointer?] = tensors.map(\.handle)
        return try Tensor(taking: ht_stack(handles, Int32(handles.count), Int64(dim)))
    }
    /// The chosen indices of a dimension.
    public func indexSelect(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_index_select(handle, Int64(dim), index.handle))
    }
    /// A copy to which rows of `source` are added at the indices of a dimension.
    public func indexAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_index_add(handle, Int64(dim), index.handle, source.handle))
    }
    /// Along a dimension, the elements at the given indices.
    public func gather(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_gather(handle, Int64(dim), index.handle))
    }
}
