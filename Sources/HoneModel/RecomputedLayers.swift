import HoneCore
import HoneTensor

/// What all layers of a forward pass share.
struct LayerSurroundings {
    let global: RotaryTables
    let local: RotaryTables
    let window: Tensor?
    let scale: Double
    let adapters: Adapters?
    /// How a layer's heads attend, where they see more than the rows at hand.
    let attention: Attention?

    /// What queries [B, H, T, D] make of their keys and values, given those of the rows at hand [B, K, T, D] and how scores are scaled.
    typealias Attention = (
        _ layer: Int, _ heads: (q: Tensor, k: Tensor, v: Tensor), _ scale: Double, _ isLocal: Bool
    ) throws -> Tensor

    /// For rows of a length; throws where the context does not hold them.
    init(_ length: Int, of transformer: Transformer, adapters: Adapters?) throws {
        let shape = transformer.shape
        guard length <= shape.context else {
            throw ModelError("A row has \(length) tokens, but the model's context holds \(shape.context); use shorter rows")
        }
        (global, local) = (try transformer.rotary.first(length), try transformer.localRotary.first(length))
        scale = shape.attentionScale
        window = try transformer.window(length)
        self.adapters = adapters
        attention = nil
    }

    /// For rows whose tokens stand at `positions`, row-major [rows, T], and attend as they are told.
    init(at positions: [Int64], rows: Int, of transformer: Transformer, attention: @escaping Attention) throws {
        let places = try Tensor(positions, shape: [positions.count])
        let columns = positions.count / max(1, rows)
        global = try transformer.rotary.at(places, [rows, columns])
        local = try transformer.localRotary.at(places, [rows, columns])
        scale = transformer.shape.attentionScale
        window = nil
        adapters = nil
        self.attention = attention
    }
}

/// A forward pass that keeps only what goes into each layer; the backward pass computes each layer again (Chen et al. 2016,
/// “Training Deep Nets with Sublinear Memory Cost”).
///
/// The same operations run on the same numbers, so gradients have the same bits as with everything kept. It costs another forward pass
/// and needs, beside the states between layers, the memory of one layer.
final class RecomputedLayers {
    private let network: Network
    private let tokens: Tensor
    private let surroundings: LayerSurroundings
    /// What goes into each layer, and what comes out of the last one.
    private var states: [Tensor] = []
    /// What came out of the last layer, as a leaf of the graph behind it.
    private let top: Tensor

    /// Runs the layers on token rows [B, T].
    init(_ network: Network, _ tokensBT: Tensor) throws {
        self.network = network
        tokens = tokensBT
        surroundings = try LayerSurroundings(tokensBT.size(1), of: network.base, adapters: network.adapters)
        let mode = GradientMode.off()
        defer { mode.restore() }
        states.append(try network.base.embedded(tokensBT))
        for layer in 0..<network.shape.layers { states.append(try network.base.output(of: layer, on: states[layer], in: surroundings)) }
        top = try states[network.shape.layers].detach()
        try top.requireGradient()
    }

    /// Final hidden states [B, T, C], whose gradient waits for `backward`.
    func hidden() throws -> Tensor { try network.base.normed(top) }

    /// Carries the gradient that has come to the hidden states on through all layers to what learns.
    func backward() throws {
        guard var gradient = try top.gradient() else { return }
        for layer in (0..<network.shape.layers).reversed() {
            let input = try states[layer].detach()
            try input.requireGradient()
            let output = try network.base.output(of: layer, on: input, in: surroundings)
            try output.backward(seed: gradient)
            guard let next = try input.gradient() else { return }
            gradient = next
            states.removeLast()
        }
        let embedded = try network.base.embedded(tokens)
        if embedded.requiresGradient { try embedded.backward(seed: gradient) }
    }
}
