import HoneCore
import HoneModel
import HoneTensor

/// Phase I of PRefLexOR: ORPO between an answer written with retrieved knowledge and the answer the model gives now.
/// Thinking is left out of the comparison by token weights of 0; phase II is `exo`.
public struct PRefLexOR: PairwiseObjective {
    public static let card = PartCard(
        name: "preflexor", summary: "odds-ratio learning of answers with thinking over the model's present answers",
        source: "Buehler 2024 (PRefLexOR), phase I; Hong et al. 2024, equations 6 and 7", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean [ −log p_w − λ log σ(m) ],  m = log p_w/(1−p_w) − log p_l/(1−p_l),  p = exp(log π(y)/|y|) over tokens of weight above 0", margin: "m",
        departures: [
            "making questions, retrieval and answers is the plan's matter",
            "which thinking tokens are left out is said by token weights",
        ])

    public var settings = ORPO.Settings()
    public init() {}

    private var general: ORPO { ORPO(settings) }

    public func margin(of pairs: PairSides) throws -> Tensor { try general.margin(of: pairs) }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor { try general.terms(margin: margin, of: pairs) }
}
