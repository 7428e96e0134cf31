import HoneCore
import HoneModel
import HoneTensor

/// DPO with a self-supervised task beside it: a head tells how much of a response's key content was taken away.
///
/// Rows with a grade of 0 or more are such graded versions; the head's loss flows into the trunk, which so learns how much
/// better one response is than another. Rows of grade −1 are ordinary responses.
public struct PreferenceDegree: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "spo-degree", summary: "DPO whose model also learns to tell how damaged a response is",
        source: "Li et al. 2024, “Self-supervised Preference Optimization”, the joint loss", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean log σ(m) + γ mean over graded rows of −log softmax(W h(y))_d,  "
            + "d the row's grade, W h the head at the row's last trained token",
        metrics: ["degreeLoss": "mean cross-entropy over graded rows, in nats", "degreeAccuracy": "share of graded rows whose likeliest degree is their grade"],
        departures: [
            "the paper's joint loss is known to us from its abstract; the head and γ = 0.1 are our choice",
            "the second mean is over all graded rows of the mini-batch, not over pairs",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// γ, the factor of the head's loss.
        public var gamma = 0.1
        /// How many degrees there are.
        public var degrees = 4
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    static let head = HeadName("degree")
    public var heads: [Head] { [Head(Self.head, .several(settings.degrees))] }
    public var reads: Set<Quantity> { [.logProbs, .head(Self.head)] }
    public var takes: RowNeeds {
        RowNeeds(
            pairs: true,
            scalars: [
                "grade": .init("how damaged the response is, 0 not at all; −1 for rows that are not graded", -1...Double(settings.degrees - 1), isWhole: true)
            ])
    }

    /// Only ordinary responses are compared.
    public func counts(_ pair: Pair, _ examples: [Example]) -> Bool {
        [pair.chosen, pair.rejected].allSatisfy { (examples[$0].scalars["grade"] ?? -1) < 0 }
    }

    public func restTotals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        ["graded": Double(try graded(inputs).count)]
    }

    public func rest(_ inputs: borrowing LossInputs) throws -> Loss? {
        let outputs = try Reading.wide(inputs.reads[.head(Self.head)], "outputs of the head “\(Self.head)”", inputs)
        guard outputs.size(2) == settings.degrees else {
            throw ObjectiveError("The head “\(Self.head)” has \(outputs.size(2)) outputs; expected \(settings.degrees), one for each degree")
        }
        let rows = try graded(inputs)
        guard !rows.isEmpty else { return Loss(total: try outputs.sum() * 0) }
        let count = inputs.totals["graded"] ?? 0
        let index = try Tensor(rows.map { Int64($0.row) }, shape: [rows.count])
        let degrees = try Tensor(rows.map { Int64($0.degree) }, shape: [rows.count, 1])
        let logits = try (outputs * Reading.lastTrained(inputs).unsqueeze(2)).sum(1).indexSelect(0, index)
        let costs = try logits.logSoftmax(1).gather(1, degrees) * -1
        let isRight = try logits.detach().argmax(1).isEqual(to: degrees.squeeze(1)).to(inputs.mask.dataType)
        let sum = try costs.sum()
        return Loss(
            total: try sum * (count > 0 ? settings.gamma / count : 0),
            metrics: [
                "degreeLoss": Tally(sum: try sum.detach().item(), count: Double(rows.count)),
                "degreeAccuracy": Tally(sum: try isRight.sum().item(), count: Double(rows.count)),
            ])
    }

    /// Graded rows with trained tokens.
    private func graded(_ inputs: borrowing LossInputs) throws -> [(row: Int, degree: Int)] {
        var rows: [(row: Int, degree: Int)] = []
        for (row, isFilled) in try Reading.areFilled(inputs).enumerated() where isFilled {
            let degree = inputs.examples[row].scalars["grade"] ?? -1
            guard degree >= 0 else { continue }
            guard degree == degree.rounded(), degree < Double(settings.degrees) else {
                throw ObjectiveError("Row \(row) has the grade \(degree); expected a whole number from 0 to \(settings.degrees - 1), or −1 for none")
            }
            rows.append((row, Int(degree)))
        }
        return rows
    }
}
