import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneRecipes
import HoneReport
import HoneStore

/// `hone demo`.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Watch a small model teach itself arithmetic, with a control beside it, and then Kuhn poker, in about four minutes.")
    @Option(name: .long, help: "The seed.") var seed: UInt64 = 0
    @Option(name: .long, help: "The folder for the two runs; by default runs/demo-<number>.") var out: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let began = RunSession.clock()
            let path = out ?? RunCommand.freshPath("demo")
            let terminal = output.terminal
            terminal.say("Demo", "a nano model learns chains such as 3+8-5+7= from \(Demo.demonstrations) worked examples, then from the verifier's yes or no alone")
            let improved = try await conduct("star", Demo.improving, path + "/improve", terminal, expected: Demo.expected)
            let steps = try Self.optimiserSteps(improved)
            terminal.say("Control", "the same \(steps) optimiser steps, on the demonstrations alone")
            let control = try await conduct("sft", Demo.control(steps: steps), path + "/control", terminal)
            let seconds = RunSession.clock() - began
            terminal.say("Demo", "a nano model that knows the rules of Kuhn poker plays against itself; what a perfect opponent would win is computed, not sampled")
            let game = try await conduct("self-play", Demo.game, path + "/kuhn", terminal, expected: Demo.expectedExploitability)
            try conclude(improved, control, game, seconds, RunSession.clock() - began, terminal)
        }
    }

    private func conduct(
        _ recipe: String, _ settings: [String], _ path: String, _ terminal: Terminal, expected: [Double] = []
    ) async throws -> RunFolder {
        let resolved = try RecipeCatalog.resolve(recipe, try settings.map(SettingsInput.entry(fromArgument:)))
        let folder = try RunFolder.create(at: path, RunSession.manifest(recipe: recipe, settings: resolved.settings, seed: seed))
        var session = RunSession(folder: folder, recipe: resolved, terminal: terminal, checkpointEvery: 1000)
        session.expected = expected
        let outcome = try await session.execute()
        guard outcome.isFinished else {
            terminal.say("Stopped", "go on with: hone resume \(path)", .yellow)
            throw Exit.interrupted
        }
        return folder
    }

    private static func optimiserSteps(_ folder: RunFolder) throws -> Int {
        try SQLiteRunStore(folder).iterations().reduce(0) { $0 + $1.cost.optimiserSteps }
    }

    private func conclude(
        _ improved: RunFolder, _ control: RunFolder, _ game: RunFolder, _ seconds: Double, _ all: Double, _ terminal: Terminal
    ) throws {
        try ReportCompanion(
            control: "../" + (control.path as NSString).lastPathComponent,
            controlWords: "the same number of optimiser steps on the demonstrations alone", expected: Demo.expected,
            notes: ["The expected curve is what this program measured with seed 0 when it was made."]
        ).write(to: improved)
        let reporter = try RunReporter(improved)
        let curve = reporter.history.curve("pass@1", named: "pass@1")
        guard let before = curve.points.first?.y, let after = curve.points.last?.y,
            let held = try RunReporter(control).history.measures("pass@1").last?.estimate
        else { throw CoreError.invalid("The demo's runs hold no measurements") }
        try reporter.write()
        let played = try RunReporter(game)
        try played.write()
        if output.json {
            printResult(
                JSONValue.object([
                    "before": try JSONValue(encoding: before), "after": try JSONValue(encoding: after), "control": try JSONValue(encoding: held),
                    "seconds": .number(seconds), "run": .string(improved.path), "report": .string(improved.reportPath),
                    "exploitability": .array(played.history.measures("exploitability").map { .number($0.estimate.mean) }),
                ]).canonical)
            return
        }
        let style = terminal.textStyle(on: STDOUT_FILENO)
        let dot = style == .ascii ? "|" : "·"
        printResult("")
        if let chart = try reporter.mainChart() {
            let picture = TextChart(style: style, width: min(terminal.width, 88), height: 12)
            printResult("held-out pass@1")
            for line in picture.lines(chart, paint: { terminal.painted($1, $0, on: STDOUT_FILENO) }) { printResult(line) }
        }
        printResult("")
        printResult("                measured                 expected")
        for (index, point) in curve.points.enumerated() {
            let wanted = Demo.expected.indices.contains(index) ? String(format: "%5.1f %%", 100 * Demo.expected[index]) : ""
            let label = index == 0 ? "start" : "round \(index)"
            let interval = String(format: "[%.1f, %.1f]", 100 * point.y.low, 100 * point.y.high)
            printResult(
                "  \(label.padding(toLength: 12, withPad: " ", startingAt: 0))\(String(format: "%5.1f %%", 100 * point.y.mean)) \(interval.padding(toLength: 16, withPad: " ", startingAt: 0)) \(wanted)")
        }
        printResult("")
        printResult("its own start    \(ProgressDisplay.percent(before))")
        printResult("improved itself  \(ProgressDisplay.percent(after))   \(String(format: "%+.1f points", 100 * (after.mean - before.mean)))")
        printResult("control          \(ProgressDisplay.percent(held))   \(String(format: "%+.1f points", 100 * (held.mean - before.mean)))  (same optimiser steps, demonstrations only)")
        printResult("")
        try concludeGame(played, terminal)
        printResult("")
        printResult("report   \(improved.reportPath)   (\(spoken(seconds: seconds)))")
        printResult("         \(game.reportPath)   (\(spoken(seconds: all - seconds)))")
        printResult("next     hone run grpo --seed 1   \(dot)   hone list recipes   \(dot)   hone run star --problems your.jsonl --view equations")
    }
}

