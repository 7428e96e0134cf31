import Foundation
import HoneTensor
import Testing

/// The largest difference between a gradient and central differences in float64, relative to the larger of both and 1.
private func worstError(at start: Tensor, _ loss: (Tensor) throws -> Tensor) throws -> Double {
    let x = try start.clone()
    try x.requireGradient()
    try loss(x).backward()
    guard let gradient = try x.gradient()?.doubles() else { return .infinity }
    let values = try start.doubles()
    let step = 1e-5
    var worst = 0.0
    for i in values.indices {
        var shifted = values
        shifted[i] = values[i] + step
        let above = try loss(Tensor(shifted, shape: start.shape)).item()
        shifted[i] = values[i] - step
        let below = try loss(Tensor(shifted, shape: start.shape)).item()
        let numeric = (above - below) / (2 * step)
        worst = max(worst, abs(numeric - gradient[i]) / max(1, abs(numeric), abs(gradient[i])))
    }
    return worst
}

@Suite("Gradients")
struct GradientTests {
    @Test("a language model's loss has the gradient of finite differences")
    func languageModelLoss() throws {
        let w = try ramp([7, 4], shift: 0.3)
        let targets = try Tensor([0, 6, -1] as [Int64], shape: [3])
        let error = try worstError(at: ramp([3, 4])) { x in
            try x.rmsNorm(ramp([4], shift: 1), epsilon: 1e-5).linear(w).nll(targets).sum() / 2
        }
        #expect(error < 1e-7)
    }

    @Test("attention with a gated unit has the gradient of finite differences")
    func attentionLoss() throws {
        let error = try worstError(at: ramp([1, 2, 3, 8])) { x in
            let y = try x.attention(keys: x * 0.5, values: x.square(), causal: true)
            return try y.siluMul(x).mean()
        }
        #expect(error < 1e-7)
    }

    @Test("a clipped policy objective has the gradient of finite differences")
    func clippedObjective() throws {
        let advantages = try Tensor([1, -1, 0.5, -2] as [Double], shape: [4])
        let error = try worstError(at: ramp([4])) { x in
            let ratio = try x.exp()
            return try -(ratio * advantages).minimum(ratio.clamp(0.8, 1.2) * advantages).mean()
        }
        #expect(error < 1e-7)
    }

    @Test("blockwise sums, norms and log-sum-exp have the gradient of finite differences")
    func reductionsLoss() throws {
        let error = try worstError(at: ramp([5, 3])) { x in
            try x.logSumExp(-1).sum() + x.norm() * x.mean() + x.variance(0).sum() + x.logSigmoid().sum()
        }
        #expect(error < 1e-7)
        let large = try ramp([9001])
        try large.requireGradient()
        try large.sum().backward()
        #expect(try large.gradient()?.doubles().allSatisfy { $0 == 1 } == true)
    }

    @Test("entropy and gathered log-probabilities have the gradient of finite differences")
    func entropyLoss() throws {
        let index = try Tensor([1, 3] as [Int64], shape: [2, 1])
        let error = try worstError(at: ramp([2, 5])) { x in
            try x.entropy().sum() + (x.logSoftmax(-1).gather(1, index) * 0.3).sum()
        }
        #expect(error < 1e-7)
    }

    @Test("gradients add up until they are cleared")
    func accumulation() throws {
        let x = try Tensor([2, 3] as [Float], shape: [2])
        try x.requireGradient()
        #expect(try x.gradient() == nil)
        try x.square().sum().backward()
        try x.square().sum().backward()
        #expect(try x.gradient()?.floats() == [8, 12])
        try x.accumulateGradient(Tensor([1, 1] as [Float], shape: [2]))
        #expect(try x.gradient()?.floats() == [9, 13])
        try x.clearGradient()
        #expect(try x.gradient() == nil)
    }

    @Test("nothing is recorded while the mode is off, and errors restore it")
    func modeOff() throws {
        let x = try Tensor([2] as [Float], shape: [1])
        try x.requireGradient()
        func quiet() throws -> Tensor {
            let mode = GradientMode.off()
            defer { mode.restore() }
            #expect(!GradientMode.isOn)
            return try x * 2
        }
        #expect(try quiet().requiresGradient == false)
        #expect(GradientMode.isOn)
        func failing() throws {
            let mode = GradientMode.off()
            defer { mode.restore() }
            _ = try x.matmul(Tensor.ones([3]))
        }
        #expect(throws: TensorError.self) { try failing() }
        #expect(GradientMode.isOn)
        #expect(try (x * 2).hasGraph)
        #expect(try (x * 2).detach().hasGraph == false)
    }

    @Test("a graph can be used twice only when it is kept, and a seed weighs the outputs")
    func keptGraphs() throws {
        let x = try Tensor([3] as [Float], shape: [1])
        try x.requireGradient()
        let y = try (x.square() * x).sum()
        try y.backward(keepGraph: true)
        try y.backward()
        #expect(try x.gradient()?.floats() == [54])
        #expect(sentence { try y.backward() }.contains("backward: found"))
        try x.clearGradient()
        let pair = try Tensor.cat([x, x * 2], 0)
        try pair.backward(seed: Tensor([10, 1] as [Float], shape: [2]))
        #expect(try x.gradient()?.floats() == [12])
    }
}
