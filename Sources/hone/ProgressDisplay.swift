import Foundation
import HoneCore
import HoneEngine
import HoneReport
import Synchronization

/// Shows a run as it works: one line per measurement, a live line between them, plain lines when not on a terminal.
final class ProgressDisplay: Sendable {
    private struct Status {
        var began: Double
        var total = 0
        var firstIndex = 0
        var lastPlain: Double?
        /// The main measure as it was taken so far; by name, since the last measurement of a run may have others than the first.
        var history: [String: [Double]] = [:]
    }

    private let terminal: Terminal
    private let clock: @Sendable () -> Double
    private let status: Mutex<Status>
    /// What is expected of the main measure at the start and after each iteration, where that is known.
    private let expected: [Double]

    init(terminal: Terminal, expected: [Double] = [], clock: @escaping @Sendable () -> Double) {
        self.terminal = terminal
        self.expected = expected
        self.clock = clock
        status = Mutex(Status(began: clock()))
    }

    /// Takes in an event of the run.
    func show(_ event: RunEvent) {
        switch event {
        case .began(let models, let iterations, let resumed):
            status.withLock {
                $0.total = iterations
                $0.began = clock()
                $0.firstIndex = (resumed ?? -1) + 1
            }
            let names = models.sorted { $0.key < $1.key }.map { "\($0.key) (\(grouped($0.value)) parameters)" }
            if !names.isEmpty { terminal.say("Model", names.joined(separator: ", ")) }
            if let resumed { terminal.say("Resuming", "after iteration \(resumed + 1) of \(iterations)") }
        case .foundBase(let model, let key):
            terminal.say("Reusing", "the taught base of “\(model)” (\(key.prefix(12)))")
        case .teachingBase(let model, let iterations):
            terminal.say("Teaching", "“\(model)” from demonstrations, \(iterations) iterations")
        case .taught(_, let summary): line(for: summary, verb: "Teaching")
        case .iterated(let summary): line(for: summary, verb: "Running")
        case .measured(let index, let estimates, let cost):
            guard let measure = RunHistory.mainMeasure(of: estimates), let estimate = estimates[measure] else { return }
            let curve = status.withLock { status in
                status.history[measure, default: []].append(estimate.mean)
                return TextChart.sparkline(status.history[measure, default: []], style: terminal.textStyle(on: STDERR_FILENO))
            }
            let place = index < 0 ? "before" : "iteration \(index + 1)"
            let wanted = expected.indices.contains(index + 1) ? String(format: "  (expected %.1f %%)", 100 * expected[index + 1]) : ""
            terminal.say(
                "Measured",
                "\(place): \(measure) \(Self.percent(estimate))\(wanted) \(curve)  \(grouped(cost.sampledTokens)) tokens sampled", .cyan)
        case .warning(let text): terminal.warn(text)
        case .ended(let finished, let cost):
            let words = "\(grouped(cost.sampledTokens)) tokens sampled, \(grouped(cost.trainedTokens)) trained, "
                + "\(grouped(cost.optimiserSteps)) optimiser steps"
            terminal.say(finished ? "Finished" : "Stopped", words)
        }
    }

    private func line(for summary: IterationSummary, verb: String) {
        let now = clock()
        let (left, isDue) = status.withLock { status in
            let done = summary.index + 1 - status.firstIndex
            let rest = Double(status.total - summary.index - 1)
            let left = done > 0 ? (now - status.began) / Double(done) * rest : 0
            // The first line comes at once: it tells that learning has begun.
            let isDue = status.lastPlain.map { now - $0 >= 10 } ?? true
            if isDue { status.lastPlain = now }
            return (left, isDue)
        }
        var words = ["\(summary.stage) \(summary.indexInStage + 1)/\(summary.stageIterations)"]
        if let reward = summary.training["reward"] { words.append(String(format: "reward %.3f", reward.mean)) }
        if let loss = summary.updates["loss"] { words.append(String(format: "loss %.4f", loss)) }
        words.append(String(format: "%.2f s/iteration", summary.seconds))
        if verb == "Running" { words.append("about \(spoken(seconds: left)) left") }
        let text = words.joined(separator: " · ")
        if terminal.isLive { terminal.live("     \(verb) \(text)") } else if isDue { terminal.say(verb, text) }
    }

    /// The estimate as percent with its interval: `41.3 % [37.0, 45.6]`; other units as plain numbers.
    static func percent(_ estimate: Estimate) -> String {
        if estimate.unit == "share" {
            return String(format: "%.1f %% [%.1f, %.1f]", 100 * estimate.mean, 100 * estimate.low, 100 * estimate.high)
        }
        return String(format: "%.3f [%.3f, %.3f] %@", estimate.mean, estimate.low, estimate.high, estimate.unit)
    }
}
