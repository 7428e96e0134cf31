import Foundation

/// The command line that leads into the sandbox: setpriv where we are root, bwrap, then prlimit, a shell, and the program.
///
/// Limits are set inside, where the number of processes is counted for this sandbox alone; outside it would be counted for the user with
/// all other programs (and for root not at all). The shell is the first process of the namespace: when it ends, the kernel ends all others
/// before anybody hears of it. It says on descriptor 3 that the program is about to start, and keeps its own remarks to itself.
struct SandboxCommand: Sendable {
    /// The working folder inside.
    static let folder = "/tmp"
    /// Descriptors of the child: what the shell says, what bwrap says, the filter, and from there on the given files.
    static let (marker, status, filter, firstFile): (Int32, Int32, Int32, Int32) = (3, 4, 5, 6)

    private static let script = "exec 9>&2 2>/dev/null; echo >&3; exec 3>&-; (exec \"$@\" 2>&9 9>&-); exit $?"

    /// The environment that every program gets; hash seeds are fixed so that sets of texts have one order,
    /// and threads share their heaps, each of which would take 64 MiB of address space.
    private static let environment = [
        "HOME": folder, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
        "TMPDIR": folder,
    ]

    /// The words, the first being the path of a program.
    let words: [String]

    init(_ program: IsolatedProgram, tools: IsolationTools) {
        let limits = program.limits
        var words: [String] = []
        if let setpriv = tools.setpriv { words += [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"] }
        words += [tools.bwrap, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
        if tools.disablesUserNamespaces { words.append("--disable-userns") }
        words += ["--cap-drop", "ALL", "--clearenv", "--new-session", "--die-with-parent", "--as-pid-1"]
        words += ["--json-status-fd", String(Self.status), "--seccomp", String(Self.filter)]
        words += tools.system
        words += ["--proc", "/proc", "--dir", "/dev"]
        for name in ["null", "zero", "full", "random", "urandom"] { words += ["--dev-bind", "/dev/\(name)", "/dev/\(name)"] }
        for (name, number) in [("stdin", 0), ("stdout", 1), ("stderr", 2)] { words += ["--symlink", "/proc/self/fd/\(number)", "/dev/\(name)"] }
        words += ["--symlink", "/proc/self/fd", "/dev/fd"]
        words += ["--size", String(limits.scratch), "--tmpfs", Self.folder]
        for (place, name) in program.files.keys.sorted().enumerated() {
            words += ["--perms", "0444", "--ro-bind-data", String(Self.firstFile + Int32(place)), "\(Self.folder)/\(name)"]
        }
        // The root is a file system in memory too, and nobody limits its size.
        words += ["--remount-ro", "/proc", "--remount-ro", "/", "--chdir", Self.folder]
        for (name, value) in Self.environment.merging(program.environment, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            words += ["--setenv", name, value]
        }
        // The shell is a process as well.
        let seconds = Int(limits.processorTime.rounded(.up))
        words += ["--", tools.prlimit, "--as=\(limits.memory)", "--core=0", "--cpu=\(seconds):\(seconds + 1)", "--fsize=\(limits.fileSize)"]
        words += ["--memlock=65536", "--msgqueue=0", "--nofile=\(limits.openFiles)", "--nproc=\(limits.processes + 1)", "--rtprio=0", "--sigpending=256"]
        words += ["--stack=8388608", "--", "/bin/sh", "-c", Self.script, "sh"]
        self.words = words + program.command
    }
}
