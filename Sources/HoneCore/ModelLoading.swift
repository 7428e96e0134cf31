/// How a model folder is used.
public struct ModelLoading: Hashable, Sendable, Codable {
    /// The most tokens of its context that are used; nil for what is usual.
    public var context: Int?
    /// The adapters it learns through; nil where all its weights learn.
    public var adapters: AdapterSettings?
    /// Whether answers are drawn with matrices in bfloat16.
    public var decodesInHalf: Bool

    /// Everything learns, in float32.
    public init(context: Int? = nil, adapters: AdapterSettings? = nil, decodesInHalf: Bool = false) {
        self.context = context
        self.adapters = adapters
        self.decodesInHalf = decodesInHalf
    }
}
