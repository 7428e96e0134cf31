/// How much a server does for anybody.
public struct ServerLimits: Hashable, Sendable, Codable {
    /// The longest body of a request, in bytes.
    public var bodyBytes = 8 << 20
    /// The longest header of a request, in bytes; at most 80 KiB.
    public var headerBytes = 32 << 10
    /// Connections open at once; more wait to be accepted.
    public var connections = 256
    /// Tokens of one prompt, beside what the model's context holds.
    public var promptTokens = 1 << 20
    /// Tokens of one answer.
    public var outputTokens = 32_768
    /// Choices of one prompt.
    public var choices = 64
    /// Answers drawn for one request: prompts × choices × candidates of a strategy.
    public var samples = 256
    /// Likeliest tokens told beside each drawn one.
    public var topLogProbs = 20
    /// Stop texts of a request, each of at most 1,024 bytes.
    public var stops = 16
    /// Requests answered at once.
    public var running = 32
    /// Requests that wait for their turn; more are refused with the status 429.
    public var waiting = 128
    /// After how many seconds a refused client may ask again.
    public var retryAfterSeconds = 2
    /// The longest time for one request, in seconds, from its header to its last byte.
    public var requestSeconds = 600.0
    /// After how many seconds without a request a connection is closed.
    public var idleSeconds = 60.0

    /// The usual limits.
    public init() {}
}
