/// Keeps work away from an endpoint that fails again and again.
///
/// After so many failures in a row it opens and lets nothing through; when it has cooled, one call is let through for trial, and
/// its outcome closes the breaker or opens it anew. A value without a clock of its own.
public struct CircuitBreaker: Hashable, Sendable {
    /// Failures in a row that open it.
    public var failuresToOpen: Int
    /// Seconds it stays open.
    public var coolSeconds: Double

    /// Failures in a row; a trial's adds to those that opened it.
    private var failures = 0
    private var opened: Double?
    private var isTrying = false

    /// A closed breaker.
    public init(failuresToOpen: Int = 3, coolSeconds: Double = 30) {
        self.failuresToOpen = failuresToOpen
        self.coolSeconds = coolSeconds
    }

    /// Whether a call may go through at this time.
    public func lets(at uptimeSeconds: Double) -> Bool {
        guard let opened else { return true }
        return !isTrying && uptimeSeconds - opened >= coolSeconds
    }

    /// Takes note of a call that goes through.
    public mutating func begin() { if opened != nil { isTrying = true } }

    /// Takes note of a call's success.
    public mutating func succeed() { (failures, opened, isTrying) = (0, nil, false) }

    /// Takes note of a call's failure.
    public mutating func fail(at uptimeSeconds: Double) {
        failures += 1
        if failures >= failuresToOpen { opened = uptimeSeconds }
        isTrying = false
    }

    /// Takes note of a call that ended without telling anything about the endpoint.
    public mutating func abandon() { isTrying = false }
}
