import Foundation
import HoneSandbox

/// What lies around the sandbox for probes to reach: a file, servers, a secret, an open descriptor.
final class Surroundings: Sendable {
    /// A variable of this process and its value, which the probes put together themselves.
    static let secret = (name: "HONE_PROBE_SECRET", value: "never" + "told")

    let folder: String
    let canary: String
    let variables: [String: String]
    private let descriptors: [Int32]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-probe-\(getpid())-\(UInt32.random(in: 0...UInt32.max))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        canary = folder + "/canary"
        try "seen".write(toFile: canary, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: canary)
        setenv(Self.secret.name, Self.secret.value, 1)
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isUp = withUnsafeMutableBytes(of: &address) { bytes in
            guard let place = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(server, place, size) == 0 && listen(server, 50) == 0 && getsockname(server, place, &size) == 0
        }
        let abstract = "hone-probe-\(getpid())"
        let path = folder + "/socket"
        let named = Self.server("\0" + abstract)
        let visible = Self.server(path)
        guard isUp, let named, let visible else { throw CocoaError(.fileWriteUnknown) }
        // Not marked to be closed: what starts another program without care passes it on.
        let leak = open(canary, O_RDONLY)
        descriptors = [server, named, visible, leak]
        variables = [
            "CANARY": canary, "FOLDER": folder, "PORT": String(UInt16(bigEndian: address.sin_port)), "ABSTRACT": abstract, "SOCKET": path,
            "HOSTPROCESS": String(getpid()),
        ]
    }

    deinit {
        descriptors.forEach { _ = close($0) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func server(_ path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let isUp = withUnsafeBytes(of: &address) { all in
            guard let place = all.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(server, place, size) == 0 && listen(server, 50) == 0
        }
        return isUp ? server : nil
    }

    /// Runs a probe in the sandbox.
    func isolated(_ probe: Probe, token: String, in isolation: Isolation) async throws -> ProgramOutcome {
        let program = IsolatedProgram(
            probe.command(token), files: ["given.txt": Array("given".utf8)], environment: variables, limits: probe.limits)
        return try await program.run(in: isolation)
    }

    /// Runs a probe without a sandbox and tells what it wrote. Only for probes that do no harm.
    func unconfined(_ probe: Probe, token: String) throws -> String {
        let place = folder + "/" + token
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try "given".write(toFile: place + "/given.txt", atomically: false, encoding: .utf8)
        let script = "cd \"$1\"; shift; timeout 100 \"$@\" >output 2>&1 </dev/null"
        let words = ["/bin/sh", "-c", script, "sh", place] + probe.command(token)
        let variables = variables.merging([Self.secret.name: Self.secret.value, "PATH": "/usr/bin:/bin"]) { $1 }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var number: pid_t = 0
        guard posix_spawn(&number, words[0], nil, nil, &arguments, &environment) == 0 else { throw CocoaError(.executableLoad) }
        var status: Int32 = 0
        while waitpid(number, &status, 0) == -1, errno == EINTR {}
        return String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: place + "/output"))) ?? Data(), as: UTF8.self)
    }

    /// What a probe did that it must not, as a sentence; nil where it was contained.
    static func fault(_ probe: Probe, _ outcome: ProgramOutcome) -> String? {
        let said = outcome.output.text.suffix(2000) + outcome.errors.text.suffix(1000)
        if outcome.output.text.contains("REACHED") { return "it reached something: \(said)" }
        switch probe.expected {
        case .held:
            guard outcome.ending == .status(0), outcome.limit == nil else { return "it ended by \(outcome.ending), \(String(describing: outcome.limit)): \(said)" }
            return outcome.output.text.contains("held") ? nil : "it tried nothing: \(said)"
        case .limit(let limit):
            return outcome.limit == limit ? nil : "it ended by \(outcome.ending), \(String(describing: outcome.limit)) and not by \(limit): \(said)"
        case .ends: return nil
        }
    }

    /// The processes of this machine that have a token among their arguments.
    static func processes(with token: String) -> [String] {
        let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { Int($0) != nil && Int($0) != Int(getpid()) }
        return numbers.filter { number in
            let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(number)/cmdline"))) ?? Data()
            return line.range(of: Data(token.utf8)) != nil
        }
    }
}
