import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

/// An objective that asks for and reads whatever it is told.
private struct Asking: Objective {
    static let card = PartCard(name: "asking")
    static let formula = ObjectiveCard(formula: "", normaliser: "", reduction: "")
    var reads: Set<Quantity>
    var needs: [Score] = []
    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { [:] }
    func loss(_ inputs: borrowing LossInputs) throws -> Loss { Loss(total: try inputs.mask.sum()) }
}

@Suite("Keys of the loss port")
struct LossKeyTests {
    @Test("what is differentiated has the port's keys; log-probabilities are always among them")
    func reads() {
        let keys = LossKeys(Asking(reads: [.entropies, .allLogProbs, .head("value"), .head("credit")])).reads
        #expect(keys == [
            "logProbs": .logProbs, "entropies": .entropies, "scores.distribution": .allLogProbs, "scores.values": .head("value"), "scores.credit": .head("credit"),
        ])
        #expect(LossKeys(Asking(reads: [])).reads == ["logProbs": .logProbs])
    }

    @Test("other models' scores: the first reference, further ones by number, distributions, target copies of heads")
    func scores() {
        let (a, b, c): (ModelRef, ModelRef, ModelRef) = ("a", "b", "c")
        let needs = [
            Score(.logProbs, by: a), Score(.allLogProbs, by: a), Score(.logProbs, by: b), Score(.head("value"), by: a), Score(.head("q"), by: a),
            Score(.logProbs, by: c), Score(.head("q"), by: b), Score(.allLogProbs, by: c), Score(.entropies, by: a),
        ]
        let expected = [
            "referenceLogProbs": needs[0], "scores.teacherDistribution": needs[1], "scores.reference2": needs[2], "scores.values.target": needs[3],
            "scores.q.target": needs[4], "scores.reference3": needs[5], "scores.q.target2": needs[6], "scores.teacherDistribution2": needs[7],
            "entropies.target": needs[8],
        ]
        #expect(LossKeys(Asking(reads: [], needs: needs)).scores == expected)
    }

    @Test("no two needs of an objective of the catalogue share a key, and each key is answered")
    func catalogue() throws {
        for entry in try ObjectiveCatalog.entries() {
            let objective = try entry.make(entry.defaults)
            let keys = LossKeys(objective)
            #expect(Set(keys.scores.values) == Set(objective.needs) && keys.scores.count == objective.needs.count, "\(entry.card.name)")
            #expect(Set(keys.reads.values) == objective.reads.union([.logProbs]), "\(entry.card.name)")
            #expect(Set(keys.reads.keys).isDisjoint(with: keys.scores.keys), "\(entry.card.name)")
        }
    }

    @Test("an answer has the shape of the question: id as given, a gradient for every row, others by their plain keys")
    func answers() throws {
        for entry in try ObjectiveCatalog.entries() {
            let name = entry.card.name
            var line = try AnyLine(name, seed: 20)
            // Rows of different lengths.
            for key in line.keys {
                if let places = line.rows[1][key]?.elements { line.rows[1][key] = .array(Array(places.prefix(1))) }
            }
            guard case .object(var members) = line.json() else { continue }
            for id in [JSONValue.integer(7), .string("seven"), .array([.null])] {
                members["id"] = id
                let answer = try LossPort(name).answerLoss(.object(members))
                #expect(answer["id"] == id && answer["loss"]?.double?.isFinite == true, "\(name)")
                #expect(answer["gradient"]?.elements?.map { $0.elements?.count } == [3, 1, 3, 3, 3, 3], "\(name)")
                let others = LossKeys(try entry.make(entry.defaults)).reads.keys.filter { $0 != "logProbs" }.map { $0.replacing("scores.", with: "") }
                guard case .object(let gradients)? = answer["gradients"] else {
                    #expect(others.isEmpty && answer["gradients"] == nil, "\(name)")
                    continue
                }
                #expect(Set(gradients.keys) == Set(others), "\(name)")
                for (key, gradient) in gradients { #expect(gradient.elements?.map { $0.elements?.count } == [3, 1, 3, 3, 3, 3], "\(name), \(key)") }
            }
            members["id"] = nil
            #expect(try LossPort(name).answerLoss(.object(members))["id"] == nil)
        }
    }

    @Test("the port asks twice and answers alike")
    func repeatable() throws {
        for entry in try ObjectiveCatalog.entries() {
            let line = try AnyLine(entry.card.name, seed: 21).json()
            let port = try LossPort(entry.card.name)
            #expect(try port.answerLoss(line) == port.answerLoss(line), "\(entry.card.name)")
        }
    }
}

@Suite("Entries of the catalogue")
struct CatalogueEntryTests {
    @Test("every synonym leads to an objective, and none hides one")
    func synonyms() throws {
        let names = Set(try ObjectiveCatalog.entries().map(\.card.name))
        for (synonym, name) in ObjectiveCatalog.synonyms {
            #expect(try names.contains(name) && !names.contains(synonym) && ObjectiveCatalog.entry(synonym).card.name == name, "\(synonym)")
        }
    }

    @Test("names are in order; cards have a source with a year or a plain origin, a reduction, and departures that are sentences")
    func cards() throws {
        let entries = try ObjectiveCatalog.entries()
        #expect(entries.map(\.card.name) == entries.map(\.card.name).sorted() && entries.count >= 77)
        for entry in entries {
            let (card, formula) = (entry.card, entry.formula)
            let hasYear = card.source.contains { $0.isNumber } || ["maximum likelihood", "weighted maximum likelihood"].contains(card.source)
            #expect(hasYear || card.source.hasPrefix("Monte-Carlo"), "\(card.name): \(card.source)")
            #expect(formula.formula.contains("L = ") && !formula.reduction.isEmpty && !card.summary.isEmpty, "\(card.name)")
            #expect(card.needs.contains(.training), "\(card.name) does not say that it trains")
            #expect(formula.departures.allSatisfy { $0.count > 20 && !$0.hasSuffix(".") }, "\(card.name): \(formula.departures)")
            #expect(Set(formula.departures).count == formula.departures.count, "\(card.name) departs twice in the same way")
        }
    }

