import HoneCore

/// Reads an HTTP/1.x answer (RFC 9112) from bytes that come in pieces of any size.
///
/// A value without input or output. Interim answers (1xx) are passed over. What the format forbids, or leaves open to
/// disagreement about where the answer ends, is refused: two different lengths, signs in numbers, control characters in fields.
public struct HTTPResponseParser: Sendable {
    /// What was read.
    public enum Event: Hashable, Sendable {
        case head(HTTPHead)
        case body([UInt8])
        /// The answer is complete.
        case end
    }

    private enum State {
        case head
        case fixed(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd, trailer, untilClose, done
    }

    /// The most bytes of a header, trailers included.
    public static let headerLimit = 64 << 10
    /// The most header fields.
    public static let fieldLimit = 256

    private var state = State.head
    private var pending: [UInt8] = []
    private var trailerBytes = 0
    /// Whether anything of the answer has been seen.
    public private(set) var hasBegun = false
    /// Whether the connection can carry another exchange, once the end was read.
    public private(set) var keepsAlive = false

    /// A parser before the first byte of an answer to a request that has a body in its answer (not `HEAD`).
    public init() {}

    /// Whether bytes follow the end of the answer, so that the connection cannot be used again.
    public var hasSurplus: Bool { if case .done = state { !pending.isEmpty } else { false } }

    /// Takes in more bytes and gives what they complete.
    public mutating func take(_ bytes: some Collection<UInt8>) throws(EndpointFault) -> [Event] {
        if !bytes.isEmpty { hasBegun = true }
        pending += bytes
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Says that the connection has ended: the end of bodies without a length, a fault everywhere else.
    public mutating func close() throws(EndpointFault) -> [Event] {
        switch state {
        case .done: return []
        case .untilClose:
            state = .done
            return [.end]
        case .head:
            if hasBegun { throw EndpointFault(.bodyCutShort, "the connection ended within the answer's header") }
            throw EndpointFault(.connectionLost, "the connection ended before an answer came")
        case .fixed(let left):
            throw EndpointFault(.bodyCutShort, "the connection ended with \(left) bytes of the answer missing")
        case .chunkSize, .chunk, .chunkEnd, .trailer:
            throw EndpointFault(.bodyCutShort, "the connection ended before the last chunk of the answer")
        }
    }

    private mutating func step(_ events: inout [Event]) throws(EndpointFault) -> Bool {
        switch state {
        case .done: return false
        case .head: return try readHead(&events)
        case .untilClose:
            guard !pending.isEmpty else { return false }
            events.append(.body(pending))
            pending = []
            return false
        case .fixed(let left):
            return pass(left, &events) { rest in rest == 0 ? .done : .fixed(left: rest) }
        case .chunk(let left):
            return pass(left, &events) { rest in rest == 0 ? .chunkEnd : .chunk(left: rest) }
        case .chunkSize:
            guard let line = try line(limit: 4096, .malformedChunk, "a chunk's size") else { return false }
            let digits = line.prefix { $0 != UInt8(ascii: ";") }
            let text = String(decoding: digits, as: UTF8.self).trimmingSpaces
            guard let size = Int(text, radix: 16), size >= 0, text.utf8.count <= 15,
                text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
            else {
                throw EndpointFault(.malformedChunk, "the answer has “\(text.prefix(40))” where a chunk's size in hexadecimal should be")
            }
            state = size == 0 ? .trailer : .chunk(left: size)
            return true
        case .chunkEnd:
            guard let line = try line(limit: 2, .malformedChunk, "the end of a chunk") else { return false }
            guard line.isEmpty else { throw EndpointFault(.malformedChunk, "a chunk of the answer is longer than its size says") }
            state = .chunkSize
            return true
        case .trailer:
            guard let line = try line(limit: Self.headerLimit, .headerTooLarge, "a trailer") else { return false }
            trailerBytes += line.count + 2
            if trailerBytes > Self.headerLimit { throw EndpointFault(.headerTooLarge, "the answer's trailers exceed \(Self.headerLimit) bytes") }
            if line.isEmpty { finish(&events) }
            return true
        }
    }

    private mutating func pass(_ left: Int, _ events: inout [Event], _ next: (Int) -> State) -> Bool {
        guard !pending.isEmpty else { return false }
        let count = min(left, pending.count)
        events.append(.body(Array(pending.prefix(count))))
        pending.removeFirst(count)
        state = next(left - count)
        if case .done = state { events.append(.end) }
        return true
    }

    private mutating func finish(_ events: inout [Event]) {
        state = .done
        events.append(.end)
    }

    /// The bytes up to the next line end (LF, or CR and LF), which is taken away; nil when it has not come yet.
    private mutating func line(limit: Int, _ kind: EndpointFault.Kind, _ what: String) throws(EndpointFault) -> [UInt8]? {
        guard let end = pending.firstIndex(of: 0x0A) else {
            if pending.count > limit { throw EndpointFault(kind, "the answer has more than \(limit) bytes where \(what) should end") }
            return nil
        }
        if end > limit { throw EndpointFault(kind, "the answer has more than \(limit) bytes where \(what) should end") }
        var line = Array(pending[..<end])
        if line.last == 0x0D { line.removeLast() }
        pending.removeFirst(end + 1)
        return line
    }

    private mutating func readHead(_ events: inout [Event]) throws(EndpointFault) -> Bool {
        // What cannot be the beginning of “HTTP/” is told at once, not when a line end comes.
        let sign = Array("HTTP/1.".utf8)
        let shown = pending.prefix(sign.count)
        if !sign.starts(with: shown) {
            throw EndpointFault(
                .notHTTP, "the server answered with something other than HTTP/1; is another service on this port, or does it want https?")
        }
        guard let end = Self.headEnd(in: pending) else {
            if pending.count > Self.headerLimit { throw Self.tooLarge }
            return false
        }
        if end > Self.headerLimit { throw Self.tooLarge }
        var lines = pending[..<end].split(separator: 0x0A, omittingEmptySubsequences: true).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }
        pending.removeFirst(end)
        lines.removeAll(where: \.isEmpty)
        let head = try Self.head(lines)
        if 100...199 ~= head.status {
            guard head.status != 101 else {
                throw EndpointFault(.unexpectedStatus, "the server switches to another protocol (101), which nobody asked for", status: 101)
            }
            return true
        }
        let version = String(decoding: lines[0].prefix(8), as: UTF8.self)
        let connection = head.fields.values(of: "connection").flatMap { $0.lowercased().split(separator: ",").map(\.trimmingSpaces) }
        keepsAlive = version != "HTTP/1.0" && !connection.contains("close")
        events.append(.head(head))
        let codings = head.fields.values(of: "transfer-encoding").flatMap { $0.lowercased().split(separator: ",").map(\.trimmingSpaces) }
        if head.status == 204 || head.status == 304 {
            finish(&events)
        } else if !codings.isEmpty {
            guard codings == ["chunked"] else {
                throw EndpointFault(
                    .unreadableEncoding, "the answer has the transfer encoding “\(codings.joined(separator: ", ").prefix(60))”; only chunked is read")
            }
            state = .chunkSize
        } else if let length = try Self.length(head.fields) {
            state = .fixed(left: length)
            if length == 0 { finish(&events) }
        } else {
            keepsAlive = false
            state = .untilClose
        }
        return true
    }

