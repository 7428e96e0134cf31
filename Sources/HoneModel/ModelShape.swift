import HoneCore

/// The sizes of a decoder, and what sets its family apart.
public struct ModelShape: Hashable, Sendable, Codable {
    /// Width of the residual stream.
    public var width: Int
    /// Blocks.
    public var layers: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads; divides `heads`.
    public var kvHeads: Int
    /// Width of a head; even.
    public var headWidth: Int
    /// Inner width of SwiGLU.
    public var mlp: Int
    /// Entries of the vocabulary.
    public var vocabulary: Int
    /// The most tokens of a sequence.
    public var context: Int
    /// Base of the rotary frequencies.
    public var ropeTheta: Double
    /// ε of RMSNorm.
    public var epsilon: Double
    /// Whether the output head is the embedding.
    public var isTied: Bool
    /// Whether queries, keys and values have biases.
    public var hasQKVBias: Bool
    /// What else sets its blocks apart from Llama's.
    public var form = BlockForm()
    /// Whether the products of its blocks are computed in bfloat16 when it learns and scores. Weights, their gradients and all else stay
    /// in float32; drawing has a precision of its own.
    public var computesInHalf = false
    /// What `config.json` calls its family, in `model_type`.
    public var family: String

    /// What scores of attention are multiplied by.
    var attentionScale: Double { 1 / (form.queryScalar ?? Double(headWidth)).squareRoot() }

    /// A shape; `kvHeads` and `headWidth` follow from the others unless given.
    public init(
        width: Int, layers: Int, heads: Int, kvHeads: Int? = nil, headWidth: Int? = nil, mlp: Int, vocabulary: Int,
        context: Int = 256, ropeTheta: Double = 10_000, epsilon: Double = 1e-6, isTied: Bool = false,
        hasQKVBias: Bool = false
    ) {
        self.width = width
        self.layers = layers
        self.heads = heads
        self.kvHeads = kvHeads ?? heads
        self.headWidth = headWidth ?? (heads > 0 ? width / heads : 0)
        self.mlp = mlp
        self.vocabulary = vocabulary
        self.context = context
        self.ropeTheta = ropeTheta
        self.epsilon = epsilon
        self.isTied = isTied
        self.hasQKVBias = hasQKVBias
        family = hasQKVBias ? "qwen2" : "llama"
    }

    /// The sizes that have a name, with a line about each.
    public static let sizes: [(name: String, summary: String)] = [
        ("pico", "width 64, 2 layers, 2 heads, MLP 256: for tests"),
        ("nano", "width 128, 4 layers, 4 heads, MLP 512: about a million parameters, learns in minutes on two cores"),
        ("micro", "width 384, 6 layers, 6 heads, MLP 1536: about seventeen million parameters"),
    ]

    /// The shape of a named size; throws with the nearest names.
    public static func named(_ name: String, vocabulary: Int) throws -> ModelShape {
        // `nano@1024` is a nano model with room for 1024 tokens.
        let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            guard let context = Int(parts[1]), (8...8192).contains(context) else {
                throw CoreError.invalid("“\(name)” is not a size with a context: write nano@1024, with 8 to 8192 tokens behind the @")
            }
            var shape = try named(parts[0], vocabulary: vocabulary)
            shape.context = context
            return shape
        }
        switch name {
        case "pico": return ModelShape(width: 64, layers: 2, heads: 2, mlp: 256, vocabulary: vocabulary)
        case "nano": return ModelShape(width: 128, layers: 4, heads: 4, mlp: 512, vocabulary: vocabulary)
        case "micro": return ModelShape(width: 384, layers: 6, heads: 6, mlp: 1536, vocabulary: vocabulary)
        default: throw CoreError.unknown(kind: "model size", name: name, known: sizes.map(\.name))
        }
    }

    /// What cannot work, as sentences.
    public var faults: [String] {
        var faults: [String] = []
        for (name, value) in [
            ("width", width), ("layers", layers), ("heads", heads), ("kvHeads", kvHeads), ("headWidth", headWidth),
            ("mlp", mlp), ("vocabulary", vocabulary), ("context", context),
        ] where value < 1 { faults.append("A model's \(name) is \(value); it should be 1 or more") }
        // Beyond these the sizes in bytes would not be numbers any more; models in use stay far below.
        for (name, value, most) in [
            ("width", width, 1 << 20), ("layers", layers, 1 << 12), ("heads", heads, 1 << 16), ("kvHeads", kvHeads, 1 << 16),
            ("headWidth", headWidth, 1 << 12), ("mlp", mlp, 1 << 22), ("vocabulary", vocabulary, 1 << 24), ("context", context, 1 << 24),
        ] where value > most { faults.append("A model's \(name) is \(value); up to \(most) can be computed") }
        guard faults.isEmpty else { return faults }
        if heads * headWidth > 1 << 22 { faults.append("\(heads) heads of width \(headWidth) are wider than \(1 << 22) together") }
        if !(epsilon >= 0 && epsilon < 1) { faults.append("ε of the norms is \(epsilon); it should be from 0 to below 1") }
        if let fault = form.ropeScaling?.fault { faults.append(fault) }
        if heads % kvHeads != 0 {
            faults.append("\(heads) heads cannot share \(kvHeads) key heads evenly; choose a number that divides \(heads)")
        }
        if width % heads != 0, headWidth == width / heads {
            faults.append("Width \(width) does not divide evenly into \(heads) heads; choose a width that is a multiple of \(heads)")
        }
        if let window = form.window, window < 1 { faults.append("The window of local layers is \(window); it should be 1 or more") }
        if let scalar = form.queryScalar, !(scalar > 0) { faults.append("Scores are divided by the root of \(scalar); it should be above 0") }
        if !(ropeTheta > 0) || !((form.localRopeTheta ?? ropeTheta) > 0) {
            faults.append("The base of the rotary positions is \(ropeTheta); it should be above 0")
        }
        if headWidth % 2 != 0 { faults.append("A head is \(headWidth) wide; rotary positions need an even width") }
        return faults
    }

    /// Throws the faults, if there are any, as one error.
    public func check() throws(ModelError) {
        let found = faults
        if !found.isEmpty { throw ModelError(found.joined(separator: ". ")) }
    }

    /// How many parameters the model has.
    public var parameterCount: Int {
        let attention = width * headWidth * (2 * heads + 2 * kvHeads)
        let biases = hasQKVBias ? (heads + 2 * kvHeads) * headWidth : 0
        let norms = (form.hasPostNorms ? 4 : 2) * width + (form.hasQKNorm ? 2 * headWidth : 0)
        let block = attention + biases + 3 * width * mlp + norms
        return layers * block + width + vocabulary * width * (isTied ? 1 : 2)
    }
}
