import Foundation
import HoneCore
import HoneTensor
import HoneText

/// One learning model with its tokenizer, optimiser and named snapshots, on the process's tensor thread.
///
/// Requests of all callers are decoded together; a request's result depends on the request and the weights only.
public actor ModelHost: TrainableModel {
    /// What a host is made of.
    public struct Settings: Sendable {
        /// The sizes.
        public var shape: ModelShape
        /// Sequences decoded at once; more wait.
        public var slots: Int
        /// Tokens of one micro-batch in training, padding included.
        public var microBatchTokens: Int
        /// Threads of libtorch and the decoder; 0 takes one per core.
        public var threads: Int
        /// Whether the decoder keeps its matrices in bfloat16: twice as fast where memory is what limits it. Weights that were kept in
        /// bfloat16 lose nothing; others are rounded, and the trainer's log-probabilities differ from the sampler's by that.
        public var decodesInHalf: Bool

        /// Whether it draws with libtorch's operations also on the processor, where the fused decoder is faster.
        public var drawsByOperations: Bool

        /// When layers are computed again in the backward pass instead of being kept, which changes memory and time but no bit.
        public var recomputes: Recomputing

        /// When layers are computed again.
        public enum Recomputing: String, Hashable, Sendable, Codable {
            /// Where one micro-batch would keep more than its limit: a row that is too long by itself.
            case whereNeeded
            case always, never
        }

        /// Whether a micro-batch of so many padded tokens is computed again.
        func recomputesLayers(tokens: Int) -> Bool {
            switch recomputes {
            case .whereNeeded: tokens > microBatchTokens
            case .always: true
            case .never: false
            }
        }

        /// Settings of a host.
        public init(
            shape: ModelShape, slots: Int = 256, microBatchTokens: Int = 16_384, threads: Int = 0, decodesInHalf: Bool = false,
            recomputes: Recomputing = .whereNeeded, drawsByOperations: Bool = false
        ) {
            self.drawsByOperations = drawsByOperations
            self.recomputes = recomputes
            self.decodesInHalf = decodesInHalf
            self.shape = shape
            self.slots = slots
            self.microBatchTokens = microBatchTokens
            self.threads = threads
        }
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }

    /// Its name in the plan, written into what it samples.
    public nonisolated let name: ModelName
    /// Its settings.
    public nonisolated let settings: Settings
    /// Its sizes.
    public nonisolated var shape: ModelShape { settings.shape }
    /// Its tokenizer.
    public nonisolated let tokenizer: any Tokenizer
    /// Its adapters, when it learns through some.
    public nonisolated let adapterSettings: AdapterSettings?

    let network: Network
    /// The folder its first weights came from; nil where they were drawn.
    nonisolated let origin: ModelFolder?
    /// The fingerprint of a frozen base, once it was asked for.
    var fingerprint: String?
    let optimiser: AdamW
    let trainableNames: [String]
    /// Copies of the weights at earlier moments, with the update count they had.
    var snapshots: [String: (network: Network, update: Int)] = [:]
    /// Optimiser steps behind the weights, since the model was made.
    var updates = 0
    /// Optimiser steps since the optimiser was last reset: where schedules stand.
    var optimiserSteps = 0
    /// Models that objectives may ask about by name.
    var peers: [ModelName: any Model] = [:]
    var threads: Int
    /// Whether training and scoring use all threads or one, by which was faster lately.
    var pace = ThreadPace()

    /// Tokens that went through its decoders, what rows have in common once.
    public internal(set) var computedTokens = 0

    // Decoding; the live weights have the name "".
    var queues: [String: DecodingQueue] = [:]
    var calls: [Int: PendingCall] = [:]
    var nextCall = 0
    var isPumping = false

    public nonisolated var arithmetic: ModelArithmetic? { shape.arithmetic(adapters: adapterSettings) }
    public nonisolated var abilities: Set<Trait> { [.tokens, .logProbs, .weights, .training, .onPolicyLogProbs] }
    /// The token that ends a text.
    public nonisolated var endOfText: TokenID { tokenizer.endOfText }
    public nonisolated var textEnd: TokenID? { tokenizer.endOfText }
    /// How many parameters the model has, frozen ones included.
    public var parameterCount: Int { network.named.reduce(0) { $0 + $1.tensor.count } }
    /// How many of them learn.
    public var trainableCount: Int { network.trainable.reduce(0) { $0 + $1.tensor.count } }
    /// Optimiser steps behind the weights.
    public var updateCount: Int { updates }

    /// A host of the network that `build` makes; called on the tensor thread.
    init(
        name: ModelName, tokenizer: any Tokenizer, settings: Settings, origin: ModelFolder? = nil, build: @Sendable () throws -> Network
    ) throws {
        self.origin = origin
        let network = try build()
        let shape = network.shape
        guard tokenizer.vocabularySize <= shape.vocabulary else {
            throw ModelError(
                "The tokenizer has \(tokenizer.vocabularySize) tokens, but model “\(name)” has \(shape.vocabulary) rows of embeddings; "
                    + "use the tokenizer the model was made with")
        }
        try network.requireGradients()
        optimiser = AdamW(network.trainable.map(\.tensor))
        trainableNames = network.trainable.map(\.name)
        adapterSettings = network.adapters?.settings
        self.network = network
        self.name = name
        self.tokenizer = tokenizer
        var settings = settings
        settings.shape = shape
        // The cache of a decoder stays below 8 GiB, however long the context.
        let perSlot = shape.context * shape.cacheBytes
        settings.microBatchTokens = shape.microBatchTokens(upTo: settings.microBatchTokens)
        settings.slots = max(1, min(settings.slots, (8 << 30) / max(1, perSlot)))
        self.settings = settings
        threads = settings.threads
        if threads > 0 { TensorRuntime.threads = threads }
    }

    /// A host with new weights drawn from the seed; throws what does not fit, in a sentence.
    @TensorActor
    public static func make(
        name: ModelName, tokenizer: any Tokenizer, settings: Settings, seed: Seed, adapters: AdapterSettings? = nil,
        heads: [Head] = []
    ) async throws -> ModelHost {
        let shape = settings.shape
        return try ModelHost(name: name, tokenizer: tokenizer, settings: settings) {
            let own = try adapters.map { try Adapters.initialised($0, shape: shape, seed: seed.child("adapters")) }
            return try Network(base: try Transformer.initialised(shape, seed: seed), adapters: own, heads: heads)
        }
    }

    /// A host with the weights of a Hugging Face folder; the shape of `settings` gives way to the folder's.
    ///
    /// Reads `model.safetensors` or its shards, also in bfloat16 and float16.
    @TensorActor
    public static func make(
        name: ModelName, folder: ModelFolder, tokenizer: any Tokenizer, settings: Settings? = nil, seed: Seed = Seed(0),
        adapters: AdapterSettings? = nil, heads: [Head] = []
    ) async throws -> ModelHost {
        try ModelHost(name: name, tokenizer: tokenizer, settings: settings ?? Settings(shape: folder.shape), origin: folder) {
            try folder.network(adapters: adapters, heads: heads, seed: seed)
        }
    }

    /// The model that a plan's source describes; other models of the plan that it needs are among `models`.
    public static func make(
        _ name: ModelName, from source: ModelSource, tokenizer: any Tokenizer, seed: Seed, heads: [Head] = [],
        models: [ModelName: ModelHost] = [:], slots: Int = 256, threads: Int = 0
    ) async throws -> ModelHost {
        func known(_ other: ModelName) throws -> ModelHost {
            guard let host = models[other] else {
                throw CoreError.unknown(kind: "model", name: other.text, known: models.keys.map(\.text).sorted())
            }
            return host
        }
        switch source {
        case .scratch(let size):
            let shape = try ModelShape.named(size, vocabulary: tokenizer.vocabularySize)
            let settings = Settings(shape: shape, slots: slots, threads: threads)
            return try await make(name: name, tokenizer: tokenizer, settings: settings, seed: seed, heads: heads)
        case .folder(let path, let loading):
            let folder = try ModelFolder(path: path, contextLimit: loading.context, computesInHalf: loading.trainsInHalf)
            let settings = Settings(shape: folder.shape, slots: slots, threads: threads, decodesInHalf: loading.decodesInHalf)
            return try await make(
                name: name, folder: folder, tokenizer: tokenizer, settings: settings, seed: seed, adapters: loading.adapters, heads: heads)
        case .adapter(let other, let rank):
            return try await known(other).adapted(name, AdapterSettings(rank: rank), heads: heads, seed: seed)
        case .copy(let other): return try await known(other).adapted(name, nil, heads: heads, seed: seed)
        }
    }

    /// Another model that begins with these weights: through adapters over them, or as a full copy.
    ///
    /// Adapters of this model are merged into the other's base.
    public func adapted(
        _ name: ModelName, _ adapters: AdapterSettings?, heads: [Head] = [], seed: Seed
    ) throws -> ModelHost {
        let shape = self.shape
        let weights = try Network(base: try Transformer(shape: shape, parameters: try network.mergedParameters())).file()
        return try ModelHost(name: name, tokenizer: tokenizer, settings: settings, origin: origin) {
            let own = try adapters.map { try Adapters.initialised($0, shape: shape, seed: seed.child("adapters")) }
            let empty = try Transformer.shapes(of: shape).map { try Tensor.zeros($0) }
            let other = try Network(base: try Transformer(shape: shape, parameters: empty), adapters: own, heads: heads)
            try other.load(try SafetensorsFile(data: weights), isLenient: true)
            return other
        }
    }

    /// Lets objectives ask about another model by its name in the plan: references, teachers, critics.
    public func connect(_ other: ModelName, to model: any Model) { peers[other] = model }

    /// Sets the threads of decoding and of tensor operations; no sampled bit depends on it. 0 takes one per processor.
    public func use(threads count: Int) {
        threads = count
        TensorRuntime.threads = count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
        for queue in queues.values { queue.decoder.use(threads: count) }
    }

    /// The weights of a snapshot, or the live ones.
    func network(of snapshot: String?) throws -> Network {
        guard let snapshot else { return network }
        guard let kept = snapshots[snapshot] else {
            throw CoreError.unknown(kind: "snapshot of model “\(name)”", name: snapshot, known: snapshots.keys.sorted())
        }
        return kept.network
    }

    /// Tells the decoders that weights have changed; they take them over before they admit the next row.
    func markStale(_ snapshot: String? = nil) { queues[snapshot ?? ""]?.isStale = true }
}

/// A model at an earlier moment, as `ModelRef.snapshot` names it.
public struct SnapshotModel: Model {
    let host: ModelHost
    let snapshot: String

    /// The snapshot of this name; whether it exists shows when it is asked.
    public init(_ host: ModelHost, snapshot: String) {
        self.host = host
        self.snapshot = snapshot
    }

    public var abilities: Set<Trait> { host.abilities.subtracting([.training]) }
    public var arithmetic: ModelArithmetic? { host.arithmetic }
    public var textEnd: TokenID? { host.textEnd }

    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        try await host.completions(requests, snapshot: snapshot)
    }

    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        try await host.scores(transcripts, quantity, snapshot: snapshot)
    }
}
