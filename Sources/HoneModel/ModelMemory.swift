import HoneCore

/// What a model needs of memory while it learns, in bytes, from its sizes.
public struct ModelMemory: Hashable, Sendable, Codable {
    /// The weights, in float32.
    public let weights: Int
    /// The decoder's own packed weights.
    public let decoder: Int
    /// Gradients and both moments of what learns.
    public let learning: Int
    /// Copies of what learns at earlier moments, such as the one it began with.
    public let copies: Int
    /// What the backward pass keeps of one micro-batch.
    public let activations: Int
    /// Keys and values of the answers that are drawn at once.
    public let cache: Int

    /// All of it.
    public var total: Int { weights + decoder + learning + copies + activations + cache }

    /// The memory of a model of this shape; `rows` answers of up to `length` tokens, prompts included, are drawn at once.
    public init(_ shape: ModelShape, loading: ModelLoading, copies: Int = 1, rows: Int, length: Int) {
        let parameters = shape.parameterCount
        let learned = loading.adapters.map { adapters in
            shape.layers * adapters.modules.reduce(0) { sum, module in
                let (out, inner) = Adapters.size(of: module, shape)
                return sum + adapters.rank * (out + inner)
            }
        } ?? parameters
        weights = 4 * parameters + (loading.adapters == nil ? 0 : 4 * learned)
        let embedded = shape.vocabulary * shape.width
        let packed = parameters + (shape.isTied ? embedded : 0)
        // In bfloat16 a tied embedding is read from the head's panels.
        decoder = loading.decodesInHalf ? 2 * (packed - (shape.isTied ? embedded : 0)) + (shape.isTied ? 0 : 2 * embedded) : 4 * packed
        learning = 12 * learned
        self.copies = 4 * learned * copies
        activations = shape.activationBytes * max(min(shape.microBatchTokens(upTo: 16_384), rows * length), length)
        let slots = min(rows, 256, max(1, (8 << 30) / max(1, shape.context * shape.cacheBytes)))
        cache = slots * min(length, shape.context) * shape.cacheBytes
    }
}

extension ModelShape {
    /// Bytes of keys and values that a token leaves in the cache.
    var cacheBytes: Int { layers * kvHeads * headWidth * 8 }

    /// About how many bytes the backward pass keeps of a token: what each operation of a block needs of its input.
    var activationBytes: Int {
        let attention = 2 * headWidth * (heads + 2 * kvHeads) + headWidth * heads
        return 4 * (layers * (6 * width + attention + 3 * mlp) + 2 * width)
    }

    /// Tokens of a micro-batch: as many as keep what the backward pass needs below 4 GiB, at least 256.
    func microBatchTokens(upTo limit: Int) -> Int { max(min(256, limit), min(limit, (4 << 30) / max(1, activationBytes))) }
}
