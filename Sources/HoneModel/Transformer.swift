import Foundation
import HoneCore
import HoneTensor

// Shapes in names: B rows, T positions, C width, H heads, K key heads, D head width, V vocabulary, N chosen positions.

/// A Llama-style decoder as a list of named parameters and a forward pass: RMSNorm, rotary positions, grouped-query
/// attention, SwiGLU.
///
/// Query, key and value matrices are kept as one, and so are gate and up, for one product instead of several. The names
/// are those of Hugging Face's Llama, with `qkv_proj` and `gate_up_proj` for the joint matrices.
struct Transformer {
    let shape: ModelShape
    /// The parameters, in the order of `names(of:)`.
    let parameters: [Tensor]
    /// Rotary tables [context, D/2].
    private let cosines: Tensor
    private let sines: Tensor

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
        (cosines, sines) = try FusedOperations.rotaryTables(
            context: shape.context, headWidth: shape.headWidth, theta: shape.ropeTheta)
    }

    /// Names of the parameters, in the order in which the decoder takes them.
    static func names(of shape: ModelShape) -> [String] {
        var names = ["model.embed_tokens.weight"]
        for layer in 0..<shape.layers {
            let prefix = "model.layers.\(layer)."
            names.append(prefix + "input_layernorm.weight")
            names.append(prefix + "self_attn.qkv_proj.weight")
            if shape.hasQKVBias { names.append(prefix + "self_attn.qkv_proj.bias") }
            names.append(prefix + "self_attn.o_proj.weight")
            names.append(prefix + "post_attention_layernorm.weight")
            names.append(prefix + "mlp.gate_up_proj.weight")
            names.append(prefix + "mlp.down_proj.weight")
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
            shapes += [[c, shape.heads * d], [c], [2 * shape.mlp, c], [c, shape.mlp]]
        }
        shapes.append([c])
        if !shape.isTied { shapes.append([shape.vocabulary, c]) }
        return shapes
    }

    /// New weights: normal with deviation 0.02, smaller by √(2·layers) where a product feeds the residual stream
    /// (Radford et al. 2019); norms are 1, biases 0.
    static func initialised(_ shape: ModelShape, seed: Seed) throws -> Transformer {
        try shape.check()
        var parameters: [Tensor] = []
        for (name, sizes) in zip(names(of: shape), shapes(of: shape)) {
            guard sizes.count > 1 else {
                parameters.append(try Tensor.full(sizes, name.hasSuffix(".bias") ? 0 : 1))
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
        let (rows, length) = (tokensBT.size(0), tokensBT.size(1))
        guard length <= shape.context else {
            throw ModelError("A row has \(length) tokens, but the model's context holds \(shape.context); use shorter rows")
        }
        let cosTD = try cosines.narrow(0, from: 0, length: length)
        let sinTD = try sines.narrow(0, from: 0, length: length)
        let scale = 1 / Double(shape.headWidth).squareRoot()
        var next = 0
        func parameter() -> Tensor {
            defer { next += 1 }
            return parameters[next]
        }
        var x = try parameter().embedding(tokensBT)
        for layer in 0..<min(layers ?? shape.layers, shape.layers) {
            var y = try FusedOperations.rmsNorm(x, parameter(), epsilon: shape.epsilon)
            var qkv = try y.linear(parameter(), shape.hasQKVBias ? parameter() : nil)
            if let adapters { qkv = try adapters.add(to: qkv, of: y, layer: layer, modules: ["q_proj", "k_proj", "v_proj"]) }
            let (q, k, v) = try FusedOperations.split(
                qkv, cosines: cosTD, sines: sinTD, heads: shape.heads, kvHeads: shape.kvHeads)
            y = try Tensor.causalAttention(q, k, v, scale: scale).transpose(1, 2)
                .reshape([rows, length, shape.heads * shape.headWidth])
            x = try x + project(y, parameter(), adapters, layer, "o_proj")
            y = try FusedOperations.rmsNorm(x, parameter(), epsilon: shape.epsilon)
            var gateUp = try y.linear(parameter())
            if let adapters { gateUp = try adapters.add(to: gateUp, of: y, layer: layer, modules: ["gate_proj", "up_proj"]) }
            x = try x + project(FusedOperations.swiGLU(gateUp), parameter(), adapters, layer, "down_proj")
        }
        if let layers, layers < shape.layers { return x }
        return try FusedOperations.rmsNorm(x, parameter(), epsilon: shape.epsilon)
    }

    private func project(
        _ x: Tensor, _ weight: Tensor, _ adapters: Adapters?, _ layer: Int, _ module: String
    ) throws -> Tensor {
        let y = try x.linear(weight)
        return try adapters?.add(to: y, of: x, layer: layer, modules: [module]) ?? y
    }

    /// The matrix from hidden states to logits [V, C].
    var head: Tensor { shape.isTied ? parameters[0] : parameters[parameters.count - 1] }
}
