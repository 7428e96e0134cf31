/// What sets a family's blocks apart from Llama's.
public struct BlockForm: Hashable, Sendable, Codable {
    /// What the gate of the MLP goes through.
    public enum Activation: String, Hashable, Sendable, Codable {
        /// x·σ(x).
        case silu
        /// GELU by its tanh approximation (Hendrycks and Gimpel 2016).
        case geluTanh
    }

    /// Whether each head's queries and keys are normed before they are rotated (Qwen 3, Gemma 3).
    public var hasQKNorm = false
    /// Whether norms multiply by 1 + w instead of w (Gemma).
    public var normsAddOne = false
    /// Whether what attention and MLP give is normed before it is added to the stream (Gemma 3).
    public var hasPostNorms = false
    /// The activation of the MLP's gate.
    public var activation = Activation.silu
    /// Whether embeddings are multiplied by √width (Gemma).
    public var scalesEmbeddings = false
    /// Scores are divided by the root of this; nil for the width of a head.
    public var queryScalar: Double?
    /// How many tokens, itself included, a token sees in local layers.
    public var window: Int?
    /// The layers that see the window only, counted from 0.
    public var localLayers: Set<Int> = []
    /// The base of the rotary frequencies in local layers; nil for that of all.
    public var localRopeTheta: Double?
    /// How the rotary frequencies of the other layers are stretched.
    public var ropeScaling: RotaryScaling?

    /// Llama's form.
    public init() {}

    /// Whether a layer sees the window only.
    public func isLocal(_ layer: Int) -> Bool { window != nil && localLayers.contains(layer) }
}
