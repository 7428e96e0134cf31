import ArgumentParser
import Foundation
import HoneTensor
import Synchronization

/// Counts calls.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// 1 at the first call, then one more each time.
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Facts about the machine.
enum Machine {
    /// The processor's name.
    static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line.flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    /// Cores this process may use.
    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Memory in bytes.
    static var memory: UInt64 { ProcessInfo.processInfo.physicalMemory }

    /// The commit of the folder one is in, for records; a dash where there is none.
    static var commit: String {
        guard let head = try? String(contentsOfFile: ".git/HEAD", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines) else { return "–" }
        let hash = head.hasPrefix("ref: ") ? try? String(contentsOfFile: ".git/" + head.dropFirst(5), encoding: .utf8) : head
        return hash.map { String($0.prefix(7)) } ?? "–"
    }

    /// Throws a sentence when an environment variable asks for something that does not exist.
    static func checkEnvironment() throws {
        let sets = ["portable", "avx2", "avx512"]
        let asked = ProcessInfo.processInfo.environment["HONE_INSTRUCTIONS"] ?? "avx512"
        guard sets.contains(asked) else {
            throw ValidationError("HONE_INSTRUCTIONS is “\(asked)”; it should be \(sets.joined(separator: ", ")), or not set")
        }
    }

    /// What is written down with every run.
    static var facts: [String: String] {
        [
            "processor": processor, "cores": String(cores), "instructionSet": TensorRuntime.decoderInstructionSet,
            "libtorchCapability": TensorRuntime.capability, "device": Device.current.description,
        ]
    }
}
