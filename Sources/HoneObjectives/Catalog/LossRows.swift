import HoneCore
import HoneModel
import HoneTensor

/// The rows of a line of `hone pipe loss` as an objective's inputs, in double precision.
struct LossRows {
    let keys: LossKeys
    /// Advantages that were made of rewards, one per row.
    let madeAdvantages: [Double]?
    private let line: JSONValue
    private let lengths: [Int]
    private let columns: Int
    private let mask: [[Double]]
    private let examples: [Example]
    private let pairs: [Pair]
    private let advantages: [[Double]]?
    private var reads: [String: Tensor] = [:]
    private var scores: [Score: Tensor] = [:]
    private var channels: [String: Tensor] = [:]

    init(
        _ line: JSONValue, for objective: any Objective, advantages make: (_ rewards: [Double], _ groups: [String]) -> [Double]
    ) throws {
        self.line = line
        keys = LossKeys(objective)
        let lengths = try LossLine.lengths(of: line)
        self.lengths = lengths
        columns = max(1, lengths.max() ?? 1)
        let mask = try LossLine.mask(line, lengths)
        self.mask = mask
        let takes = objective.takes
        let groups = try LossLine.groups(line["groups"], lengths.count)
        let tokens = try line["tokens"].map { try LossLine.tokens($0, lengths, mask) }
        var examples: [Example] = []
        for (row, length) in lengths.enumerated() {
            examples.append(
                Example(
                    tokens: [0] + (tokens?[row] ?? [TokenID](repeating: 0, count: length)),
                    isTrained: [false] + mask[row].map { $0 == 1 }, group: groups.firstIndex(of: groups[row]) ?? 0))
        }
        for name in takes.scalars.keys.sorted() {
            for (row, value) in try LossLine.scalars(name, in: line, rows: lengths.count).enumerated() {
                examples[row].scalars[name] = value
            }
        }
        self.examples = examples
        pairs = takes.pairs ? try LossLine.pairs(line["pairs"], rows: lengths.count) : []
        if let given = line["advantages"], given != .null {
            self.advantages = try LossLine.perRowOrToken(given, "advantages", lengths, mask)
            madeAdvantages = nil
        } else if takes.advantages, let given = line["rewards"], given != .null {
            guard let elements = given.elements else { throw ObjectiveError("“rewards” is \(given.kind); expected a list") }
            let made = make(try LossLine.perRow(elements, "rewards", lengths.count), groups)
            self.advantages = LossLine.spread(made, lengths)
            madeAdvantages = made
        } else {
            self.advantages = nil
            madeAdvantages = nil
        }
        for (key, quantity) in keys.reads.sorted(by: { $0.key < $1.key }) {
            guard let value = LossLine.value(key, in: line), value != .null else {
                if quantity == .logProbs || objective.reads.contains(quantity) {
                    throw ObjectiveError("The line has no “\(key)”; expected \(Self.words(quantity)) for each place of “logProbs”")
                }
                continue
            }
            let tensor = try tensor(value, key)
            try tensor.requireGradient()
            reads[key] = tensor
        }
        for (key, score) in keys.scores.sorted(by: { $0.key < $1.key }) {
            guard let value = LossLine.value(key, in: line), value != .null else {
                throw ObjectiveError("The line has no “\(key)”; expected \(Self.words(score.quantity)) of \(score.by) for each place of “logProbs”")
            }
            scores[score] = try tensor(value, key)
        }
        for (name, number) in takes.channels.sorted(by: { $0.key < $1.key }) {
            guard let value = LossLine.value("scores.\(name)", in: line), value != .null else {
                throw ObjectiveError("The line has no “scores.\(name)”; expected one number per row or token (\(number.meaning))")
            }
            channels[name] = try tensor(.array(try LossLine.tokenRows(value, name, lengths)), "scores.\(name)")
        }
    }

    /// The inputs with these totals.
    func inputs(totals: [String: Double]) throws -> LossInputs {
        func optional(_ key: String) throws -> Tensor? {
            guard let value = line[key], value != .null else { return nil }
            return try tensor(value, key)
        }
        let mask = try flat(self.mask)
        var named: [Quantity: Tensor] = [:]
        for (key, tensor) in reads { if let quantity = keys.reads[key] { named[quantity] = tensor } }
        return LossInputs(
            examples: examples, pairs: pairs, mask: mask, weights: try optional("weights") ?? mask,
            advantages: try advantages.map(flat), samplerLogProbs: try optional("samplerLogProbs"), scores: scores,
            channels: channels, reads: named, totals: totals)
    }

    /// The gradient with respect to what stands under a key, in the shape it was given; zeros where there is none.
    func gradient(of key: String) throws -> JSONValue {
        guard let tensor = reads[key] else { return .array([]) }
        let values = try tensor.gradient()?.doubles() ?? [Double](repeating: 0, count: tensor.count)
        let width = tensor.count / (lengths.count * columns)
        return .array(
            lengths.enumerated().map { row, length in
                .array(
                    (0..<length).map { column in
                        let start = (row * columns + column) * width
                        if tensor.rank == 2 { return .number(values[start]) }
                        return .array(values[start..<start + width].map { .number($0) })
                    })
            })
    }

    private func flat(_ table: [[Double]]) throws -> Tensor {
        let padded = table.flatMap { $0 + [Double](repeating: 0, count: columns - $0.count) }
        return try Tensor(padded, shape: [lengths.count, columns])
    }

    /// [R, T], or [R, T, K] where each place holds a list; masked places may hold anything and become 0.
    private func tensor(_ value: JSONValue, _ key: String) throws -> Tensor {
        guard let width = LossLine.width(of: value) else { return try flat(try LossLine.table(value, key, lengths, mask)) }
        var slices: [Tensor] = []
        for k in 0..<width {
            let slice = try LossLine.slice(value, key, k, of: width)
            slices.append(try flat(try LossLine.table(slice, key, lengths, mask)).unsqueeze(2))
        }
        return try Tensor.cat(slices, 2)
    }

    private static func words(_ quantity: Quantity) -> String {
        switch quantity {
        case .logProbs: "rows of log-probabilities"
        case .allLogProbs: "the log-probabilities of all tokens, a list"
        case .head(let name): "the output of the head “\(name)”"
        default: "one number"
        }
    }
}
