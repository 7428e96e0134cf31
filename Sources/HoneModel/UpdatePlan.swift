import HoneCore
import HoneTensor

/// One term of an update, with what does not change between its steps.
struct TermRows {
    let term: Term
    /// Rows that must stay together: those that pairs connect, and those of a group where the objective wants groups whole.
    let units: [[Int]]
    private let hasAdvantages: Bool
    private let hasSamplerLogProbs: Bool
    private let channels: [String]
    /// Scores that the objective needs, per row; entry t−1 is about token t.
    var scores: [Score: [Scores]] = [:]

    init(_ term: Term, context: Int, vocabulary: Int) throws {
        let examples = term.batch.examples
        for example in examples { try Self.check(example, context: context, vocabulary: vocabulary) }
        for pair in term.batch.pairs
        where !examples.indices.contains(pair.chosen) || !examples.indices.contains(pair.rejected) {
            throw ModelError("A pair names rows \(pair.chosen) and \(pair.rejected), but the batch has \(examples.count) rows")
        }
        self.term = term
        try Self.check(term)
        units = Self.units(examples, term.batch.pairs, wholeGroups: term.objective.takes.wholeGroups)
        hasAdvantages = examples.contains { !$0.advantages.isEmpty }
        hasSamplerLogProbs = examples.allSatisfy { $0.trainedCount == 0 || !$0.samplerLogProbs.isEmpty }
        channels = Set(examples.flatMap(\.channels.keys)).sorted()
    }

