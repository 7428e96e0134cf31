import Foundation
import HoneEndpoint
import Testing

/// One thing that can go wrong, and the outcome it must have.
struct FaultRow: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: EndpointFault.Kind
    /// Requests the server must have seen: 2 where another try is right, 1 where it is not.
    var tries: Int
    var count = 1
    var isStreamed = false
    var change: @Sendable (inout EndpointSettings) -> Void = { _ in }
    var script: @Sendable (Received) -> [Act]

    var testDescription: String { name }

    init(
        _ name: String, _ kind: EndpointFault.Kind, tries: Int = 1, count: Int = 1, isStreamed: Bool = false,
        _ change: @escaping @Sendable (inout EndpointSettings) -> Void = { _ in }, script: @escaping @Sendable (Received) -> [Act]
    ) {
        self.name = name
        self.kind = kind
        self.tries = tries
        self.count = count
        self.isStreamed = isStreamed
        self.change = change
        self.script = script
    }

    /// A row whose server always sends the same text and then closes.
    init(_ name: String, _ kind: EndpointFault.Kind, tries: Int = 1, sends text: String) {
        self.init(name, kind, tries: tries) { _ in [.text(text), .close] }
    }

    /// A row whose server answers with a status and a body.
    init(
        _ name: String, _ kind: EndpointFault.Kind, tries: Int = 1, status: String, _ body: String = "{}", type: String = "application/json",
        fields: [String] = []
    ) {
        self.init(name, kind, tries: tries) { _ in Spelled.answer(body, status: status, type: type, fields: fields) }
    }

    /// A row whose server answers with a body under status 200.
    init(_ name: String, _ kind: EndpointFault.Kind, count: Int = 1, body: String, type: String = "application/json") {
        self.init(name, kind, count: count) { _ in Spelled.answer(body, type: type) }
    }

    /// A row whose server answers with a stream of events.
    init(_ name: String, _ kind: EndpointFault.Kind, tries: Int = 1, events: [String], ends: Bool = true) {
        self.init(name, kind, tries: tries, isStreamed: true) { _ in Spelled.stream(events, ends: ends) + [.close] }
    }
}

private let chat = Spelled.chat("4")
private let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

