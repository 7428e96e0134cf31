import HoneTensor
import Testing

@Suite("AdamW")
struct AdamWTests {
    private func quadratic(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        let towardsA = try ramp([2, 3], shift: 2).to(.float32)
        let towardsB = try ramp([4], shift: 3).to(.float32) * 3
        return try (a - towardsA).square().sum() + (b - towardsB).square().sum() + a.sum() * b.sum() * 0.1
    }

    @Test("100 clipped steps in two groups give PyTorch's weights and moments")
    func agreesWithTorch() throws {
        let reference = try Fixture.numbers("adamw.json")
        let a = try ramp([2, 3]).to(.float32)
        let b = try ramp([4], shift: 1).to(.float32)
        try a.requireGradient()
        try b.requireGradient()
        let optimiser = AdamW([a, b])
        var norms: [Double] = []
        var losses: [Double] = []
        for step in 0..<100 {
            let rate = 0.05 * (1 - Double(step) / 200)
            try optimiser.clearGradients()
            let loss = try quadratic(a, b)
            try loss.backward()
            let norm = try optimiser.clip(to: 2)
            if step % 10 == 0 {
                norms.append(norm)
                losses.append(try loss.item())
            }
            try optimiser.step(indices: [0], rate: rate, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1)
            try optimiser.step(indices: [1], rate: rate / 2, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0)
        }
        #expect(try distance(a.detach().doubles(), #require(reference["a"])) < 1e-5)
        #expect(try distance(b.detach().doubles(), #require(reference["b"])) < 1e-5)
        #expect(try distance(losses, #require(reference["losses"])) < 1e-4)
        #expect(try distance(norms, #require(reference["norms"])) < 1e-4)
        #expect(try distance(optimiser.moments().first[0].doubles(), #require(reference["firstA"])) < 1e-5)
        #expect(try distance(optimiser.moments().second[1].doubles(), #require(reference["secondB"])) < 1e-4)
        #expect(try optimiser.moments().steps[0].item() == reference["steps"]?.first)
    }

    @Test("the first step moves every weight by the rate against its gradient's sign")
    func firstStep() throws {
        let x = try Tensor([1, -2, 3] as [Float], shape: [3])
        try x.requireGradient()
        let optimiser = AdamW([x])
        try (x * Tensor([5, -0.01, 2] as [Float], shape: [3])).sum().backward()
        try optimiser.step(indices: [0], rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0, weightDecay: 0)
        #expect(try distance(x.detach().doubles(), [0.9, -1.9, 2.9]) < 1e-6)
    }

    @Test("clipping scales to the limit, and leaves smaller gradients alone")
    func clipping() throws {
        let x = try Tensor([0, 0] as [Float], shape: [2])
        try x.requireGradient()
        let optimiser = AdamW([x])
        try x.accumulateGradient(Tensor([3, 4] as [Float], shape: [2]))
        #expect(try optimiser.clip(to: 10) == 5)
        #expect(try x.gradient()?.floats() == [3, 4])
        #expect(try optimiser.clip(to: 0) == 5)
        #expect(try x.gradient()?.floats() == [3, 4])
        #expect(try optimiser.clip(to: 1) == 5)
        #expect(try distance(#require(try x.gradient()).doubles(), [0.6, 0.8]) < 1e-6)
    }

    @Test("gradients that are not finite are seen in the norm and left as they are", arguments: [Float.nan, .infinity])
    func nonFinite(_ value: Float) throws {
        let x = try Tensor([0, 0] as [Float], shape: [2])
        try x.requireGradient()
        let optimiser = AdamW([x])
        try x.accumulateGradient(Tensor([1, value] as [Float], shape: [2]))
        #expect(try optimiser.clip(to: 1).isFinite == false)
        #expect(try x.gradient()?.floats().first == 1)
    }

    @Test("very large finite gradients do not overflow the norm")
    func largeNorm() throws {
        let x = try Tensor([0, 0] as [Float], shape: [2])
        try x.requireGradient()
        let optimiser = AdamW([x])
        try x.accumulateGradient(Tensor([3e30, 4e30] as [Float], shape: [2]))
        #expect(try abs(optimiser.clip(to: 0) / 5e30 - 1) < 1e-6)
    }

    @Test("a weight without a gradient keeps its value and its step count")
    func withoutGradient() throws {
        let x = try Tensor([1] as [Float], shape: [1])
        let y = try Tensor([1] as [Float], shape: [1])
        try x.requireGradient()
        try y.requireGradient()
        let optimiser = AdamW([x, y])
        try x.square().sum().backward()
        try optimiser.step(indices: [0, 1], rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.5)
        #expect(try y.detach().floats() == [1])
        #expect(try optimiser.moments().steps.map { try $0.item() } == [1, 0])
        optimiser.reset()
        #expect(try optimiser.moments().steps.map { try $0.item() } == [0, 0])
    }
}