    private static func check(_ example: Example, context: Int, vocabulary: Int) throws {
        let count = example.tokens.count
        let place = example.episode.isEmpty ? "" : " (episode \(example.episode))"
        let lists = [example.isTrained.count, example.weights.count] + example.channels.values.map(\.count)
        let optional = [example.advantages.count, example.samplerLogProbs.count].filter { $0 > 0 }
        guard (lists + optional).allSatisfy({ $0 == count }) else {
            throw ModelError("A row of \(count) tokens has per-token lists of other lengths\(place)")
        }
        guard count - 1 <= context else {
            throw ModelError(
                "A row of \(count) tokens is longer than the model's context of \(context)\(place); shorten what is played, or give the model more room: "
                    + "a size is written with its context, as in nano@\(2 * context)")
        }
        if let bad = example.tokens.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
            throw ModelError("Token \(bad) of a row is outside the vocabulary, which ends at \(vocabulary - 1)\(place)")
        }
    }

    /// Refuses a batch that lacks what the objective takes.
    private static func check(_ term: Term) throws {
        let takes = term.objective.takes
        let name = type(of: term.objective).card.name
        func refuse(_ what: String, _ row: Int) -> ModelError {
            ModelError("Objective “\(name)” needs \(what), which row \(row) of its batch lacks; use a credit that gives it")
        }
        for (index, example) in term.batch.examples.enumerated() {
            for (key, number) in takes.scalars.sorted(by: { $0.key < $1.key }) where example.scalars[key] == nil {
                throw refuse("the number “\(key)” (\(number.meaning))", index)
            }
            guard example.trainedCount > 0 else { continue }
            if takes.advantages, example.advantages.isEmpty { throw refuse("advantages", index) }
            if takes.samplerLogProbs, example.samplerLogProbs.isEmpty { throw refuse("the sampler's log-probabilities", index) }
            for (key, number) in takes.channels.sorted(by: { $0.key < $1.key }) where example.channels[key] == nil {
                throw refuse("the channel “\(key)” (\(number.meaning))", index)
            }
        }
        if takes.pairs, term.batch.pairs.isEmpty, !term.batch.examples.isEmpty {
            throw ModelError("Objective “\(name)” learns from pairs of rows, but its batch has none; use a credit that makes pairs")
        }
    }

    /// Rows by the pairs (and groups) that connect them, in the order of their first row.
    private static func units(_ examples: [Example], _ pairs: [Pair], wholeGroups: Bool) -> [[Int]] {
        let count = examples.count
        var root = Array(0..<count)
        func find(_ index: Int) -> Int {
            var index = index
            while root[index] != index { index = root[index] }
            return index
        }
        func join(_ first: Int, _ second: Int) {
            let (a, b) = (find(first), find(second))
            root[max(a, b)] = min(a, b)
        }
        for pair in pairs { join(pair.chosen, pair.rejected) }
        if wholeGroups {
            var first: [Int: Int] = [:]
            for (index, example) in examples.enumerated() {
                join(first[example.group, default: index], index)
                first[example.group] = first[example.group] ?? index
            }
        }
        var units: [[Int]] = []
        var place: [Int: Int] = [:]
        for index in 0..<count {
            let top = find(index)
            if let known = place[top] {
                units[known].append(index)
            } else {
                place[top] = units.count
                units.append([index])
            }
        }
        return units
    }

    /// The units of each mini-batch of a pass, about `size` rows each; 0 takes all at once.
    func miniBatches(of size: Int, seed: Seed) -> [[[Int]]] {
        guard size > 0, size < term.batch.examples.count else { return [units] }
        var generator = seed.generator
        var batches: [[[Int]]] = []
        var filled = size
        for unit in generator.shuffled(units) {
            if filled >= size {
                batches.append([])
                filled = 0
            }
            batches[batches.count - 1].append(unit)
            filled += unit.count
        }
        return batches
    }

    /// The inputs of the objective for some rows; `reads` and `totals` are filled in by the caller.
    func inputs(_ rows: [Int], padded: PaddedRows, reads: [Quantity: Tensor], totals: [String: Double]) throws -> LossInputs {
        let examples = rows.map { term.batch.examples[$0] }
        let kept = examples.map(\.isTrained)
        var place: [Int: Int] = [:]
        for (position, row) in rows.enumerated() { place[row] = position }
        let pairs = term.batch.pairs.compactMap { pair -> Pair? in
            guard let chosen = place[pair.chosen], let rejected = place[pair.rejected] else { return nil }
            var moved = pair
            (moved.chosen, moved.rejected) = (chosen, rejected)
            return moved
        }
        var tables: [String: Tensor] = [:]
        for name in channels { tables[name] = try padded.table(examples.map { $0.channels[name] ?? [] }, kept: kept) }
        var scored: [Score: Tensor] = [:]
        for (score, values) in scores { scored[score] = try padded.table(rows.map { values[$0] }, kept: kept) }
        return LossInputs(
            examples: examples, pairs: pairs,
            mask: try padded.table(examples.map { [Float](repeating: 1, count: $0.tokens.count) }, kept: kept),
            weights: try padded.table(examples.map(\.weights), kept: kept),
            advantages: hasAdvantages ? try padded.table(examples.map(\.advantages), kept: kept) : nil,
            samplerLogProbs: hasSamplerLogProbs ? try padded.table(examples.map(\.samplerLogProbs), kept: kept) : nil,
            scores: scored, channels: tables, reads: reads, totals: totals)
    }

    /// Scores that all rows bring along in the channel named like the score, so that nobody has to be asked again.
    func kept(_ need: Score) -> [Scores]? {
        let examples = term.batch.examples
        guard examples.allSatisfy({ $0.channels[need.channel] != nil }) else { return nil }
        return examples.map { example in
            let values = Array((example.channels[need.channel] ?? []).dropFirst())
            return Scores(values: values, shape: [values.count])
        }
    }

    /// What of a row's trained tokens is not finite, in a sentence; nil when all of it is.
    ///
    /// Losses hold numbers within bounds, so an infinite reward would pass for a large one if nobody looked before.
    func fault(of row: Int) -> String? {
        let example = term.batch.examples[row]
        let takes = term.objective.takes
        func sentence(_ what: String, _ value: Float) -> String {
            "The \(what) of row \(row) is \(value)" + (example.episode.isEmpty ? "" : " (episode \(example.episode))")
        }
        for name in takes.scalars.keys.sorted() {
            if let value = example.scalars[name], !value.isFinite { return sentence("number “\(name)”", Float(value)) }
        }
        var lists = [("weight", example.weights)]
        if takes.advantages { lists.append(("advantage", example.advantages)) }
        if takes.samplerLogProbs { lists.append(("sampler's log-probability", example.samplerLogProbs)) }
        for name in takes.channels.keys.sorted() { lists.append(("channel “\(name)”", example.channels[name] ?? [])) }
        for token in example.tokens.indices.dropFirst() where example.isTrained[token] {
            for (what, values) in lists where token < values.count && !values[token].isFinite {
                return sentence(what, values[token])
            }
        }
        for (score, all) in scores.sorted(by: { $0.key.description < $1.key.description }) {
            let values = all[row].values
            let width = max(1, values.count / max(1, example.tokens.count - 1))
            for token in example.tokens.indices.dropFirst() where example.isTrained[token] {
                // A token that a teacher rules out has log-probability −∞, which is a number one can learn from.
                for value in values[min(values.count, (token - 1) * width)..<min(values.count, token * width)]
                where value.isNaN || value == .infinity {
                    return sentence("score “\(score)”", value)
                }
            }
        }
        return nil
    }

    /// Padded rows whose trained tokens are the chosen places.
    func padded(_ rows: [Int], padding: TokenID, context: Int) throws -> PaddedRows {
        let examples = rows.map { term.batch.examples[$0] }
        return try PaddedRows(
            examples.map(\.tokens), padding: padding, context: context, chosen: examples.map(\.isTrained))
    }
}
