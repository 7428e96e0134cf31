import Foundation
import HoneCore

/// Measurements that need other processes: a start from nothing, and work beside a busy neighbour.
enum BenchSurroundings {
    /// Seconds from the start of a new `hone run` to its first optimiser step: program load, problems, a new nano model,
    /// demonstrations, run folder and one update included.
    static func secondsToFirstStep() throws -> Double {
        let folder = FileManager.default.temporaryDirectory.path + "/hone-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = executable
        process.arguments = [
            "run", "sft", "--out", folder + "/run", "--set", "base.passes=1", "--set", "base.demonstrations=32",
            "--set", "base.miniBatch=32",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["HONE_CACHE": folder + "/cache", "NO_COLOR": "1"]) { $1 }
        let output = Pipe()
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        let began = RunSession.clock()
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var text = Data()
        while true {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw CoreError.invalid("The started run ended before its first step: \(String(decoding: text, as: UTF8.self))")
            }
            text.append(more)
            if String(decoding: text, as: UTF8.self).contains("teach 1/1") { return RunSession.clock() - began }
        }
    }

    /// Runs the body while another process keeps one core busy.
    static func besideBusyProcess<Result>(_ body: () async throws -> Result) async throws -> Result {
        let process = Process()
        process.executableURL = executable
        process.arguments = ["bench", "--spin"]
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        return try await body()
    }

    /// Keeps one core busy until the process is ended or its parent is gone.
    static func spin() {
        let parent = getppid()
        var state: UInt64 = 1
        while getppid() == parent {
            for _ in 0..<50_000_000 { state = state &* 6_364_136_223_846_793_005 &+ 1 }
            if state == 0 { return }
        }
    }

    private static var executable: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }
}
