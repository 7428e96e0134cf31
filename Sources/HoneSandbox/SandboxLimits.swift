import HoneCore

/// What a program in the sandbox may use. What ends it is named in the result; what only refuses it is seen by the program itself.
public struct SandboxLimits: Codable, Hashable, Sendable {
    /// The longest it may run, in seconds by the clock; getting the sandbox ready is not counted.
    public var time = 10.0
    /// The most processor time of all its processes together, in seconds.
    public var processorTime = 5.0
    /// The most bytes of address space of each process, and of memory held by all together.
    public var memory = 512 << 20
    /// How many processes and threads may exist at once.
    public var processes = 16
    /// The most bytes of a file that it writes.
    public var fileSize = 16 << 20
    /// The most bytes of its standard output, and as many of its standard error; more ends it.
    public var output = 1 << 20
    /// How many descriptors each process may have open.
    public var openFiles = 64
    /// The most bytes in all files of its working folder.
    public var scratch = 32 << 20
    /// How many files and folders it may make in its working folder.
    public var scratchFiles = 4096

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences.
    func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” of the sandbox is \(found); it should be \(expected)") }
        }
        func require(_ key: String, _ found: Int, _ range: ClosedRange<Int>) {
            require(range.contains(found), key, found, "from \(range.lowerBound) to \(range.upperBound)")
        }
        require(time > 0 && time <= 86_400, "time", time, "above 0 and at most 86400 seconds")
        require(processorTime > 0 && processorTime <= 86_400, "processorTime", processorTime, "above 0 and at most 86400 seconds")
        require("memory", memory, (16 << 20)...(1 << 40))
        require("processes", processes, 1...4096)
        require("fileSize", fileSize, 0...(1 << 40))
        require("output", output, 0...(1 << 30))
        require("openFiles", openFiles, 16...65_536)
        require("scratch", scratch, 4096...(1 << 40))
        require("scratchFiles", scratchFiles, 1...1_000_000)
        return faults
    }
}
