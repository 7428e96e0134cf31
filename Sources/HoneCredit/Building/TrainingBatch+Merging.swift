import HoneCore

extension TrainingBatch {
    /// The batch with one row for all that have the same tokens, the same sampler's log-probabilities and advantages of one sign.
    ///
    /// Such rows differ in their advantages only, and every clipped or weighted policy gradient is linear in an advantage as long as its sign
    /// stays: the merged row has their mean advantage, and weighs as many times as much. Weights are scaled so that a sum over rows divided by
    /// their number is what it was. In games with few positions most rows fall together, and learning costs as much less.
    /// Rows without advantages, of demonstrations, weigh as many times as they occur.
    /// Not for normalisers that count tokens, nor for objectives that whiten advantages; batches with pairs stay as they are.
    public func merged() -> TrainingBatch {
        guard pairs.isEmpty, !examples.isEmpty else { return self }
        struct Key: Hashable {
            let tokens: [TokenID]
            let isTrained: [Bool]
            let samplerLogProbs: [Float]
            let weights: [Float]
            let channels: [String: [Float]]
            let isPositive: Bool
        }
        var places: [Key: Int] = [:]
        var rows: [(example: Example, sums: [Double], count: Int)] = []
        for example in examples {
            let last = example.advantages.last { $0 != 0 } ?? 0
            let key = Key(
                tokens: example.tokens, isTrained: example.isTrained, samplerLogProbs: example.samplerLogProbs, weights: example.weights,
                channels: example.channels, isPositive: last > 0)
            if let place = places[key] {
                rows[place].count += 1
                for index in rows[place].sums.indices { rows[place].sums[index] += Double(example.advantages[index]) }
            } else {
                places[key] = rows.count
                rows.append((example, example.advantages.map(Double.init), 1))
            }
        }
        let scale = Double(rows.count) / Double(examples.count)
        return TrainingBatch(
            examples: rows.map { row in
                var example = row.example
                example.advantages = row.sums.map { Float($0 / Double(row.count)) }
                example.weights = example.weights.map { Float(Double($0) * Double(row.count) * scale) }
                return example
            })
    }
}
