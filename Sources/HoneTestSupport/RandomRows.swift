import HoneCore
import HoneModel
import HoneTensor

/// A random batch in plain numbers that has all an objective takes.
struct RandomRows {
    var mask: [[Double]]
    /// Tables by name, [row][column · width + k].
    var values: [String: [[Double]]] = [:]
    var widths: [String: Int] = [:]
    var scalars: [[String: Double]] = []
    var groups: [Int] = []
    var tokens: [[TokenID]] = []
    var pairs: [Pair] = []
    /// Where factors without gradient are taken, when it is not at `values`.
    var held: [String: [[Double]]] = [:]
    /// Whether a ratio is so large that differences of the loss have no digits left.
    var isFarOff = false
    /// The tokens there are, and so the width of distributions.
    static let vocabulary = 5

    var rows: Int { mask.count }
    var columns: Int { mask[0].count }

    /// Every seventh batch is wholly masked, every fifth has equal rewards and no advantage, every third single tokens; the
    /// first row of several is always masked.
    init(for objective: any Objective, seed: Seed, number: Int) {
        var generator = seed.generator
        let takes = objective.takes
        let rows = generator.integer(in: (takes.pairs || takes.wholeGroups ? 3 : 1)...(takes.pairs || takes.wholeGroups ? 8 : 5))
        let columns = number % 3 == 1 ? 1 : generator.integer(in: 1...8)
        let density = generator.unit()
        mask = (0..<rows).map { row in
            (0..<columns).map { _ in number % 7 == 6 || (row == 0 && rows > 1) || !generator.chance(density) ? 0 : 1 }
        }
        func draw(_ name: String, width: Int = 1, _ number: (inout SeededGenerator) -> Double) {
            widths[name] = width
            values[name] = (0..<rows).map { _ in (0..<columns * width).map { _ in number(&generator) } }
        }
        let isEqual = number % 5 == 4
        draw("advantages") { isEqual ? 0 : 4 * $0.unit() - 2 }
        draw("weights") { 0.1 + $0.unit() }
        draw("logProbs") { -4 * $0.unit() }
        draw("samplerLogProbs") { $0.unit() - 0.5 }
        for row in 0..<rows {
            for column in 0..<columns {
                let (own, gap) = (values["logProbs"]?[row][column] ?? 0, values["samplerLogProbs"]?[row][column] ?? 0)
                values["samplerLogProbs"]?[row][column] = min(-1e-3, own + gap)
            }
        }
        for quantity in objective.reads.sorted(by: { "\($0)" < "\($1)" }) where quantity != .logProbs {
            let width = Self.width(of: quantity, by: objective)
            draw("\(quantity)", width: width, Self.range(of: quantity))
            if quantity == .allLogProbs { normalise("\(quantity)") }
        }
        for need in objective.needs {
            draw("\(need)", width: Self.width(of: need.quantity, by: objective), Self.range(of: need.quantity))
            if need.quantity == .allLogProbs { normalise("\(need)") }
        }
        for (name, domain) in takes.channels.sorted(by: { $0.key < $1.key }) { draw("channel \(name)") { $0.number(in: domain) } }
        let shared = takes.scalars.sorted { $0.key < $1.key }.map { ($0.key, generator.number(in: $0.value)) }
        for _ in 0..<rows {
            var own: [String: Double] = [:]
            for (name, value) in shared { own[name] = isEqual ? value : takes.scalars[name].map { generator.number(in: $0) } }
            scalars.append(own)
            groups.append(generator.integer(in: 0...1))
            tokens.append((0...columns).map { _ in TokenID(generator.integer(in: 0...(Self.vocabulary - 1))) })
        }
        if takes.pairs {
            for _ in 0..<generator.integer(in: 1...3) {
                let order = generator.shuffled(Array(0..<rows))
                pairs.append(
                    Pair(
                        chosen: order[0], rejected: order[1], probability: 0.5 + 0.5 * generator.unit(), margin: 2 * generator.unit(),
                        weight: 0.5 + generator.unit()))
            }
        }
        // Far-off policies: a ratio no exponential can hold must still give a defined value.
        isFarOff = number % 11 == 10
        if isFarOff { values["samplerLogProbs"]?[rows - 1][0] = -2000 }
    }

    private static func width(of quantity: Quantity, by objective: any Objective) -> Int {
        switch quantity {
        case .allLogProbs: vocabulary
        case .head(let name): objective.heads.first { $0.name == name }?.count(vocabulary: vocabulary) ?? 1
        default: 1
        }
    }

    private static func range(of quantity: Quantity) -> (inout SeededGenerator) -> Double {
        switch quantity {
        case .logProbs, .allLogProbs: { -4 * $0.unit() - 1e-3 }
        case .entropies: { 2 * $0.unit() }
        default: { 4 * $0.unit() - 2 }
        }
    }

    /// Makes each place's numbers the logarithms of a distribution.
    private mutating func normalise(_ name: String) {
        guard let width = widths[name], let table = values[name] else { return }
        values[name] = table.map { row in
            stride(from: 0, to: row.count, by: width).flatMap { start in
                let part = row[start..<start + width]
                let total = part.reduce(0) { $0 + exponential($1) }
                return part.map { $0 - logarithm(total) }
            }
        }
    }

    func width(of key: String) -> Int { widths[key] ?? 1 }

    /// Which numbers of a table stand at trained places.
    func places(of key: String) -> [Bool] {
        mask.flatMap { $0.flatMap { [Bool](repeating: $0 == 1, count: width(of: key)) } }
    }

    func readKeys(of objective: any Objective) -> [String] { objective.reads.map { "\($0)" }.sorted() }

    func spoiled() -> RandomRows {
        var copy = self
        let junk = [Double.nan, .infinity, -.infinity, 1e300, 7]
        for (offset, name) in values.keys.sorted().enumerated() {
            for row in 0..<rows {
                for index in 0..<columns * width(of: name) where mask[row][index / width(of: name)] == 0 {
                    copy.values[name]?[row][index] = junk[(offset + row + index) % junk.count]
                }
            }
        }
        return copy
    }

    func padded(by count: Int) -> RandomRows {
        var copy = self
        copy.mask = mask.map { $0 + [Double](repeating: 0, count: count) }
        for (name, table) in values { copy.values[name] = table.map { $0 + [Double](repeating: 0, count: count * width(of: name)) } }
        copy.tokens = tokens.map { $0 + [TokenID](repeating: 0, count: count) }
        return copy
    }

    func withoutAdvantages() -> RandomRows {
        var copy = self
        copy.values["advantages"] = mask.map { $0.map { _ in 0 } }
        return copy
    }
}

extension SeededGenerator {
    /// A number of a domain.
    fileprivate mutating func number(in domain: RowNeeds.Number) -> Double {
        let value = domain.low + (domain.high - domain.low) * unit()
        return domain.isWhole ? value.rounded() : value
    }
}
