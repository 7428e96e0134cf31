import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneReport
import HoneTensor

/// What a run will need, said before it begins, unless it is tiny.
struct RunPreview {
    /// Memory of all models together, in bytes.
    let memory: Int
    /// Parameters of the largest model.
    let parameters: Int
    /// Operations of an iteration, at most.
    let operations: Double
    /// Operations a second that this machine did just now.
    let rate: Double
    /// Iterations to come.
    let iterations: Int

    /// Models with fewer parameters need no preview.
    static let tiny = 5_000_000

    /// The preview of a plan's models with weights; nil where all of them are tiny.
    init?(_ plan: Plan, _ settings: CommonSettings) async throws {
        var (memory, largest) = (0, 0)
        var operations = 0.0
        let rows = settings.play.problems * settings.play.samples
        for (_, model) in plan.models.sorted(by: { $0.key < $1.key }) {
            guard case .folder(let path, let loading) = model.source else { continue }
            let shape = try ModelFolder(path: path, contextLimit: loading.context).shape
            guard shape.parameterCount >= Self.tiny else { continue }
            largest = max(largest, shape.parameterCount)
            // A prompt's tokens are guessed from its characters.
            let prompt = 400 / 4, length = min(shape.context, prompt + settings.play.limit)
            memory += ModelMemory(shape, loading: loading, rows: rows, length: length).total
            let arithmetic = shape.arithmetic(adapters: loading.adapters)
            let learned = settings.learner.rows > 0 ? settings.learner.rows : rows * settings.learner.passes
            operations += Double(rows) * Double(arithmetic.sampling(prompt: prompt, drawn: settings.play.limit))
            operations += Double(learned) * Double(arithmetic.training(tokens: length, trained: settings.play.limit))
        }
        guard largest > 0 else { return nil }
        self.memory = memory
        parameters = largest
        self.operations = operations
        iterations = settings.iterations
        rate = try await Self.measuredRate()
    }

    /// Operations a second of a product of matrices, by the clock.
    @TensorActor private static func measuredRate() throws -> Double {
        let clock = ContinuousClock()
        let a = try Tensor.ones([512, 1024]), b = try Tensor.ones([1024, 1024])
        _ = try a.matmul(b)
        let started = clock.now
        var last = a
        for _ in 0..<4 { last = try a.matmul(b) }
        // A device goes on by itself; who reads a number waits for it.
        _ = try last.select(0, 0).select(0, 0).item()
        let passed = started.duration(to: clock.now)
        let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
        return 4 * 2 * 512 * 1024 * 1024 / max(seconds, 1e-6)
    }

    /// Bytes of memory that are free now, on the device that computes.
    static var available: Int? {
        guard Device.current == .cpu else { return Device.freeBytes }
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// It in a sentence, and whether memory will not do.
    var sentence: String {
        let free = Self.available.map { " of \(Self.gibibytes($0)) free" } ?? ""
        let place = Device.current == .cpu ? "" : " on \(Device.current)"
        let seconds = operations / rate
        // Matrix products run at the measured rate; drawing token by token waits for memory and takes longer.
        return "\(Figure.short(Double(parameters))) parameters: about \(Self.gibibytes(memory)) of memory\(place)\(free); "
            + "at most \(spoken(seconds: seconds)) to \(spoken(seconds: 4 * seconds)) an iteration, \(iterations) of them; nothing is paid for"
    }

    /// A warning where there is less memory than is needed.
    var warning: String? {
        guard let free = Self.available, memory > free else { return nil }
        return "The run needs about \(Self.gibibytes(memory)) and \(Self.gibibytes(free)) are free: learn through adapters (--lora r=16), draw in "
            + "bfloat16 (--set model.precision=bfloat16), or play fewer samples at once"
    }

    private static func gibibytes(_ bytes: Int) -> String { "\(Figure.fixed(Double(bytes) / 1_073_741_824, decimals: 1)) GiB" }
}
