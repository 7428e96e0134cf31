/// What finishing a cell took on the machine it ran on; never part of a result.
public struct CellEffort: Hashable, Sendable, Codable {
    /// Seconds by the clock.
    public var seconds: Double
    /// Tokens that models here really worked on to draw answers while improving, where the cost counts what was asked for; nil where nobody counted.
    public var computedTokens: Int?

    /// An effort.
    public init(seconds: Double = 0, computedTokens: Int? = nil) {
        self.seconds = seconds
        self.computedTokens = computedTokens
    }
}
