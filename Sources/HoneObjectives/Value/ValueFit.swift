import HoneCore
import HoneModel
import HoneTensor

/// What the losses of value heads share.
enum ValueFit {
    /// What the channel `returns` means.
    static let returns = RowNeeds.Number("the return from this token on", -2...2)

    /// What cards say of the metrics.
    static let metrics = [
        "value": "mean of V over trained tokens", "return": "mean of G over trained tokens",
        "squaredError": "mean of (V − G)² over trained tokens",
    ]

    /// The returns at each place, [R, T], 0 where masked.
    static func returns(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.channels["returns"], "channel “returns”", inputs)
    }

    /// |τ − 1[G < V]| (G − V)² of values [R, T] at each place, with the metrics.
    static func losses(_ values: Tensor, expectile: Double, _ inputs: borrowing LossInputs) throws -> TokenLosses {
        let returns = try returns(inputs)
        return TokenLosses(try Self.expectile(returns - values, expectile), metrics: try tallies(values, returns, inputs))
    }

    /// |τ − 1[u < 0]| u² at each place.
    static func expectile(_ gap: Tensor, _ expectile: Double) throws -> Tensor {
        let isBelow = try gap.detach().isLess(than: 0).to(gap.dataType)
        return try gap.square() * (isBelow * (1 - 2 * expectile) + expectile)
    }

    /// ½ max[(V − G)², (V_old + clip(V − V_old, −ε, ε) − G)²] at each place, and 1 where the second is the larger one, else 0.
    static func clipped(
        _ values: Tensor, old: Tensor, _ returns: Tensor, by clip: Double
    ) throws -> (losses: Tensor, isClipped: Tensor) {
        let held = try old + (values - old).clamp(-clip, clip)
        let (plain, clipped) = (try (values - returns).square(), try (held - returns).square())
        return (try plain.maximum(clipped) * 0.5, try clipped.detach().isGreater(than: plain.detach()).to(values.dataType))
    }

    /// The metrics.
    static func tallies(_ values: Tensor, _ returns: Tensor, _ inputs: borrowing LossInputs) throws -> [String: Tally] {
        [
            "value": try Reading.tally(values, inputs), "return": try Reading.tally(returns, inputs),
            "squaredError": try Reading.tally((values - returns).square(), inputs),
        ]
    }
}
