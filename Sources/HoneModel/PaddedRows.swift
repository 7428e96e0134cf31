import HoneCore
import HoneTensor

/// Rows of tokens as one tensor for a forward pass, padded on the right, and the places in it that matter.
///
/// R rows, T columns; the input at column t is token t, and what is read there is about token t+1. The last token of a
/// row is only predicted, so it is no input.
struct PaddedRows {
    let rows: Int
    /// T: one less than the longest row, rounded up to a multiple of 8 where the context allows.
    let columns: Int
    /// Inputs, row-major [R, T].
    private let inputs: [Int64]
    /// Flat places r·T + t of the chosen columns, in row-major order.
    private(set) var places: [Int64] = []
    /// The tokens to be predicted there.
    private(set) var targets: [Int64] = []

    /// `chosen` says for each row which tokens after the first are wanted; nil wants all.
    init(_ tokens: [[TokenID]], padding: TokenID, context: Int, chosen: [[Bool]]? = nil) throws {
        let longest = max(1, (tokens.map(\.count).max() ?? 1) - 1)
        guard longest <= context else {
            throw ModelError("A row has \(longest + 1) tokens, but the model's context holds \(context); use shorter rows")
        }
        let columns = min((longest + 7) / 8 * 8, context)
        var flat = [Int64](repeating: Int64(padding), count: tokens.count * columns)
        for (r, row) in tokens.enumerated() {
            for t in 0..<max(0, row.count - 1) {
                flat[r * columns + t] = Int64(row[t])
                if chosen?[r][t + 1] ?? true {
                    places.append(Int64(r * columns + t))
                    targets.append(Int64(row[t + 1]))
                }
            }
        }
        rows = tokens.count
        self.columns = columns
        inputs = flat
    }

    /// The padded lengths that `tokens` would need: rows times columns.
    static func columns(for longest: Int) -> Int { max(1, (max(1, longest - 1) + 7) / 8 * 8) }

    /// Per-token numbers of the rows as [R, T]: column t holds the number of token t+1, 0 where `kept` is false.
    func table(_ values: [[Float]], kept: [[Bool]]) throws -> Tensor {
        var flat = [Float](repeating: 0, count: rows * columns)
        for (r, row) in values.enumerated() where !row.isEmpty {
            let keeps = kept[r]
            for t in 1..<max(1, keeps.count) where keeps[t] { flat[r * columns + t - 1] = row[t] }
        }
        return try Tensor(flat, shape: [rows, columns])
    }

    /// Numbers of other models on the rows as [R, T] or [R, T, K]: entry t of a row's scores stands at column t, 0 where
    /// the token after it is not `kept`.
    func table(_ scores: [Scores], kept: [[Bool]]) throws -> Tensor {
        let outputs = scores.first { $0.shape.count > 1 }?.shape[1] ?? 1
        var flat = [Float](repeating: 0, count: rows * columns * outputs)
        for (r, score) in scores.enumerated() {
            guard score.values.count == max(0, kept[r].count - 1) * outputs else {
                throw ModelError(
                    "A row of \(kept[r].count) tokens came with scores of shape \(score.shape); expected one entry per token after the first")
            }
            for t in 0..<max(0, kept[r].count - 1) where kept[r][t + 1] {
                for k in 0..<outputs { flat[(r * columns + t) * outputs + k] = score.values[t * outputs + k] }
            }
        }
        return try Tensor(flat, shape: outputs == 1 ? [rows, columns] : [rows, columns, outputs])
    }

    /// A compact [N] or [N, K] tensor at the chosen places of [R, T] or [R, T, K], zeros elsewhere.
    func spread(_ compact: Tensor?) throws -> Tensor {
        let outputs = compact.map { Array($0.shape.dropFirst()) } ?? []
        let zeros = try Tensor.zeros([rows * columns] + outputs)
        guard let compact, !places.isEmpty else { return try zeros.reshape([rows, columns] + outputs) }
        return try zeros.indexAdd(0, try Tensor(places, shape: [places.count]), compact).reshape([rows, columns] + outputs)
    }

    /// The rows' layers, run without keeping more than what goes into each.
    func recomputed(by network: Network) throws -> RecomputedLayers {
        try RecomputedLayers(network, try Tensor(inputs, shape: [rows, columns]))
    }

    /// Hidden states [N, C] of a network at some places.
    private func hidden(by network: Network, at places: [Int64], _ layers: RecomputedLayers?) throws -> Tensor {
        let hidden = try layers?.hidden() ?? network.hidden(of: try Tensor(inputs, shape: [rows, columns]))
        return try hidden.reshape([rows * columns, network.shape.width])
            .indexSelect(0, try Tensor(places, shape: [places.count]))
    }

    /// A few numbers made so many that the bits of their products with a matrix do not depend on the count of threads: the
    /// first is repeated up to a multiple of 8 where there are fewer than 16. Those behind the given ones mean nothing.
    private static func steady(_ numbers: [Int64]) -> [Int64] {
        guard numbers.count < 16, let first = numbers.first else { return numbers }
        return numbers + [Int64](repeating: first, count: (numbers.count + 7) / 8 * 8 - numbers.count)
    }

    /// What a network says of the chosen tokens, [N] each, [N, K] for K > 1 numbers a token; nothing when none is chosen.
    ///
    /// With `layers`, the hidden states are those of a pass that was begun there.
    func read(_ quantities: Set<Quantity>, by network: Network, through layers: RecomputedLayers? = nil) throws -> [Quantity: Tensor] {
        guard !places.isEmpty, !quantities.isEmpty else { return [:] }
        let hiddenNC = try hidden(by: network, at: Self.steady(places), layers)
        let targets = Self.steady(targets)
        var result: [Quantity: Tensor] = [:]
        if quantities.contains(.logProbs) || quantities.contains(.entropies) {
            let read = try FusedOperations.tokenLogProbs(
                hiddenNC: hiddenNC, weight: network.base.head, targetsN: try Tensor(targets, shape: [targets.count]))
            if quantities.contains(.logProbs) { result[.logProbs] = read.logProbs }
            if quantities.contains(.entropies) { result[.entropies] = read.entropies }
        }
        for quantity in quantities {
            switch quantity {
            case .logProbs, .entropies: continue
            case .allLogProbs: result[quantity] = try hiddenNC.linear(network.base.head).logSoftmax(-1)
            case .head(let name): result[quantity] = try network.output(of: name, on: hiddenNC)
            default:
                throw CoreError.unsupported(
                    "A model can learn from logProbs, entropies, allLogProbs and heads; \(quantity) was asked for")
            }
        }
        guard targets.count > places.count else { return result }
        return try result.mapValues { try $0.narrow(0, from: 0, length: places.count).contiguous() }
    }

    /// Indices in batches of rows of similar length, each within the limit on padded tokens; units stay together.
    ///
    /// Shortest first, equal ones in order; a unit above the limit is a batch of its own.
    static func batches(of units: [[Int]], lengths: [Int], limit: Int) -> [[Int]] {
        let longest = units.map { $0.reduce(0) { max($0, lengths[$1]) } }
        let order = units.indices.sorted { (longest[$0], $0) < (longest[$1], $1) }
        var batches: [[Int]] = []
        for unit in order {
            if let last = batches.indices.last,
                (batches[last].count + units[unit].count) * columns(for: longest[unit]) <= limit
            {
                batches[last] += units[unit]
            } else {
                batches.append(units[unit])
            }
        }
        return batches
    }
}
