import Foundation
import HoneCore
import HoneModel
import HoneText
import Testing

@Suite("Adapters on disk")
struct AdapterFolderTests {
    private struct Reference: Decodable {
        var rows: [[TokenID]]
        var logits: [[[Float]]]
    }

    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private static let tokenizer = CharacterTokenizer(alphabet: String(String.UnicodeScalarView((0x100..<0x141).compactMap(Unicode.Scalar.init))))

    private static func logits(_ host: ModelHost) async throws -> [[[Float]]] {
        try await host.logits(of: try reference().rows)
    }

    /// Whole logits of short rows may differ in their last bits with the count of threads, which follows the load.
    private static func expectSame(_ one: ModelHost, _ other: ModelHost) async throws {
        for (a, b) in zip(try await logits(one), try await logits(other)) {
            let (difference, size) = largestDifference(a, b)
            #expect(difference <= 5e-6 * size)
        }
    }

    private static func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: URL(fileURLWithPath: "\(fixtures)/tiny-adapter/logits.json")))
    }

    private static func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "hone-adapter-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("made by PEFT over a folder give the logits they give there")
    func peft() async throws {
        let read = try ModelFolder(path: "\(Self.fixtures)/tiny-adapter")
        let expected = AdapterSettings(rank: 3, alpha: 5, modules: ["q_proj", "v_proj", "down_proj"], isRankStabilised: true)
        #expect(read.adapters?.settings == expected)
        let host = try await ModelHost.make(name: "m", folder: read, tokenizer: Self.tokenizer)
        #expect(host.adapterSettings == expected)
        for (own, theirs) in zip(try await Self.logits(host), try Self.reference().logits) {
            let (difference, size) = largestDifference(own, theirs)
            #expect(difference <= 5e-6 * size, "\(difference) of \(size)")
        }
    }

    @Test("are written so that they read back to the same bits, and merged into a folder that computes the same")
    func roundTrip() async throws {
        let host = try await ModelHost.make(name: "m", folder: try ModelFolder(path: "\(Self.fixtures)/tiny-adapter"), tokenizer: Self.tokenizer)
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await host.saveAdapters(to: "\(folder)/adapter", base: "\(Self.fixtures)/tiny-qwen2")
        let again = try await ModelHost.make(name: "n", folder: try ModelFolder(path: "\(folder)/adapter"), tokenizer: Self.tokenizer)
        #expect(try await again.weights() == (try await host.weights()))
        try await Self.expectSame(again, host)
        try await host.save(to: "\(folder)/merged")
        let merged = try await ModelHost.make(name: "o", folder: try ModelFolder(path: "\(folder)/merged"), tokenizer: Self.tokenizer)
        #expect(merged.adapterSettings == nil)
        for (own, theirs) in zip(try await Self.logits(merged), try await Self.logits(host)) {
            let (difference, size) = largestDifference(own, theirs)
            #expect(difference <= 5e-6 * size)
        }
        let plain = try await ModelHost.make(name: "p", folder: try ModelFolder(path: "\(Self.fixtures)/tiny-qwen2"), tokenizer: Self.tokenizer)
        await #expect(throws: ModelError.self) { try await plain.saveAdapters(to: "\(folder)/none", base: "") }
    }

    @Test("keep a frozen base out of checkpoints, and refuse to go on over another")
    func checkpoints() async throws {
        func host(_ base: String) async throws -> ModelHost {
            try await ModelHost.make(
                name: "m", folder: try ModelFolder(path: "\(Self.fixtures)/\(base)"), tokenizer: Self.tokenizer, seed: Seed(3),
                adapters: AdapterSettings(rank: 2))
        }
        let first = try await host("tiny-qwen2")
        try await first.snapshot("base")
        let files = try await first.checkpointFiles()
        let whole = try Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/tiny-qwen2/model.safetensors"))
        #expect(try #require(files["weights.safetensors"]).count < whole.count / 2)
        let again = try await host("tiny-qwen2")
        try await again.restore(files)
        try await Self.expectSame(again, first)
        // Qwen 2 with another base has the same shapes of adapters.
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await ModelHost.make(name: "x", folder: try ModelFolder(path: "\(Self.fixtures)/tiny-adapter"), tokenizer: Self.tokenizer).save(to: folder)
        let other = try await ModelHost.make(
            name: "m", folder: try ModelFolder(path: folder), tokenizer: Self.tokenizer, seed: Seed(3), adapters: AdapterSettings(rank: 2))
        let error = await #expect(throws: ModelError.self) { try await other.restore(files) }
        #expect(error?.description.contains("other weights") == true)
    }

    @Test("that ask for what cannot be computed are refused by name", arguments: [
        ("\"use_dora\": true", "use_dora"), ("\"bias\": \"all\"", "bias"), ("\"modules_to_save\": [\"lm_head\"]", "modules_to_save"),
        ("\"peft_type\": \"IA3\"", "IA3"), ("\"rank_pattern\": {\"q_proj\": 4}", "rank_pattern"), ("\"target_modules\": \".*q_proj\"", "target_modules"),
        ("\"target_modules\": [\"qkv\"]", "qkv"), ("\"r\": 0", "rank"), ("\"r\": \"x\"", "r"), ("\"layers_to_transform\": [0]", "layers_to_transform"),
    ])
    func refusals(member: String, name: String) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = String(member.split(separator: ":")[0])
        let usual = ["\"r\": 2", "\"lora_alpha\": 4", "\"target_modules\": [\"q_proj\"]"].filter { !$0.hasPrefix(key + ":") }
        try Data("{\((usual + [member]).joined(separator: ", "))}".utf8).write(to: URL(fileURLWithPath: "\(folder)/adapter_config.json"))
        let error = #expect(throws: ModelError.self) { _ = try AdapterFolder(path: folder) }
        #expect(error?.description.contains(name) == true && error?.description.contains("adapter_config.json") == true)
    }

    @Test("several in one folder are found by name, the folder's own first; without one of its own, the folder is refused with the names there are")
    func several() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = URL(fileURLWithPath: "\(folder)/adapter_config.json")
        let content = Data(#"{"r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}"#.utf8)
        try content.write(to: file)
        for name in ["writer", "critic", "no adapter"] { try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true) }
        for name in ["writer", "critic"] { try content.write(to: URL(fileURLWithPath: "\(folder)/\(name)/adapter_config.json")) }
        #expect(AdapterFolder.named(in: folder + "/").map(\.name) == [URL(fileURLWithPath: folder).lastPathComponent, "critic", "writer"])
        try FileManager.default.removeItem(at: file)
        let error = #expect(throws: ModelError.self) { _ = try AdapterFolder(path: folder) }
        #expect(error?.description.contains("(critic, writer): give one, such as \(folder)/critic") == true)
        #expect(AdapterFolder.named(in: folder).map(\.path) == ["\(folder)/critic", "\(folder)/writer"] && AdapterFolder.named(in: folder + "/nowhere").isEmpty)
    }
}
