import HoneCore

extension EndpointFault {
    /// The fault that an answer with a status other than 200 stands for.
    ///
    /// The server's words are quoted, except where it refuses a key: it may repeat part of it.
    static func of(_ head: HTTPHead, body: [UInt8], now secondsSince1970: Double) -> EndpointFault {
        let said = ServerMessage(body: body)
        let quoted = "status \(head.status): \(said.quoted)"
        var fault: EndpointFault
        switch head.status {
        case 300...399:
            fault = EndpointFault(
                .redirected,
                "status \(head.status): the server sends on to another address, which is not followed, as it would see the key; give that address itself"
            )
        case 400, 413, 422:
            if said.mentions("context_length_exceeded", "context length", "context window", "too many tokens") || head.status == 413 {
                fault = EndpointFault(.contextTooLong, "\(quoted); shorten the prompt or lower the limit on tokens")
            } else if said.mentions("content_filter", "content_policy") {
                fault = EndpointFault(.contentRefused, "\(quoted); the server's filter refuses this prompt")
            } else if said.mentions("model_not_found") {
                fault = EndpointFault(.modelNotFound, "\(quoted); check the model's name")
            } else {
                fault = EndpointFault(.badRequest, "\(quoted); the server does not accept this request")
            }
        case 401: fault = EndpointFault(.unauthorized, "status 401: the server does not accept the key, or wants one; check the key's source")
        case 403: fault = EndpointFault(.forbidden, "status 403: the key may not do this")
        case 402: fault = EndpointFault(.quotaExhausted, "\(quoted); the account has no money left")
        case 404:
            fault =
                said.mentions("model_not_found") || said.mentions("model") && said.mentions("not found", "not exist", "not_found")
                ? EndpointFault(.modelNotFound, "\(quoted); check the model's name")
                : EndpointFault(.notFound, "\(quoted); the server does not have this route, or its URL is another one")
        case 429:
            fault =
                said.mentions("insufficient_quota", "exceeded your current quota")
                ? EndpointFault(.quotaExhausted, "\(quoted); waiting does not help")
                : EndpointFault(.rateLimited, "\(quoted); lower the concurrency or wait")
        case 408, 503, 529: fault = EndpointFault(.overloaded, "\(quoted); the server has no room now")
        case 500...599: fault = EndpointFault(.serverError, "\(quoted); the server failed")
        default: fault = EndpointFault(.unexpectedStatus, "\(quoted); expected 200")
        }
        fault.status = head.status
        fault.retryAfterSeconds = RetryAfter.seconds(in: head.fields, now: secondsSince1970)
        return fault
    }
}
