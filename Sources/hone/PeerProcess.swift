import Foundation
import HoneCore

/// The PyTorch peer as a process that answers one JSON line for each request, so that both sides are measured in turn.
final class PeerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    init(python: String) throws {
        let script = "Benchmarks/peer_torch.py"
        guard FileManager.default.fileExists(atPath: script) else {
            throw CoreError.invalid("There is no \(script) here; run `hone bench` in the project's folder")
        }
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script, "serve"]
        process.standardInput = input
        process.standardOutput = output
        do { try process.run() } catch { throw CoreError.invalid("\(python) cannot be started; give a python with torch by --python") }
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    /// The peer's figure for a point.
    func figure(mode: String, shape: String, batch: Int) throws -> Double {
        let request = JSONValue.object(["mode": .string(mode), "shape": .string(shape), "batch": .integer(batch)])
        input.fileHandleForWriting.write(Data((request.canonical + "\n").utf8))
        while !buffer.contains(10) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CoreError.invalid("The PyTorch peer ended; does its python have torch 2.13 and numpy?") }
            buffer.append(more)
        }
        guard let end = buffer.firstIndex(of: 10) else { return 0 }
        let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
        buffer = Data(buffer[(end + 1)...])
        let answer = try JSONValue(parsing: line)
        if let message = answer["error"]?.text { throw CoreError.invalid("The PyTorch peer refused: \(message)") }
        for key in ["value", "tokens_per_second", "seconds_per_step"] {
            if let value = answer[key]?.double { return value }
        }
        throw CoreError.invalid("The PyTorch peer answered without a figure: \(line)")
    }
}
