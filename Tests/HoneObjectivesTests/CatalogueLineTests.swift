import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// All names of the catalogue.
private func names() throws -> [String] { try ObjectiveCatalog.entries().map(\.card.name) }

/// Settings without which a law is only met nearly: SPEAR rounds how many tokens it leaves out.
private func settings(_ name: String) -> [String: Setting] { name == "spear" ? ["covarianceShare": 0] : [:] }

@Suite("What holds for every objective at the port", .serialized)
struct CatalogueLineTests {
    @Test("the order of rows, and of pairs, changes no loss and moves the gradients along")
    func order() throws {
        let order = [3, 0, 5, 2, 4, 1]
        for name in try names() {
            let line = try AnyLine(name, seed: 1)
            let (plain, moved) = (try line.result(), try line.permuted(order).result())
            var back = moved
            for (key, rows) in moved.gradients {
                for (place, row) in order.enumerated() { back.gradients[key]?[row] = rows[place] }
            }
            #expect(back.isClose(to: plain), "\(name): \(plain.loss), then \(moved.loss)")
            for (metric, value) in plain.metrics {
                #expect(areClose([moved.metrics[metric] ?? .nan], [value], 1e-10), "\(name), \(metric)")
            }
            #expect(plain.gradients.values.joined().joined().contains { $0 != 0 }, "\(name) teaches nothing here")
        }
    }

