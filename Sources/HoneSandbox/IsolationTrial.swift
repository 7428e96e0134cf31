import Foundation
import HoneCore

/// The trial run: a small program inside tries what must not work, and says what it found.
enum IsolationTrial {
    /// Every line is a thing that must hold, said as “name=value”.
    private static let script = """
        while read -r key value rest; do
          case $key in Uid:) echo "user=$value" ;; CapEff:) echo "capabilities=$value" ;; Seccomp:) echo "filter=$value" ;; esac
        done </proc/self/status
        links=0; while read -r line; do links=$((links + 1)); done </proc/net/dev; echo "links=$((links - 2))"
        set -- /proc/[0-9]*; echo "processes=$#"
        for path in /root /home /etc/passwd /etc/shadow /run /var "$CANARY"; do [ -e "$path" ] && echo "seen=$path"; done
        for path in / /usr /usr/bin /dev /proc/sys/kernel; do (: >"$path/hone-trial") 2>/dev/null && echo "written=$path"; done
        (: >hone-trial) 2>/dev/null && echo "scratch=yes"
        (ulimit -n 4096) 2>/dev/null && echo "raised=descriptors"
        unshare -U true 2>/dev/null && echo "unshared=yes"
        /bin/sh -c : && echo "forks=yes"
        echo "end=yes"
        """

    /// What the lines have to be.
    private static let expected = [
        "user=65534", "capabilities=0000000000000000", "filter=2", "links=1", "processes=2", "scratch=yes", "forks=yes", "end=yes",
    ]

    /// Runs it; throws a sentence where it did not hold. Blocks, and takes well under a second.
    static func hold(_ tools: IsolationTools) throws {
        // A file of ours that everybody may read.
        let canary = FileManager.default.temporaryDirectory.appendingPathComponent("hone-trial-\(getpid())").path
        guard FileManager.default.createFile(atPath: canary, contents: Data("seen".utf8), attributes: [.posixPermissions: 0o644]) else {
            throw CoreError.unsupported("Whether programs are isolated here cannot be tried: \(canary) cannot be written; set TMPDIR to a folder that can")
        }
        defer { try? FileManager.default.removeItem(atPath: canary) }
        let program = IsolatedProgram(["/bin/sh", "-c", script], environment: ["CANARY": canary])
        let outcome: ProgramOutcome
        do { outcome = try Supervision.run(program, tools: tools, givenUp: GivenUp()) } catch let error as CoreError {
            throw CoreError.unsupported("Programs that models write are not run here, as they cannot be isolated. \(error)\(advice())")
        }
        let lines = outcome.output.text.split(separator: "\n").map(String.init)
        guard lines == expected, outcome.succeeded else {
            let extra = lines.filter { !expected.contains($0) } + expected.filter { !lines.contains($0) }.map { "no \($0)" }
            throw CoreError.unsupported(
                "Programs that models write are not run here, as a trial was not contained: \(extra.joined(separator: ", "))\(advice())")
        }
    }

    /// What is most often in the way, as the kernel's settings tell it.
    private static func advice() -> String {
        func setting(_ path: String) -> String? { SystemCalls.text(of: "/proc/sys/\(path)")?.trimmingCharacters(in: .whitespacesAndNewlines) }
        if setting("kernel/apparmor_restrict_unprivileged_userns") == "1" {
            return "; AppArmor keeps ordinary programs from making namespaces here: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give bwrap a profile that allows userns"
        }
        if setting("kernel/unprivileged_userns_clone") == "0" { return "; ordinary users may not make namespaces here: sysctl kernel.unprivileged_userns_clone=1" }
        if setting("user/max_user_namespaces") == "0" { return "; namespaces of users are switched off here: sysctl user.max_user_namespaces=10000" }
        if access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 {
            return "; this is a container, which has to be started so that it may make namespaces: --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
        }
        return "; the kernel has to let ordinary users make namespaces, and should be 5.14 or newer"
    }
}
