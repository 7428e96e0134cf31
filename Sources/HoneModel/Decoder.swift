import HoneTensor

/// What continuous batching asks of a decoder: a copy of the weights, and a key/value cache of many slots.
protocol Decoder: AnyObject {
    /// The sizes of the model.
    var shape: ModelShape { get }
    /// Takes over the weights, with adapters merged in; all slots are empty afterwards.
    func load(_ network: Network) throws
    /// Runs rows and writes the logits of those named in `outRows` to the beginning of `logits`, [outRows, vocabulary].
    ///
    /// A slot's rows stand together, at positions that follow one another.
    func step(slot: [Int32], position: [Int32], token: [Int32], outRows: [Int32], logits: UnsafeMutablePointer<Float>) throws
    /// Copies the first `length` tokens of a slot to another.
    func copy(from: Int32, to: Int32, length: Int) throws
    /// Sets the threads of later steps; no result depends on it.
    func use(threads: Int)
}

extension ModelHost.Settings {
    /// A decoder for the device on which tensors are made: the fused one on the processor unless told otherwise, one of
    /// libtorch's operations elsewhere.
    func decoder(_ shape: ModelShape, slots: Int, threads: Int, keepsHalf: Bool) throws -> any Decoder {
        if drawsByOperations || Device.current != .cpu { return TensorDecoder(shape, slots: slots, keepsHalf: keepsHalf) }
        return try FusedDecoder(shape, slots: slots, threads: threads, keepsHalf: keepsHalf)
    }
}
