/// Which LoRA adapters a model has: W x + s B A x with the base W frozen (Hu et al. 2021).
public struct AdapterSettings: Hashable, Sendable, Codable {
    /// The rank r of the product B·A.
    public var rank: Int
    /// The product is scaled by alpha / rank, or by alpha / √rank where `isRankStabilised`.
    public var alpha: Double
    /// Which matrices have one, by Hugging Face's names.
    public var modules: [String]
    /// Whether the scale falls with the root of the rank (Kalajdzievski 2023, rsLoRA).
    public var isRankStabilised: Bool

    /// The matrices that can have an adapter.
    public static let allModules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

    /// Settings; by default on all matrices with alpha = 2·rank.
    public init(
        rank: Int, alpha: Double? = nil, modules: [String] = AdapterSettings.allModules, isRankStabilised: Bool = false
    ) {
        self.rank = rank
        self.alpha = alpha ?? Double(2 * rank)
        self.modules = modules
        self.isRankStabilised = isRankStabilised
    }

    /// What the product B·A is multiplied by.
    public var scale: Double { alpha / (isRankStabilised ? Double(rank).squareRoot() : Double(rank)) }

    /// Throws what cannot work.
    public func check() throws(CoreError) {
        if rank < 1 { throw .invalid("An adapter's rank is \(rank); it should be 1 or more") }
        if !alpha.isFinite { throw .invalid("An adapter's alpha is \(alpha); it should be a number") }
        if modules.isEmpty {
            throw .invalid("Adapters are on no module; choose some of \(Self.allModules.joined(separator: ", "))")
        }
        for module in modules where !Self.allModules.contains(module) {
            throw .unknown(kind: "adapter module", name: module, known: Self.allModules)
        }
    }
}
