import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import HoneTestSupport
import Testing

/// A case of Tests/References/objectives_supervised.py.
private struct Reference: Decodable {
    var objective: String
    var line: JSONValue
    var loss: Double
    var gradients: [String: JSONValue]
    var metrics: [String: Double]
}

@Suite("Supervised, distillation and value objectives", .serialized)
struct SupervisedReferenceTests {
    @Test("losses, gradients and metrics equal the reference script's to ten digits")
    func references() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/objectives_supervised.json")
        let cases = try JSONDecoder().decode([Reference].self, from: try Data(contentsOf: url))
        var seen: Set<String> = []
        for (index, reference) in cases.enumerated() {
            seen.insert(reference.objective)
            let result = try LossPort(reference.objective).answerLoss(reference.line)
            let name = "case \(index) (\(reference.objective))"
            let loss = try #require(result["loss"]?.double)
            #expect(areClose([loss], [reference.loss], 1e-10), "\(name): \(loss), not \(reference.loss)")
            for (key, expected) in reference.gradients {
                let found = key == "logProbs" ? result["gradient"] : result["gradients"]?[key]
                #expect(areClose(flatNumbers(found), flatNumbers(expected), 1e-10), "\(name): gradient by \(key)")
            }
            for (key, value) in reference.metrics {
                let found = try #require(result["metrics"]?[key]?.double)
                #expect(areClose([found], [value], 1e-10), "\(name): \(key) is \(found), not \(value)")
            }
        }
        let own = try ObjectiveCatalog.entries().map(\.card.name).filter { SupervisedVariants.names.contains($0) }
        #expect(seen.isSuperset(of: own), "without a reference: \(Set(own).subtracting(seen).sorted())")
    }

    @Test("every setting that changes a formula keeps the checker's promises", arguments: SupervisedVariants.all)
    func variants(_ variant: SupervisedVariants.Variant) throws {
        let entry = try ObjectiveCatalog.entry(variant.objective)
        let overlay = SettingsOverlay(defaults: entry.defaults)
        let given = variant.settings.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(path: [$0.key], value: $0.value, place: "test")
        }
        let objective = try entry.make(try overlay.resolve(given))
        let broken = try checkObjective(objective, seed: Seed(23), batches: 80)
        #expect(broken.isEmpty, "\(variant): \(broken.joined(separator: "; "))")
    }
}

/// The settings that change what an objective computes.
enum SupervisedVariants {
    struct Variant: Sendable, CustomStringConvertible {
        var objective: String
        var settings: [String: JSONValue]
        var description: String { "\(objective) \(JSONValue.object(settings).canonical)" }
    }

    static let names = Set(all.map(\.objective))

    static let all: [Variant] = [
        .init(objective: "weighted-cross-entropy", settings: ["reduction": .string("sequenceMean")]),
        .init(objective: "kl-penalty", settings: ["estimator": .string("k1")]),
        .init(objective: "kl-penalty", settings: ["estimator": .string("k3"), "reduction": .string("sequenceMean")]),
        .init(objective: "forward-distillation", settings: ["temperature": .number(2)]),
        .init(objective: "reverse-distillation", settings: ["temperature": .number(0.5)]),
        .init(objective: "jensen-shannon-distillation", settings: ["beta": .number(0.1), "temperature": .number(1.5)]),
        .init(objective: "jensen-shannon-distillation", settings: ["beta": .number(0)]),
        .init(objective: "jensen-shannon-distillation", settings: ["beta": .number(1)]),
        .init(objective: "sampled-distillation", settings: ["reduction": .string("sequenceMean")]),
        .init(objective: "value-regression", settings: ["reduction": .string("sequenceMean")]),
        .init(objective: "rejection-sampling", settings: ["threshold": .number(-0.5), "keeps": .string("bestOfGroup")]),
        .init(objective: "rejection-sampling", settings: ["reduction": .string("sequenceMean")]),
        .init(objective: "negative-aware-tuning", settings: ["negativeWeight": .number(-0.2)]),
        .init(objective: "mistake-tuning", settings: ["reduction": .string("sequenceMean")]),
        .init(objective: "thought-mask", settings: ["consistencyWeight": .number(0.5), "confidenceWeight": .number(0.2)]),
        .init(objective: "contrastive-rationale", settings: ["negative": .string("nearest"), "margin": .number(2)]),
        .init(objective: "outcome-reward-binary", settings: ["isEverywhere": .bool(true)]),
        .init(objective: "process-reward-hard", settings: ["threshold": .number(0.5)]),
        .init(objective: "process-reward-soft", settings: ["isSquared": .bool(true)]),
        .init(objective: "process-reward-ranking", settings: ["margin": .number(1), "threshold": .number(0.4)]),
        .init(objective: "several-values", settings: ["count": .integer(4)]),
        .init(objective: "clipped-value", settings: ["clip": .number(0.5), "reduction": .string("sequenceMean")]),
        .init(objective: "expectile-value", settings: ["expectile": .number(0.95)]),
        .init(objective: "q-regression", settings: ["conservatism": .number(0.5)]),
        .init(objective: "cql", settings: ["conservatism": .number(0)]),
        .init(objective: "ilql", settings: ["isTwin": .bool(false), "imitation": .number(0.5), "temperature": .number(1)]),
        .init(objective: "outcome-reward-pairs", settings: ["usesProbability": .bool(true), "focus": .number(2)]),
        .init(objective: "outcome-reward-pairs", settings: ["marginFactor": .number(1), "centring": .number(0.1)]),
    ]
}
