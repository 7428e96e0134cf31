import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneSandbox
import HoneTensor

/// `hone doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Print what was found on this machine, and how to mend what is missing.")
    @OptionGroup var output: OutputOptions

    private struct Finding {
        var name: String
        var found: String
        var isFine = true
        var mend = ""
    }

    func run() async throws {
        try await output.reporting {
            let findings = probe()
            if output.json {
                printResult(
                    JSONValue.array(
                        findings.map {
                            .object([
                                "name": .string($0.name), "found": .string($0.found), "fine": .bool($0.isFine), "mend": .string($0.mend),
                            ])
                        }).canonical)
            } else {
                for finding in findings {
                    let mark = finding.isFine ? "ok  " : "!!  "
                    printResult(mark + finding.name.padding(toLength: 18, withPad: " ", startingAt: 0) + finding.found)
                    if !finding.isFine { printResult("      mend: \(finding.mend)") }
                }
            }
            if findings.contains(where: { !$0.isFine }) { throw Exit.environment }
        }
    }

    private func probe() -> [Finding] {
        let version = TensorRuntime.version
        let free = (try? FileManager.default.attributesOfFileSystem(forPath: "."))?[.systemFreeSize] as? Int ?? 0
        let canWrite = FileManager.default.isWritableFile(atPath: ".")
        let cache = RunSession.cachePath
        func tool(_ name: String, _ why: String, _ mend: String) -> Finding {
            let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
            return Finding(name: name, found: path.map { "\($0) (\(why))" } ?? "not found; optional, \(why); \(mend)")
        }
        #if compiler(>=6.3)
            let compiler = "Swift 6.3 or newer"
        #else
            let compiler = "Swift 6.1 or 6.2"
        #endif
        let devices = TensorRuntime.cudaDevices
        let cuda =
            !TensorRuntime.hasCUDABuild ? "not loaded: \(TensorRuntime.whyNoCUDA) (optional; --device cuda needs a libtorch with CUDA, see docs/models.md)"
            : devices == 0 ? "in libtorch, but no device was found (look at nvidia-smi)" : "\(devices) \(devices == 1 ? "device" : "devices")"
        return [
            Finding(name: "hone", found: EngineVersion.release),
            Finding(name: "compiler", found: compiler),
            Finding(
                name: "libtorch", found: "\(version), \(TensorRuntime.build) build",
                isFine: version.hasPrefix("2.13."), mend: "this program is made for libtorch 2.13; run ./setup.sh and build again"),
            Finding(name: "CUDA", found: cuda),
            Finding(name: "processor", found: Machine.processor),
            Finding(name: "cores", found: String(Machine.cores)),
            Finding(name: "instruction set", found: "\(TensorRuntime.decoderInstructionSet) (decoder), \(TensorRuntime.capability) (libtorch)"),
            Finding(
                name: "memory", found: String(format: "%.1f GiB", Double(Machine.memory) / 1_073_741_824),
                isFine: Machine.memory >= 2 << 30, mend: "the demo needs about 2 GiB"),
            Finding(
                name: "free disk", found: String(format: "%.1f GiB here", Double(free) / 1_073_741_824), isFine: free >= 1 << 30,
                mend: "free at least 1 GiB, or write runs elsewhere with --out"),
            Finding(
                name: "this folder", found: canWrite ? "can be written" : "cannot be written", isFine: canWrite,
                mend: "work in another folder, or give --out"),
            Finding(name: "cache", found: cache),
            tool("python3", "used by set-up and by speed comparisons", "install python3 with pip"),
        ] + Isolation.report().map { line in
            // Optional: everything but running what models write works without it.
            Finding(name: line.name, found: line.found + (line.advice.map { "; optional; \($0)" } ?? ""))
        }
    }
}
