import HoneCore

/// How a program is played with.
public struct ProcessWorldSettings: Codable, Hashable, Sendable {
    /// The longest an answer may take, in seconds.
    public var timeout = 60.0
    /// How many processes of it play at once.
    public var processes = 1
    /// The most bytes of a line that it may write.
    public var longestLine = 4 << 20
    /// Who draws chance: the program from the seed it is given (`internal`), or this side from the outcomes it names (`external`).
    public var chance = "internal"
    /// Whether moves that the program lists are shown before each move.
    public var showsMoves = true
    /// The return from which a play counts as solved: returns are divided by it, so that a solved one has 1 or more.
    public var solvedAt = 1.0

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences.
    func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” of the world is \(found); it should be \(expected)") }
        }
        require(timeout > 0 && timeout <= 86_400, "timeout", timeout, "above 0 and at most 86400 seconds")
        require((1...64).contains(processes), "processes", processes, "from 1 to 64")
        require((1024...(1 << 30)).contains(longestLine), "longestLine", longestLine, "from 1024 to 1073741824 bytes")
        require(["internal", "external"].contains(chance), "chance", "“\(chance)”", "internal or external")
        require(solvedAt > 0 && solvedAt.isFinite, "solvedAt", solvedAt, "above 0")
        return faults
    }
}
