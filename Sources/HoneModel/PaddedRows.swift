import HoneCore
import HoneTensor

/// Rows of tokens as one tensor, padded on the right to a multiple of 8.
struct PaddedRows {
    /// Tokens [R, T+1].
    let tokens: Tensor
    /// Columns of the loss tensors: T, one less than the padded length.
    let columns: Int
    let rows: Int
    /// Flat places r·T + t of the chosen columns, in row-major order, as [N].
    let chosen: [Int64]
    /// The tokens to be predicted there, [N].
    let targets: [Int64]

    /// `chosen` says for each row which tokens after the first are wanted (by token index); nil wants all.
    init(_ rows: [[TokenID]], padding: TokenID, chosen wanted: [[Bool]]? = nil) throws {
        let longest = max(2, rows.map(\.count).max() ?? 2)
        let length = (longest + 7) / 8 * 8
        var flat = [Int64](repeating: Int64(padding), count: rows.count * length)
        var chosen: [Int64] = []
        var targets: [Int64] = []
        for (r, row) in rows.enumerated() {
            for (t, token) in row.enumerated() {
                flat[r * length + t] = Int64(token)
                if t > 0, wanted?[r][t] ?? true {
                    chosen.append(Int64(r * (length - 1) + t - 1))
                    targets.append(Int64(token))
                }
            }
        }
        tokens = try Tensor(flat, shape: [rows.count, length])
        columns = length - 1
        self.rows = rows.count
        self.chosen = chosen
        self.targets = targets
    }

    /// Per-token numbers of the rows as [R, T]: column t holds the number of token t+1.
    func table(_ values: [[Float]]) throws -> Tensor {
        var flat = [Float](repeating: 0, count: rows * columns)
        for (r, row) in values.enumerated() {
            for t in 1..<max(1, row.count) { flat[r * columns + t - 1] = row[t] }
        }
        return try Tensor(flat, shape: [rows, columns])
    }

    /// A compact [N] tensor spread to [R, T], zeros elsewhere.
    func spread(_ compact: Tensor) throws -> Tensor {
        let zeros = try Tensor.zeros([rows * columns])
        guard !chosen.isEmpty else { return try zeros.reshape([rows, columns]) }
        let index = try Tensor(chosen, shape: [chosen.count])
        return try zeros.indexAdd(0, index, compact).reshape([rows, columns])
    }
}

extension Transformer {
    /// Log-probabilities (and entropies) of the chosen tokens of padded rows, spread to [R, T].
    func tokenLogProbs(of padded: PaddedRows, wantsEntropies: Bool) throws -> (logProbs: Tensor, entropies: Tensor?) {
        guard !padded.chosen.isEmpty else {
            let zeros = try Tensor.zeros([padded.rows, padded.columns])
            return (zeros, wantsEntropies ? zeros : nil)
        }
        let inputs = try padded.tokens.narrow(1, from: 0, length: padded.columns).contiguous()
        let hidden = try hidden(of: inputs).reshape([padded.rows * padded.columns, shape.width])
        let index = try Tensor(padded.chosen, shape: [padded.chosen.count])
        let targets = try Tensor(padded.targets, shape: [padded.targets.count])
        let (logProbs, entropies) = try FusedOperations.tokenLogProbs(
            hiddenNC: try hidden.indexSelect(0, index), weight: head, targets: targets, wantsEntropies: wantsEntropies)
        return (try padded.spread(logProbs), try entropies.map { try padded.spread($0) })
    }
}
