import Foundation

/// Time as the client sees it: a parameter, so that tests wait for nothing.
public protocol EndpointClock: Sendable {
    /// Seconds since 1 January 1970, for dates that servers name.
    var secondsSince1970: Double { get }
    /// Seconds on a clock that only goes forward, for deadlines.
    var uptimeSeconds: Double { get }
    /// Returns after so many seconds; throws when the task is cancelled.
    func wait(seconds: Double) async throws
}

/// The machine's clocks.
public struct MachineClock: EndpointClock {
    private let start = ContinuousClock.now

    /// The clocks, counting uptime from now on.
    public init() {}

    public var secondsSince1970: Double { Date().timeIntervalSince1970 }

    public var uptimeSeconds: Double { start.duration(to: .now).seconds }

    public func wait(seconds: Double) async throws {
        try await Task.sleep(for: .seconds(max(0, min(seconds, 86_400 * 365))))
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
