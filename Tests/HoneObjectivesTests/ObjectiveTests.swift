import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import HoneTestSupport
import Testing

/// Every way an objective of the catalogue can be set that changes its formula.
private func variants() throws -> [(String, any Objective, Bool)] {
    var list: [(String, any Objective, Bool)] = []
    for entry in try ObjectiveCatalog.entries() {
        let objective = try entry.make(entry.defaults)
        // These hold on to the sampler, or imitate, whatever the advantages are.
        let isAnchored = ["awr", "kimi-mirror-descent", "mdpo"].contains(entry.card.name)
        let isPure = objective.takes.advantages && objective.needs.isEmpty && objective.reads == [.logProbs] && !isAnchored
        list.append((entry.card.name, objective, isPure))
    }
    for normaliser in GroupPolicyGradient.Normaliser.allCases {
        var settings = GroupPolicyGradient.Settings()
        settings.normaliser = normaliser
        settings.clipHigh = 0.28
        list.append(("grpo \(normaliser)", GroupPolicyGradient(settings), true))
        settings.beta = 0.1
        list.append(("grpo \(normaliser) with a penalty", GroupPolicyGradient(settings), false))
    }
    var bonus = Reinforce.Settings()
    bonus.entropyBonus = 0.01
    list.append(("reinforce with a bonus", Reinforce(bonus), false))
    var sequences = CrossEntropy.Settings()
    sequences.reduction = .sequenceMean
    list.append(("cross-entropy by rows", CrossEntropy(sequences), false))
    return list
}

/// Not serialised: the variants do not touch each other, and the checker is the longest test of the suite.
@Suite("Objectives of the catalogue")
struct CatalogueTests {
    @Test("every objective in every variant keeps the promises that the checker knows", arguments: try variants().indices)
    func catalogue(index: Int) throws {
        let (name, objective, followsAdvantages) = try variants()[index]
        let broken = try checkObjective(objective, seed: Seed(11), batches: 500, followsAdvantages: followsAdvantages)
        #expect(broken.isEmpty, "\(name): \(broken.joined(separator: "; "))")
    }
}

@Suite("Objectives", .serialized)
struct ObjectiveTests {

    @Test("the checker notices a wrong sign, a lost mask, a normaliser of the micro-batch and an unchecked shape")
    func checkerCanFail() throws {
        for flaw in Flawed.Flaw.allCases {
            let broken = try checkObjective(Flawed(flaw: flaw), seed: Seed(5), batches: 40)
            #expect(!broken.isEmpty, "\(flaw) went unnoticed")
        }
    }

    @Test("cards name the formula and the normaliser of every objective")
    func cards() throws {
        let entries = try ObjectiveCatalog.entries()
        #expect(Set(entries.map(\.card.name)).count == entries.count)
        for entry in entries {
            #expect(!entry.formula.formula.isEmpty && !entry.formula.normaliser.isEmpty && !entry.card.source.isEmpty)
        }
    }

    @Test("an unknown objective is answered with the nearest name, and the field's own names are understood")
    func names() throws {
        #expect(try ObjectiveCatalog.entry("sft").card.name == "cross-entropy")
        let error = #expect(throws: CoreError.self) { try ObjectiveCatalog.entry("grppo") }
        #expect("\(try #require(error))".contains("“grpo”"))
    }
}

/// Cross-entropy with one mistake.
private struct Flawed: Objective {
    enum Flaw: CaseIterable { case maskedByProduct, ownNormaliser, detachedPart, broadcasting, notFinite }
    static let card = PartCard(name: "flawed")
    static let formula = ObjectiveCard(formula: "", normaliser: "", reduction: "")
    var flaw: Flaw
    var takes: RowNeeds { RowNeeds() }
    var reads: Set<Quantity> { [.logProbs] }

    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { ["tokens": try inputs.mask.sum().item()] }

    func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        guard let raw = inputs.reads[.logProbs] else { throw TensorError("expected log-probabilities") }
        if flaw != .broadcasting {
            try raw.expect(inputs.mask.shape, "log-probabilities")
            try inputs.weights.expect(inputs.mask.shape, "weights")
            guard inputs.mask.rank == 2 else { throw TensorError("expected rank 2") }
        }
        let isMasked = try inputs.mask.isEqual(to: 0)
        let logProbs = flaw == .maskedByProduct ? try raw * inputs.mask : try raw.maskedFill(isMasked, 0)
        let own = try inputs.mask.sum().item()
        var count = flaw == .ownNormaliser ? own : inputs.totals["tokens"] ?? 0
        if flaw != .notFinite { count = max(1, count) }
        let terms = flaw == .detachedPart ? try logProbs + logProbs.detach() * logProbs : logProbs
        return Loss(total: try terms.sum() * (-1 / count) + (flaw == .notFinite && own == 0 ? .nan : 0))
    }
}
