import HoneCore
import HoneModel
import HoneTensor

/// Settings of an objective whose margins are differences of implicit rewards.
public protocol ImplicitRewardSettings: ObjectiveSettings {
    /// β, the strength of the tie to the reference.
    var beta: Double { get }
    /// The model that implicit rewards refer to.
    var reference: ModelRef { get }
}

/// An objective of pairs whose margin is the difference of implicit rewards β log π/π_ref.
///
/// The implicit reward is the one under which the policy would be optimal with a KL penalty β (Rafailov et al. 2023,
/// equation 6), up to what all responses to a prompt share.
public protocol ImplicitRewardObjective: PairwiseObjective where Settings: ImplicitRewardSettings {}

extension ImplicitRewardObjective {
    public var references: [ModelRef] { [settings.reference] }
    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() * settings.beta }
}

extension ObjectiveCard {
    /// The card of an objective whose margin is the difference of implicit rewards.
    static func implicit(_ formula: String, metrics: [String: String] = [:], departures: [String] = []) -> ObjectiveCard {
        pairwise(
            formula + ",  m = β [ log π(y_w)/π_ref(y_w) − log π(y_l)/π_ref(y_l) ]", margin: "m", metrics: metrics, departures: departures)
    }
}
