public import HoneCore
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A service on a socket.
///
/// Every answer is made in a task that is cancelled when its client goes away, when its time is over, or when the server stops.
public final class ModelServer: Sendable {
    /// What is served.
    public let service: ModelService
    /// Where it listens.
    public let address: ServerAddress
    let token: BearerToken?
    let connections = Connections()
    let work = WorkInProgress()
    private let server = Mutex<Server<HTTP1Channel>?>(nil)

    /// A server that does not listen yet; throws when others than this machine could reach it without a token.
    public init(_ service: ModelService, at address: ServerAddress = ServerAddress(), token: BearerToken? = nil) throws(CoreError) {
        try address.check(token)
        self.service = service
        self.address = address
        self.token = token
    }

    /// How many connections are open.
    public var connectionCount: Int { connections.count }

    /// Listens until it is stopped, or the surrounding task is cancelled; throws when it cannot listen.
    ///
    /// - Parameter onListening: told the port as soon as connections are taken.
    public func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let limits = service.limits
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionWatch(self.connections)],
            idleTimeout: .milliseconds(Int64(limits.idleSeconds * 1000)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: min(limits.headerBytes, 80 << 10), maxHeaderListSize: min(limits.headerBytes, 80 << 10), maxHeaderFieldCount: 200))
        let channel = HTTP1Channel(
            responder: { [self] request, writer, channel in try await respond(to: request, writer, channel) }, configuration: configuration)
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(address.host.trimming("[]"), port: address.port), availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "hone.server") { _ in SwiftLogNoOpLogHandler() })
        self.server.withLock { $0 = server }
        try await withTaskCancellationHandler {
            do { try await server.run() } catch let error where !(error is CancellationError) {
                throw CoreError.invalid("The server cannot listen on \(address): \(error)")
            }
        } onCancel: {
            Task { await self.stop(graceSeconds: 0) }
        }
    }

    /// Takes no more requests, lets those in progress finish within the grace time, cancels the rest, and closes all connections.
    public func stop(graceSeconds: Double) async {
        work.refuseNew()
        guard let server = server.withLock({ $0 }) else { return }
        let closing = Task { try? await server.shutdownGracefully() }
        await wait(atMost: graceSeconds) { self.work.count == 0 }
        work.cancelAll()
        // The last words of cancelled requests still have to be written.
        await wait(atMost: 1) { self.connections.count == 0 }
        connections.closeAll()
        await closing.value
    }

    private func wait(atMost seconds: Double, until isDone: @Sendable () -> Bool) async {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(seconds))
        while !isDone(), clock.now < end {
            // Cancelled or not, the grace time is kept.
            await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
        }
    }
}

extension String {
    /// The text without some characters at its ends.
    fileprivate func trimming(_ characters: String) -> String {
        var rest = self[...]
        while let first = rest.first, characters.contains(first) { rest.removeFirst() }
        while let last = rest.last, characters.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