extension DemoCommand {
    /// The curve of exploitability, with known values beside it.
    private func concludeGame(_ reporter: RunReporter, _ terminal: Terminal) throws {
        let style = terminal.textStyle(on: STDOUT_FILENO)
        printResult("Kuhn poker: what a perfect opponent wins from it, a play (exploitability)")
        if let chart = try reporter.mainChart() {
            let picture = TextChart(style: style, width: min(terminal.width, 88), height: 10)
            for line in picture.lines(chart, paint: { terminal.painted($1, $0, on: STDOUT_FILENO) }) { printResult(line) }
        }
        for (index, record) in reporter.history.measures("exploitability").enumerated() {
            let wanted = Demo.expectedExploitability.indices.contains(index) ? String(format: "  (expected %.3f)", Demo.expectedExploitability[index]) : ""
            let place = index == 0 ? "start" : "after \(index * Demo.gameStride) iterations"
            printResult("  \(place.padding(toLength: 22, withPad: " ", startingAt: 0))\(String(format: "%.3f", record.estimate.mean))\(wanted)")
        }
        printResult("  uniform play 0.458, an equilibrium 0")
    }
}

/// The demo's fixed settings and what they led to.
enum Demo {
    static let demonstrations = 300

    /// What both runs share.
    private static let shared = [
        "task.settings.terms=4", "base.demonstrations=\(demonstrations)", "base.passes=30", "base.miniBatch=32", "base.rate=1e-3",
        "evaluation.problems=200", "evaluation.samples=4", "task.trainProblems=4000",
    ]

    static let improving = shared + [
        "iterations=8", "play.problems=2000", "play.samples=4", "learner.rate=1e-3", "learner.miniBatch=64", "learner.passes=2",
        "star.keep=1", "evaluation.every=1",
    ]

    /// The control: as many optimiser steps, on the demonstrations alone.
    static func control(steps: Int) -> [String] {
        let perPass = (demonstrations + 31) / 32
        let passes = max(1, (steps + perPass - 1) / perPass)
        return shared + ["iterations=1", "learner.passes=\(passes)", "learner.miniBatch=32", "learner.rate=1e-3", "evaluation.every=1"]
    }

    /// Iterations between two looks at the game.
    static let gameStride = 20

    /// The second half: Kuhn poker by self-play.
    static let game = [
        "iterations=80", "evaluation.every=\(gameStride)", "yardsticks.against=[]", "play.problems=64", "learner.rate=3e-4", "selfPlay.phases=4",
        "selfPlay.eta=0.8", "selfPlay.finalEta=0.4", "selfPlay.finalRate=0.1", "selfPlay.averaged=0", "selfPlay.refreshEvery=0",
    ]

    /// Exploitability with seed 0: at the start, then every `gameStride` iterations.
    static let expectedExploitability: [Double] = [0.458, 0.327, 0.305, 0.239, 0.176]

    /// Held-out pass@1 with seed 0: at the start, then after each iteration.
    static let expected: [Double] = [0.231, 0.214, 0.274, 0.352, 0.404, 0.440, 0.551, 0.621, 0.706]
}
