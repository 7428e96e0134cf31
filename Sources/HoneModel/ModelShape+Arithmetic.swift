import HoneCore

extension ModelShape {
    /// How a model of this shape spends its operations; with adapters, all other weights are frozen.
    ///
    /// Counted per token and block: the matrices (two per weight), its norms (four per number), rotations (three per
    /// number), the gate (five per number), and the additions to the stream; per pair: scores, weighted sums, and five for the softmax of a head;
    /// per output: the head's matrix and three per entry of the vocabulary for its softmax.
    public func arithmetic(adapters: AdapterSettings? = nil) -> ModelArithmetic {
        let projected = headWidth * (heads + 2 * kvHeads)
        let matrices = 2 * (width * projected + heads * headWidth * width + 3 * width * mlp) + (hasQKVBias ? projected : 0)
        let norms = (form.hasPostNorms ? 4 : 2) * 4 * width + (form.hasQKNorm ? 4 * headWidth * (heads + kvHeads) : 0)
        let others = norms + 3 * headWidth * (heads + kvHeads) + 5 * mlp + 2 * width
        var (learning, frozen) = (layers * (matrices + others) + 4 * width, 0)
        if let adapters {
            frozen = layers * matrices
            let own = adapters.modules.reduce(0) { sum, module in
                let (out, inner) = Adapters.size(of: module, self)
                return sum + 2 * adapters.rank * (out + inner) + 2 * out
            }
            learning = layers * (others + own) + 4 * width
        }
        return ModelArithmetic(
            perToken: learning, perTokenFrozen: frozen, perPair: layers * heads * (4 * headWidth + 5),
            perOutput: vocabulary * (2 * width + 3))
    }
}
