import CTorch
import Foundation
import HoneCore
import HoneTensor

// Shapes in names: B rows, T positions, C width, H heads, K key heads, D head width, V vocabulary, N chosen positions.

/// A Llama-style decoder as a list of named parameters and a forward pass: RMSNorm, rotary positions, grouped-query
/// attention, SwiGLU. Query, key and value matrices are kept as one, and so are gate and up.
struct Transformer {
    let shape: ModelShape
    /// Names of the parameters, in a fixed order.
    let names: [String]
    /// The parameters, in the order of `names`.
    var parameters: [Tensor]
    /// Rotary tables [context, D/2].
    private let cosines: Tensor
    private let sines: Tensor

    /// Parameters of one block.
    private static let perLayer = 6

    init(shape: ModelShape, parameters: [Tensor]) throws {
        self.shape = shape
        self.parameters = parameters
        names = Self.names(of: shape)
        guard parameters.count == names.count else {
            throw TensorError("The model needs \(names.count) tensors, but \(parameters.count) were given")
        }
        (cosines, sines) = try Self.rotaryTables(shape)
    }

    static func names(of shape: ModelShape) -> [String] {
        var names = ["embedding"]
        for layer in 0..<shape.layers {
            names += ["attentionNorm", "qkv", "o", "mlpNorm", "gateUp", "down"].map { "layers.\(layer).\($0)" }
        }
        names.append("norm")
        if !shape.isTied { names.append("head") }
        return names
    }

    /// The shapes of the parameters, in the order of `names`.
    static func shapes(of shape: ModelShape) -> [[Int]] {
        let (c, d) = (shape.width, shape.headWidth)
        var shapes = [[shape.vocabulary, c]]
        for _ in 0..<shape.layers {
            shapes += [
                [c], [(shape.heads + 2 * shape.kvHeads) * d, c], [c, shape.heads * d], [c], [2 * shape.mlp, c], [c, shape.mlp],
            ]
        }
        shapes.append([c])
        if !shape.isTied { shapes.append([shape.vocabulary, c]) }
        return shapes
    }

    /// New weights: normal with deviation 0.02, smaller by √(2·layers) where a product feeds the residual stream
    /// (Radford et al. 2019); norms are 1.
    static func initialised(_ shape: ModelShape, seed: Seed) throws -> Transformer {
        var parameters: [Tensor] = []
        for (name, sizes) in zip(names(of: shape), shapes(of: shape)) {
            let count = sizes.reduce(1, *)
            if sizes.count == 1 {
                parameters.append(try Tensor.full(sizes, 1))
                continue
            }
            let isResidual = name.hasSuffix(".o") || name.hasSuffix(".down")
            let deviation = 0.02 / (isResidual ? (2 * Double(shape.layers)).squareRoot() : 1)
            var generator = seed.child(name).generator
            var values: [Float] = []
            values.reserveCapacity(count + 1)
            while values.count < count {
                // Box and Muller 1958; the unit draw is moved away from 0.
                let radius = (-2 * log(1 - generator.unit())).squareRoot() * deviation
                let angle = 2 * Double.pi * generator.unit()
                values.append(Float(radius * cos(angle)))
                values.append(Float(radius * sin(angle)))
            }
            parameters.append(try Tensor(Array(values.prefix(count)), shape: sizes))
        }
        return try Transformer(shape: shape, parameters: parameters)
    }

    /// The tables the decoder uses too, so that both rotate by the same bits.
    private static func rotaryTables(_ shape: ModelShape) throws -> (Tensor, Tensor) {
        let half = shape.headWidth / 2
        var c = [Float](repeating: 0, count: shape.context * half)
        var s = c
        ht_rotary_table(Int64(shape.context), Int64(shape.headWidth), shape.ropeTheta, &c, &s)
        return (try Tensor(c, shape: [shape.context, half]), try Tensor(s, shape: [shape.context, half]))
    }

    /// Copies of the weights without gradients.
    func copied() throws -> Transformer {
        let mode = GradientMode.off()
        defer { mode.restore() }
        return try Transformer(shape: shape, parameters: try parameters.map { try $0.detach().clone() })
    }

    /// Final hidden states [B, T, C] of token rows [B, T], after the last norm.
    func hidden(of tokensBT: Tensor) throws -> Tensor {
        let length = tokensBT.size(1)
        guard length <= shape.context else {
            throw TensorError("A row has \(length) tokens; the model's context holds \(shape.context)")
        }
        let rotary = FusedOperations.Rotary(
            cosines: try cosines.narrow(0, from: 0, length: length), sines: try sines.narrow(0, from: 0, length: length))
        var x = try tokensBT.embeddingRows(of: parameters[0])
        for layer in 0..<shape.layers {
            let p = 1 + layer * Self.perLayer
            let qkv = try FusedOperations.rmsNorm(x, parameters[p], epsilon: shape.epsilon).linear(parameters[p + 1])
            let (q, k, v) = try FusedOperations.split(qkv, shape: shape, rotary: rotary)
            let scale = 1 / Double(shape.headWidth).squareRoot()
            let y = try Tensor.causalAttention(q, k, v, scale: scale).transpose(1, 2)
                .reshape([tokensBT.size(0), length, shape.heads * shape.headWidth])
            x = try x + y.linear(parameters[p + 2])
            let gateUp = try FusedOperations.rmsNorm(x, parameters[p + 3], epsilon: shape.epsilon).linear(parameters[p + 4])
            x = try x + FusedOperations.swiGLU(gateUp).linear(parameters[p + 5])
        }
        return try FusedOperations.rmsNorm(x, parameters[1 + shape.layers * Self.perLayer], epsilon: shape.epsilon)
    }

    /// The matrix from hidden states to logits [V, C].
    var head: Tensor { shape.isTied ? parameters[0] : parameters[parameters.count - 1] }
}

extension Tensor {
    /// Rows of a table at these indices.
    fileprivate func embeddingRows(of table: Tensor) throws(TensorError) -> Tensor { try table.embedding(self) }
}
