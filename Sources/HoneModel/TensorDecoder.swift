import HoneTensor

// Shapes in names: R rows, T positions, C width, H heads, K key heads, D head width, V vocabulary, L tokens a slot holds.

/// A decoder out of libtorch's operations, for devices that the fused one does not know.
///
/// It runs the layers of `Transformer` on its own copy of the weights and keeps keys and values beside them. Rows that advance by one token
/// are one batch, prompts are batches of similar length. What a row gets depends on its slot's tokens; on devices whose products are added up
/// in another order for other sizes, its last bits depend on how many rows are in the step.
final class TensorDecoder: Decoder {
    let shape: ModelShape
    private let slots: Int
    private let keepsHalf: Bool
    private var transformer: Transformer?
    /// Keys and values of each layer, [2, (slots + 1) · L, K, D]; what padding computes goes to the last slot.
    private var kept: [Tensor] = []
    /// L: as many tokens as were needed so far, in powers of two.
    private var length = 0

    /// Padded tokens of prompts that are computed at once.
    private static let prefillLimit = 8192

    init(_ shape: ModelShape, slots: Int, keepsHalf: Bool = false) {
        var own = shape
        own.computesInHalf = keepsHalf
        self.shape = own
        self.slots = slots
        self.keepsHalf = keepsHalf
    }

    func use(threads: Int) {}

    func load(_ network: Network) throws {
        let mode = GradientMode.off()
        defer { mode.restore() }
        transformer = nil
        // The live weights change in place, so that only a copy stays what it is.
        let copies = try network.mergedParameters().map { try keepsHalf && $0.rank > 1 ? $0.to(.bfloat16) : $0.clone() }
        transformer = try Transformer(shape: shape, parameters: copies)
    }

    func copy(from: Int32, to: Int32, length count: Int) throws {
        guard count > 0 else { return }
        let mode = GradientMode.off()
        defer { mode.restore() }
        let places = try Tensor((0..<count).map { Int64(Int(to) * length + $0) }, shape: [count])
        for layer in kept { try layer.copyEntries(of: layer.narrow(1, from: Int(from) * length, length: count).clone(), to: places, 1) }
    }

