import Foundation
import HoneCore
import HoneTensor

// Shapes in names: B rows, T positions, C width, H heads, K key heads, D head width, V vocabulary, N chosen positions.

/// A decoder as a list of named parameters and a forward pass: RMSNorm, rotary positions, grouped-query attention, a gated
/// MLP, and the switches of `BlockForm`.
///
/// Query, key and value matrices are kept as one, and so are gate and up, for one product instead of several. The names
/// are those of Hugging Face's Llama, with `qkv_proj` and `gate_up_proj` for the joint matrices.
struct Transformer {
    let shape: ModelShape
    /// The parameters, in the order of `names(of:)`.
    let parameters: [Tensor]
    /// Rotary tables [context, D/2], of all layers but local ones with a base of their own.
    let rotary: RotaryTables
    let localRotary: RotaryTables

    init(shape: ModelShape, parameters: [Tensor]) throws {
        try shape.check()
        let expected = Self.shapes(of: shape)
        guard parameters.count == expected.count else {
            throw ModelError("The model needs \(expected.count) tensors, but \(parameters.count) were given")
        }
        for ((tensor, sizes), name) in zip(zip(parameters, expected), Self.names(of: shape)) {
            try tensor.expect(sizes, name)
        }
        self.shape = shape
        self.parameters = parameters
        (rotary, localRotary) = try RotaryTables.of(shape)
    }

    /// Names of the parameters, in the order in which the decoder takes them.
    static func names(of shape: ModelShape) -> [String] {
        var names = ["model.embed_tokens.weight"]
        for layer in 0..<shape.layers {
            let prefix = "model.layers.\(layer)."
            names.append(prefix + "input_layernorm.weight")
            names.append(prefix + "self_attn.qkv_proj.weight")
            if shape.hasQKVBias { names.append(prefix + "self_attn.qkv_proj.bias") }
            if shape.form.hasQKNorm { names += ["q_norm", "k_norm"].map { "\(prefix)self_attn.\($0).weight" } }
            names.append(prefix + "self_attn.o_proj.weight")
            names.append(prefix + "post_attention_layernorm.weight")
            if shape.form.hasPostNorms { names.append(prefix + "pre_feedforward_layernorm.weight") }
            names.append(prefix + "mlp.gate_up_proj.weight")
            names.append(prefix + "mlp.down_proj.weight")
            if shape.form.hasPostNorms { names.append(prefix + "post_feedforward_layernorm.weight") }
        }
        names.append("model.norm.weight")
        if !shape.isTied { names.append("lm_head.weight") }
        return names
    }

    /// The shapes of the parameters, in the order of `names(of:)`.
    static func shapes(of shape: ModelShape) -> [[Int]] {
        let (c, d) = (shape.width, shape.headWidth)
        let joint = (shape.heads + 2 * shape.kvHeads) * d
        var shapes = [[shape.vocabulary, c]]
        for _ in 0..<shape.layers {
            shapes += [[c], [joint, c]]
            if shape.hasQKVBias { shapes.append([joint]) }
            if shape.form.hasQKNorm { shapes += [[d], [d]] }
            shapes += [[c, shape.heads * d], [c]]
            if shape.form.hasPostNorms { shapes.append([c]) }
            shapes += [[2 * shape.mlp, c], [c, shape.mlp]]
            if shape.form.hasPostNorms { shapes.append([c]) }
        }
        shapes.append([c])
        if !shape.isTied { shapes.append([shape.vocabulary, c]) }
        return shapes
    }

    /// New weights: normal with deviation 0.02, smaller by √(2·layers) where a product feeds the residual stream
    /// (Radford et al. 2019); norms multiply by 1, biases are 0.
    static func initialised(_ shape: ModelShape, seed: Seed) throws -> Transformer {
        try shape.check()
        var parameters: [Tensor] = []
        for (name, sizes) in zip(names(of: shape), shapes(of: shape)) {
            guard sizes.count > 1 else {
                parameters.append(try Tensor.full(sizes, name.hasSuffix(".bias") || shape.form.normsAddOne ? 0 : 1))
                continue
            }
            let isResidual = name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight")
            let deviation = 0.02 / (isResidual ? (2 * Double(shape.layers)).squareRoot() : 1)
            let values = normal(sizes.reduce(1, *), deviation: deviation, seed: seed.child(name))
            parameters.append(try Tensor(values, shape: sizes))
        }
        return try Transformer(shape: shape, parameters: parameters)
    }

    /// Normal numbers around 0 (Box and Muller 1958).
    static func normal(_ count: Int, deviation: Double, seed: Seed) -> [Float] {
        var generator = seed.generator
        var values: [Float] = []
        values.reserveCapacity(count + 1)
        while values.count < count {
            // 1 − u lies in (0, 1], so that the logarithm is finite.
            let radius = (-2 * log(1 - generator.unit())).squareRoot() * deviation
            let angle = 2 * Double.pi * generator.unit()
            values.append(Float(radius * cos(angle)))
            values.append(Float(radius * sin(angle)))
        }
        if values.count > count { values.removeLast() }
        return values
    }

    /// Hidden states [B, T, C] of token rows [B, T]: after all layers and the last norm, or after `layers` of them
    /// without a norm.
    func hidden(of tokensBT: Tensor, adapters: Adapters? = nil, layers: Int? = nil) throws -> Tensor {
        let surroundings = try LayerSurroundings(tokensBT.size(1), of: self, adapters: adapters)
        var x = try embedded(tokensBT)
        for layer in 0..<min(layers ?? shape.layers, shape.layers) { x = try output(of: layer, on: x, in: surroundings) }
        if let layers, layers < shape.layers { return x }
        return try normed(x)
    }

