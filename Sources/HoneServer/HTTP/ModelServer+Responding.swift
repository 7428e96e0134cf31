import HoneCore
import HTTPTypes
import HummingbirdCore
import NIOCore

extension ModelServer {
    /// The connection has to be closed: its client is gone, or there is something left on it that nobody reads.
    private struct Closed: Error {}

    /// Answers one request of a connection.
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let id = work.begin()
        defer { work.end(id) }
        let overtime = Task { [work, limits = service.limits] in
            try await Task.sleep(for: .seconds(limits.requestSeconds))
            work.cancel(id, .overtime)
            // A client that does not read what is written to it cannot be told.
            try await Task.sleep(for: .seconds(5))
            channel.close(promise: nil)
        }
        defer { overtime.cancel() }
        let call: ServerCall
        // A body has one iterator, also when it is given up half-way.
        var body: RequestBody.AsyncIterator?
        do {
            try admit(request)
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            // A body that does not come to its end in time is cut off with its connection.
            work.setCancel(id) { channel.close(promise: nil) }
            call = ServerCall(
                method: request.method.rawValue, path: String(request.uri.path), body: try await bytes(of: request, by: &body))
        } catch let refusal as ServerRefusal {
            let isUnread = refusal.status == 413
            try await Self.write(refusal, writer, closes: isUnread)
            if isUnread {
                // Closing with unread bytes would reset the connection before the client has read the refusal.
                try await drain(request, by: &body)
                throw Closed()
            }
            return
        }
        let (parts, sink) = AsyncThrowingStream<ReplyPart, any Error>.makeStream()
        let job = Task { [service] in
            do {
                try await service.answer(call, to: sink)
                sink.finish()
            } catch {
                sink.finish(throwing: error)
            }
        }
        work.setCancel(id) { job.cancel() }
        connections.whenClientLeaves(channel) { [work] in work.cancel(id, .clientLeft) }
        defer { connections.whenClientLeaves(channel, nil) }
        // When writing fails, or this task is cancelled, nobody reads any more what is being drawn.
        defer { job.cancel() }
        try await write(parts, writer, id)
    }

    /// Refuses who may not ask.
    private func admit(_ request: Request) throws(ServerRefusal) {
        guard !work.isStopping else { throw ServerRefusal(503, "The server is stopping", type: "service_unavailable", code: "stopping", retryAfterSeconds: 5) }
        let path = request.uri.path
        if let token, path != "/health", !token.isShown(by: request.headers[.authorization]) {
            throw ServerRefusal(401, "The request shows no valid token; send “Authorization: Bearer …”", type: "authentication_error", code: "invalid_api_key")
        }
        guard token == nil else { return }
        // Without a token, web pages that a browser on this machine shows must not reach the server, neither by a name of their own that
        // leads to the loopback address nor by sending forms.
        for name in [request.head.authority, request.headers[.origin]].compactMap({ $0 }) where !ServerAddress.isLoopback(ServerAddress.host(of: name)) {
            throw ServerRefusal(403, "The server answers requests to and from this machine only, not “\(name.prefix(80))”", type: "permission_error", code: "foreign_origin")
        }
    }

    private func bytes(of request: Request, by iterator: inout RequestBody.AsyncIterator?) async throws -> [UInt8] {
        let limit = service.limits.bodyBytes
        let refusal = ServerRefusal(413, "The body is longer than \(limit) bytes", type: "invalid_request_error", code: "body_too_long")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw refusal }
        var rest = request.body.makeAsyncIterator()
        defer { iterator = rest }
        var body: [UInt8] = []
        while let buffer = try await rest.next() {
            guard body.count + buffer.readableBytes <= limit else { throw refusal }
            body += buffer.readableBytesView
        }
        return body
    }

    /// Reads on for as much as a body may have, and gives up then.
    private func drain(_ request: Request, by iterator: inout RequestBody.AsyncIterator?) async throws {
        var rest = iterator ?? request.body.makeAsyncIterator()
        var left = service.limits.bodyBytes
        while left >= 0, let buffer = try await rest.next() { left -= buffer.readableBytes }
    }

    private func write(_ parts: AsyncThrowingStream<ReplyPart, any Error>, _ writer: consuming ResponseWriter, _ id: Int) async throws {
        var iterator = parts.makeAsyncIterator()
        let first: ReplyPart
        do {
            guard let part = try await iterator.next() else { throw CancellationError() }
            first = part
        } catch {
            return try await Self.write(try refusal(of: error, id), writer, closes: false)
        }
        guard case .events = first else {
            guard case .whole(let status, let json) = first else {
                return try await Self.write(ServerRefusal(500, "The answer had no beginning", type: "server_error"), writer, closes: true)
            }
            return try await Self.write(status: status, json, [:], writer)
        }
        var fields = HTTPFields()
        fields[.contentType] = "text/event-stream"
        fields[.cacheControl] = "no-cache"
        var body = try await writer.writeHead(HTTPResponse(status: .ok, headerFields: fields))
        do {
            while let part = try await iterator.next() {
                switch part {
                case .event(let json): try await body.write(ByteBuffer(string: "data: \(json.canonical)\n\n"))
                case .done: try await body.write(ByteBuffer(string: "data: [DONE]\n\n"))
                case .events, .whole: break
                }
            }
            if work.reason(id) != nil { throw CancellationError() }
        } catch {
            // The status is sent already: the error is an event, and [DONE] never comes.
            try await body.write(ByteBuffer(string: "data: \(try refusal(of: error, id).json.canonical)\n\n"))
        }
        try await body.finish(nil)
    }

    /// What is told of an error; throws `Closed` when nobody is there to be told.
    private func refusal(of error: any Error, _ id: Int) throws -> ServerRefusal {
        switch work.reason(id) {
        case .clientLeft?: throw Closed()
        case .overtime?:
            return ServerRefusal(
                504, "The answer took longer than \(service.limits.requestSeconds) seconds", type: "timeout_error", code: "timeout")
        case .stopping?: return ServerRefusal(503, "The server stopped before the answer ended", type: "service_unavailable", code: "stopping")
        case nil: return ServerRefusal(error)
        }
    }

    private static func write(_ refusal: ServerRefusal, _ writer: consuming ResponseWriter, closes: Bool) async throws {
        var fields = HTTPFields()
        if closes { fields[.connection] = "close" }
        if let seconds = refusal.retryAfterSeconds { fields[.retryAfter] = String(seconds) }
        if refusal.status == 401 { fields[.wwwAuthenticate] = "Bearer" }
        try await write(status: refusal.status, refusal.json, fields, writer)
    }

    private static func write(status: Int, _ json: JSONValue, _ fields: HTTPFields, _ writer: consuming ResponseWriter) async throws {
        let bytes = ByteBuffer(string: json.canonical)
        var fields = fields
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(bytes.readableBytes)
        try await writer.write(response: HTTPResponse(status: .init(code: status), headerFields: fields), body: ResponseBody(byteBuffer: bytes))
    }
}
