import NIOCore
import NIOHTTPTypes
import Synchronization

/// The connections of a server, and what is to happen when a client goes away.
final class Connections: Sendable {
    private struct Line {
        var channel: any Channel
        var isGone = false
        var onGone: (@Sendable () -> Void)?
    }

    private let lines = Mutex<[ObjectIdentifier: Line]>([:])

    func add(_ channel: any Channel) { lines.withLock { $0[ObjectIdentifier(channel)] = Line(channel: channel) } }

    /// The client has closed its side, or the connection broke.
    func clientLeft(_ channel: any Channel) {
        let onGone = lines.withLock { lines -> (@Sendable () -> Void)? in
            lines[ObjectIdentifier(channel)]?.isGone = true
            return lines[ObjectIdentifier(channel)]?.onGone
        }
        onGone?()
    }

    func remove(_ channel: any Channel) { lines.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) } }

    /// What to do when the client of a connection goes away, or has gone; nil for nothing.
    func whenClientLeaves(_ channel: any Channel, _ act: (@Sendable () -> Void)?) {
        let isGone = lines.withLock { lines -> Bool in
            lines[ObjectIdentifier(channel)]?.onGone = act
            return lines[ObjectIdentifier(channel)]?.isGone ?? true
        }
        if isGone { act?() }
    }

    /// Closes all that are open.
    func closeAll() {
        for channel in lines.withLock({ $0.values.map(\.channel) }) { channel.close(promise: nil) }
    }

    var count: Int { lines.withLock { $0.count } }
}

/// Sees a client close its side while its request is being answered.
///
/// A client that shuts down its sending side only and goes on reading counts as gone too: the two cannot be told apart.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let connections: Connections

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) { connections.add(context.channel) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { connections.clientLeft(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.clientLeft(context.channel)
        connections.remove(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connections.clientLeft(context.channel)
        context.fireErrorCaught(error)
    }
}
