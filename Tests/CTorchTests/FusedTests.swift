import CTorch
import Testing

/// A tensor handle that lives until the process ends: an optimised build may release an owner as soon as its handle has been
/// read, before the C function that got the handle returns.
final class Held {
    let handle: OpaquePointer

    init(_ made: OpaquePointer?) throws {
        handle = try #require(made, "\(String(cString: ht_last_error()))")
    }

    convenience init(_ values: [Double], _ shape: [Int64], _ type: Int32) throws {
        let wide = try Held(ht_from_bytes(values, values.count * 8, shape, Int32(shape.count), Int32(HT_FLOAT64)))
        try self.init(withExtendedLifetime(wide) { ht_to(wide.handle, type) })
    }

    func values() throws -> [Double] {
        let wide = try Held(ht_to(handle, Int32(HT_FLOAT64)))
        var out = [Double](repeating: 0, count: Int(ht_count(wide.handle)))
        let isRead = withExtendedLifetime(wide) { ht_read(wide.handle, &out, out.count * 8) }
        #expect(isRead)
        return out
    }
}

@Suite(.serialized) struct FusedTests {
    static func numbers(_ seed: UInt64, _ count: Int) -> [Double] {
        (0..<count).map { Double(Float(ht_uniform(seed, UInt64($0)) * 2 - 1)) }
    }