    func step(slot: [Int32], position: [Int32], token: [Int32], outRows: [Int32], logits: UnsafeMutablePointer<Float>) throws {
        guard let transformer else { throw ModelError("The decoder has no weights yet; this is a mistake of the program") }
        let mode = GradientMode.off()
        defer { mode.restore() }
        let runs = Self.runs(slot: slot, position: position)
        try makeRoom(for: Int(position.max() ?? 0) + 1)
        let single = runs.indices.filter { runs[$0].count == 1 }
        let longer = runs.indices.filter { runs[$0].count > 1 }
        let batches = PaddedRows.batches(of: longer.map { [$0] }, lengths: runs.map(\.count), limit: Self.prefillLimit)
        var wanted: [Int: [Int]] = [:]
        for (place, row) in outRows.enumerated() { wanted[Int(row), default: []].append(place) }
        for batch in (single.isEmpty ? [] : [single]) + batches {
            let chosen = batch.map { runs[$0] }
            let columns = chosen.map(\.count).max() ?? 1
            var reads: [Int64] = []
            var targets: [[Int]] = []
            for (r, run) in chosen.enumerated() {
                for (t, row) in run.enumerated() {
                    guard let places = wanted[row] else { continue }
                    reads.append(Int64(r * columns + t))
                    targets.append(places)
                }
            }
            let hidden = try hidden(of: chosen, columns, slot, position, token, by: transformer)
            guard !reads.isEmpty else { continue }
            let read = try hidden.indexSelect(0, try Tensor(reads, shape: [reads.count]))
            let values = try transformer.logits(of: read).floats()
            values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                for (index, places) in targets.enumerated() {
                    for place in places {
                        logits.advanced(by: place * shape.vocabulary).update(
                            from: base.advanced(by: index * shape.vocabulary), count: shape.vocabulary)
                    }
                }
            }
        }
    }

    /// Rows of a step that belong to one slot, at positions that follow one another.
    private static func runs(slot: [Int32], position: [Int32]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for row in slot.indices {
            if let last = runs.last, slot[last.lowerBound] == slot[row], position[row - 1] + 1 == position[row] {
                runs[runs.count - 1] = last.lowerBound..<row + 1
            } else {
                runs.append(row..<row + 1)
            }
        }
        return runs
    }

    /// Hidden states [R·T, C] after the last norm; keys and values of the rows are kept on the way.
    private func hidden(
        of runs: [Range<Int>], _ columns: Int, _ slot: [Int32], _ position: [Int32], _ token: [Int32], by transformer: Transformer
    ) throws -> Tensor {
        var tokens: [Int64] = []
        var positions: [Int64] = []
        var places: [Int64] = []
        for run in runs {
            for t in 0..<columns {
                let row = min(run.lowerBound + t, run.upperBound - 1)
                let isPadding = run.lowerBound + t >= run.upperBound
                tokens.append(Int64(token[row]))
                positions.append(Int64(position[row]))
                places.append(Int64((isPadding ? slots : Int(slot[row])) * length) + Int64(position[row]))
            }
        }
        let reach = Int(positions.max() ?? 0) + 1
        let places1D = try Tensor(places, shape: [places.count])
        let slots1D = try Tensor(runs.map { Int64(slot[$0.lowerBound]) }, shape: [runs.count])
        let masks = try Masks(positions, [runs.count, columns], reach: reach, window: shape.form.window)
        let (k, d) = (shape.kvHeads, shape.headWidth)
        let surroundings = try LayerSurroundings(at: positions, rows: runs.count, of: transformer) { [kept, length, slots] layer, heads, scale, isLocal in
            for (index, fresh) in [heads.k, heads.v].enumerated() {
                try kept[layer].select(0, index).copyEntries(
                    of: fresh.transpose(1, 2).reshape([runs.count * columns, k, d]), to: places1D, 0)
            }
            let seen = try kept[layer].reshape([2, slots + 1, length, k, d]).narrow(2, from: 0, length: reach)
                .indexSelect(1, slots1D).transpose(2, 3)
            return try heads.q.attention(
                keys: seen.select(0, 0), values: seen.select(0, 1), mask: isLocal ? masks.local : masks.global, scale: scale)
        }
        var x = try transformer.embedded(try Tensor(tokens, shape: [runs.count, columns]))
        for layer in 0..<shape.layers { x = try transformer.output(of: layer, on: x, in: surroundings) }
        return try transformer.normed(x).reshape([runs.count * columns, shape.width])
    }

    /// Which of the first keys of its slot a row sees, [R, 1, T, keys].
    private struct Masks {
        let global: Tensor
        let local: Tensor

        init(_ positions: [Int64], _ size: [Int], reach: Int, window: Int?) throws {
            let own = try Tensor(positions, shape: [size[0], 1, size[1], 1])
            let keys = try Tensor.range(reach).reshape([1, 1, 1, reach])
            let all = try keys.isAtMost(own)
            global = all
            local = try window.map { try all.logicalAnd(keys.isGreater(than: own - Double($0))) } ?? all
        }
    }

    /// Makes the slots long enough; what they hold stays.
    private func makeRoom(for needed: Int) throws {
        guard needed > length else { return }
        var longer = max(64, length)
        while longer < needed { longer *= 2 }
        longer = max(needed, min(longer, shape.context))
        let (k, d) = (shape.kvHeads, shape.headWidth)
        for layer in 0..<shape.layers {
            let more = try Tensor.zeros([2, slots + 1, longer - length, k, d])
            let all = kept.isEmpty || length == 0 ? more : try Tensor.cat([kept[layer].reshape([2, slots + 1, length, k, d]), more], 2)
            let flat = try all.reshape([2, (slots + 1) * longer, k, d])
            if layer < kept.count { kept[layer] = flat } else { kept.append(flat) }
        }
        length = longer
    }
}
