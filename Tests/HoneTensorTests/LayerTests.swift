import Foundation
import HoneTensor
import Testing

@Suite("Layers and losses agree with PyTorch's values")
struct LayerTests {
    let reference: [String: [Double]]

    init() throws {
        reference = try Fixture.numbers("layers.json")
    }

    private func expect(_ tensor: Tensor, _ name: String, within tolerance: Double = 1e-12) throws {
        let wanted = try #require(reference[name])
        #expect(try distance(tensor.doubles(), wanted) < tolerance, "\(name)")
    }

    @Test("grouped causal attention")
    func attention() throws {
        let q = try ramp([2, 4, 5, 8])
        let k = try ramp([2, 2, 5, 8], shift: 0.5)
        let v = try ramp([2, 2, 5, 8], shift: 0.9)
        try expect(q.attention(keys: k, values: v, causal: true), "causal")
        try expect(Tensor.causalAttention(q, k, v, scale: 1 / (8.0).squareRoot()), "causal")
        let allowed = try Tensor.ones([5, 5]).tril().isGreater(than: 0)
        try expect(q.attention(keys: k, values: v, mask: allowed), "causal")
    }

    @Test("log-probabilities, their entropy and normaliser")
    func distributions() throws {
        let logits = try ramp([3, 7]) * 4
        let tokens = try Tensor([0, 6, 3] as [Int64], shape: [3])
        try expect(logits.nll(tokens), "nll")
        try expect(-logits.logProbs(of: tokens), "nll")
        try expect(-logits.logSoftmax(-1).gather(1, tokens.unsqueeze(1)).squeeze(1), "nll")
        try expect(logits.entropy(), "entropy")
        try expect(logits.logSumExp(-1), "logSumExp")
        #expect(try distance(logits.softmax(-1).sum(-1).doubles(), [1, 1, 1]) < 1e-15)
    }

    @Test("a negative target costs nothing and has no gradient")
    func ignoredTargets() throws {
        let logits = try ramp([3, 7])
        try logits.requireGradient()
        let loss = try logits.nll(Tensor([2, -1, -100] as [Int64], shape: [3]))
        #expect(try Array(loss.doubles().suffix(2)) == [0, 0])
        try loss.sum().backward()
        let gradient = try #require(try logits.gradient()).doubles()
        #expect(gradient.suffix(14).allSatisfy { $0 == 0 })
        #expect(gradient.prefix(7).contains { $0 != 0 })
    }

    @Test("normalisation layers")
    func norms() throws {
        let x = try ramp([3, 6])
        let w = try ramp([6], shift: 0.2)
        try expect(x.rmsNorm(w, epsilon: 1e-6), "rmsNorm")
        try expect(x.layerNorm(w, bias: ramp([6], shift: 0.7), epsilon: 1e-5), "layerNorm")
    }

    @Test("activations")
    func activations() throws {
        let x = try ramp([3, 6])
        try expect(x.gelu(), "gelu")
        try expect(x.gelu(approximate: true), "geluTanh")
        try expect(x.silu(), "silu")
        try expect(x.softplus(), "softplus")
        try expect(x.logSigmoid(), "logSigmoid")
        #expect(try distance(x.siluMul(x).doubles(), (x.silu() * x).doubles()) == 0)
    }

    @Test("a strided convolution")
    func convolution() throws {
        try expect(
            ramp([1, 2, 5, 5]).conv2d(ramp([3, 2, 3, 3], shift: 0.4), bias: ramp([3]), stride: 2, padding: 1), "conv")
    }

    @Test("products in their several spellings agree")
    func products() throws {
        let a = try ramp([2, 3, 4])
        let w = try ramp([5, 4], shift: 0.3)
        let bias = try ramp([5], shift: 0.8)
        let wanted = try (a.matmul(w.transpose(0, 1)) + bias).doubles()
        #expect(try distance(a.linear(w, bias).doubles(), wanted) < 1e-14)
        #expect(try distance((Tensor.einsum("btk,nk->btn", [a, w]) + bias).doubles(), wanted) < 1e-14)
        let flat = try bias.addmm(a.reshape([6, 4]), w.transpose(0, 1))
        #expect(try distance(flat.doubles(), wanted) < 1e-14)
        var first = 0.0
        for k in 0..<4 { first += sin(Double(k) * 0.37) * sin(Double(k) * 0.37 + 0.3) }
        #expect(abs(wanted[0] - (first + sin(0.8))) < 1e-14)
    }

    @Test("an embedding reads rows and sums their gradients")
    func embedding() throws {
        let table = try Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [3, 2])
        try table.requireGradient()
        let rows = try table.embedding(Tensor([2, 0, 2] as [Int64], shape: [3]))
        #expect(try rows.detach().doubles() == [5, 6, 1, 2, 5, 6])
        try rows.sum().backward()
        #expect(try table.gradient()?.doubles() == [1, 1, 0, 0, 2, 2])
    }
}
