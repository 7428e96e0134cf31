import HoneModel

extension ObjectiveCatalog {
    /// Objectives that learn from pairs or labels of preference.
    static let preferences: [any ConfigurableObjective.Type] = [
        AgentQ.self, C3PO.self, ConservativeDPO.self, CPO.self, DNO.self, DPO.self, EXO.self, HingeDPO.self, INPO.self, IPO.self,
        KTO.self, LengthNormalisedDPO.self, MMDPO.self, NashMD.self, ORPO.self, PreferenceDegree.self, PRefLexOR.self, RewardRegression.self,
        RobustDPO.self, RPO.self, SCIR.self, SelfReference.self, SimPO.self, SoftDPO.self, SPIN.self, SPO.self, SPPO.self,
        StepAPO.self,
    ]
}
