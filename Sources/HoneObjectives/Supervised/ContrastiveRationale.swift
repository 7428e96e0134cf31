import HoneCore
import HoneModel
import HoneTensor

/// Quality-guided contrastive rationale distillation: the nearest good rationale of an item is pulled, one bad one is pushed
/// away up to a margin, both by a discriminator's opinion of them, beside imitation of the answers.
public struct ContrastiveRationale: ConfigurableObjective {
    public static let card = PartCard(
        name: "contrastive-rationale", summary: "pulls good rationales and pushes bad ones away by their quality",
        source: "Wang et al. 2024, QCRD, section 3", needs: [.groups, .training])
    public static let formula = ObjectiveCard(
        formula: "L = Σ_answers CEᵢ / answers + Σ_items [α₁ D_j CE_j + α₂ (1 − D_k) max(δ − CE_k, 0)] / items,  "
            + "j = the positive with the least CE,  k = the negative with the largest CE (nearest: the least),  CEᵢ = −Σₜ w log π / Σₜ |w|",
        normaliser: "answers: rows of label 2; items: groups with a rationale",
        reduction: "mean over each row's tokens, then over answers and over items",
        metrics: [
            "answer": "mean CE of answers", "positive": "mean CE of the chosen positives", "negative": "mean CE of the chosen negatives",
            "pushed": "share of chosen negatives with CE < δ",
        ],
        departures: [
            "read from notes of the paper, which leave open which negative is taken: a setting, the farthest unless set otherwise",
            "the discriminator's own loss is a route of its own (outcome-reward-binary), and its opinion D comes with the rows",
        ])

    /// Which negative of an item is pushed.
    public enum Negative: String, Codable, Hashable, Sendable, CaseIterable {
        /// The one the model finds least likely.
        case farthest
        /// The one the model finds likeliest.
        case nearest
    }

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// α₁, the factor of positives.
        public var positiveWeight = 0.5
        /// α₂, the factor of negatives.
        public var negativeWeight = 0.5
        /// δ, the cross-entropy in nats beyond which a negative is left alone.
        public var margin = 3.0
        /// Which negative of an item is pushed.
        public var negative = Negative.farthest

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds {
        RowNeeds(
            wholeGroups: true,
            scalars: [
                "label": .init("0 for a bad rationale, 1 for a good one, 2 for an answer", 0...2, isWhole: true),
                "quality": .init("the discriminator's probability that the rationale is good", 0...1),
            ])
    }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let items = try items(inputs)
        return ["answers": Double(items.answers.count), "items": Double(items.groups.count)]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let weights = try Reading.weights(inputs).abs()
        let sizes = try weights.sum(1)
        let costs = try -(logProbs * weights).sum(1) / sizes.maskedFill(sizes.isAtMost(0), 1)
        let numbers = try costs.detach().to(.float64).doubles()
        let quality = try Reading.rowNumbers("quality", inputs)
        let (answers, groups) = try items(inputs)
        var factors = [Double](repeating: 0, count: numbers.count)
        var metrics: [String: Tally] = [:]
        func add(_ name: String, _ value: Double) { metrics[name] = (metrics[name] ?? Tally(sum: 0, count: 0)) + Tally(sum: value, count: 1) }
        for row in answers {
            factors[row] += 1 / (inputs.totals["answers"] ?? 1)
            add("answer", numbers[row])
        }
        let share = 1 / (inputs.totals["items"] ?? 1)
        for group in groups {
            if let row = group.positives.min(by: { numbers[$0] < numbers[$1] }) {
                factors[row] += settings.positiveWeight * quality[row] * share
                add("positive", numbers[row])
            }
            let farther = group.negatives.sorted { numbers[$0] < numbers[$1] }
            if let row = settings.negative == .farthest ? farther.last : farther.first {
                // Inside the margin the loss falls as the rationale gets less likely; the constant part has no gradient.
                let isPushed = numbers[row] < settings.margin
                if isPushed { factors[row] -= settings.negativeWeight * (1 - quality[row]) * share }
                add("negative", numbers[row])
                add("pushed", isPushed ? 1 : 0)
            }
        }
        var constant = 0.0
        for row in factors.indices where factors[row] < 0 { constant -= factors[row] * settings.margin }
        let pulls = try Tensor(factors, shape: [factors.count]).to(costs.dataType)
        return Loss(total: try (costs * pulls).sum() + constant, metrics: metrics)
    }

    /// The rows that are answers, and the rationales of each item, of rows with trained tokens.
    private func items(
        _ inputs: borrowing LossInputs
    ) throws -> (answers: [Int], groups: [(positives: [Int], negatives: [Int])]) {
        var answers: [Int] = []
        var groups: [Int: (positives: [Int], negatives: [Int])] = [:]
        let labels = try Reading.rowNumbers("label", inputs)
        for (row, isFilled) in try Reading.areFilled(inputs).enumerated() where isFilled {
            if labels[row] >= 1.5 {
                answers.append(row)
            } else if labels[row] >= 0.5 {
                groups[inputs.examples[row].group, default: ([], [])].positives.append(row)
            } else {
                groups[inputs.examples[row].group, default: ([], [])].negatives.append(row)
            }
        }
        return (answers, groups.sorted { $0.key < $1.key }.map(\.value))
    }
}
