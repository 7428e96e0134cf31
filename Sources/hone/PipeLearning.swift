import Foundation
import HoneCore
import HoneCredit
import HoneJudges
import HoneModel
import HoneObjectives
import HoneTensor
import HoneText

/// An objective over a pipe: its value and gradient on given log-probabilities, in float64.
struct LossPort: Port {
    let entry: ObjectiveCatalog.Entry
    init(objective: String) throws { entry = try ObjectiveCatalog.entry(objective) }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let overrides = ShowCommand.flat(line["settings"] ?? .object([:]), "").filter { !$0.0.isEmpty }.map {
            SettingsOverlay.Entry(path: $0.0.split(separator: ".").map(String.init), value: $0.1, place: "settings")
        }
        let objective = try entry.make(try SettingsOverlay(defaults: entry.defaults).resolve(overrides))
        guard let logProbs = try line.table("logProbs"), let first = logProbs.first else {
            throw CoreError.invalid("The line needs “logProbs”, a list of rows of numbers")
        }
        let (rows, columns) = (logProbs.count, first.count)
        func checked(_ key: String, _ table: [[Double]]) throws -> Tensor {
            guard table.count == rows, table.allSatisfy({ $0.count == columns }) else {
                throw CoreError.invalid("“\(key)” should have \(rows) rows of \(columns) numbers, as “logProbs” has")
            }
            return try Tensor(table.flatMap { $0 }, shape: [rows, columns])
        }
        let mask = try line.table("mask") ?? logProbs.map { $0.map { _ in 1 } }
        let maskTensor = try checked("mask", mask)
        var advantages: Tensor?
        if let value = line["advantages"]?.elements {
            if value.first?.elements != nil {
                advantages = try checked("advantages", try line.table("advantages") ?? [])
            } else {
                let perRow = value.compactMap(\.double)
                guard perRow.count == rows else { throw CoreError.invalid("“advantages” should have \(rows) numbers or rows") }
                advantages = try checked("advantages", perRow.map { [Double](repeating: $0, count: columns) })
            }
        } else if let rewards = line["rewards"]?.elements?.compactMap(\.double), rewards.count == rows {
            advantages = try checked("advantages", Self.advantages(rewards, line["groups"]?.elements?.compactMap(\.int)).map { [Double](repeating: $0, count: columns) })
        }
        let leaf = try checked("logProbs", logProbs)
        try leaf.requireGradient()
        var scores: [Score: Tensor] = [:]
        for need in objective.needs {
            guard let table = try line.table("referenceLogProbs") else { throw CoreError.invalid("This objective needs “referenceLogProbs”") }
            scores[need] = try checked("referenceLogProbs", table)
        }
        var reads: [Quantity: Tensor] = [.logProbs: leaf]
        if objective.reads.contains(.entropies) {
            guard let table = try line["scores"]?.table("entropies") ?? line.table("entropies") else {
                throw CoreError.invalid("This objective needs “scores”: {“entropies”: …}")
            }
            reads[.entropies] = try checked("entropies", table)
        }
        let weights = try line.table("weights").map { try checked("weights", $0) } ?? Tensor.full([rows, columns], 1, type: .float64)
        func inputs(_ reads: [Quantity: Tensor], _ totals: [String: Double]) throws -> LossInputs {
            LossInputs(
                examples: [], mask: maskTensor, weights: weights, advantages: advantages,
                samplerLogProbs: try line.table("samplerLogProbs").map { try checked("samplerLogProbs", $0) }, scores: scores,
                reads: reads, totals: totals)
        }
        let totals = try objective.totals(of: try inputs(objective.totalsReadModel ? reads : [:], [:]))
        let loss = try objective.loss(try inputs(reads, totals))
        if loss.total.requiresGradient { try loss.total.backward() }
        let gradient = try leaf.gradient()?.doubles() ?? [Double](repeating: 0, count: rows * columns)
        return [
            .object([
                "loss": .number(try loss.total.item()),
                "gradient": .array((0..<rows).map { row in .array(gradient[(row * columns)..<((row + 1) * columns)].map { .number($0) }) }),
                "metrics": .object(loss.metrics.mapValues { .number($0.mean) }),
            ])
        ]
    }

    private static func advantages(_ rewards: [Double], _ groups: [Int]?) -> [Double] {
        let groups = groups.flatMap { $0.count == rewards.count ? $0 : nil } ?? rewards.map { _ in 0 }
        var result = rewards
        for group in Set(groups) {
            let members = groups.indices.filter { groups[$0] == group }
            let own = GroupRelative.advantages(members.map { rewards[$0] }, normaliseByStd: true, epsilon: 1e-4)
            for (place, index) in members.enumerated() { result[index] = own[place] }
        }
        return result
    }
}

/// A judge over a pipe, on responses to one problem.
struct JudgePort: Port {
    let judge: String
    init(judge: String) throws {
        _ = try JudgeCatalog.make(judge)
        self.judge = judge
    }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        guard judge == "answer" else {
            throw CoreError.unsupported("Over a pipe, “\(judge)” has no world to ask; `answer` judges responses to a problem with an answer")
        }
        let problem = line["problem"]
        let gold = problem?["answer"]?.text ?? line["gold"]?.text
        guard let gold else { throw CoreError.invalid("The line needs “problem” with an “answer”") }
        guard let responses = line["responses"]?.elements?.compactMap(\.text) else {
            throw CoreError.invalid("The line needs “responses”, a list of texts")
        }
        let checker = AnswerChecker()
        let verdicts = responses.enumerated().map { index, response in
            let verdict = checker.check(gold: gold, response: response, problem: problem?["prompt"]?.text ?? problem?.text)
            return JSONValue.object([
                "on": .string("episode \(index)"), "kind": .string("correct"), "value": .integer(verdict.correct ? 1 : 0),
                "critique": .string(verdict.reason),
            ])
        }
        return [.object(["verdicts": .array(verdicts)])]
    }
}
