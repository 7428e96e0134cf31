/// How a model folder is used.
public struct ModelLoading: Hashable, Sendable, Codable {
    /// The most tokens of its context that are used; nil for what is usual.
    public var context: Int?
    /// The adapters it learns through; nil where all its weights learn.
    public var adapters: AdapterSettings?
    /// Whether answers are drawn with matrices in bfloat16.
    public var decodesInHalf: Bool
    /// Whether it learns and scores with products in bfloat16.
    public var trainsInHalf: Bool

    /// Everything learns, in float32.
    public init(context: Int? = nil, adapters: AdapterSettings? = nil, decodesInHalf: Bool = false, trainsInHalf: Bool = false) {
        self.trainsInHalf = trainsInHalf
        self.context = context
        self.adapters = adapters
        self.decodesInHalf = decodesInHalf
    }
}
