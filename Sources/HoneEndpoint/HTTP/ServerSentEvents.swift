/// One event of a stream.
public struct ServerSentEvent: Hashable, Sendable {
    /// The event's type; `message` unless the server said otherwise.
    public var type: String
    /// Its data: the lines, joined by line feeds.
    public var data: String
    /// The last id the server gave, if any.
    public var id: String?

    /// An event.
    public init(type: String = "message", data: String, id: String? = nil) {
        self.type = type
        self.data = data
        self.id = id
    }
}

/// Reads server-sent events (WHATWG HTML, “Server-sent events”, 9.2.6) from bytes that come in pieces of any size.
///
/// Lines end with CR, LF or both; a byte order mark in front, comments and unknown fields are passed over; an event that is
/// not closed by an empty line is not given. Departures: bytes that are no UTF-8 are a fault instead of replacement
/// characters, and lines and events have a limit.
public struct ServerSentEvents: Sendable {
    /// The most bytes of one event.
    public let eventLimit: Int

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var type = ""
    private var id: String?
    private var endedWithReturn = false
    private var isFirstLine = true

    /// A reader before the first byte.
    public init(eventLimit: Int = 4 << 20) { self.eventLimit = eventLimit }

    /// Whether an event has begun that no empty line has closed.
    public var isWithinEvent: Bool { hasData || !line.isEmpty }

    /// Takes in more bytes and gives the events they complete.
    public mutating func take(_ bytes: some Collection<UInt8>) throws(EndpointFault) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            if endedWithReturn {
                endedWithReturn = false
                if byte == 0x0A { continue }
            }
            switch byte {
            case 0x0A: try endLine(&events)
            case 0x0D:
                endedWithReturn = true
                try endLine(&events)
            default:
                line.append(byte)
                if line.count + data.count > eventLimit {
                    throw EndpointFault(.eventTooLarge, "one event of the stream exceeds \(eventLimit) bytes")
                }
            }
        }
        return events
    }

    private mutating func endLine(_ events: inout [ServerSentEvent]) throws(EndpointFault) {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return try dispatch(&events) }
        guard line[0] != UInt8(ascii: ":") else { return }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            data += value
        case "event": type = try Self.text(value)
        case "id": if !value.contains(0) { id = try Self.text(value) }
        default: break
        }
    }

    private mutating func dispatch(_ events: inout [ServerSentEvent]) throws(EndpointFault) {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            type = ""
        }
        guard hasData else { return }
        events.append(ServerSentEvent(type: type.isEmpty ? "message" : type, data: try Self.text(data), id: id))
    }

    private static func text(_ bytes: some Collection<UInt8>) throws(EndpointFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EndpointFault(.notText, "an event of the stream is not UTF-8")
        }
        return text
    }
}
