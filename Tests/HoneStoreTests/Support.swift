import Foundation
import HoneCore
import HoneStore
import Testing

/// A run folder of its own in the temporary folder, deleted with it.
final class Scratch: Sendable {
    let path: String
    let run: RunFolder

    init(settings: JSONValue = .object(["a": .integer(1), "evaluation": .object(["every": .integer(5)])]), seed: UInt64 = 7) throws {
        path = NSTemporaryDirectory() + "/hone-store-\(UUID().uuidString)"
        let manifest = RunManifest(
            recipe: "grpo", settings: settings, seed: seed, versions: ["hone": "0"], machine: ["cores": "2"],
            created: "2026-01-01T00:00:00Z")
        run = try RunFolder.create(at: path, manifest)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var checkpoints: String { path + "/checkpoints" }
    var names: [String] { Scratch.names(in: checkpoints) }

    static func names(in folder: String) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    /// All files below the folder, by their path in it.
    var files: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }
}

/// A group with four plays of one sum, with numbers that decimals do not hold exactly.
func group(_ name: String, reward: Double = 1, iteration: Int = 0, seed: UInt64 = 1) -> EpisodeGroup {
    var generator = Seed(seed).generator
    let prompt = Segment(origin: .prompt, content: .tokens([7, 12, 9, 15], text: "5+7="))
    let episodes = (0..<4).map { sample in
        let count = generator.integer(in: 1...9)
        let tokens = (0..<count).map { _ in TokenID(generator.integer(in: 0...200_000)) }
        let numbers = (0..<count).map { _ in -Float(generator.integer(in: 0...1_000_000)) / 777_777 }
        let answer = Segment(
            origin: .model("policy", update: iteration), author: .solver, content: .tokens(tokens, text: "answer \(sample)"),
            samplerLogProbs: numbers, entropies: numbers.map { -$0 }, isTrained: true)
        return Episode(
            id: "improve/iteration \(iteration)/\(name)/sample \(sample)",
            steps: [Step(role: .solver, context: [prompt], move: Move(segments: [answer]))], returns: [.solver: reward], ending: .completed)
    }
    return EpisodeGroup(
        assignment: Assignment(problem: Problem(id: name, world: "arithmetic", text: "5+7=", answer: "12"), samples: 4), episodes: episodes,
        verdicts: [Verdict(on: .role(0, .solver), kind: .worldReturn, value: reward)])
}

func record(_ index: Int, reward: Double = 1, groups: Int = 3, measures: [MeasureRecord] = []) -> IterationRecord {
    IterationRecord(
        index: index, stage: "improve", indexInStage: index,
        groups: (0..<groups).map { group("problem \($0)", reward: reward, iteration: index, seed: UInt64(index * 100 + $0)) },
        updates: ["loss": 0.25, "rows": Double(index)], training: ["reward": estimate(reward)], measures: measures,
        decisions: ["learned: proceed"], seconds: 3)
}

func estimate(_ mean: Double) -> Estimate { Estimate(mean: mean, low: mean - 0.1, high: mean + 0.1, count: 10, unit: "share") }

func measure(_ name: String, _ mean: Double) -> MeasureRecord { MeasureRecord(name: name, estimate: estimate(mean), cost: Cost()) }

/// A checkpoint whose bytes follow from its number.
func checkpoint(_ iteration: Int, salt: Int = 0, bytes: Int = 4000) -> Checkpoint {
    let weights = Data((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ iteration &+ salt) })
    return Checkpoint(
        iteration: iteration, files: ["model-policy-weights.safetensors": weights, "state.json": Data("{\"index\":\(iteration),\"salt\":\(salt)}".utf8)])
}

/// The sentence of a store error; a test fails when there is none or another kind of error.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        Issue.record("nothing was refused")
    } catch let error as StoreError { return error.description } catch { Issue.record("no sentence of the store: \(error)") }
    return ""
}
