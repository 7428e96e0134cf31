import HoneSandbox

/// A small program that tries what must not work, and what has to come of it inside.
///
/// It says REACHED for what it got at and “held” for what was refused, and refusals are those of the operating system only: a probe that is
/// broken fails in another way.
struct Probe: Sendable, CustomStringConvertible {
    enum Language: Sendable { case python, shell }

    enum Expected: Sendable, Equatable {
        /// All that it tried was refused, and it went on to its end.
        case held
        /// A limit ended it.
        case limit(ProgramOutcome.Limit)
        /// It may end as it likes, without having reached anything.
        case ends
    }

    var group: String
    var name: String
    var language = Language.python
    var expected = Expected.held
    /// Whether it does no harm without a sandbox and reaches there what it is after, on any machine and as any user.
    var reachesFree = false
    var limits = SandboxLimits()
    var script: String

    var description: String { "\(group): \(name)" }

    init(
        _ group: String, _ name: String, _ language: Language = .python, _ expected: Expected = .held, reachesFree: Bool = false,
        limits: (inout SandboxLimits) -> Void = { _ in }, script: String
    ) {
        (self.group, self.name, self.language, self.expected, self.reachesFree, self.script) = (group, name, language, expected, reachesFree, script)
        // So long that no busy machine decides; probes of time set their own.
        self.limits.time = 120
        self.limits.processorTime = 60
        limits(&self.limits)
    }

    /// The words of its command; the token is there to find its processes by.
    func command(_ token: String) -> [String] {
        switch language {
        case .python: ["/usr/bin/python3", "-c", Self.prelude + script, token]
        case .shell: ["/bin/sh", "-c", script, token]
        }
    }

    private static let prelude = """
        import ctypes, errno, glob, mmap, os, platform, resource, signal, socket, sys, threading, time
        def attempt(name, action):
            try:
                print("REACHED", name, str(action())[:80], flush=True)
            except (OSError, MemoryError) as error:
                print("held", name, type(error).__name__, error, flush=True)
        def check(name, reached):
            print("REACHED" if reached else "held", name, flush=True)
        def read(path):
            with open(path, "rb") as file: return file.read(100)
        libc = ctypes.CDLL(None, use_errno=True)
        def c(result):
            if result is None or result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            return result
        arm = platform.machine() == "aarch64"
        canary, folder, secret = os.environ.get("CANARY", ""), os.environ.get("FOLDER", ""), "never" + "told"

        """

    static let all: [Probe] = [files, network, processes, memory, time, output, descriptors, environment].flatMap { $0 }
}
