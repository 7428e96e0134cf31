import Foundation
public import HoneCore

/// Where a server listens.
public struct ServerAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    /// A name or a numeric address.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: Int

    /// The loopback address unless said otherwise.
    public init(host: String = "127.0.0.1", port: Int = 8000) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine reaches it.
    public var isLoopback: Bool { Self.isLoopback(host) }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Throws when others than this machine could reach the server without a token.
    public func check(_ token: BearerToken?) throws(CoreError) {
        guard (0...65_535).contains(port) else { throw .invalid("The port is \(port); expected 0 to 65535") }
        guard isLoopback || token != nil else {
            throw .invalid(
                "\(host) can be reached by others than this machine, so the server needs a token: name an environment variable or an owner-only file that "
                    + "holds one, or listen on 127.0.0.1")
        }
    }

    /// Whether a host's name or address is this machine's own: `localhost`, 127.0.0.0/8, `::1`.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.allSatisfy(\.isNumber) }
    }

    /// The host of `host:port`, `[v6]:port` or a URL's origin.
    static func host(of authority: some StringProtocol) -> String {
        var rest = Substring(authority)
        if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") { return String(rest[...end]) }
        return String(rest.prefix { $0 != ":" && $0 != "/" })
    }
}
