import HoneCore
import HoneTensor
import HoneText

extension ModelHost {
    /// Log-probabilities, entropies, a head's outputs, likeliest tokens or hidden states of transcripts.
    ///
    /// Shapes: log-probabilities, entropies and heads [T−1], entry t−1 about token t, a head's from the state before the
    /// token, [T−1, K] for heads of K > 1 outputs and for `allLogProbs`, K the vocabulary; `distribution(top: k)` [T−1, k, 2] with tokens and log-probabilities, likeliest first; `hidden` [T, C].
    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        try scores(transcripts, quantity, snapshot: nil)
    }

    /// Scores with the live weights or with a snapshot's.
    func scores(_ transcripts: [Transcript], _ quantity: Quantity, snapshot: String?) throws -> [Scores] {
        let rows = try transcripts.map { try tokens(of: try tokenised($0)) }
        return try scores(ofRows: rows, quantity, by: try network(of: snapshot))
    }

    /// Natural log-probabilities of the tokens after the first of each row, by the full forward pass.
    public func logProbs(of rows: [[TokenID]]) throws -> [[Float]] {
        for row in rows { try check(row) }
        return try scores(ofRows: rows, .logProbs, by: network).map(\.values)
    }

    func scores(ofRows rows: [[TokenID]], _ quantity: Quantity, by network: Network) throws -> [Scores] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        switch quantity {
        case .logProbs, .entropies, .allLogProbs, .head: break
        case .distribution(let top): return try rows.map { try likeliest(top, after: $0, by: network) }
        case .hidden(let layer): return try rows.map { try hidden(layer, of: $0, by: network) }
        case .inputGradient:
            throw CoreError.unsupported("Model “\(name)” does not give gradients with respect to inputs")
        }
        var result = [Scores](repeating: Scores(values: [], shape: [0]), count: rows.count)
        // Logits of a batch stay below 64 million numbers.
        let limit = max(256, min(settings.microBatchTokens, (64 << 20) / shape.vocabulary))
        for batch in PaddedRows.batches(of: rows.indices.map { [$0] }, lengths: rows.map(\.count), limit: limit) {
            let padded = try PaddedRows(batch.map { rows[$0] }, padding: tokenizer.padding, context: shape.context)
            let read = try padded.read([quantity], by: network)[quantity]
            let outputs = read.map { $0.rank > 1 ? $0.size(1) : 1 } ?? 1
            let values = try read?.floats() ?? []
            var start = 0
            for index in batch {
                let count = max(0, rows[index].count - 1)
                result[index] = Scores(
                    values: Array(values[start..<start + count * outputs]), shape: outputs == 1 ? [count] : [count, outputs])
                start += count * outputs
            }
        }
        return result
    }

    private func likeliest(_ top: Int, after row: [TokenID], by network: Network) throws -> Scores {
        guard top >= 1, top <= shape.vocabulary else {
            throw ModelError("The \(top) likeliest tokens were asked for; the vocabulary has \(shape.vocabulary)")
        }
        let padded = try PaddedRows([row], padding: tokenizer.padding, context: shape.context)
        guard let logProbs = try padded.read([.allLogProbs], by: network)[.allLogProbs] else {
            return Scores(values: [], shape: [0, top, 2])
        }
        let (values, indices) = try logProbs.topk(top, -1)
        let (likely, tokens) = (try values.floats(), try indices.integers())
        var flat: [Float] = []
        for (value, token) in zip(likely, tokens) { flat += [Float(token), value] }
        return Scores(values: flat, shape: [row.count - 1, top, 2])
    }

    private func hidden(_ layer: Int, of row: [TokenID], by network: Network) throws -> Scores {
        guard layer >= 0, layer <= shape.layers else {
            throw ModelError("Hidden states of layer \(layer) were asked for; model “\(name)” has layers 0 to \(shape.layers)")
        }
        guard !row.isEmpty else { return Scores(values: [], shape: [0, shape.width]) }
        // Padded like the rows of training, as the bits of shorter products depend on the count of threads.
        let columns = min((row.count + 7) / 8 * 8, shape.context)
        let tokens = row.map(Int64.init) + [Int64](repeating: 0, count: columns - row.count)
        let states = try network.hidden(of: try Tensor(tokens, shape: [1, columns]), layers: layer)
        return Scores(values: Array(try states.floats().prefix(row.count * shape.width)), shape: [row.count, shape.width])
    }

    /// All logits after each token of each row, [T, V] per row, by the full forward pass of training.
    public func logits(of rows: [[TokenID]]) throws -> [[[Float]]] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        return try rows.map { row in
            guard !row.isEmpty else { return [] }
            try check(row)
            let tokens = try Tensor(row.map(Int64.init), shape: [1, row.count])
            return split(try network.hidden(of: tokens).linear(network.base.head).floats())
        }
    }

    /// All logits after each token of a row, [T, V], by the sampling kernel with its key/value cache, one token a step.
    ///
    /// Beside `logits(of:)` it shows how far sampling and training are apart.
    public func decodedLogits(of row: [TokenID]) throws -> [[Float]] {
        try check(row)
        let decoder = try settings.decoder(shape, slots: 1, threads: threads, keepsHalf: false)
        try decoder.load(network)
        var all = [Float](repeating: 0, count: row.count * shape.vocabulary)
        let vocabulary = shape.vocabulary
        try all.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for (index, token) in row.enumerated() {
                try decoder.step(
                    slot: [0], position: [Int32(index)], token: [token], outRows: [0], logits: base + index * vocabulary)
            }
        }
        return split(all)
    }

    private func check(_ row: [TokenID]) throws {
        guard row.count <= shape.context else {
            throw ModelError("A row has \(row.count) tokens, but the context of model “\(name)” holds \(shape.context)")
        }
        for token in row where token < 0 || Int(token) >= shape.vocabulary {
            throw ModelError("Token \(token) is outside the vocabulary of model “\(name)”, which ends at \(shape.vocabulary - 1)")
        }
    }

    private func split(_ logits: [Float]) -> [[Float]] {
        stride(from: 0, to: logits.count, by: shape.vocabulary).map { Array(logits[$0..<$0 + shape.vocabulary]) }
    }
}

/// Full forward passes over a model folder, for `hone pipe logits` and checks from outside.
public enum FullForward {
    /// Logits after each token of each row, [T, V] per row.
    public static func logits(of rows: [[TokenID]], folder: String) async throws -> [[[Float]]] {
        try await host(folder).logits(of: rows)
    }

    /// Natural log-probabilities of the tokens after the first of each row.
    public static func logProbs(of rows: [[TokenID]], folder: String) async throws -> [[Float]] {
        try await host(folder).logProbs(of: rows)
    }

    private static func host(_ path: String) async throws -> ModelHost {
        let nothing = CharacterTokenizer(alphabet: "")
        return try await ModelHost.make(name: "folder", folder: try ModelFolder(path: path), tokenizer: nothing)
    }
}
