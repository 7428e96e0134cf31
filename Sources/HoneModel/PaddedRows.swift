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

    /// A compact [N] tensor at the chosen places of [R, T], zeros elsewhere.
    func spread(_ compact: Tensor?) throws -> Tensor {
        let zeros = try Tensor.zeros([rows * columns])
        guard let compact, !places.isEmpty else { return try zeros.reshape([rows, columns]) }
        return try zeros.indexAdd(0, try Tensor(places, shape: [places.count]), compact).reshape([rows, columns])
    }

    /// Hidden states [N, C] of a network at the chosen places.
    func hidden(by network: Network) throws -> Tensor {
        let hidden = try network.hidden(of: try Tensor(inputs, shape: [rows, columns]))
        return try hidden.reshape([rows * columns, network.shape.width])
            .indexSelect(0, try Tensor(places, shape: [places.count]))
    }

    /// What a network says of the chosen tokens, [N] each; nothing when none is chosen.
    func read(_ quantities: Set<Quantity>, by network: Network) throws -> [Quantity: Tensor] {
        guard !places.isEmpty, !quantities.isEmpty else { return [:] }
        let hiddenNC = try hidden(by: network)
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
            case .head(let name): result[quantity] = try network.output(of: name, on: hiddenNC)
            default:
                throw CoreError.unsupported("A model can learn from logProbs, entropies and heads; \(quantity) was asked for")
            }
        }
        return result
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
