import HoneCore

/// What went wrong between Hone and an endpoint: one named outcome and one sentence.
///
/// A fault never holds a key: whatever a server said is scrubbed before it is quoted.
public struct EndpointFault: RunEndingError, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The outcome's name, for tables, tests and decisions about asking again.
    public var kind: Kind
    /// What was found, what was expected, and what to do: a clause without a full stop.
    public var detail: String
    /// Where: method and URL without query; empty before anything was sent.
    public var address: String
    /// How often it was tried, the last time included; 0 before anything was sent.
    public var attempts: Int
    /// The status of the answer, when there was one.
    public var status: Int?
    /// How long the server asks to wait before the next try, in seconds.
    public var retryAfterSeconds: Double?

    /// A fault.
    public init(
        _ kind: Kind, _ detail: String, address: String = "", attempts: Int = 0, status: Int? = nil,
        retryAfterSeconds: Double? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.address = address
        self.attempts = attempts
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }

    public var description: String {
        let tries = attempts > 1 ? " (tried \(attempts) times)" : ""
        return address.isEmpty ? detail : "\(address)\(tries): \(detail)"
    }
}

extension EndpointFault {
    /// The outcomes, in the order in which a request can meet them.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        // Before anything is sent.
        case badSettings, keyMissing, keyFileReadable, keyUnusable, tokenCapReached, moneyCapReached, abilityMissing
        case cannotContinue, cannotShow
        // Between the machines.
        case hostNotFound, connectionRefused, connectTimedOut, secureConnectionFailed, firstByteTimedOut, stalled
        case deadlineExceeded, connectionLost
        // The form of the answer.
        case notHTTP, malformedHeader, headerTooLarge, bodyCutShort, malformedChunk, bodyTooLarge, unreadableEncoding
        // What its status says.
        case redirected, badRequest, unauthorized, forbidden, notFound, modelNotFound, contextTooLong, contentRefused
        case rateLimited, quotaExhausted, overloaded, serverError, unexpectedStatus
        // What its body says.
        case htmlPage, wrongContentType, notText, malformedJSON, wrongShape, errorInReply
        case noChoices, tooFewChoices, tooManyChoices, duplicateIndex, wrongIndex, wrongRole, missingContent
        case missingFinish, unknownFinish, malformedUsage, malformedLogProbs, tokenMismatch
        // What a stream says.
        case eventTooLarge, malformedEvent, errorInStream, truncatedStream
        // Answers that are no completion.
        case contentFiltered, toolCallsReturned
        // Fleets.
        case noEndpointLeft, adapterRefused
    }

    /// Whether the next try may end otherwise, by the outcome alone; for outcomes with a status the settings decide.
    public var isPassing: Bool {
        switch kind {
        case .connectionRefused, .connectTimedOut, .firstByteTimedOut, .stalled, .connectionLost, .bodyCutShort, .malformedChunk,
            .truncatedStream, .errorInStream:
            true
        default: false
        }
    }

    /// Whether the server may have done the work, and billed it, although no usable answer came.
    public var mayHaveCost: Bool {
        switch kind {
        case .badSettings, .keyMissing, .keyFileReadable, .keyUnusable, .tokenCapReached, .moneyCapReached, .abilityMissing,
            .cannotContinue, .cannotShow, .hostNotFound, .connectionRefused, .connectTimedOut, .secureConnectionFailed,
            .redirected, .badRequest, .unauthorized, .forbidden, .notFound, .modelNotFound, .contextTooLong, .contentRefused,
            .rateLimited, .quotaExhausted, .overloaded, .serverError, .noEndpointLeft, .adapterRefused:
            false
        default: true
        }
    }

    /// Whether it speaks of the endpoint rather than of the request, so that another endpoint may do better.
    public var isOfEndpoint: Bool {
        switch kind {
        case .hostNotFound, .connectionRefused, .connectTimedOut, .secureConnectionFailed, .firstByteTimedOut, .stalled,
            .connectionLost, .notHTTP, .malformedHeader, .headerTooLarge, .bodyCutShort, .malformedChunk, .unreadableEncoding,
            .redirected, .unauthorized, .forbidden, .notFound, .modelNotFound, .rateLimited, .quotaExhausted, .overloaded,
            .serverError, .unexpectedStatus, .htmlPage, .wrongContentType, .notText, .malformedJSON, .errorInStream,
            .truncatedStream:
            true
        default: false
        }
    }

    /// Whether any further request would fail likewise, after all tries: keys, caps, quotas, abilities, and servers that are not there.
    public var endsRun: Bool {
        switch kind {
        case .badSettings, .keyMissing, .keyFileReadable, .keyUnusable, .tokenCapReached, .moneyCapReached, .abilityMissing, .cannotContinue,
            .hostNotFound, .connectionRefused, .connectTimedOut, .secureConnectionFailed, .notHTTP, .redirected, .unauthorized, .forbidden,
            .notFound, .modelNotFound, .quotaExhausted, .htmlPage, .noEndpointLeft, .adapterRefused:
            true
        default: false
        }
    }
}
