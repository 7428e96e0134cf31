import HoneModel

extension ObjectiveCatalog {
    /// Objectives that weigh log-probabilities by advantages.
    static let policyGradients: [any ConfigurableObjective.Type] = [
        GroupPolicyGradient.self, Reinforce.self, RLOO.self, ReinforcePlusPlus.self, PPO.self, DrGRPO.self, DAPO.self,
        GSPO.self, CISPO.self, DualClip.self, ReMax.self, OPO.self, SCoReFirstStage.self, SCoReSecondStage.self, T1.self,
        KimiMirrorDescent.self, CritiqueGRPO.self, SPEAR.self, SPIRAL.self, NFT.self, OREAL.self, SSRZero.self,
        MirrorDescent.self, MagneticMirrorDescent.self, RegularisedNash.self, AdvantageWeighted.self,
    ]
}
