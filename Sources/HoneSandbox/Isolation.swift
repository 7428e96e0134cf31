import Foundation
import HoneCore

/// Proof that this machine isolates programs: only a trial that held makes one, and without one nothing is run.
public struct Isolation: Sendable {
    let tools: IsolationTools

    private static let found = Result { try Isolation.tried(with: IsolationTools.folders) }

    /// The isolation of this machine; throws the sentence that says what is missing and how to mend it. Found out at the first call, which
    /// takes a moment, and kept.
    public static func required() throws -> Isolation { try found.get() }

    /// Looks for the tools in these folders, which nobody but root should be able to write, and tries them anew; throws like `required`.
    public static func tried(with folders: [String]) throws -> Isolation {
        let tools = try IsolationTools.found(in: folders)
        try IsolationTrial.hold(tools)
        return Isolation(tools: tools)
    }

    /// Lines for `hone doctor`: what is needed, what was found, and how to mend it; nil where there is nothing to mend.
    public static func report() -> [(name: String, found: String, advice: String?)] {
        var lines: [(name: String, found: String, advice: String?)] = []
        for need in IsolationTools.needs {
            let path = IsolationTools.path(of: need.name, in: IsolationTools.folders)
            lines.append((need.name, path ?? "not found", path == nil ? need.advice : nil))
        }
        switch found {
        case .success: lines.append(("sandbox", "isolates programs that models write", nil))
        case .failure(let error): lines.append(("sandbox", "refuses to run programs that models write", "\(error)"))
        }
        return lines
    }
}

/// The tools that a sandbox is made of, as found on this machine.
struct IsolationTools: Sendable {
    var bwrap: String
    var prlimit: String
    /// Only where we are root: its user number must not be root's, for whom the number of processes has no limit.
    var setpriv: String?
    /// Whether bwrap can forbid further user namespaces (0.8 and newer); the filter refuses them in any case.
    var disablesUserNamespaces: Bool
    /// How the machine's programs and libraries get inside.
    var system: [String]
    var calls: SystemCalls
    var filter: SystemCallFilter

    /// The programs that are needed, and how to get them.
    static var needs: [(name: String, advice: String)] {
        let all = [("bwrap", "install bubblewrap: apt-get install bubblewrap"), ("prlimit", "install util-linux: apt-get install util-linux")]
        return getuid() == 0 ? all + [("setpriv", "install setpriv: apt-get install util-linux (setpriv on old systems)")] : all
    }

    /// Where programs are looked for: folders that only root writes; what else PATH names is not trusted.
    static let folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"]

    /// The path of a program in folders.
    static func path(of name: String, in folders: [String]) -> String? { folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 } }

    /// Looks for everything; throws a sentence naming the first thing that is missing.
    static func found(in folders: [String]) throws -> IsolationTools {
        func missing(_ what: String) -> CoreError { CoreError.unsupported("Programs that models write are not run here, as they cannot be isolated: \(what)") }
        var paths: [String: String] = [:]
        for need in needs {
            guard let path = path(of: need.name, in: folders) else { throw missing("\(need.name) was not found; \(need.advice)") }
            paths[need.name] = path
        }
        guard getuid() == geteuid() else { throw missing("this program runs with another user's rights; start it as that user") }
        guard let filter = SystemCallFilter.current else { throw missing("system calls can be filtered on x86-64 and 64-bit Arm only") }
        guard let calls = SystemCalls.found else { throw missing("the C library is too old; glibc 2.34 or newer is needed (Debian 12, Ubuntu 22.04)") }
        guard ProcessTree.isSupported else { throw missing("the kernel does not tell a process's children (CONFIG_PROC_CHILDREN), or /proc is not mounted") }
        guard let bwrap = paths["bwrap"], let prlimit = paths["prlimit"] else { throw missing("bwrap and prlimit are needed") }
        // Older ones lack the option; the bytes of the program tell it without a run.
        let content = (try? Data(contentsOf: URL(fileURLWithPath: bwrap))) ?? Data()
        return IsolationTools(
            bwrap: bwrap, prlimit: prlimit, setpriv: paths["setpriv"], disablesUserNamespaces: content.range(of: Data("--disable-userns".utf8)) != nil,
            system: system(), calls: calls, filter: filter)
    }

    /// bwrap's words for programs and libraries: /usr, the folders beside it as links or as they are, and two tables that are needed to
    /// find programs and libraries.
    private static func system() -> [String] {
        var words = ["--ro-bind", "/usr", "/usr"]
        for name in ["bin", "lib", "lib32", "lib64", "libx32", "sbin"] {
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
                words += ["--symlink", target, "/\(name)"]
            } else if FileManager.default.fileExists(atPath: "/\(name)") {
                words += ["--ro-bind", "/\(name)", "/\(name)"]
            }
        }
        for path in ["/etc/ld.so.cache", "/etc/alternatives"] { words += ["--ro-bind-try", path, path] }
        return words
    }
}
