import HoneCore

/// What a program did that a world cannot go on from; one sentence each.
public struct ProgramFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which kind of fault.
    public enum Kind: String, Hashable, Sendable {
        /// It could not be started.
        case cannotStart
        /// No answer came in time.
        case silent
        /// It ended, or closed its output.
        case ended
        /// It reads no longer.
        case closedInput
        /// A line grew beyond the limit.
        case endlessLine
        /// A line that is no JSON object.
        case notJSON
        /// An answer that breaks the rules of the protocol, or those the program gave itself.
        case wrongAnswer
        /// It said itself that it cannot go on.
        case refused
        /// The same seed and moves led elsewhere.
        case strayed
    }

    /// Which kind.
    public let kind: Kind
    /// The whole sentence.
    public let description: String
    /// The seat whose move the program calls illegal, where that is what it refused.
    let illegalSeat: Int?

    init(_ kind: Kind, _ sentence: String, illegalSeat: Int? = nil) {
        self.kind = kind
        description = sentence
        self.illegalSeat = illegalSeat
    }
}

/// What is asked of programs beside being right.
public struct ProgramLimits: Hashable, Sendable {
    /// The longest an answer may take, in seconds.
    public var timeout: Double
    /// The most bytes of a line.
    public var longestLine: Int

    /// Limits.
    public init(timeout: Double = 60, longestLine: Int = 4 << 20) {
        self.timeout = timeout
        self.longestLine = longestLine
    }
}
