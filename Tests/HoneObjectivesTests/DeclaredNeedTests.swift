import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// Objectives that learn from pairs, by name.
private func paired() throws -> [String] {
    try ObjectiveCatalog.entries().filter { try $0.make($0.defaults).takes.pairs }.map(\.card.name)
}

@Suite("What objectives do not declare, they do not look at", .serialized)
struct DeclaredNeedTests {
    @Test("groups change nothing for objectives that do not want them whole: their rows may lie in different micro-batches")
    func groups() throws {
        for entry in try ObjectiveCatalog.entries() where !(try entry.make(entry.defaults).takes.wholeGroups) {
            let line = try AnyLine(entry.card.name, seed: 30)
            var regrouped = line
            for row in line.rows.indices { regrouped.rows[row]["groups"] = .integer((row * 5) % 4) }
            let (plain, other) = (try line.result(), try regrouped.result())
            #expect(other.isClose(to: plain, 0) && other.metrics == plain.metrics, "\(entry.card.name)")
        }
    }

    @Test("tokens change nothing but for heads of one output per token of the vocabulary")
    func tokens() throws {
        for entry in try ObjectiveCatalog.entries() {
            let objective = try entry.make(entry.defaults)
            let line = try AnyLine(entry.card.name, seed: 31)
            let (plain, other) = (try line.result(), try line.changing("tokens") { 3 - $0 }.result())
            let choosesActions = objective.heads.contains { $0.outputs == .vocabulary }
            #expect(other.isClose(to: plain, 0) != choosesActions, "\(entry.card.name)")
        }
    }

    @Test("what the rows carry beside what is declared is not read")
    func extras() throws {
        for entry in try ObjectiveCatalog.entries() {
            let takes = try entry.make(entry.defaults).takes
            let line = try AnyLine(entry.card.name, seed: 32)
            var more = line
            for row in line.rows.indices {
                if !takes.advantages { more.rows[row]["advantages"] = .number(Double(row) - 2) }
                if !takes.samplerLogProbs, takes.scalars["reward"] == nil, !takes.advantages { more.rows[row]["rewards"] = .integer(row) }
                if takes.scalars["label"] == nil { more.rows[row]["labels"] = .integer(row % 2) }
                for name in ["unheard", "returns", "turn", "grade"] where line.rows[row]["scores.\(name)"] == nil { more.rows[row]["scores.\(name)"] = .integer(row) }
                if !takes.samplerLogProbs { more.rows[row]["samplerLogProbs"] = line.rows[row]["weights"] }
            }
            let (plain, other) = (try line.result(), try more.result())
            #expect(other.isClose(to: plain, 0) && other.metrics == plain.metrics, "\(entry.card.name)")
        }
    }

    @Test("a pair of weight 3 counts like three pairs, one of weight 0 like none")
    func weights() throws {
        for name in try paired() {
            // No verdicts: these judge all pairs of their group, whatever they weigh.
            var heavy = try AnyLine(name, seed: 33).changing("scores.isVerdict") { _ in 0 }
            for index in heavy.pairs.indices { heavy.pairs[index].weight = 1 }
            var (thrice, zero, absent) = (heavy, heavy, heavy)
            heavy.pairs[0].weight = 3
            thrice.pairs += [heavy.pairs[0], heavy.pairs[0]]
            for place in [0, 3, 4] { thrice.pairs[place].weight = 1 }
            zero.pairs[1].weight = 0
            absent.pairs.remove(at: 1)
            #expect(try heavy.result().isClose(to: thrice.result()), "\(name): weight 3")
            #expect(try zero.result().isClose(to: absent.result()), "\(name): weight 0")
        }
    }

    @Test("the loss of several pairs is the weighted mean of the losses of each, with its gradients")
    func mixtures() throws {
        // Verdicts are pairs as well, and kept or graded rows count beside pairs: these are no plain means.
        for name in try paired() where !["scir", "c3po", "spo-degree"].contains(name) {
            let line = try AnyLine(name, seed: 34)
            let whole = try line.result()
            let total = line.pairs.reduce(0) { $0 + $1.weight }
            var (loss, gradient) = (0.0, [Double](repeating: 0, count: whole.gradient.count))
            for pair in line.pairs {
                var alone = line
                alone.pairs = [pair]
                let own = try alone.result()
                loss += pair.weight / total * own.loss
                for (place, value) in own.gradient.enumerated() { gradient[place] += pair.weight / total * value }
            }
            #expect(areClose([whole.loss], [loss], 1e-10) && areClose(whole.gradient, gradient, 1e-10), "\(name): \(whole.loss), not \(loss)")
        }
    }

    @Test("labels of known strength: a pair turned round with 1 − p says the same, elsewhere turning it round changes sides")
    func turned() throws {
        func turned(_ line: AnyLine) -> AnyLine {
            var copy = line
            for (index, pair) in line.pairs.enumerated() {
                (copy.pairs[index].chosen, copy.pairs[index].rejected) = (pair.rejected, pair.chosen)
                copy.pairs[index].probability = 1 - pair.probability
                copy.pairs[index].margin = -pair.margin
            }
            return copy
        }
        let soft: [(String, [String: Setting])] = [
            ("osp", ["least": 0]), ("osp", ["least": 0.3]), ("self-reference", [:]), ("outcome-reward-pairs", ["usesProbability": true, "marginFactor": 0.5, "focus": 1]),
            ("dno", [:]), ("scir", [:]), ("reward-regression", [:]),
        ]
        for (name, settings) in soft {
            let line = try AnyLine(name, settings, seed: 35).changing("scores.isVerdict") { _ in 0 }
            let (plain, other) = (try line.result(), try turned(line).result())
            #expect(other.isClose(to: plain), "\(name): \(plain.loss), then \(other.loss)")
            // SCIR's own decision is reported the other way round as well.
            #expect(areClose([other.metrics["margin"] ?? .nan], [-(plain.metrics["margin"] ?? .nan)], 1e-10), "\(name)")
        }
        for name in ["dpo", "ipo", "hinge-dpo", "cdpo", "simpo", "orpo", "spin", "step-apo"] {
            let line = try AnyLine(name, seed: 35)
            #expect(!areClose([try turned(line).result().loss], [try line.result().loss], 1e-6), "\(name) does not care who is preferred")
        }
    }
}
