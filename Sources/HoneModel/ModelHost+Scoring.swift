import HoneCore
import HoneTensor
import HoneText

extension ModelHost {
    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        try score(transcripts, quantity, snapshot: nil)
    }

    /// Scores with the live weights or with a snapshot's.
    func score(_ transcripts: [Transcript], _ quantity: Quantity, snapshot: String?) throws -> [Scores] {
        let live = try state()
        let model = try snapshot.map { try self.snapshotModel($0, of: live) } ?? live.model
        guard quantity == .logProbs || quantity == .entropies else {
            throw CoreError.unsupported("Model “\(name)” can score logProbs and entropies; \(quantity) was asked for")
        }
        let mode = GradientMode.off()
        defer { mode.restore() }
        let rows = try transcripts.map { try tokens(of: try tokenised($0)) }
        var result = [Scores](repeating: Scores(values: [], shape: [0]), count: rows.count)
        for batch in microBatches(of: rows.map(\.count)) {
            let padded = try PaddedRows(batch.map { rows[$0] }, padding: tokenizer.padding)
            let wanted = try model.tokenLogProbs(of: padded, wantsEntropies: quantity == .entropies)
            let table = try (quantity == .logProbs ? wanted.logProbs : wanted.entropies ?? wanted.logProbs).floats()
            for (r, index) in batch.enumerated() {
                let count = max(0, rows[index].count - 1)
                let start = r * padded.columns
                result[index] = Scores(values: Array(table[start..<(start + count)]), shape: [count])
            }
        }
        return result
    }

    /// All logits of rows of tokens after each token, [T, V] per row, by the full forward pass.
    public func logits(of rows: [[TokenID]]) throws -> [[[Float]]] {
        let live = try state()
        let mode = GradientMode.off()
        defer { mode.restore() }
        return try rows.map { row in
            guard !row.isEmpty else { return [] }
            if let bad = row.first(where: { $0 < 0 || Int($0) >= settings.shape.vocabulary }) {
                throw ModelError("Token \(bad) is outside the vocabulary 0..<\(settings.shape.vocabulary)")
            }
            let tokens = try Tensor(row.map(Int64.init), shape: [1, row.count])
            let logits = try live.model.hidden(of: tokens).linear(live.model.head).floats()
            return stride(from: 0, to: logits.count, by: settings.shape.vocabulary).map {
                Array(logits[$0..<($0 + settings.shape.vocabulary)])
            }
        }
    }

    func snapshotModel(_ name: String, of live: Live) throws -> Transformer {
        guard let model = live.snapshots[name] else {
            throw CoreError.unknown(
                kind: "snapshot of model “\(self.name)”", name: name, known: live.snapshots.keys.sorted())
        }
        return model
    }

    /// Rows in micro-batches of similar length, each within the limit on padded tokens; longest first, ties in order.
    func microBatches(of lengths: [Int]) -> [[Int]] {
        let order = lengths.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
        var batches: [[Int]] = []
        var longest = 0
        for index in order {
            let padded = (max(longest, lengths[index]) + 7) / 8 * 8
            if let last = batches.indices.last, (batches[last].count + 1) * padded <= settings.microBatchTokens {
                batches[last].append(index)
            } else {
                batches.append([index])
                longest = lengths[index]
            }
        }
        return batches
    }
}

/// A snapshot of a host's weights, as a model that can score.
public struct SnapshotModel: Model {
    let host: ModelHost
    let snapshot: String

    /// The snapshot of this name.
    public init(_ host: ModelHost, snapshot: String) {
        self.host = host
        self.snapshot = snapshot
    }

    public var abilities: Set<Trait> { [.tokens, .logProbs] }

    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        throw CoreError.unsupported(
            "Snapshot “\(snapshot)” of model “\(host.name)” can score but not sample; copy it to a model of its own to play it")
    }

    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        try await host.score(transcripts, quantity, snapshot: snapshot)
    }
}
