import Foundation
import HoneCore
import HoneTensor
import HoneText

/// A live transformer on the tensor thread: samples for all concurrent episodes at once, scores, and learns.
///
/// All its tensor work is synchronous between two suspension points; only tokens, numbers and reports cross its border.
public actor ModelHost: TrainableModel {
    /// What a host is made of.
    public struct Settings: Sendable {
        /// The sizes.
        public var shape: ModelShape
        /// Sequences decoded at once.
        public var slots: Int
        /// Tokens of one micro-batch in training, padding included.
        public var microBatchTokens: Int
        /// Threads of libtorch and the decoder; 0 takes one per core.
        public var threads: Int

        /// Settings of a host.
        public init(shape: ModelShape, slots: Int = 256, microBatchTokens: Int = 16_384, threads: Int = 0) {
            self.shape = shape
            self.slots = slots
            self.microBatchTokens = microBatchTokens
            self.threads = threads
        }
    }

    /// The model's name in its plan.
    public nonisolated let name: ModelName
    /// Its tokenizer.
    public nonisolated let tokenizer: any Tokenizer
    /// Its settings.
    public nonisolated let settings: Settings
    public nonisolated var abilities: Set<Trait> { [.weights, .tokens, .logProbs, .onPolicyLogProbs, .training] }
    /// The token that ends a text.
    public nonisolated var endOfText: TokenID { tokenizer.endOfText }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }

    /// What exists once weights are there.
    struct Live {
        var model: Transformer
        var optimiser: AdamW
        var decoder: FusedDecoder
        var snapshots: [String: Transformer] = [:]
        /// Optimiser steps behind the weights, over the model's whole life.
        var updates = 0
        /// Optimiser steps since the optimiser was last started afresh.
        var optimiserSteps = 0
        var decoderIsCurrent = false
    }

    var live: Live?
    var queue = SamplingQueue()
    var isPumping = false

    private init(name: ModelName, tokenizer: any Tokenizer, settings: Settings) {
        self.name = name
        self.tokenizer = tokenizer
        self.settings = settings
    }

    /// A host with new weights drawn from the seed.
    public static func make(
        name: ModelName, tokenizer: any Tokenizer, settings: Settings, seed: Seed
    ) async throws -> ModelHost {
        let faults = settings.shape.faults
        if !faults.isEmpty { throw ModelError(faults.joined(separator: "\n")) }
        guard settings.shape.vocabulary >= tokenizer.vocabularySize else {
            throw ModelError(
                "The model has a vocabulary of \(settings.shape.vocabulary), the tokenizer one of \(tokenizer.vocabularySize); "
                    + "give the model at least as many")
        }
        let host = ModelHost(name: name, tokenizer: tokenizer, settings: settings)
        try await host.begin(seed: seed)
        return host
    }

    private func begin(seed: Seed) throws {
        if settings.threads > 0 { TensorRuntime.threads = settings.threads }
        let model = try Transformer.initialised(settings.shape, seed: seed)
        for parameter in model.parameters { try parameter.requireGradient() }
        live = Live(
            model: model, optimiser: try AdamW(model.parameters),
            decoder: try FusedDecoder(settings.shape, slots: settings.slots, threads: settings.threads))
    }

    /// The live state, or a sentence when the host was never begun.
    func state() throws -> Live {
        guard let live else { throw ModelError("Model “\(name)” has no weights yet") }
        return live
    }

    /// How many parameters it has.
    public var parameterCount: Int { settings.shape.parameterCount }

    /// Optimiser steps behind the weights.
    public var updateCount: Int { live?.updates ?? 0 }

    /// Text segments replaced by exact tokens, each segment by itself; others as they are.
    public func tokenised(_ transcript: Transcript) throws -> Transcript { try Self.tokenised(transcript, by: tokenizer) }

    static func tokenised(_ transcript: Transcript, by tokenizer: any Tokenizer) throws -> Transcript {
        try transcript.map { segment in
            guard case .text(let text) = segment.content else { return segment }
            var copy = segment
            copy.content = .tokens(try tokenizer.encode(text), text: text)
            return copy
        }
    }

    /// The tokens of a transcript; refuses numbers.
    func tokens(of transcript: Transcript) throws -> [TokenID] {
        guard let tokens = transcript.tokens else {
            throw ModelError("A language model was given numbers where text was expected")
        }
        return tokens
    }
}
