import Foundation
import HoneCore
import HoneModel
import HoneTensor
import HoneText
import Testing

private func learn(_ model: ModelHost, _ seed: UInt64 = 1) async throws {
    _ = try await model.update(
        [Term(batch: TrainingBatch(examples: try rows(12)), objective: TestCrossEntropy())],
        with: OptimiserSettings(rate: .linear(from: 2e-3, to: 0, over: 20), weightDecay: 0.01), passes: 2, miniBatch: 5,
        seed: Seed(seed))
}

private let text = "abc 123"

@Test("a restored checkpoint goes on bit for bit, snapshots and adapters included", arguments: [false, true])
func checkpoint(withAdapters: Bool) async throws {
    let adapters = withAdapters ? AdapterSettings(rank: 4) : nil
    let model = try await host(adapters: adapters, heads: ["value"])
    try await model.snapshot("base")
    try await learn(model)
    let files = try await model.checkpointFiles()
    try await learn(model, 2)
    // A frozen base is not in the checkpoint, so the other model has the same one; what learns differs.
    let other = try await host(seed: withAdapters ? 7 : 1234, adapters: adapters, heads: ["value"])
    try await learn(other, 9)
    try await other.restore(files)
    #expect(try await other.checkpointFiles() == files)
    try await learn(other, 2)
    #expect(try await other.checkpointFiles() == (try await model.checkpointFiles()))
    let asked = request(text, seed: 4)
    #expect(try await other.complete([asked]) == (try await model.complete([asked])))
    let old = try await SnapshotModel(other, snapshot: "base").complete([asked])
    #expect(old == (try await SnapshotModel(model, snapshot: "base").complete([asked])))
    #expect(old[0].samples[0].segments[0].origin == .model(ModelRef("policy", snapshot: "base"), update: 0))
}

@Test("a checkpoint of another model changes nothing")
func wrongCheckpoint() async throws {
    let model = try await host()
    let before = try await model.checkpointFiles()
    var shape = ModelShape.small
    shape.layers = 1
    let wrong = try await host(shape).checkpointFiles()
    await #expect(throws: (any Error).self) { try await model.restore(wrong) }
    await #expect(throws: ModelError.self) { try await model.restore([:]) }
    #expect(try await model.checkpointFiles() == before)
}

@Test("samples come from the new weights after an update, and from a snapshot's on request")
func samplesFollowWeights() async throws {
    let model = try await host()
    let asked = request(text, Sampling(limit: 20), seed: 3)
    let first = try await model.complete([asked])[0]
    try await model.snapshot("before")
    for index in 0..<5 { try await learn(model, UInt64(index)) }
    let later = try await model.complete([asked])[0]
    #expect(later.samples[0].segments[0].samplerLogProbs != first.samples[0].segments[0].samplerLogProbs)
    let kept = try await SnapshotModel(model, snapshot: "before").complete([asked])[0]
    #expect(kept.samples[0].segments.tokens == first.samples[0].segments.tokens)
    try await model.returnTo(snapshot: "before")
    #expect(try await model.complete([asked])[0].samples[0].segments.tokens == first.samples[0].segments.tokens)
    await #expect(throws: CoreError.self) { _ = try await SnapshotModel(model, snapshot: "befor").complete([asked]) }
}

@Test("a moving average keeps its share")
func movingAverage() async throws {
    let model = try await host()
    let tokens = [try letters.encode(text)]
    try await model.snapshot("average")
    try await learn(model)
    let live = try await model.score([[.text(text, from: .prompt)]], .hidden(layer: 0))[0].values
    let base = try await SnapshotModel(model, snapshot: "average").score([[.text(text, from: .prompt)]], .hidden(layer: 0))[0].values
    try await model.apply(.blend("policy", into: ModelRef("policy", snapshot: "average"), keep: 0.75))
    let mixed = try await SnapshotModel(model, snapshot: "average").score([[.text(text, from: .prompt)]], .hidden(layer: 0))[0].values
    #expect(largestDifference([mixed], [zip(base, live).map { 0.75 * $0 + 0.25 * $1 }]).difference < 1e-7)
    #expect(live != base && tokens[0].count * 64 == live.count)
    await #expect(throws: CoreError.self) { try await model.apply(.copy("other", to: "policy")) }
}

