import HoneCore
import Synchronization

/// A model whose answers are written beforehand, for tests of parts that ask models.
///
/// Its tokens are UTF-8 bytes. It answers a sample with the script's text for the request and the sample's number, cut
/// at the sampling's limit, and gives token b the log-probability −b/256, so that a mix-up of tokens shows.
public struct ScriptedModel: Model {
    public let abilities: Set<Trait>
    private let script: @Sendable (Completion.Request, Int) throws -> String
    private let log = RequestLog()

    /// A model that answers by the script.
    public init(abilities: Set<Trait> = [.tokens, .logProbs], _ script: @escaping @Sendable (Completion.Request, Int) throws -> String) {
        self.abilities = abilities
        self.script = script
    }

    /// A model that always says the same.
    public init(saying text: String) { self.init { _, _ in text } }

    /// All requests so far, in the order they came.
    public var requests: [Completion.Request] { log.requests.withLock { $0 } }

    /// The tokens of a text.
    public static func tokens(of text: String) -> [TokenID] { text.utf8.map(TokenID.init) }

    /// The log-probability it gives a token.
    public static func logProb(of token: TokenID) -> Float { -Float(token) / 256 }

    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        try requests.map { request in
            log.requests.withLock { $0.append(request) }
            let context = request.context.map(Self.tokenised)
            let samples = try (0..<request.count).map { number in
                let all = Array(try script(request, number).utf8)
                let bytes = Array(all.prefix(request.sampling.limit))
                let tokens = bytes.map(TokenID.init)
                let segment = Segment(
                    origin: .model("scripted", update: 0), content: .tokens(tokens, text: String(decoding: bytes, as: UTF8.self)),
                    samplerLogProbs: tokens.map(Self.logProb), entropies: tokens.map { _ in 0 }, isTrained: true)
                return Completion.Sample(segments: [segment], finish: bytes.count < all.count ? .length : .stop)
            }
            return Completion(context: context, samples: samples)
        }
    }

    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        guard quantity == .logProbs else { throw CoreError.unsupported("A scripted model scores log-probabilities only, not \(quantity)") }
        return transcripts.map { transcript in
            let values = transcript.map(Self.tokenised).tokens.map { $0.dropFirst().map(Self.logProb) } ?? []
            return Scores(values: values, shape: [values.count])
        }
    }

    private static func tokenised(_ segment: Segment) -> Segment {
        guard case .text(let text) = segment.content else { return segment }
        var copy = segment
        copy.content = .tokens(tokens(of: text), text: text)
        return copy
    }

    private final class RequestLog: Sendable {
        let requests = Mutex<[Completion.Request]>([])
    }
}