/// Faults between the machines and in the form of answers.
let transportFaults: [FaultRow] = [
    FaultRow("the server closes before it answers", .connectionLost, tries: 2) { _ in [.close] },
    FaultRow("the server resets the connection", .connectionLost, tries: 2) { _ in [.reset] },
    FaultRow("the server never answers", .firstByteTimedOut, tries: 2) { _ in [.hold] },
    FaultRow("the server closes within the header", .bodyCutShort, tries: 2, sends: "HTTP/1.1 200 OK\r\nContent-Ty"),
    FaultRow("the header stops half-way", .stalled, tries: 2) { _ in [.text("HTTP/1.1 200 OK\r\nContent-Ty"), .hold] },
    FaultRow("another service is on the port", .notHTTP, sends: "SSH-2.0-OpenSSH_9.2\r\n"),
    FaultRow("the server speaks a later HTTP unasked", .notHTTP, sends: "HTTP/2.0 200 OK\r\n\r\n"),
    FaultRow("the status is no number", .malformedHeader, sends: "HTTP/1.1 abc OK\r\n\r\n"),
    FaultRow("the status has four digits", .malformedHeader, sends: "HTTP/1.1 2000 OK\r\n\r\n"),
    FaultRow("a header line has no colon", .malformedHeader, sends: "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
    FaultRow("a header holds a control character", .malformedHeader, sends: "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n"),
    FaultRow("a header is folded onto a second line", .malformedHeader, sends: "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n"),
    FaultRow("two lengths contradict each other", .malformedHeader, sends: ok + "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}"),
    FaultRow("the length is negative", .malformedHeader, sends: ok + "Content-Length: -5\r\n\r\n{}"),
    FaultRow("the length exceeds 64 bits", .malformedHeader, sends: ok + "Content-Length: 99999999999999999999999\r\n\r\n{}"),
    FaultRow("the header is endless", .headerTooLarge, sends: ok + "X: " + String(repeating: "a", count: 70_000)),
    FaultRow("the header has too many fields", .headerTooLarge, sends: ok + String(repeating: "X: y\r\n", count: 300) + "\r\n"),
    FaultRow("the body is shorter than its length", .bodyCutShort, tries: 2, sends: ok + "Content-Length: 900\r\n\r\n" + chat),
    FaultRow("the connection is reset within the body", .connectionLost, tries: 2) { _ in
        [.text(ok + "Content-Length: 900\r\n\r\n" + chat), .pause(milliseconds: 30), .reset]
    },
    FaultRow("a chunk's size is not hexadecimal", .malformedChunk, tries: 2, sends: ok + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n"),
    FaultRow("a chunk's size is negative", .malformedChunk, tries: 2, sends: ok + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n"),
    FaultRow("a chunk is longer than its size", .malformedChunk, tries: 2, sends: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n"),
    FaultRow(
        "a chunk is longer than its size by one byte", .malformedChunk, tries: 2,
        sends: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n"),
    FaultRow("the connection ends within a chunk", .bodyCutShort, tries: 2, sends: ok + "Transfer-Encoding: chunked\r\n\r\n50\r\n{\"a"),
    FaultRow("the last chunk is missing", .bodyCutShort, tries: 2, sends: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    FaultRow("the body is encoded for transfer", .unreadableEncoding, sends: ok + "Transfer-Encoding: gzip\r\n\r\nxx"),
    FaultRow("the body is compressed unasked", .unreadableEncoding, sends: ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx"),
    FaultRow("the body stops half-way", .stalled, tries: 2) { _ in [.text(ok + "Content-Length: 900\r\n\r\n{"), .hold] },
    FaultRow("the body drips past the deadline", .deadlineExceeded, { $0.deadlineSeconds = 0.2 }) { _ in
        [.text(ok + "Content-Length: 900\r\n\r\n")] + (0..<60).flatMap { _ in [Act.text(" "), .pause(milliseconds: 15)] }
    },
    FaultRow("the body exceeds the limit", .bodyTooLarge, { $0.bodyBytes = 1000 }) { _ in
        Spelled.answer(Spelled.chat(String(repeating: "a", count: 2000)))
    },
    FaultRow("an endless body exceeds the limit", .bodyTooLarge, { $0.bodyBytes = 100_000 }) { _ in
        [.text(ok + "\r\n")] + (0..<40).map { _ in Act.text(String(repeating: " ", count: 8192)) } + [.hold]
    },
]

/// Faults that a status announces.
let statusFaults: [FaultRow] = [
    FaultRow("the server redirects", .redirected, status: "302 Found", fields: ["Location: http://127.0.0.1:1/elsewhere"]),
    FaultRow("the server redirects without saying where", .redirected, status: "307 Temporary Redirect"),
    FaultRow(
        "the request is refused", .badRequest, status: "400 Bad Request", #"{"error":{"message":"no","type":"invalid_request_error","code":null}}"#),
    FaultRow("the request breaks a schema", .badRequest, status: "422 Unprocessable Entity", #"{"detail":[{"loc":["body","n"],"msg":"bad"}]}"#),
    FaultRow("the key is refused", .unauthorized, status: "401 Unauthorized", fields: ["WWW-Authenticate: Basic realm=x"]),
    FaultRow("the key may not do this", .forbidden, status: "403 Forbidden"),
    FaultRow("the route is not there", .notFound, status: "404 Not Found", #"{"detail":"Not Found"}"#),
    FaultRow(
        "the model is not there", .modelNotFound, status: "404 Not Found",
        #"{"error":{"message":"The model `m` does not exist.","code":"model_not_found"}}"#),
    FaultRow(
        "the prompt is too long", .contextTooLong, status: "400 Bad Request",
        #"{"error":{"message":"This model's maximum context length is 8 tokens","code":"context_length_exceeded"}}"#),
    FaultRow("the body is too long for the server", .contextTooLong, status: "413 Content Too Large", "too large", type: "text/plain"),
    FaultRow("the prompt is filtered", .contentRefused, status: "400 Bad Request", #"{"error":{"message":"filtered","code":"content_filter"}}"#),
    FaultRow("there are too many requests, also at the second try", .rateLimited, tries: 2, status: "429 Too Many Requests"),
    FaultRow(
        "the quota is used up", .quotaExhausted, status: "429 Too Many Requests",
        #"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#),
    FaultRow("the account has no money", .quotaExhausted, status: "402 Payment Required"),
    FaultRow("the server asks to wait for an hour", .rateLimited, tries: 1, status: "429 Too Many Requests", fields: ["Retry-After: 3600"]),
    FaultRow("the server is overloaded", .overloaded, tries: 2, status: "503 Service Unavailable", "busy", type: "text/plain"),
    FaultRow("the server fails", .serverError, tries: 2, status: "500 Internal Server Error", #"{"object":"error","message":"CUDA"}"#),
    FaultRow("a proxy shows a page for a failing server", .serverError, tries: 2, status: "502 Bad Gateway", "<html>nginx</html>", type: "text/html"),
    FaultRow("the server has nothing to say", .unexpectedStatus, sends: "HTTP/1.1 204 No Content\r\n\r\n"),
    FaultRow("the server switches protocols", .unexpectedStatus, sends: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
    FaultRow("the server is a teapot", .unexpectedStatus, status: "418 I'm a teapot"),
    FaultRow("a refusal is itself cut short", .badRequest, sends: "HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"error\":"),
]

private func choice(_ members: String) -> String { #"{"choices":[{\#(members)}]}"# }
private let assistant = #""message":{"role":"assistant","content":"4"}"#

/// Faults in bodies.
let bodyFaults: [FaultRow] = [
    FaultRow("a web page comes", .htmlPage, body: "<html><body>Sign in</body></html>", type: "text/html; charset=utf-8"),
    FaultRow("plain text comes", .wrongContentType, body: "4", type: "text/plain"),
    FaultRow("a stream comes unasked", .wrongContentType, body: "data: {}\n\n", type: "text/event-stream"),
    FaultRow("the body is not UTF-8", .notText) { _ in
        [.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n"), .bytes([0x22, 0xFF, 0xFE, 0x22])]
    },
    FaultRow("the JSON breaks off", .malformedJSON, body: String(chat.dropLast(20))),
    FaultRow("the JSON names a member twice", .malformedJSON, body: #"{"choices":[],"choices":[]}"#),
    FaultRow("the JSON holds NaN", .malformedJSON, body: #"{"choices":[{"index":0,"logprobs":NaN}]}"#),
    FaultRow("the JSON nests without end", .malformedJSON, body: String(repeating: "[", count: 20_000)),
    FaultRow("the body is empty", .malformedJSON, body: ""),
    FaultRow("the answer is a list", .wrongShape, body: "[]"),
    FaultRow("an error comes with status 200", .errorInReply, body: #"{"error":{"message":"out of memory"}}"#),
    FaultRow("there is no list of choices", .noChoices, body: #"{"object":"chat.completion"}"#),
    FaultRow("the list of choices is empty", .noChoices, body: #"{"choices":[]}"#),
    FaultRow("there are more choices than asked for", .tooManyChoices, body: Spelled.chat("4", "5")),
    FaultRow(
        "two choices have the same index", .duplicateIndex, count: 2,
        body: #"{"choices":[{"index":0,\#(assistant),"finish_reason":"stop"},{"index":0,\#(assistant),"finish_reason":"stop"}]}"#),
    FaultRow("an index is beyond the count", .wrongIndex, body: choice(#""index":3,\#(assistant),"finish_reason":"stop""#)),
    FaultRow("an index is no number", .wrongIndex, body: choice(#""index":"first",\#(assistant),"finish_reason":"stop""#)),
    FaultRow("the message is the user's", .wrongRole, body: choice(#""index":0,"message":{"role":"user","content":"4"},"finish_reason":"stop""#)),
    FaultRow("there is no message", .missingContent, body: choice(#""index":0,"text":"4","finish_reason":"stop""#)),
    FaultRow(
        "the content is null", .missingContent, body: choice(#""index":0,"message":{"role":"assistant","content":null},"finish_reason":"stop""#)),
    FaultRow(
        "the content is a number", .missingContent, body: choice(#""index":0,"message":{"role":"assistant","content":4},"finish_reason":"stop""#)),
    FaultRow("nothing says why the answer ended", .missingFinish, body: choice(#""index":0,\#(assistant),"finish_reason":null"#)),
    FaultRow("the answer ended for an unknown reason", .unknownFinish, body: choice(#""index":0,\#(assistant),"finish_reason":"abort""#)),
    FaultRow("the usage is negative", .malformedUsage, body: Spelled.chat("4", usage: #"{"prompt_tokens":-1,"completion_tokens":3}"#)),
    FaultRow("the usage is text", .malformedUsage, body: Spelled.chat("4", usage: #"{"prompt_tokens":"5","completion_tokens":3}"#)),
    FaultRow(
        "the usage would overflow a sum", .malformedUsage,
        body: Spelled.chat("4", usage: #"{"prompt_tokens":9223372036854775807,"completion_tokens":3}"#)),
    FaultRow(
        "a log-probability is positive", .malformedLogProbs,
        body: choice(#""index":0,\#(assistant),"finish_reason":"stop","logprobs":{"content":[{"token":"4","logprob":0.5}]}"#)),
    FaultRow(
        "a log-probability is text", .malformedLogProbs,
        body: choice(#""index":0,\#(assistant),"finish_reason":"stop","logprobs":{"content":[{"token":"4","logprob":"-inf"}]}"#)),
    FaultRow(
        "tokens and log-probabilities differ in number", .malformedLogProbs,
        body: choice(#""index":0,\#(assistant),"finish_reason":"stop","logprobs":{"tokens":["4","!"],"token_logprobs":[-1]}"#)),
    FaultRow(
        "token ids and log-probabilities differ in number", .tokenMismatch,
        body: choice(#""index":0,\#(assistant),"finish_reason":"stop","token_ids":[1,2],"logprobs":{"content":[{"token":"4","logprob":-1}]}"#)),
    FaultRow("a token id is negative", .tokenMismatch, body: choice(#""index":0,\#(assistant),"finish_reason":"stop","token_ids":[-1]"#)),
    FaultRow("a filter cut the answer off", .contentFiltered, body: Spelled.chat("4", finish: "content_filter")),
    FaultRow(
        "the model declines", .contentFiltered,
        body: choice(#""index":0,"message":{"role":"assistant","content":null,"refusal":"no"},"finish_reason":"stop""#)),
    FaultRow(
        "tools are asked for", .toolCallsReturned,
        body: choice(
            #""index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"add","arguments":"{}"}}]},"finish_reason":"tool_calls""#
        )),
    FaultRow(
        "a tool without a name is asked for", .wrongShape,
        body: choice(#""index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a"}]},"finish_reason":"tool_calls""#)),
]

/// Faults in streams.
let streamFaults: [FaultRow] = [
    FaultRow("the stream ends in order but without an end of the answer", .truncatedStream, tries: 2, events: [Spelled.delta("4")]),
    FaultRow("the stream says why it ended but not that it is done", .truncatedStream, tries: 2, events: [Spelled.delta("4"), Spelled.end()]),
    FaultRow("the stream is done but does not say why", .truncatedStream, tries: 2, events: [Spelled.delta("4"), "[DONE]"]),
    FaultRow("the stream's connection ends early", .bodyCutShort, tries: 2, events: [Spelled.delta("4"), Spelled.end()], ends: false),
    FaultRow("the stream's last event is not closed", .truncatedStream, tries: 2, isStreamed: true) { _ in
        let body = "data: \(Spelled.delta("4"))\n\ndata: \(Spelled.end())\n\ndata: [DONE]"
        return Spelled.answer(body, type: "text/event-stream")
    },
    FaultRow("the stream holds something other than JSON", .malformedEvent, events: ["lorem ipsum", "[DONE]"]),
    FaultRow("the stream holds a number", .malformedEvent, events: ["4", "[DONE]"]),
    FaultRow("the stream holds an error", .errorInStream, tries: 2, events: [Spelled.delta("4"), #"{"error":{"message":"engine died"}}"#, "[DONE]"]),
    FaultRow("the stream is done at once", .noChoices, events: ["[DONE]"]),
    FaultRow(
        "the stream goes on after the end of the answer", .duplicateIndex, events: [Spelled.delta("4"), Spelled.end(), Spelled.delta("5"), "[DONE]"]),
    FaultRow("the stream has a choice too many", .tooManyChoices, events: [Spelled.delta("4"), Spelled.delta("5", index: 1), "[DONE]"]),
    FaultRow("the stream has a choice with a negative index", .wrongIndex, events: [Spelled.delta("4", index: -1), "[DONE]"]),
    FaultRow("the stream speaks as the user", .wrongRole, events: [#"{"choices":[{"index":0,"delta":{"role":"user","content":"x"}}]}"#, "[DONE]"]),
    FaultRow("the stream ends for an unknown reason", .unknownFinish, events: [Spelled.delta("4"), Spelled.end("abort"), "[DONE]"]),
    FaultRow("the stream is not UTF-8", .notText, isStreamed: true) { _ in
        [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: "), .bytes([0xFF, 0x0A, 0x0A]), .close]
    },
    FaultRow("one event is endless", .eventTooLarge, isStreamed: true, { $0.eventBytes = 5000 }) { _ in
        [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: " + String(repeating: "a", count: 9000)), .hold]
    },
    FaultRow("the stream stops half-way", .stalled, tries: 2, isStreamed: true) { _ in
        Array(Spelled.stream([Spelled.delta("4")], ends: false)) + [.hold]
    },
    FaultRow("the stream's chunks are malformed", .malformedChunk, tries: 2, isStreamed: true) { _ in
        [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata: too long\r\n"), .close]
    },
    FaultRow("a web page comes for a stream", .htmlPage, isStreamed: true) { _ in Spelled.answer("<html></html>", type: "text/html") },
]