@Test("adapters leave the base alone, begin as the base, and merge without a change")
func adapters() async throws {
    let base = try await host()
    let tokens = [try letters.encode(text), try letters.encode("zz=")]
    let plain = try await base.logits(of: tokens)
    let model = try await base.adapted("adapted", AdapterSettings(rank: 4, modules: ["q_proj", "v_proj", "up_proj", "down_proj"]), seed: Seed(3))
    #expect(try await model.logits(of: tokens) == plain)
    #expect(await model.trainableCount == 2 * 4 * (4 * 64 + 2 * (64 + 128)))
    try await model.snapshot("begin")
    for index in 0..<3 { try await learn(model, UInt64(index)) }
    let learned = try await model.logits(of: tokens)
    #expect(largestDifference(learned[0], plain[0]).difference > 1e-3)
    let folder = NSTemporaryDirectory() + "hone-merged-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await model.save(to: folder)
    for (own, merged) in zip(learned, try await FullForward.logits(of: tokens, folder: folder)) {
        #expect(largestDifference(own, merged).difference <= 1e-5)
    }
    #expect(largestDifference(try await model.decodedLogits(of: tokens[0]), learned[0]).difference <= 1e-5)
    let file = try SafetensorsFile(data: try await model.weights())
    #expect(file.entries["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"]?.shape == [4, 64])
    #expect(file.entries.keys.allSatisfy { $0.contains("lora_") }, "a frozen base is not written with what learned")
    try await model.returnTo(snapshot: "begin")
    // Whole logits of short rows may differ in their last bits with the count of threads, which follows the load.
    for (again, first) in zip(try await model.logits(of: tokens), plain) { #expect(largestDifference(again, first).difference <= 5e-6) }
    await #expect(throws: CoreError.self) { _ = try await base.adapted("x", AdapterSettings(rank: 2, modules: ["q_pro"]), seed: Seed(1)) }
}

@Test("a model folder is read as it was written, under Hugging Face's names")
func folders() async throws {
    var shape = ModelShape.small
    (shape.heads, shape.kvHeads, shape.headWidth, shape.ropeTheta, shape.epsilon) = (4, 2, 16, 5000, 1e-5)
    let model = try await host(shape)
    try await learn(model)
    let folder = NSTemporaryDirectory() + "hone-folder-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await model.save(to: folder)
    let read = try ModelFolder(path: folder)
    #expect(read.shape == shape)
    let again = try await ModelHost.make(name: "again", folder: read, tokenizer: try read.tokenizer())
    #expect(try await again.weights() == (try await model.weights()))
    let file = try SafetensorsFile(path: folder + "/model.safetensors")
    #expect(file.entries["model.layers.1.self_attn.k_proj.weight"]?.shape == [32, 64])
    #expect(file.entries["model.layers.0.mlp.up_proj.weight"]?.shape == [128, 64])
    #expect(file.entries["lm_head.weight"]?.shape == [64, 64])
    #expect(file.entries.count == 3 + 2 * 9)
    #expect(throws: ModelError.self) { _ = try ModelFolder(path: folder + "/nothing") }
}

@Test("folders of other kinds are refused by name")
func foreignFolders() throws {
    let folder = NSTemporaryDirectory() + "hone-foreign-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func sentence(_ config: String) throws -> String {
        try Data(config.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
        do { return "\(try ModelFolder(path: folder).shape)" } catch { return "\(error)" }
    }
    #expect(try sentence("{\"model_type\": \"mamba\"}").contains("mamba"))
    #expect(try sentence("{\"model_type\": \"llama\"}").contains("num_attention_heads"))
    #expect(try sentence("{\"model_type\": \"llama\", \"rope_scaling\": {\"rope_type\": \"yarn\"}}").contains("num_attention_heads"))
    let sizes = "\"hidden_size\": 8, \"num_attention_heads\": 2, \"num_hidden_layers\": 1, \"intermediate_size\": 8, \"vocab_size\": 8, \"max_position_embeddings\": 8"
    #expect(try sentence("{\"model_type\": \"llama\", \(sizes), \"rope_scaling\": {\"rope_type\": \"yarn\"}}").contains("yarn"))
    #expect(try sentence("{").contains("not JSON"))
}

@Test("sources of a plan become models")
func sources() async throws {
    let first = try await ModelHost.make("a", from: .scratch(size: "pico"), tokenizer: letters, seed: Seed(1))
    let models: [ModelName: ModelHost] = ["a": first]
    let copy = try await ModelHost.make("b", from: .copy(of: "a"), tokenizer: letters, seed: Seed(2), models: models)
    #expect(try await copy.weights() == (try await first.weights()))
    let adapted = try await ModelHost.make("c", from: .adapter(on: "a", rank: 2), tokenizer: letters, seed: Seed(2), models: models)
    #expect(adapted.adapterSettings == AdapterSettings(rank: 2))
    await #expect(throws: CoreError.self) { _ = try await ModelHost.make("d", from: .copy(of: "z"), tokenizer: letters, seed: Seed(2), models: models) }
    await #expect(throws: CoreError.self) { _ = try await ModelHost.make("d", from: .scratch(size: "nan"), tokenizer: letters, seed: Seed(2)) }
    await #expect(throws: ModelError.self) { _ = try await ModelHost.make("d", from: .folder("/nowhere"), tokenizer: letters, seed: Seed(2)) }
}

@Test("distributions and hidden states have their shapes, and agree with logits")
func otherQuantities() async throws {
    let model = try await host()
    let tokens = try letters.encode(text)
    let transcript: Transcript = [.text(text, from: .prompt)]
    let top = try await model.score([transcript], .distribution(top: 3))[0]
    #expect(top.shape == [tokens.count - 1, 3, 2])
    let logits = try await model.logits(of: [tokens])[0][0]
    #expect(Int(top.values[0]) == logits.indices.max { logits[$0] < logits[$1] })
    let hidden = try await model.score([transcript], .hidden(layer: 2))[0]
    #expect(hidden.shape == [tokens.count, 64])
    await #expect(throws: CoreError.self) { try await model.score([transcript], .inputGradient) }
}

@Suite("Prompts that slots still hold")
struct RestingPromptTests {
    @Test("asked again, alone, among others and after others took the slots, an answer has the same bits")
    func again() async throws {
        let model = try await host(slots: 4)
        let asked = (0..<3).map { request("12+\($0)=", seed: UInt64($0)) }
        let fresh = try await model.complete(asked)
        #expect(try await model.complete(asked) == fresh)
        for (index, one) in asked.enumerated() { #expect(try await model.complete([one]) == [fresh[index]]) }
        // Nine other prompts need all four slots.
        _ = try await model.complete((0..<9).map { request("9*\($0)+1=", seed: 1) })
        #expect(try await model.complete(asked.reversed()) == fresh.reversed())
        let twice = try await model.complete(asked + asked)
        #expect(twice == fresh + fresh)
    }

    @Test("new weights forget what old ones computed")
    func newWeights() async throws {
        let model = try await host(slots: 4)
        let other = try await host(seed: 8, slots: 4)
        let asked = [request("12+3=", seed: 1), request("7*8=", seed: 2)]
        let old = try await model.complete(asked)
        let wanted = try await other.complete(asked)
        try await model.load(weights: try await other.weights())
        let new = try await model.complete(asked)
        #expect(new.map { $0.samples[0].segments[0].samplerLogProbs } == wanted.map { $0.samples[0].segments[0].samplerLogProbs })
        #expect(new.map { $0.samples[0].segments[0].samplerLogProbs } != old.map { $0.samples[0].segments[0].samplerLogProbs })
    }
}
