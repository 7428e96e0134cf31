public import HoneCore

/// Why a request is not answered, in the form in which OpenAI-compatible servers say it.
public struct ServerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The HTTP status.
    public var status: Int
    /// A sentence for the user.
    public var description: String
    /// The kind of error: `invalid_request_error`, `not_found_error`, …
    public var type: String
    /// The field that is wrong, when one is.
    public var param: String?
    /// A short word for programs, when there is one.
    public var code: String?
    /// After how many seconds it is worth asking again.
    public var retryAfterSeconds: Int?

    /// A refusal.
    public init(_ status: Int, _ description: String, type: String, param: String? = nil, code: String? = nil, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.description = description
        self.type = type
        self.param = param
        self.code = code
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A request that cannot be answered as it is.
    public static func invalid(_ sentence: String, param: String? = nil, code: String? = nil) -> ServerRefusal {
        ServerRefusal(400, sentence, type: "invalid_request_error", param: param, code: code)
    }

    /// Something that is not there.
    public static func missing(_ sentence: String, param: String? = nil, code: String? = nil) -> ServerRefusal {
        ServerRefusal(404, sentence, type: "not_found_error", param: param, code: code)
    }

    /// The refusal that stands for any error of an answer being made.
    ///
    /// What models and templates say about a request is passed on; they throw before they draw.
    public init(_ error: any Error) {
        switch error {
        case let refusal as ServerRefusal: self = refusal
        case let error as CoreError: self = .invalid(error.description)
        case is CancellationError: self = ServerRefusal(499, "The request was cancelled", type: "cancelled", code: "cancelled")
        default: self = ServerRefusal(500, "The model failed: \(error)", type: "server_error", code: "model_failed")
        }
    }

    /// `{error: {message, type, param, code}}`.
    public var json: JSONValue {
        .object([
            "error": .object([
                "message": .string(description), "type": .string(type), "param": param.map { .string($0) } ?? .null,
                "code": code.map { .string($0) } ?? .null,
            ])
        ])
    }
}
