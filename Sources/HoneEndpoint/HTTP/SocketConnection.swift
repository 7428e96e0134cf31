import Foundation
import Glibc
import Synchronization

/// A TCP connection with a limit on every wait; one thread uses it, any thread may interrupt it.
final class SocketConnection: Sendable {
    /// The socket, −1 once closed. The lock keeps `interrupt` from reaching a number that is already somebody else's.
    private let socket: Mutex<Int32>
    /// The longest wait between two looks at whether the work was interrupted, in milliseconds.
    private static let slice = 200.0

    private init(_ socket: Int32) { self.socket = Mutex(socket) }

    deinit { close() }

    /// Connects to the first of the host's addresses that answers.
    static func open(_ address: EndpointAddress, until deadline: ContinuousClock.Instant, isStopped: () -> Bool) throws -> SocketConnection {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0, let list else {
            throw EndpointFault(.hostNotFound, "the host “\(address.host)” is not known; check the endpoint's URL and the network")
        }
        defer { freeaddrinfo(list) }
        var refusal = EndpointFault(.connectionRefused, "nothing listens there; is the server running?")
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let info = next {
            next = info.pointee.ai_next
            let number = Glibc.socket(
                info.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            guard number >= 0 else {
                refusal = EndpointFault(.connectionRefused, "no socket could be made (\(reason(errno)))")
                continue
            }
            var yes: Int32 = 1
            setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            let connection = SocketConnection(number)
            if connect(number, info.pointee.ai_addr, info.pointee.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else {
                    refusal = EndpointFault(.connectionRefused, "the connection was refused (\(reason(errno)))")
                    continue
                }
                guard try connection.wait(Int16(POLLOUT), until: deadline, isStopped: isStopped) else {
                    throw EndpointFault(.connectTimedOut, "no connection came about in time; is the host reachable?")
                }
                var error: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &size)
                guard error == 0 else {
                    refusal = EndpointFault(.connectionRefused, "the connection was refused (\(reason(error))); is the server running?")
                    continue
                }
            }
            return connection
        }
        throw refusal
    }

    /// Whether nothing waits to be read, not even the end: a connection that can carry another request.
    var isQuiet: Bool {
        socket.withLock { number in
            guard number >= 0 else { return false }
            var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            return poll(&entry, 1, 0) == 0
        }
    }

    /// Sends all bytes; false when the deadline came first.
    func send(_ bytes: [UInt8], until deadline: ContinuousClock.Instant, isStopped: () -> Bool) throws -> Bool {
        var sent = 0
        while sent < bytes.count {
            let number = socket.withLock { $0 }
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(number, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                guard try wait(Int16(POLLOUT), until: deadline, isStopped: isStopped) else { return false }
            } else if errno != EINTR {
                throw EndpointFault(.connectionLost, "the connection was lost while the request was sent (\(Self.reason(errno)))")
            }
        }
        return true
    }

    /// Some bytes, empty at the end of the connection; nil when the deadline came first.
    func receive(until deadline: ContinuousClock.Instant, isStopped: () -> Bool) throws -> [UInt8]? {
        while true {
            let number = socket.withLock { $0 }
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let got = recv(number, buffer.baseAddress, buffer.count, 0)
                failure = got < 0 ? errno : 0
                count = max(0, got)
            }
            switch failure {
            case 0: return bytes
            case EAGAIN, EWOULDBLOCK: guard try wait(Int16(POLLIN), until: deadline, isStopped: isStopped) else { return nil }
            case EINTR: continue
            default: throw EndpointFault(.connectionLost, "the connection was lost (\(Self.reason(failure)))")
            }
        }
    }

    /// Whether the socket became ready before the deadline.
    private func wait(_ events: Int16, until deadline: ContinuousClock.Instant, isStopped: () -> Bool) throws -> Bool {
        while true {
            if isStopped() { throw CancellationError() }
            let left = ContinuousClock.now.duration(to: deadline).seconds * 1000
            guard left > 0 else { return false }
            let number = socket.withLock { $0 }
            var entry = pollfd(fd: number, events: events, revents: 0)
            let ready = poll(&entry, 1, Int32(max(1, min(left.rounded(.up), Self.slice))))
            if ready > 0 { return true }
        }
    }

    /// Wakes the thread that waits on it; nothing can be sent or received any more.
    func interrupt() { socket.withLock { if $0 >= 0 { shutdown($0, Int32(SHUT_RDWR)) } } }

    /// Closes it.
    func close() {
        socket.withLock {
            if $0 >= 0 { _ = Glibc.close($0) }
            $0 = -1
        }
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)).lowercased() }
}
