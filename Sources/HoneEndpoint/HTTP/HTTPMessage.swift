import HoneCore

/// One header field.
public struct HTTPField: Hashable, Sendable {
    /// Its name, as it was spelled.
    public var name: String
    /// Its value without surrounding white space.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPField] {
    /// The values of a field, whatever the case of its name, in order.
    public func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// The first value of a field.
    public func value(of name: String) -> String? { values(of: name).first }
}

/// Something to ask a server.
public struct HTTPRequest: Sendable {
    /// `GET` or `POST`.
    public var method: String
    /// Where to.
    public var address: EndpointAddress
    /// Header fields beside those that follow from address and body.
    public var fields: [HTTPField]
    /// The body; empty for `GET`.
    public var body: [UInt8]

    /// A request.
    public init(_ method: String, _ address: EndpointAddress, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }

    /// Method and URL, for people.
    public var place: String { "\(method) \(address)" }
}

/// Status and header of an answer.
public struct HTTPHead: Hashable, Sendable {
    /// The status code, 100…999.
    public var status: Int
    /// The header fields, in order.
    public var fields: [HTTPField]

    /// A head.
    public init(status: Int, fields: [HTTPField] = []) {
        self.status = status
        self.fields = fields
    }

    /// The media type without parameters, in lower case; empty when the header does not say.
    public var mediaType: String {
        let type = fields.value(of: "content-type")?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        return type.trimmingSpaces.lowercased()
    }
}

/// An answer whose body is still arriving.
public struct HTTPAnswer: Sendable {
    /// Status and header.
    public var head: HTTPHead
    /// The body as it comes; it ends by throwing an `EndpointFault` where it was cut short. Dropping it ends the exchange.
    public var body: AsyncThrowingStream<[UInt8], any Error>

    /// An answer.
    public init(head: HTTPHead, body: AsyncThrowingStream<[UInt8], any Error>) {
        self.head = head
        self.body = body
    }

    /// The whole body.
    public func wholeBody() async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await piece in body { all += piece }
        // A stream whose task is cancelled ends quietly; half a body must not pass for a whole one.
        try Task.checkCancellation()
        return all
    }
}

/// How long each part of one exchange may take, and how large an answer may be.
public struct ExchangeLimits: Hashable, Sendable {
    /// Until the connection stands, in seconds.
    public var connectSeconds: Double
    /// From the request's last byte to the answer's first, in seconds.
    public var firstByteSeconds: Double
    /// Between two pieces of the answer, in seconds.
    public var betweenBytesSeconds: Double
    /// For all of it, in seconds.
    public var wholeSeconds: Double
    /// The most bytes of a body, after decoding.
    public var bodyBytes: Int

    /// Limits.
    public init(
        connectSeconds: Double = 10, firstByteSeconds: Double = 300, betweenBytesSeconds: Double = 60, wholeSeconds: Double = 600,
        bodyBytes: Int = 64 << 20
    ) {
        self.connectSeconds = connectSeconds
        self.firstByteSeconds = firstByteSeconds
        self.betweenBytesSeconds = betweenBytesSeconds
        self.wholeSeconds = wholeSeconds
        self.bodyBytes = bodyBytes
    }
}

/// Carries one request to a server and its answer back; everything that fails is an `EndpointFault`, save cancellation.
///
/// Redirects are handed back as they are: following one would show the key to another host.
public protocol HTTPTransport: Sendable {
    /// The answer as soon as its header is there.
    func exchange(_ request: HTTPRequest, limits: ExchangeLimits) async throws -> HTTPAnswer
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmingSpaces: String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
        return String(self[first...last])
    }
}
