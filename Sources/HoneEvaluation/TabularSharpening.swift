import HoneCore
import HoneNumerics

/// How many sample-and-evaluate queries a form of sharpening needs on random tables, by their coverage.
///
/// A table stands for `prompts` base policies with one coverage. Measured for each table and coverage C is “queries at C”: the smallest
/// m = prompts · N at which `share` of the prompts are sharpened. A prompt that needs more than `limit` · C queries counts as that many. “rank
/// correlation” is Spearman's between C and m over a table's coverages, and “coverage at C” the coverage estimated from the tables.
public struct TabularSharpening: Measure {
    public static let card = PartCard(
        name: "tabular-sharpening", summary: "queries until a form of sharpening is exact on most of many random tables",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, definitions 3.1 and 3.2, theorems 4.1 to 4.3")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// What is measured.
        public var form = SharpeningForm.sft
        /// Prompts in a table.
        public var prompts = 200
        /// Answers to a prompt; must be larger than every coverage.
        public var answers = 128
        /// The coverages, 1/π_base(y*).
        public var coverages: [Double] = [5, 20, 80]
        /// How much likelier than all others the likeliest answer is, as a share.
        public var margin = 0.1
        /// A prompt is sharpened when its likeliest answer has probability 1 − delta or more.
        public var delta = 0.5
        /// The share of prompts that must be sharpened.
        public var share = 0.9
        /// The strength of the tie to the base; 0 takes that of theorem 4.3.
        public var beta = 0.0
        /// How many tables of each coverage.
        public var tables = 5
        /// The most queries of a prompt, in units of the coverage.
        public var limit = 50

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings

    /// The measure; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        let counts = [settings.prompts, settings.answers, settings.tables, settings.limit]
        guard counts.allSatisfy({ $0 >= 1 }), !settings.coverages.isEmpty else {
            throw CoreError.invalid("Tables need prompts, answers, coverages, tables and a limit of 1 or more each")
        }
        guard settings.delta > 0, settings.delta < 1, settings.share > 0, settings.share <= 1, settings.beta >= 0 else {
            throw CoreError.invalid(
                "“delta” is \(settings.delta), “share” \(settings.share) and “beta” \(settings.beta); expected 0 < delta < 1, 0 < share ≤ 1 and beta of 0 or more")
        }
        for coverage in settings.coverages {
            _ = try SharpeningTable(answers: settings.answers, coverage: coverage, margin: settings.margin, seed: Seed(0))
        }
        self.settings = settings
    }

    /// β as it is used.
    public var beta: Double {
        settings.beta > 0 ? settings.beta : SharpeningTable.beta(answers: settings.answers, margin: settings.margin, delta: settings.delta)
    }

    /// A coverage as it stands in names: 80, or 2.5.
    public static func spelled(_ coverage: Double) -> String {
        coverage == coverage.rounded() && coverage < 1e9 ? String(Int(coverage)) : String(coverage)
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        for (name, values) in try values(seed: scope.seed) {
            let unit = name == "rank correlation" ? "−1 to 1" : name.hasPrefix("coverage") ? "1/share" : "queries"
            found.add(name, unit: unit, values.sorted { $0.key < $1.key }.map { ($0.key, [$0.value]) })
        }
        return found
    }

    /// The values of each measure by table.
    public func values(seed: Seed) throws -> [String: [String: Double]] {
        var found: [String: [String: Double]] = [:]
        for number in 0..<settings.tables {
            let name = "table \(number)"
            let own = seed.child("table", number)
            var needed: [Double] = []
            for (place, coverage) in settings.coverages.enumerated() {
                let tables = try (0..<settings.prompts).map { prompt in
                    try SharpeningTable(
                        answers: settings.answers, coverage: coverage, margin: settings.margin,
                        seed: own.child("coverage", place).child("prompt", prompt))
                }
                let limit = max(1, Int(coverage * Double(settings.limit)))
                let counts = tables.enumerated().map { prompt, table in
                    table.queries(
                        of: settings.form, beta: beta, delta: settings.delta, limit: limit,
                        seed: own.child("draws", place).child("prompt", prompt)) ?? limit
                }.sorted()
                let rank = max(1, Int((settings.share * Double(counts.count)).rounded(.up)))
                let queries = Double(counts[rank - 1] * settings.prompts)
                needed.append(queries)
                let at = Self.spelled(coverage)
                found["queries at \(at)", default: [:]][name] = queries
                found["coverage at \(at)", default: [:]][name] = SharpeningTable.coverage(tables)
                if let exact = SharpeningTable.drawsNeeded(tables, share: settings.share, limit: limit) {
                    found["best-of-N queries at \(at)", default: [:]][name] = Double(exact * settings.prompts)
                }
            }
            if let correlation = RankCorrelation.spearman(settings.coverages, needed) { found["rank correlation", default: [:]][name] = correlation }
        }
        return found
    }
}
