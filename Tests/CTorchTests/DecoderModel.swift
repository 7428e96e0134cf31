import CTorch

/// A small decoder with random weights and its forward pass written plainly in float64.
struct DecoderModel {
    let shape: ht_decoder_shape
    /// In the load order of `ht_decoder_load`.
    let tensors: [[Float]]

    init(
        hidden: Int64, layers: Int64, heads: Int64, kvHeads: Int64, headDim: Int64, mlp: Int64, vocabulary: Int64, tied: Bool = false,
        bias: Bool = false, slots: Int64 = 64, context: Int64 = 48, threads: Int32 = 2
    ) {
        shape = ht_decoder_shape(
            hidden: hidden, layers: layers, heads: heads, kv_heads: kvHeads, head_dim: headDim, mlp: mlp, vocabulary: vocabulary,
            slots: slots, context: context, rope_theta: 10000, rms_eps: 1e-6, tied: tied, qkv_bias: bias, threads: threads,
            qk_norm: false, post_norms: false, gelu: false, embedding_scale: 0, query_scalar: 0, window: 0, half_weights: false)
        var tensors: [[Float]] = []
        var sizes = shape
        for index in 0..<ht_decoder_tensor_count(&sizes) {
            let count = Int(ht_decoder_tensor_elements(&sizes, index))
            let isNorm = count == Int(hidden)
            tensors.append((0..<count).map { i in
                let centred = Float(ht_uniform(UInt64(index) + 1, UInt64(i)) - 0.5)
                return isNorm ? 1 + centred * 0.4 : centred * (index == 0 ? 2 : 0.5)
            })
        }
        self.tensors = tensors
    }

    /// A loaded decoder; the caller frees it.
    func makeDecoder() -> OpaquePointer? {
        var sizes = shape
        var status: Int32 = 0
        guard let decoder = ht_decoder_new(&sizes, &status) else { return nil }
        let flat = tensors.flatMap { $0 }
        let loaded = flat.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<Float>?] = []
            var offset = 0
            for tensor in tensors {
                pointers.append(buffer.baseAddress.map { $0 + offset })
                offset += tensor.count
            }
            return ht_decoder_load(decoder, pointers, Int32(pointers.count))
        }
        guard loaded == 0 else {
            ht_decoder_free(decoder)
            return nil
        }
        return decoder
    }

    /// Logits of every position of one sequence, in float64 and by the textbook.
    func logits(_ tokens: [Int32]) -> [[Double]] {
        let hidden = Int(shape.hidden), heads = Int(shape.heads), kvHeads = Int(shape.kv_heads), size = Int(shape.head_dim)
        var next = 0
        func take() -> [Float] {
            defer { next += 1 }
            return tensors[next]
        }
        func product(_ x: [Double], _ w: [Float], _ bias: [Float]? = nil) -> [Double] {
            (0..<w.count / x.count).map { row in
                var sum = bias.map { Double($0[row]) } ?? 0
                for k in x.indices { sum += x[k] * Double(w[row * x.count + k]) }
                return sum
            }
        }
        func norm(_ x: [Double], _ w: [Float]) -> [Double] {
            let scale = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + shape.rms_eps).squareRoot()
            return x.indices.map { x[$0] * scale * Double(w[$0]) }
        }
        var cosines = [Float](repeating: 0, count: Int(shape.context) * size / 2), sines = cosines
        ht_rotary_table(shape.context, shape.head_dim, shape.rope_theta, &cosines, &sines)
        func turn(_ x: [Double], _ position: Int) -> [Double] {
            var y = x
            for h in stride(from: 0, to: x.count, by: size) {
                for i in 0..<size / 2 {
                    let c = Double(cosines[position * size / 2 + i]), s = Double(sines[position * size / 2 + i])
                    y[h + i] = x[h + i] * c - x[h + size / 2 + i] * s
                    y[h + size / 2 + i] = x[h + size / 2 + i] * c + x[h + i] * s
                }
            }
            return y
        }
        let embedding = take()
        var x = tokens.map { token in (0..<hidden).map { Double(embedding[Int(token) * hidden + $0]) } }
        for _ in 0..<shape.layers {
            let before = take(), wq = take(), wk = take(), wv = take()
            let biases = shape.qkv_bias ? [take(), take(), take()] : []
            let output = take(), between = take(), gate = take(), up = take(), down = take()
            var keys: [[Double]] = [], values: [[Double]] = []
            for (position, row) in x.enumerated() {
                let y = norm(row, before)
                let q = turn(product(y, wq, biases.first), position)
                keys.append(turn(product(y, wk, biases.isEmpty ? nil : biases[1]), position))
                values.append(product(y, wv, biases.last))
                var mixed = [Double](repeating: 0, count: heads * size)
                for head in 0..<heads {
                    let own = head / (heads / kvHeads) * size
                    let scores = keys.map { key in
                        (0..<size).reduce(0.0) { $0 + q[head * size + $1] * key[own + $1] } / Double(size).squareRoot()
                    }
                    let top = scores.max() ?? 0
                    let shares = scores.map { exponential($0 - top) }
                    let total = shares.reduce(0, +)
                    for (share, value) in zip(shares, values) {
                        for i in 0..<size { mixed[head * size + i] += share / total * value[own + i] }
                    }
                }
                let added = product(mixed, output)
                for i in 0..<hidden { x[position][i] += added[i] }
                let z = norm(x[position], between)
                let inner = zip(product(z, gate), product(z, up)).map { $0 / (1 + exponential(-$0)) * $1 }
                let more = product(inner, down)
                for i in 0..<hidden { x[position][i] += more[i] }
            }
        }
        let last = take()
        let head = shape.tied ? embedding : take()
        return x.map { product(norm($0, last), head) }
    }
}

/// Rows of one step and what comes out of it.
struct DecoderRows {
    var slot: [Int32] = [], position: [Int32] = [], token: [Int32] = []

    mutating func add(slot: Int, tokens: some Sequence<Int32>, from start: Int = 0) {
        for (offset, token) in tokens.enumerated() {
            self.slot.append(Int32(slot))
            position.append(Int32(start + offset))
            self.token.append(token)
        }
    }

    /// The logits of the rows named, or the status of the failure.
    func run(_ decoder: OpaquePointer, vocabulary: Int64, out: [Int32]? = nil) -> Result<[[Float]], DecoderStatus> {
        let rows = out ?? (0..<Int32(slot.count)).map { $0 }
        var logits = [Float](repeating: 0, count: rows.count * Int(vocabulary))
        let status = ht_decoder_step(decoder, Int32(slot.count), slot, position, token, rows, Int32(rows.count), &logits)
        guard status == 0 else { return .failure(DecoderStatus(status: status)) }
        return .success(rows.indices.map { Array(logits[$0 * Int(vocabulary)..<($0 + 1) * Int(vocabulary)]) })
    }
}

struct DecoderStatus: Error, Equatable {
    let status: Int32
}

/// e^x in float64 by its series after halving, so that the reference needs no mathematics library.
func exponential(_ x: Double) -> Double {
    let reduced = x / 1024
    var term = 1.0, sum = 1.0
    for n in 1...12 {
        term *= reduced / Double(n)
        sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
}