    /// Values and input gradients of `operation`, with a fixed random weight on each output.
    static func run(
        _ inputs: [(values: [Double], shape: [Int64])], _ type: Int32, _ operation: ([OpaquePointer]) throws -> [Held]
    ) throws -> (outputs: [[Double]], gradients: [[Double]]) {
        let leaves = try inputs.map { try Held($0.values, $0.shape, type) }
        for leaf in leaves { #expect(ht_require_grad(leaf.handle, true)) }
        let outputs = try operation(leaves.map(\.handle))
        for (index, output) in outputs.enumerated() {
            let shape = (0..<ht_rank(output.handle)).map { ht_size(output.handle, $0) }
            let seed = try Held(numbers(900 + UInt64(index), Int(ht_count(output.handle))), shape, type)
            #expect(ht_backward(output.handle, seed.handle, index + 1 < outputs.count))
        }
        return try withExtendedLifetime(leaves) {
            (try outputs.map { try $0.values() }, try leaves.map { try Held(ht_grad($0.handle)).values() })
        }
    }

    static func expectClose(_ a: [[Double]], _ b: [[Double]], _ bar: Double) {
        for (x, y) in zip(a, b) {
            let largest = max(1, y.map(abs).max() ?? 0)
            #expect(x.count == y.count)
            #expect(zip(x, y).allSatisfy { abs($0 - $1) <= bar * largest })
        }
    }

    /// The float32 kernel against the float64 formula, and that formula's gradient against finite differences.
    static func check(
        _ inputs: [(values: [Double], shape: [Int64])], _ operation: ([OpaquePointer]) throws -> [Held]
    ) throws {
        let exact = try run(inputs, Int32(HT_FLOAT64), operation)
        for threads: Int32 in [1, 2] {
            #expect(ht_set_threads(threads))
            let fused = try run(inputs, Int32(HT_FLOAT32), operation)
            expectClose(fused.outputs, exact.outputs, 2e-6)
            expectClose(fused.gradients, exact.gradients, 4e-6)
        }
        func weighted(_ changed: [(values: [Double], shape: [Int64])]) throws -> Double {
            let leaves = try changed.map { try Held($0.values, $0.shape, Int32(HT_FLOAT64)) }
            // A handle does not keep its tensor alive.
            return try withExtendedLifetime(leaves) {
                try operation(leaves.map(\.handle)).enumerated().reduce(0) { sum, output in
                    let values = try output.element.values()
                    return sum + zip(values, numbers(900 + UInt64(output.offset), values.count)).reduce(0) { $0 + $1.0 * $1.1 }
                }
            }
        }
        for input in inputs.indices {
            for place in [0, inputs[input].values.count / 2, inputs[input].values.count - 1] {
                var up = inputs, down = inputs
                up[input].values[place] += 1e-5
                down[input].values[place] -= 1e-5
                let slope = (try weighted(up) - weighted(down)) / 2e-5
                #expect(abs(slope - exact.gradients[input][place]) < 1e-6 * max(1, abs(slope)))
            }
        }
    }

    @Test("RMSNorm of (3, 4) repeated is each over the root of 12.5")
    func normByHand() throws {
        let x = try Held((0..<16).map { $0 % 2 == 0 ? 3 : 4 }, [1, 16], Int32(HT_FLOAT32))
        let w = try Held((0..<16).map { Double($0 + 1) }, [16], Int32(HT_FLOAT32))
        let y = try Held(ht_fused_rms_norm(x.handle, w.handle, 0)).values()
        for i in 0..<16 { #expect(abs(y[i] - (i % 2 == 0 ? 3 : 4) / 12.5.squareRoot() * Double(i + 1)) < 1e-5) }
    }

    @Test("RMSNorm and its gradients, over more than one block of rows", arguments: [32, 24])
    func norm(width: Int64) throws {
        let inputs = [
            (Self.numbers(1, 300 * Int(width)), [3, 100, width]), (Self.numbers(2, Int(width)), [width]),
        ]
        try Self.check(inputs) { [try Held(ht_fused_rms_norm($0[0], $0[1], 1e-6))] }
    }

    @Test("SwiGLU and its gradient", arguments: [32, 22])
    func gated(width: Int64) throws {
        let wide = Self.numbers(3, 270 * Int(width)).map { $0 * 8 }
        try Self.check([(wide, [270, width])]) { [try Held(ht_fused_swiglu($0[0]))] }
    }

    @Test("the rotary split, with shared and with own positions", arguments: [32, 10], [false, true])
    func ropeSplit(size: Int64, hasOwnPositions: Bool) throws {
        let rows = hasOwnPositions ? 3 * 5 : 5, half = Int(size) / 2
        let angles = Self.numbers(4, rows * half)
        let cosines = angles.map { (1 - $0 * $0).squareRoot() }
        let shape = hasOwnPositions ? [3, 5, Int64(half)] : [5, Int64(half)]
        try Self.check([(Self.numbers(5, 3 * 5 * 8 * Int(size)), [3, 5, 8 * size])]) { leaves in
            let type = ht_dtype(leaves[0])
            let c = try Held(cosines, shape, type), s = try Held(angles, shape, type)
            var parts: [OpaquePointer?] = [nil, nil, nil]
            #expect(ht_fused_rope_split(leaves[0], c.handle, s.handle, 4, 2, &parts))
            let held = try parts.map { try Held($0) }
            #expect(ht_size(held[0].handle, 1) == 4 && ht_size(held[1].handle, 1) == 2 && ht_size(held[2].handle, 2) == 5)
            return held
        }
    }

    @Test("log-probabilities and entropies of target tokens with their gradients", arguments: [16, 37], [1.0, 0.7])
    func tokenLogProbs(vocabulary: Int64, temperature: Double) throws {
        let targets = (0..<300).map { Int64(ht_uniform(6, UInt64($0)) * Double(vocabulary)) }
        let inputs = [
            (Self.numbers(7, 300 * 24).map { $0 * 3 }, [300, 24]), (Self.numbers(8, Int(vocabulary) * 24), [vocabulary, 24]),
        ]
        try Self.check(inputs) { leaves in
            let t = try Held(ht_from_bytes(targets, 300 * 8, [300], 1, Int32(HT_INT64)))
            var entropies: OpaquePointer?
            let logProbs = try Held(ht_fused_token_log_probs(leaves[0], leaves[1], t.handle, temperature, &entropies))
            return [logProbs, try Held(entropies)]
        }
    }

    @Test("gradients have the same bits with one and two threads")
    func threadsDoNotChangeBits() throws {
        let inputs = [(Self.numbers(9, 700 * 32), [Int64(700), 32]), (Self.numbers(10, 32), [Int64(32)])]
        let results = try [Int32(1), 2].map { threads in
            #expect(ht_set_threads(threads))
            return try Self.run(inputs, Int32(HT_FLOAT32)) { [try Held(ht_fused_rms_norm($0[0], $0[1], 1e-6))] }
        }
        #expect(results[0].gradients == results[1].gradients)
        #expect(results[0].outputs == results[1].outputs)
    }

    @Test("shapes that do not fit are refused with a sentence")
    func refusals() throws {
        let x = try Held(Self.numbers(1, 32), [2, 16], Int32(HT_FLOAT32)), w = try Held(Self.numbers(1, 8), [8], Int32(HT_FLOAT32))
        #expect(ht_fused_rms_norm(x.handle, w.handle, 1e-6) == nil)
        #expect(String(cString: ht_last_error()).contains("expected a weight as long as the last dimension"))
        let odd = try Held(Self.numbers(1, 15), [3, 5], Int32(HT_FLOAT32))
        #expect(ht_fused_swiglu(odd.handle) == nil)
        var parts: [OpaquePointer?] = [nil, nil, nil]
        #expect(!ht_fused_rope_split(x.handle, x.handle, x.handle, 1, 1, &parts))
        let target = try Held(ht_from_bytes([Int64(0), 2], 16, [2], 1, Int32(HT_INT64)))
        #expect(ht_fused_token_log_probs(x.handle, x.handle, target.handle, 1, nil) == nil)
        #expect(String(cString: ht_last_error()).contains("found targets from 0 to 2"))
        #expect(ht_fused_token_log_probs(x.handle, x.handle, target.handle, 0, nil) == nil)
    }
}
