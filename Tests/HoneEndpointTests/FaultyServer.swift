import Foundation
import Glibc
import HoneCore
import Synchronization

/// What a scripted server does after it has read a request.
enum Act: Sendable {
    case text(String)
    case bytes([UInt8])
    case pause(milliseconds: Int)
    /// Closes the connection in order.
    case close
    /// Resets the connection.
    case reset
    /// Says nothing more until the client goes away.
    case hold
}

/// A request as it arrived.
struct Received: Sendable {
    var number: Int
    var connection: Int
    var method: String
    var path: String
    var fields: [String: String]
    var body: String

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}

/// A small HTTP server on a loopback port that does exactly what its script says, right or wrong.
final class FaultyServer: Sendable {
    private struct State {
        var requests: [Received] = []
        var connections: [Int32] = []
        var connectionCount = 0
        var isStopped = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let script: @Sendable (Received) -> [Act]

    /// A server that answers by the script; a script that closes nothing keeps the connection for the next request.
    init(_ script: @escaping @Sendable (Received) -> [Act]) {
        self.script = script
        (listener, port) = Self.listen(backlog: 256)
        let thread = Thread { [self] in accept() }
        thread.stackSize = 256 << 10
        thread.start()
    }

    var url: String { "http://127.0.0.1:\(port)/v1" }
    var requests: [Received] { state.withLock { $0.requests } }
    var connectionCount: Int { state.withLock { $0.connectionCount } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        // Under the lock, so that no number is meant that was closed and given to another connection meanwhile.
        state.withLock { state in
            state.isStopped = true
            for socket in state.connections { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// A listening socket on a free port.
    static func listen(backlog: Int32) -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(socket, raw, size)
                _ = Glibc.listen(socket, backlog)
                _ = getsockname(socket, raw, &size)
            }
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A port on which nothing listens: no system gives it away, so no other test's server can have it.
    static let closedPort = 1

    private func accept() {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            if socket < 0 { break }
            let number: Int? = state.withLock { state in
                guard !state.isStopped else { return nil }
                state.connections.append(socket)
                state.connectionCount += 1
                return state.connectionCount - 1
            }
            guard let number else {
                Glibc.close(socket)
                break
            }
            var yes: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            let thread = Thread { [self] in serve(socket, number) }
            thread.stackSize = 256 << 10
            thread.start()
        }
        Glibc.close(listener)
    }

    private func serve(_ socket: Int32, _ connection: Int) {
        var buffer: [UInt8] = []
        defer {
            state.withLock { state in
                state.connections.removeAll { $0 == socket }
                Glibc.close(socket)
            }
        }
        while let request = read(&buffer, socket, connection) {
            for act in script(request) {
                switch act {
                case .text(let text): guard send(Array(text.utf8), socket) else { return }
                case .bytes(let bytes): guard send(bytes, socket) else { return }
                case .pause(let milliseconds): usleep(UInt32(milliseconds * 1000))
                case .close: return
                case .reset:
                    var linger = linger(l_onoff: 1, l_linger: 0)
                    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
                    return
                case .hold:
                    var byte: UInt8 = 0
                    while recv(socket, &byte, 1, 0) > 0 {}
                    return
                }
            }
        }
    }

    private func send(_ bytes: [UInt8], _ socket: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func read(_ buffer: inout [UInt8], _ socket: Int32, _ connection: Int) -> Received? {
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 16 << 10)
            let count = recv(socket, &piece, piece.count, 0)
            if count > 0 { buffer += piece[..<count] }
            return count > 0
        }
        func headEnd() -> Int? {
            guard buffer.count >= 4 else { return nil }
            return (0...buffer.count - 4).first { buffer[$0] == 13 && buffer[$0 + 1] == 10 && buffer[$0 + 2] == 13 && buffer[$0 + 3] == 10 }
        }
        while headEnd() == nil { guard more() else { return nil } }
        let end = headEnd()!
        let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        buffer.removeFirst(end + 4)
        let words = lines[0].split(separator: " ").map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            fields[parts[0].lowercased()] = parts.count > 1 ? parts[1] : ""
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < length { guard more() else { return nil } }
        let body = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        return state.withLock { state in
            let request = Received(
                number: state.requests.count, connection: connection, method: words[0], path: words[1], fields: fields, body: body)
            state.requests.append(request)
            return request
        }
    }
}

/// Spells answers.
enum Spelled {
    static func answer(_ body: String, status: String = "200 OK", type: String = "application/json", fields: [String] = []) -> [Act] {
        let head = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + fields
        return [.text(head.joined(separator: "\r\n") + "\r\n\r\n" + body)]
    }

    static func chat(_ texts: String..., finish: String = "stop", usage: String = #"{"prompt_tokens":5,"completion_tokens":3}"#) -> String {
        let choices = texts.enumerated().map { index, text in
            #"{"index":\#(index),"message":{"role":"assistant","content":\#(JSONValue.string(text).canonical)},"finish_reason":"\#(finish)"}"#
        }
        return #"{"id":"x","object":"chat.completion","model":"m","choices":[\#(choices.joined(separator: ","))],"usage":\#(usage)}"#
    }

    /// A stream of these events in chunks of their own; `ends` adds the last chunk.
    static func stream(_ events: [String], ends: Bool = true) -> [Act] {
        var acts: [Act] = [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")]
        for event in events {
            let line = "data: \(event)\n\n"
            acts.append(.text(String(line.utf8.count, radix: 16) + "\r\n" + line + "\r\n"))
        }
        if ends { acts.append(.text("0\r\n\r\n")) }
        return acts
    }

    static func delta(_ text: String, index: Int = 0) -> String {
        #"{"choices":[{"index":\#(index),"delta":{"content":\#(JSONValue.string(text).canonical)},"finish_reason":null}]}"#
    }

    static func end(_ finish: String = "stop", index: Int = 0) -> String {
        #"{"choices":[{"index":\#(index),"delta":{},"finish_reason":"\#(finish)"}]}"#
    }

    static let usage = #"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}}"#
}
