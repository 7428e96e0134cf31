import HoneCore
import HoneModel
import HoneTensor

/// DPO: logistic loss on the difference of implicit rewards β log π/π_ref.
///
/// The implicit reward margin is the reward difference under which the policy would be optimal with a KL penalty β
/// (Rafailov et al. 2023, equation 6).
public struct DPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "dpo", summary: "classifies pairs by the policy's own implicit reward",
        source: "Rafailov et al. 2023, equation 7", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean log σ(m)")

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}
}
