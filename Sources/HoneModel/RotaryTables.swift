import HoneTensor

/// cos and sin of the rotary angles, [context, D/2] each.
struct RotaryTables {
    let cosines: Tensor
    let sines: Tensor

    /// The tables of a shape: of its layers, and of those of its local layers where these have a base of their own.
    static func of(_ shape: ModelShape) throws -> (global: RotaryTables, local: RotaryTables) {
        let global = try RotaryTables(shape, theta: shape.ropeTheta, scaling: shape.form.ropeScaling)
        guard let theta = shape.form.localRopeTheta else { return (global, global) }
        return (global, try RotaryTables(shape, theta: theta, scaling: nil))
    }

    private init(_ shape: ModelShape, theta: Double, scaling: RotaryScaling?) throws {
        let frequencies = RotaryScaling.frequencies(headWidth: shape.headWidth, theta: theta, scaling: scaling)
        (cosines, sines) = try FusedOperations.rotaryTables(context: shape.context, frequencies: frequencies)
    }

    private init(cosines: Tensor, sines: Tensor) { (self.cosines, self.sines) = (cosines, sines) }

    /// The tables of the tokens at some places [N], as [sizes, D/2].
    func at(_ places: Tensor, _ sizes: [Int]) throws -> RotaryTables {
        RotaryTables(
            cosines: try cosines.indexSelect(0, places).reshape(sizes + [cosines.size(1)]),
            sines: try sines.indexSelect(0, places).reshape(sizes + [sines.size(1)]))
    }

    /// The tables of the first tokens.
    func first(_ length: Int) throws -> RotaryTables {
        RotaryTables(
            cosines: try cosines.narrow(0, from: 0, length: length), sines: try sines.narrow(0, from: 0, length: length))
    }
}
