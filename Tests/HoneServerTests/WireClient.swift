import Foundation
import HoneCore
import Synchronization

/// A connection of a test to a server; every call blocks a thread of its own, never one of the pool.
final class WireClient: Sendable {
    private let socket: Mutex<Int32>

    init(port: Int) throws {
        let handle = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        // A test whose server is silent fails instead of hanging.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        socket = Mutex(handle)
        guard result == 0 else { throw CoreError.invalid("connect: \(String(cString: strerror(errno)))") }
    }

    func close() {
        socket.withLock { handle in
            if handle >= 0 { _ = Glibc.close(handle) }
            handle = -1
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        let handle = socket.withLock { $0 }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// What comes next; empty at the end of the connection.
    func receive() async -> [UInt8] {
        let handle = socket.withLock { $0 }
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(handle, &buffer, buffer.count, 0)
                continuation.resume(returning: count > 0 ? Array(buffer[..<count]) : [])
            }
        }
    }

    /// Reads until the text holds something.
    func receive(until part: String) async -> String {
        var text = ""
        while !text.contains(part) {
            let bytes = await receive()
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }

    /// The next answer of the connection.
    func reply() async throws -> WireReply {
        var bytes: [UInt8] = []
        while true {
            if let reply = WireReply(bytes) { return reply }
            let more = await receive()
            if more.isEmpty { throw CoreError.invalid("the connection ended after “\(String(decoding: bytes, as: UTF8.self).prefix(400))”") }
            bytes += more
        }
    }
}

/// An answer over the wire.
struct WireReply {
    var status = 0
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    /// The answer, once its bytes are all there.
    init?(_ bytes: [UInt8]) {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = (0..<max(0, bytes.count - 3)).first(where: { bytes[$0..<$0 + 4].elementsEqual(mark) }) else { return nil }
        // "\r\n" is one Character.
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        var rest = bytes[(end + 4)...]
        if let length = fields["content-length"].flatMap({ Int($0) }) {
            guard rest.count >= length else { return nil }
            body = Array(rest.prefix(length))
        } else if fields["transfer-encoding"] == "chunked" {
            while true {
                guard let stop = rest.firstIndex(of: 13), let size = Int(String(decoding: rest[rest.startIndex..<stop], as: UTF8.self), radix: 16),
                    rest.endIndex >= stop + 2 + size + 2
                else { return nil }
                if size == 0 { break }
                body += rest[stop + 2..<stop + 2 + size]
                rest = rest[(stop + 2 + size + 2)...]
            }
        }
    }

    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
    var error: JSONValue { json["error"] ?? .null }
    var choices: [JSONValue] { json["choices"]?.elements ?? [] }

    /// The data of a stream's events, `[DONE]` left out.
    var events: [JSONValue] {
        text.components(separatedBy: "\n\n").compactMap { event in
            guard event.hasPrefix("data: "), event != "data: [DONE]" else { return nil }
            return try? JSONValue(parsing: String(event.dropFirst(6)))
        }
    }

    var isDone: Bool { text.hasSuffix("data: [DONE]\n\n") }
}

extension JSONValue {
    /// The element of a list.
    subscript(place: Int) -> JSONValue? { elements.flatMap { $0.indices.contains(place) ? $0[place] : nil } }
}
