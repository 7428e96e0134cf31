import HoneCore
import HoneServer
import HoneText
import Synchronization

/// Tokens are bytes; three more end a text, end a turn and fill rows.
struct ByteTokenizer: Tokenizer {
    var vocabularySize: Int { 259 }
    var endOfText: TokenID { 256 }
    var padding: TokenID { 257 }
    var stopTokens: [TokenID] { [256, 258] }
    var addedTokens: [AddedToken] {
        [AddedToken(text: "<end>", id: 256), AddedToken(text: "<pad>", id: 257), AddedToken(text: "<turn>", id: 258)]
    }

    func encode(_ text: String) throws(TextError) -> [TokenID] {
        if text.contains("☠") { throw TextError("“☠” cannot be written") }
        return text.utf8.map(TokenID.init)
    }

    func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding {
        throw TextError("These tokens have no offsets")
    }

    func encodeRecognizingAddedTokens(_ text: String) throws(TextError) -> [TokenID] {
        if text.contains("☠") { throw TextError("“☠” cannot be written") }
        var tokens: [TokenID] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if let added = addedTokens.first(where: { rest.starts(with: $0.text.utf8) }) {
                tokens.append(added.id)
                rest = rest.dropFirst(added.text.utf8.count)
            } else {
                tokens.append(TokenID(byte))
                rest = rest.dropFirst()
            }
        }
        return tokens
    }

    func bytes(of token: TokenID) -> [UInt8] { token < 256 ? [UInt8(token)] : [] }
    func piece(of token: TokenID, isFirst: Bool) -> TokenPiece { token < 256 ? .bytes([UInt8(token)]) : .skipped }
    func json() throws -> JSONValue { .null }
}

/// A model that says what a script says, byte by byte and then the end of text; cut at stop texts, which stay, and at the limit.
/// Byte b has the log-probability −b/256, or what the script's sample has in front of a “|”.
struct ScriptedBytes: Model {
    let script: @Sendable (Completion.Request, Int) -> String
    let log = RequestLog()
    var abilities: Set<HoneCore.Trait> { [.tokens, .logProbs] }

    init(_ script: @escaping @Sendable (Completion.Request, Int) -> String) { self.script = script }
    init(saying text: String) { self.init { _, _ in text } }

    static func logProb(_ token: TokenID) -> Float { -Float(token) / 256 }

    static func top(_ count: Int, _ token: TokenID) -> [TokenLogProb] {
        (0..<count).map { TokenLogProb($0 == 0 ? token : TokenID(65 + $0), logProb(token) - Float($0)) }
    }

    func drawn(_ request: Completion.Request, _ sample: Int) -> (tokens: [TokenID], finish: Completion.Finish) {
        var tokens: [TokenID] = []
        for byte in script(request, sample).utf8 {
            if tokens.count == request.sampling.limit { return (tokens, .length) }
            tokens.append(TokenID(byte))
            let text = String(decoding: tokens.map { UInt8($0) }, as: UTF8.self)
            if request.sampling.stop.contains(where: { text.hasSuffix($0) }) { return (tokens, .stop) }
        }
        return tokens.count == request.sampling.limit ? (tokens, .length) : (tokens + [256], .stop)
    }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        requests.map { request in
            log.note(request)
            let samples = (0..<request.count).map { sample in
                let (tokens, finish) = drawn(request, sample)
                let segment = Segment(
                    origin: .model("bytes", update: 0), content: .tokens(tokens, text: ByteTokenizer().decode(tokens)),
                    samplerLogProbs: tokens.map(Self.logProb))
                return Completion.Sample(segments: [segment], finish: finish)
            }
            return Completion(context: request.context, samples: samples)
        }
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        transcripts.map { transcript in
            let tokens = Array((transcript.tokens ?? []).dropFirst())
            guard case .distribution(let top) = quantity else { return Scores(values: tokens.map(Self.logProb), shape: [tokens.count]) }
            return Scores(values: tokens.flatMap { Self.top(top, $0).flatMap { [Float($0.token), $0.logProb] } }, shape: [tokens.count, top, 2])
        }
    }
}

/// The same model, telling its tokens as it goes.
struct StreamedBytes: StreamingModel {
    let bytes: ScriptedBytes
    /// Waits before each token after the first of a sample.
    var gate: Gate?

    init(_ script: @escaping @Sendable (Completion.Request, Int) -> String, gate: Gate? = nil) {
        bytes = ScriptedBytes(script)
        self.gate = gate
    }

    init(saying text: String) { self.init { _, _ in text } }

    var abilities: Set<HoneCore.Trait> { bytes.abilities }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { try await bytes.complete(requests) }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { try await bytes.score(transcripts, quantity) }

    func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error> {
        bytes.log.note(request)
        let (stream, continuation) = AsyncThrowingStream<StreamedToken, any Error>.makeStream()
        let task = Task {
            let samples = (0..<request.count).map { bytes.drawn(request, $0) }
            var texts = samples.map { _ in TokenStream(ByteTokenizer()) }
            for place in 0..<(samples.map(\.tokens.count).max() ?? 0) {
                if place > 0 { try await gate?.pass() }
                // Samples take turns, the last one first.
                for sample in samples.indices.reversed() where place < samples[sample].tokens.count {
                    let token = samples[sample].tokens[place]
                    let isLast = place == samples[sample].tokens.count - 1
                    continuation.yield(
                        StreamedToken(
                            sample: sample, token: token, text: texts[sample].push(token) + (isLast ? texts[sample].finish() : ""),
                            logProb: ScriptedBytes.logProb(token), top: ScriptedBytes.top(top, token), finish: isLast ? samples[sample].finish : nil))
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// Holds a model back until it is let go.
final class Gate: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    func pass() async throws {
        while !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// What a model was asked.
final class RequestLog: Sendable {
    private let requests = Mutex<[Completion.Request]>([])
    func note(_ request: Completion.Request) { requests.withLock { $0.append(request) } }
    var all: [Completion.Request] { requests.withLock { $0 } }
}

/// A model that never ends, and knows how many answers it is busy with.
final class EndlessModel: StreamingModel {
    private let counts = Mutex((active: 0, begun: 0))
    let streams: Bool
    var abilities: Set<HoneCore.Trait> { [.tokens] }
    var active: Int { counts.withLock { $0.active } }
    var begun: Int { counts.withLock { $0.begun } }

    init(streams: Bool = true) { self.streams = streams }

    private func enter() { counts.withLock { ($0.active, $0.begun) = ($0.active + 1, $0.begun + 1) } }
    private func leave() { counts.withLock { $0.active -= 1 } }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        enter()
        defer { leave() }
        while true { try await Task.sleep(for: .milliseconds(5)) }
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { throw CoreError.unsupported("no scores") }

    func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error> {
        let (stream, continuation) = AsyncThrowingStream<StreamedToken, any Error>.makeStream()
        let task = Task {
            enter()
            defer { leave() }
            while !Task.isCancelled {
                if streams { continuation.yield(StreamedToken(sample: 0, token: 97, text: "a", logProb: -1)) }
                try? await Task.sleep(for: .milliseconds(5))
            }
            continuation.finish(throwing: CancellationError())
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// The wire-level half of a model that has no `stream`.
struct WholeOnly: Model {
    let inner: any Model
    var abilities: Set<HoneCore.Trait> { inner.abilities }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { try await inner.complete(requests) }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { try await inner.score(transcripts, quantity) }
}