    @Test("the card asks for pairs, log-probabilities and groups exactly where the rows must bring them")
    func traits() throws {
        for entry in try ObjectiveCatalog.entries() {
            let takes = try entry.make(entry.defaults).takes
            #expect(entry.card.needs.contains(.pairs) == takes.pairs, "\(entry.card.name)")
            if takes.samplerLogProbs { #expect(entry.card.needs.contains(.onPolicyLogProbs), "\(entry.card.name)") }
        }
    }

    @Test("what an objective asks of channels and rows has a meaning and a range with numbers in it")
    func needs() throws {
        for entry in try ObjectiveCatalog.entries() {
            let takes = try entry.make(entry.defaults).takes
            for (name, number) in takes.channels.merging(takes.scalars, uniquingKeysWith: { first, _ in first }) {
                #expect(number.meaning.count > 10 && number.low < number.high, "\(entry.card.name), \(name)")
                #expect(!number.isWhole || number.low == number.low.rounded() && number.high == number.high.rounded(), "\(entry.card.name), \(name)")
            }
        }
    }

    @Test("settings that lack a key or hold another kind are not made into an objective")
    func incomplete() throws {
        for entry in try ObjectiveCatalog.entries() {
            guard case .object(let members) = entry.defaults else { continue }
            for key in members.keys {
                var less = members
                less[key] = nil
                let isOptional = members[key] == .null
                #expect(isOptional || isRefused(entry, .object(less)), "\(entry.card.name) does without \(key)")
                less[key] = .array([.bool(true)])
                #expect(isRefused(entry, .object(less)), "\(entry.card.name) takes a list as \(key)")
            }
        }
    }

    private func isRefused(_ entry: ObjectiveCatalog.Entry, _ settings: JSONValue) -> Bool {
        do { _ = try entry.make(settings) } catch { return true }
        return false
    }
}

@Suite("The general policy gradient")
struct PolicySurrogateTests {
    private let reference: ModelRef = "anchor"

    @Test("a penalty without any factor is none; what is off is neither taken nor read nor asked for")
    func switches() {
        let none = PolicySurrogate(ratio: .none, penalty: .init(.k2, factor: 0, reference: reference))
        #expect(none.penalty == nil && none.needs.isEmpty && none.reads == [.logProbs] && none.takes == RowNeeds(advantages: true))
        let first = PolicySurrogate(ratio: .none, penalty: .init(.k2, factor: 0, firstTurn: 1, reference: reference))
        #expect(first.needs == [Score(.logProbs, by: reference)] && first.takes.channels.keys.sorted() == ["turn"] && !first.takes.samplerLogProbs)
        #expect(PolicySurrogate(entropyBonus: 0.1).reads == [.logProbs, .entropies])
    }

    @Test("the sampler is asked for by ratios, by the divergence from it, and by penalties that use it")
    func sampler() {
        for ratio in [PolicySurrogate.Ratio.token, .sequence, .sequencePerToken, .answer] { #expect(PolicySurrogate(ratio: ratio).takes.samplerLogProbs) }
        #expect(!PolicySurrogate(ratio: .none).takes.samplerLogProbs && PolicySurrogate(ratio: .none, proximity: 1).takes.samplerLogProbs)
        let inReturns = PolicySurrogate.Penalty(.k1, factor: 1, reference: reference, isInReturns: true)
        let weighted = PolicySurrogate.Penalty(.k1, isWeighted: true, factor: 1, reference: reference)
        #expect(PolicySurrogate(ratio: .none, penalty: inReturns).takes.samplerLogProbs && PolicySurrogate(ratio: .none, penalty: weighted).takes.samplerLogProbs)
    }

    @Test("settings of the named ones are those of the general one")
    func named() {
        #expect(Reinforce().surrogate == PolicySurrogate(ratio: .none, normaliser: .rowSum) && OPO().surrogate == Reinforce().surrogate)
        #expect(SPO().surrogate == Reinforce().surrogate && ReMax().surrogate == Reinforce().surrogate && RLOO().surrogate == Reinforce().surrogate)
        #expect(SPIRAL().surrogate == DrGRPO().surrogate && SSRZero().surrogate.penalty?.factor == 0.01)
        var dapo = DAPO.Settings()
        (dapo.clipLow, dapo.clipHigh) = (0.1, 0.3)
        #expect(DAPO(dapo).surrogate == PolicySurrogate(limit: .clip(low: 0.1, high: 0.3), normaliser: .tokenMean))
        var nash = RegularisedNash.Settings()
        nash.largestWeight = 3
        #expect(RegularisedNash(nash).surrogate.limit == .weight(low: 1, high: 2))
    }

    @Test("an objective made of settings holds them, and its defaults are those that `init()` makes")
    func settings() {
        var settings = GroupPolicyGradient.Settings()
        settings.beta = 0.5
        #expect(GroupPolicyGradient(settings).settings == settings && GroupPolicyGradient().settings == GroupPolicyGradient.Settings())
        #expect(PRefLexOR().settings == ORPO.Settings() && SPO().settings == NoSettings() && DPO(DPO.Settings()).settings == DPO().settings)
    }
}
