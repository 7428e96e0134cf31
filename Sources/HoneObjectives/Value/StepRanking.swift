import HoneCore
import HoneModel
import HoneTensor

/// Process reward model by ranking: a row's steps are put in the order that their values must have.
public struct StepRanking: HeadObjective {
    public static let card = PartCard(
        name: "process-reward-ranking", summary: "teaches a step head to rank right steps above wrong ones by a margin",
        source: "Li and Li 2025, Process reward model with Q-value rankings, comparative loss", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = 1/R Σᵢ 1/|C| Σ_{t∈C} −log [ e^{s_t} / (Σ_{q∈C, q≤t} e^{s_q} + Σ_{w∈W} e^{s_w+ζ}) ],  "
            + "C = the start with s = 0 and the right steps, W = the wrong ones",
        normaliser: "each row by the number of its terms, then rows with a labelled step",
        reduction: "mean over a row's right steps, then over rows",
        metrics: ["accuracy": "share of (right, wrong) pairs of steps of one row in which the right one scores higher"],
        departures: [
            "the start counts as a term only in rows that have a wrong step, as in the released code",
            "the released code adds 10⁻⁵ in the logarithm; here it is exact",
            "steps count alike whatever the weights of their tokens, unless these are 0",
        ])

    /// What can be set.
    public struct Settings: HeadSettings {
        /// The head that is taught.
        public var head = "step"
        /// ζ, the margin between right and wrong steps.
        public var margin = 4.0
        /// A step is right when more than this share of its completions was right.
        public var threshold = 0.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["steps": StepLabels.number]) }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let (right, wrong) = try labels(inputs)
        return ["rows": try (right + wrong).sum(1).isGreater(than: 0).to(inputs.mask.dataType).sum().item()]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let scores = try outputs(inputs)
        let (right, wrong) = try labels(inputs)
        let (rows, columns) = (inputs.mask.size(0), inputs.mask.size(1))
        let start = try Tensor.zeros([rows, 1], type: scores.dataType)
        // Query 0 is the start, query t + 1 the step that ends at column t; it is compared with right steps up to itself.
        let upTo = (0...columns).flatMap { query in (0..<columns).map { $0 < query ? 1.0 : 0.0 } }
        let order = try Tensor(upTo, shape: [1, columns + 1, columns]).to(scores.dataType)
        let isCompared = try right.unsqueeze(1) * order + wrong.unsqueeze(1)
        let rivals = try (scores + wrong * settings.margin).unsqueeze(1).expand([rows, columns + 1, columns])
            .maskedFill(isCompared.isEqual(to: 0), -1e30)
        let all = try Tensor.cat([rivals, try Tensor.zeros([rows, columns + 1, 1], type: scores.dataType)], 2).logSumExp(2)
        let hasWrong = try wrong.sum(1, keep: true).isGreater(than: 0).to(scores.dataType)
        let isTerm = try Tensor.cat([hasWrong, right], 1)
        let terms = try (all - Tensor.cat([start, scores], 1)) * isTerm
        let perRow = try terms.sum(1) / isTerm.sum(1).clamp(1, nil)
        let count = inputs.totals["rows"] ?? 0
        return Loss(
            total: try perRow.sum() * (count > 0 ? 1 / count : 0), metrics: ["accuracy": try accuracy(scores.detach(), right, wrong)])
    }

    private func accuracy(_ scores: Tensor, _ right: Tensor, _ wrong: Tensor) throws -> Tally {
        let pairs = try right.unsqueeze(2) * wrong.unsqueeze(1)
        let isHigher = try scores.unsqueeze(2).isGreater(than: try scores.unsqueeze(1)).to(scores.dataType)
        return Tally(sum: try (pairs * isHigher).sum().item(), count: try pairs.sum().item())
    }

    /// 1 at the ends of right and of wrong steps, [R, T] each.
    private func labels(_ inputs: borrowing LossInputs) throws -> (right: Tensor, wrong: Tensor) {
        let isStep = try StepLabels.weights(inputs).isGreater(than: 0).to(inputs.mask.dataType)
        let isRight = try StepLabels.steps(inputs).isGreater(than: settings.threshold).to(inputs.mask.dataType)
        return (try isStep * isRight, try isStep * (1 - isRight))
    }
}
