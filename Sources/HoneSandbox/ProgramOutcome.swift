/// What came of a program in the sandbox. It is put together outside: a program can write what it likes, but not how it ended.
public struct ProgramOutcome: Hashable, Sendable {
    /// How a program ended.
    public enum Ending: Hashable, Sendable {
        /// By itself, with this status. 126 and 127 are also those of a command that cannot be run or is not there.
        case status(Int)
        /// By this signal. A program that exits with 128 and more by itself cannot be told from one that a signal ended.
        case signal(Int)
    }

    /// A limit that ended a program.
    public enum Limit: String, Codable, Hashable, Sendable, CaseIterable {
        /// Its time by the clock.
        case time
        /// Its processor time.
        case processorTime
        /// The memory of all its processes.
        case memory
        /// The size of one file.
        case fileSize
        /// The length of its output or errors.
        case output
        /// The number of files in its working folder.
        case scratchFiles
    }

    /// What a program wrote to one of its outputs.
    public struct Written: Hashable, Sendable {
        /// The bytes, at most as many as the limit allows.
        public var bytes: [UInt8]
        /// Whether there was more.
        public var isCut: Bool

        /// Bytes, and whether there were more.
        public init(_ bytes: [UInt8], isCut: Bool = false) {
            self.bytes = bytes
            self.isCut = isCut
        }

        /// The bytes as text, with � for what is no UTF-8 and a note at the end where it was cut.
        public var text: String {
            String(decoding: bytes, as: UTF8.self) + (isCut ? "\n[cut after \(bytes.count) bytes]" : "")
        }
    }

    /// How it ended.
    public var ending: Ending
    /// The limit that ended it; nil where none did. A limit that only refused something (a process, an allocation, a descriptor) is not here.
    public var limit: Limit?
    /// Its standard output.
    public var output: Written
    /// Its standard error.
    public var errors: Written
    /// How long it ran by the clock, in seconds, without getting the sandbox ready.
    public var time: Double
    /// The processor time of the program and of the sandbox around it, in seconds, as far as it is known: what nobody waited for inside is
    /// left out, and of a program that was ended from outside the last look counts.
    public var processorTime: Double
    /// How long it took to get the sandbox ready, in seconds.
    public var startTime: Double

    /// An outcome of these parts.
    public init(
        ending: Ending, limit: Limit? = nil, output: Written, errors: Written = Written([]), time: Double = 0, processorTime: Double = 0, startTime: Double = 0
    ) {
        (self.ending, self.limit, self.output, self.errors) = (ending, limit, output, errors)
        (self.time, self.processorTime, self.startTime) = (time, processorTime, startTime)
    }

    /// Whether it ended by itself, with status 0 and within all limits.
    public var succeeded: Bool { ending == .status(0) && limit == nil }
}