    private static let tooLarge = EndpointFault(.headerTooLarge, "the answer's header exceeds \(headerLimit) bytes")

    /// The place after the empty line that ends a header.
    private static func headEnd(in bytes: [UInt8]) -> Int? {
        var place = 0
        while let feed = bytes[place...].firstIndex(of: 0x0A) {
            if feed + 1 < bytes.count, bytes[feed + 1] == 0x0A { return feed + 2 }
            if feed + 2 < bytes.count, bytes[feed + 1] == 0x0D, bytes[feed + 2] == 0x0A { return feed + 3 }
            place = feed + 1
        }
        return nil
    }

    private static func head(_ lines: [ArraySlice<UInt8>]) throws(EndpointFault) -> HTTPHead {
        guard let first = lines.first else { throw EndpointFault(.malformedHeader, "the answer's header is empty") }
        let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].count == 8, words[1].count == 3,
            let status = Int(String(decoding: words[1], as: UTF8.self)), 100...999 ~= status, words[1].allSatisfy({ 0x30...0x39 ~= $0 })
        else {
            throw EndpointFault(
                .malformedHeader, "the answer starts with “\(String(decoding: first.prefix(40), as: UTF8.self))”, which is no HTTP status line")
        }
        guard lines.count - 1 <= fieldLimit else {
            throw EndpointFault(.headerTooLarge, "the answer has \(lines.count - 1) header fields; at most \(fieldLimit) are read")
        }
        var fields: [HTTPField] = []
        for line in lines.dropFirst() {
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw EndpointFault(.malformedHeader, "the answer's header holds control characters")
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex, line[..<colon].allSatisfy({ $0 > 0x20 }) else {
                throw EndpointFault(
                    .malformedHeader, "the answer's header holds the line “\(String(decoding: line.prefix(40), as: UTF8.self))”, which is no field")
            }
            fields.append(
                HTTPField(String(decoding: line[..<colon], as: UTF8.self), String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingSpaces))
        }
        return HTTPHead(status: status, fields: fields)
    }

    private static func length(_ fields: [HTTPField]) throws(EndpointFault) -> Int? {
        let values = Set(
            fields.values(of: "content-length").flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingSpaces) })
        guard let text = values.first else { return nil }
        guard values.count == 1, !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let length = Int(text) else {
            throw EndpointFault(
                .malformedHeader, "the answer gives its length as “\(values.sorted().joined(separator: ", ").prefix(60))”; expected one whole number")
        }
        return length
    }
}
