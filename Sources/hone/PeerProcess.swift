import Foundation
import HoneCore

/// A peer as a process that answers one JSON line for each request, so that both sides are measured in turn.
final class PeerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    /// What it is called.
    let name: String

    init(python: String, name: String = "PyTorch", script: String = "Benchmarks/peer_torch.py", arguments: [String] = ["serve"]) throws {
        self.name = name
        guard FileManager.default.fileExists(atPath: script) else {
            throw CoreError.invalid("There is no \(script) here; run `hone bench` in the project's folder")
        }
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script] + arguments
        process.standardInput = input
        process.standardOutput = output
        do { try process.run() } catch { throw CoreError.invalid("\(python) cannot be started; give a python with \(name) by --python") }
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    /// The peer's figure for a point: tokens a second for `decode` and `train`, seconds for `grpo`, units a second for games.
    func figure(mode: String, shape: String, batch: Int) throws -> Double {
        var members: [String: JSONValue] = ["mode": .string(mode), "shape": .string(shape)]
        if mode == "decode" { members["batch"] = .integer(batch) }
        input.fileHandleForWriting.write(Data((JSONValue.object(members).canonical + "\n").utf8))
        var answer = try JSONValue(parsing: try nextLine())
        // The peer says once that it has started before it answers anything.
        if answer["ready"] != nil { answer = try JSONValue(parsing: try nextLine()) }
        if let message = answer["error"]?.text { throw CoreError.invalid("The \(name) peer refused: \(message)") }
        for key in ["tokens_per_second", "per_second", "seconds"] {
            if let value = answer[key]?.elements?.first?.double { return value }
        }
        throw CoreError.invalid("The \(name) peer answered without a figure: \(answer.canonical)")
    }

    private func nextLine() throws -> String {
        while !buffer.contains(10) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CoreError.invalid("The \(name) peer ended; does its python have what Benchmarks/README.md names?") }
            buffer.append(more)
        }
        guard let end = buffer.firstIndex(of: 10) else { return "" }
        let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
        buffer = Data(buffer[buffer.index(after: end)...])
        return line
    }
}
