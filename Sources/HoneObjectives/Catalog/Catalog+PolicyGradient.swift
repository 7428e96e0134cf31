import HoneModel

extension ObjectiveCatalog {
    /// Objectives that weigh log-probabilities by advantages.
    static let policyGradients: [any ConfigurableObjective.Type] = [
        GroupPolicyGradient.self, Reinforce.self, LeaveOneOut.self, ReinforcePlusPlus.self, PPO.self, DrGRPO.self, DAPO.self,
        GSPO.self, CISPO.self, DualClip.self,
    ]
}
