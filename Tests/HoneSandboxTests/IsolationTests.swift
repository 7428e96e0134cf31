import Foundation
import HoneCore
import HoneSandbox
import Testing

@Suite("Whether a machine isolates programs")
struct IsolationTests {
    @Test("this machine does; where this fails, the sentence says what is missing")
    func here() throws {
        do { _ = try Isolation.required() } catch { Issue.record("\(error)") }
        #expect(Isolation.report().map(\.name).starts(with: ["bwrap", "prlimit"]))
        #expect(Isolation.report().last?.name == "sandbox")
        #expect(Isolation.report().allSatisfy { $0.advice == nil })
    }

    @Test("where a tool is missing, the sentence names it and how to get it")
    func missing() {
        #expect(
            throws: CoreError.unsupported(
                "Programs that models write are not run here, as they cannot be isolated: bwrap was not found; install bubblewrap: apt-get install bubblewrap")
        ) { try Isolation.tried(with: []) }
    }

    private func tried(_ script: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-bwrap-\(UInt32.random(in: 0...UInt32.max))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try script.write(toFile: folder + "/bwrap", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/bwrap")
        do {
            _ = try Isolation.tried(with: [folder, "/usr/bin", "/bin"])
            return ""
        } catch { return "\(error)" }
    }

    @Test("a tool that only pretends to isolate is found out by the trial")
    func pretends() throws {
        let sentence = try tried(
            """
            #!/bin/sh
            echo '{"child-pid": 1}' >&4
            while [ "$1" != /bin/sh ]; do shift; done
            "$@" 4>&- 5>&-
            echo "{\\"exit-code\\": $?}" >&4
            """)
        #expect(sentence.hasPrefix("Programs that models write are not run here, as a trial was not contained: "), "\(sentence)")
        #expect(sentence.contains("seen=/etc/passwd"))
    }

    @Test("a tool that fails is quoted")
    func fails() throws {
        let sentence = try tried("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
        #expect(sentence.contains("The sandbox could not be made ready: bwrap: No permissions to create new namespace"), "\(sentence)")
    }
}