    @Test("a batch twice over costs what it costs once, and each row has half its gradient")
    func twice() throws {
        for name in try names() {
            let line = try AnyLine(name, settings(name), seed: 2)
            let (once, twice) = (try line.result(), try line.doubled().result())
            #expect(areClose([twice.loss], [once.loss], 1e-10), "\(name): \(once.loss), then \(twice.loss)")
            for (key, rows) in once.gradients {
                let halves = rows.map { $0.map { $0 / 2 } }
                let found = twice.gradients[key] ?? []
                #expect(areClose(found.flatMap { $0 }, (halves + halves).flatMap { $0 }, 1e-10), "\(name), \(key)")
            }
            for (metric, value) in once.metrics { #expect(areClose([twice.metrics[metric] ?? .nan], [value], 1e-10), "\(name), \(metric)") }
        }
    }

    @Test("an empty row more, with whatever numbers, changes neither loss nor gradients nor metrics")
    func emptyRow() throws {
        for name in try names() {
            let line = try AnyLine(name, seed: 3)
            var longer = line
            var empty = try AnyLine(name, seed: 4).rows[0]
            empty["mask"] = .array([JSONValue](repeating: .integer(0), count: 3))
            // In a group that others are in, where a group's numbers could be drawn off.
            empty["groups"] = .integer(1)
            longer.rows.append(empty)
            let (plain, other) = (try line.result(), try longer.result())
            #expect(areClose([other.loss], [plain.loss], 1e-12), "\(name): \(plain.loss), then \(other.loss)")
            for (key, rows) in plain.gradients {
                let found = other.gradients[key] ?? []
                #expect(areClose(found.dropLast().flatMap { $0 }, rows.flatMap { $0 }), "\(name), \(key)")
                #expect(found.last?.allSatisfy { $0 == 0 } == true, "\(name), \(key): the empty row has a gradient")
            }
            for (metric, value) in plain.metrics { #expect(areClose([other.metrics[metric] ?? .nan], [value]), "\(name), \(metric)") }
        }
    }

    @Test("rows that no pair names add nothing, but for objectives that learn from single rows as well")
    func unpaired() throws {
        for entry in try ObjectiveCatalog.entries() where try entry.make(entry.defaults).takes.pairs {
            let name = entry.card.name
            var line = try AnyLine(name, seed: 5)
            // Row 5 is in no pair.
            let with = try line.result()
            line.rows.removeLast()
            let without = try line.result()
            let learnsRows = ["c3po", "spo-degree"].contains(name)
            #expect(learnsRows || areClose([with.loss], [without.loss]), "\(name): \(with.loss), then \(without.loss)")
            #expect(learnsRows || with.gradients.values.allSatisfy { $0[5].allSatisfy { $0 == 0 } }, "\(name)")
        }
    }

    @Test("every reported number is explained by the card, and every explained one is reported unless a setting takes it away")
    func metrics() throws {
        for entry in try ObjectiveCatalog.entries() {
            // Some batches have no pair that counts, or no answer.
            let found = try (0..<8).reduce(into: Set<String>()) { $0.formUnion(try AnyLine(entry.card.name, seed: $1).result().metrics.keys) }
            let known = entry.formula.metrics
            // “squaredError1 …; likewise squaredError2, …” stands for all of them.
            let series = known.keys.filter { $0.last?.isNumber == true }.map { String($0.dropLast()) }
            for name in found where known[name] == nil {
                #expect(name.last?.isNumber == true && series.contains { name.hasPrefix($0) }, "\(entry.card.name) does not explain \(name)")
            }
            // Ratios need a sampler, penalties a factor: what is off is not reported.
            let objective = try entry.make(entry.defaults)
            for (name, words) in known where !found.contains(name) {
                let isOff = words.contains("only with") || !objective.takes.samplerLogProbs && ["ratio", "clipFraction"].contains(name)
                #expect(isOff || name == "kl" && objective.needs.isEmpty, "\(entry.card.name) never reports \(name)")
            }
        }
    }

    @Test("weights of all tokens doubled: weighted means stay, sums of advantages double")
    func weights() throws {
        for entry in try ObjectiveCatalog.entries() {
            let name = entry.card.name
            let line = try AnyLine(name, settings(name), seed: 7)
            let (plain, heavy) = (try line.result(), try line.changing("weights") { 2 * $0 }.result())
            let objective = try entry.make(entry.defaults)
            if objective is any TokenObjective || ["mistake-tuning", "contrastive-rationale", "process-reward-ranking"].contains(name) {
                #expect(heavy.isClose(to: plain), "\(name): \(plain.loss), then \(heavy.loss)")
            } else if objective is any SurrogateObjective || ["awr", "ppo", "nft"].contains(name) {
                #expect(areClose([heavy.loss], [2 * plain.loss], 1e-10) && areClose(heavy.gradient, plain.gradient.map { 2 * $0 }, 1e-10), "\(name)")
            }
        }
    }

    @Test("advantages of twice the size: twice the gradient where the formula is linear, also through a clip")
    func advantages() throws {
        for entry in try ObjectiveCatalog.entries() {
            let (name, objective) = (entry.card.name, try entry.make(entry.defaults))
            // Penalties, entropies and anchors do not grow along; whitening takes the size away.
            let isLinear = objective.takes.advantages && objective.needs.isEmpty && objective.reads == [.logProbs]
            guard isLinear, !["awr", "kimi-mirror-descent", "mdpo", "reinforce++", "critique-grpo"].contains(name) else { continue }
            for factor in [2.0, 0.25] {
                let line = try AnyLine(name, settings(name), seed: 8)
                let (plain, other) = (try line.result(), try line.changing("advantages") { factor * $0 }.result())
                #expect(areClose(other.gradient, plain.gradient.map { factor * $0 }, 1e-10), "\(name)")
            }
        }
    }

    @Test("where log-ratios are all that counts, log-probabilities of both models may be shifted together")
    func shifts() throws {
        let byRatio = [
            "grpo", "dapo", "dr-grpo", "gspo", "dual-clip", "mdpo", "spiral", "kimi-mirror-descent", "nft", "sampled-distillation", "dpo", "ipo", "cdpo",
            "robust-dpo", "osp", "exo", "hinge-dpo", "step-apo", "spin", "inpo", "dno", "agent-q", "ln-dpo", "kto", "sppo",
            "kl-penalty",
        ]
        for name in byRatio {
            let line = try AnyLine(name, seed: 9)
            let shifted = line.changing("logProbs", "samplerLogProbs", "referenceLogProbs", "scores.reference2") { $0 - 0.7 }
            let (plain, other) = (try line.result(), try shifted.result())
            #expect(other.isClose(to: plain), "\(name): \(plain.loss), then \(other.loss)")
        }
        for name in ["cross-entropy", "reinforce", "cpo", "rpo", "orpo", "cispo"] {
            let line = try AnyLine(name, seed: 9)
            let shifted = line.changing("logProbs", "samplerLogProbs", "referenceLogProbs") { $0 - 0.7 }
            let (plain, other) = (try line.result(), try shifted.result())
            #expect(!areClose([other.loss], [plain.loss], 1e-6), "\(name) looks at ratios only")
        }
    }

    @Test("the port takes each advantage per row or per token alike")
    func perRowOrToken() throws {
        for entry in try ObjectiveCatalog.entries() where try entry.make(entry.defaults).takes.advantages {
            let line = try AnyLine(entry.card.name, seed: 10)
            var spread = line
            for row in line.rows.indices {
                spread.rows[row]["advantages"] = .array([JSONValue](repeating: line.rows[row]["advantages"] ?? .null, count: 3))
            }
            #expect(try spread.result().isClose(to: try line.result(), 0), "\(entry.card.name)")
        }
    }
}
