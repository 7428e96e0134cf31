import ArgumentParser
import Foundation
import HoneComparison
import HoneCore
import HoneRecipes
import HoneReport
import HoneStore

/// `hone compare A B …`.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare recipes, settings and checkpoints at equal compute, paired by problem and seed.",
        discussion: """
            An arm is a recipe (star), a recipe with settings (few=star:star.keep=1), a run's folder or a model's folder. The model before \
            improving, the same decoded greedily, and the same with all the compute spent on more samples are compared without being asked for.
            """)

    @Argument(help: "The arms, such as: star sft gentle=star:learner.rate=1e-4 runs/star-1.")
    var arms: [String]

    @Option(name: .long, help: "What improving may spend: flops=…, tokens=…, steps=…, calls=… or seconds=…; by default what the first arm spends by its own settings.")
    var budget: String?

    @Option(name: .long, help: "What an answer may spend: calls=8 lets eight samples vote; tokens=… and flops=… as many as they pay for.")
    var answerBudget: String?

    @Option(name: .long, help: "A setting that varies over all arms, such as search.method=greedy|beam|mcts; joined by + where several change together. May be repeated.")
    var vary: [String] = []

    @Option(name: .long, help: "How many seeds.") var seeds = 3
    @Option(name: .long, help: "The first seed; the others follow.") var firstSeed: UInt64 = 0
    @Option(name: .long, help: "The measure; by default the answer, right or not.") var measure = CellResult.answer
    @Option(name: .long, help: "The folder; the same command with the same folder goes on. By default comparisons/<number>.") var out: String?
    @OptionGroup var cells: CellOptions
    @OptionGroup var options: SettingsOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard seeds >= 1 else { throw CoreError.invalid("--seeds is \(seeds); give 1 or more (3 or more for an interval over training runs)") }
            let input = ArmInput(
                shared: try options.entries(), measure: measure, answering: try answerBudget.map { try Budget(parsing: $0) },
                isBudgetGiven: budget != nil)
            if let unit = input.answering?.unit, unit == .steps || unit == .seconds {
                throw CoreError.invalid("An answer's budget is in calls, tokens or flops, not in \(unit.rawValue)")
            }
            let worlds = try ComparedWorlds(arms, Variations(parsing: vary), input: input, seed: firstSeed)
            let improving = try budget.map { try Budget(parsing: $0) }
            let folder = out ?? Self.freshPath()
            let work = CellWork(cells, terminal: output.terminal)
            // Whatever is refused is refused before a folder is made.
            let comparisons = try worlds.parts.map { part in
                try Comparison(
                    part.design(improving: improving, answering: input.answering, seeds: (0..<UInt64(seeds)).map { firstSeed + $0 }),
                    pool: work.pool(in: folder))
            }
            let results: [ComparisonOutcome]? = try await work.conduct(in: folder) {
                var results: [ComparisonOutcome] = []
                for comparison in comparisons {
                    guard let result = try await comparison.result() else { return nil }
                    results.append(result)
                }
                return results
            }
            guard let results else {
                output.terminal.say("Stopped", "what is finished is kept; the same command with --out \(folder) goes on", .yellow)
                throw Exit.interrupted
            }
            try SealedFile(folder + "/comparison.json").write(try worlds.json(results))
            try SealedFile.write(text: worlds.page(results), to: folder + "/report.html")
            if output.json {
                printResult(try worlds.json(results, efforts: true).setting(["report"], to: .string(folder + "/report.html")).canonical)
            } else {
                for line in worlds.lines(results, terminal: output.terminal) { printResult(line) }
                printResult("report   \(folder)/report.html")
            }
        }
    }

    private static func freshPath() -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "comparisons/\(number)") { number += 1 }
        return "comparisons/\(number)"
    }
}