    /// Embeddings [B, T, C] of token rows [B, T].
    func embedded(_ tokensBT: Tensor) throws -> Tensor {
        let x = try parameters[0].embedding(tokensBT).to(.float32)
        return shape.form.scalesEmbeddings ? try x * Double(shape.width).squareRoot() : x
    }

    /// The last norm of hidden states.
    func normed(_ x: Tensor) throws -> Tensor { try norm(x, parameters[1 + shape.layers * parametersPerLayer]) }

    private var parametersPerLayer: Int { (parameters.count - 2 - (shape.isTied ? 0 : 1)) / max(1, shape.layers) }

    private func norm(_ x: Tensor, _ weight: Tensor) throws -> Tensor {
        try FusedOperations.rmsNorm(x, shape.form.normsAddOne ? try weight + 1 : weight, epsilon: shape.epsilon)
    }

    /// What a layer makes of hidden states [B, T, C].
    func output(of layer: Int, on input: Tensor, in surroundings: LayerSurroundings) throws -> Tensor {
        let (rows, length) = (input.size(0), input.size(1))
        let adapters = surroundings.adapters
        var next = 1 + layer * parametersPerLayer
        func parameter() -> Tensor {
            defer { next += 1 }
            return parameters[next]
        }
        func norm(_ x: Tensor) throws -> Tensor { try self.norm(x, parameter()) }
        let isLocal = shape.form.isLocal(layer)
        var y = try norm(input)
        var qkv = try product(y, parameter(), shape.hasQKVBias ? parameter() : nil)
        if let adapters { qkv = try adapters.add(to: qkv, of: y, layer: layer, modules: ["q_proj", "k_proj", "v_proj"]) }
        if shape.form.hasQKNorm { qkv = try normedHeads(qkv, norm) }
        let tables = isLocal ? surroundings.local : surroundings.global
        let (q, k, v) = try FusedOperations.split(
            qkv, cosines: tables.cosines, sines: tables.sines, heads: shape.heads, kvHeads: shape.kvHeads)
        if let attention = surroundings.attention {
            y = try attention(layer, (q, k, v), surroundings.scale, isLocal)
        } else if isLocal, let window = surroundings.window {
            y = try q.attention(keys: k, values: v, mask: window, scale: surroundings.scale)
        } else {
            y = try Tensor.causalAttention(q, k, v, scale: surroundings.scale)
        }
        y = try y.transpose(1, 2).reshape([rows, length, shape.heads * shape.headWidth])
        y = try project(y, parameter(), adapters, layer, "o_proj")
        let x = try input + (shape.form.hasPostNorms ? norm(y) : y)
        y = try norm(x)
        var gateUp = try product(y, parameter())
        if let adapters { gateUp = try adapters.add(to: gateUp, of: y, layer: layer, modules: ["gate_proj", "up_proj"]) }
        y = try project(gated(gateUp), parameter(), adapters, layer, "down_proj")
        return try x + (shape.form.hasPostNorms ? norm(y) : y)
    }

    /// The joint product [B, T, (H+2K)·D] with each head's queries and keys normed.
    private func normedHeads(_ qkv: Tensor, _ norm: (Tensor) throws -> Tensor) throws -> Tensor {
        let (d, leading) = (shape.headWidth, Array(qkv.shape.dropLast()))
        func part(_ start: Int, _ heads: Int) throws -> Tensor {
            let heads = try qkv.narrow(-1, from: start * d, length: heads * d).reshape(leading + [heads, d])
            return try norm(heads).reshape(leading + [heads.size(2) * d])
        }
        let (q, k) = (try part(0, shape.heads), try part(shape.heads, shape.kvHeads))
        return try Tensor.cat([q, k, qkv.narrow(-1, from: (shape.heads + shape.kvHeads) * d, length: shape.kvHeads * d)], -1)
    }

    /// act(gate)·up of a joint product [.., 2·mlp], gate first.
    private func gated(_ gateUp: Tensor) throws -> Tensor {
        switch shape.form.activation {
        case .silu: return try FusedOperations.swiGLU(gateUp)
        case .geluTanh:
            let parts = try gateUp.chunk(2, -1)
            return try parts[0].gelu(approximate: true) * parts[1]
        }
    }

    /// Which keys a row sees in local layers, [T, T]; nil where all rows see all before them.
    func window(_ length: Int) throws -> Tensor? {
        guard let window = shape.form.window, length > window, !shape.form.localLayers.isEmpty else { return nil }
        let ones = try Tensor.ones([length, length])
        return try ones.tril().isGreater(than: ones.tril(-window))
    }

    /// x·Wᵀ + bias, in bfloat16 where the shape says so; the result is float32 again, as are the gradients of what learns.
    private func product(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
        guard shape.computesInHalf else { return try x.linear(weight, bias) }
        let y = try x.to(.bfloat16).linear(weight.to(.bfloat16)).to(.float32)
        return try bias.map { try y + $0 } ?? y
    }

    private func project(
        _ x: Tensor, _ weight: Tensor, _ adapters: Adapters?, _ layer: Int, _ module: String
    ) throws -> Tensor {
        let y = try product(x, weight)
        return try adapters?.add(to: y, of: x, layer: layer, modules: [module]) ?? y
    }

    /// Logits [.., V] of hidden states [.., C] after the last norm.
    func logits(of hidden: Tensor) throws -> Tensor { try product(hidden, head) }

    /// The matrix from hidden states to logits [V, C].
    var head: Tensor { shape.isTied ? parameters[0] : parameters[parameters.count - 1] }
}
