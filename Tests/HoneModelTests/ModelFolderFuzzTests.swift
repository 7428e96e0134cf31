import Foundation
import HoneCore
import HoneModel
import HoneText
import Testing

@Suite("Damaged model folders")
struct ModelFolderFuzzTests {
    private static let names = ["tiny-llama", "tiny-llama3", "tiny-qwen2", "tiny-qwen3", "tiny-gemma3"]
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private static let tokenizer = CharacterTokenizer(alphabet: String(String.UnicodeScalarView((0x100..<0x108).compactMap(Unicode.Scalar.init))))

    /// What stands in a configuration instead of what belongs there.
    private static let oddities: [JSONValue] = [
        .null, .bool(true), .integer(0), .integer(-1), .integer(1), .integer(3), .integer(1 << 12), .integer(1 << 20), .integer(1_000_000_000), .integer(1 << 40), .integer(.max),
        .integer(.min), .number(1e308), .number(-0.5), .number(0.5), .string("x"), .string(String(repeating: "x", count: 10_000)), .array([]), .array([.integer(1)]),
        .object([:]), .object(["rope_type": .string("llama3")]), .object(["rope_type": .string("linear"), "factor": .integer(0)]),
        .object([
            "rope_type": .string("llama3"), "factor": .number(1e308), "low_freq_factor": .integer(4), "high_freq_factor": .integer(4),
            "original_max_position_embeddings": .integer(0),
        ]),
    ]

    /// A folder of its own with what a fixture has.
    private static func copy(_ name: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-model-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: "\(fixtures)/\(name)", toPath: folder)
        return folder
    }

    private static func write(_ value: JSONValue, _ path: String) throws { try Data(value.canonical.utf8).write(to: URL(fileURLWithPath: path)) }

    private static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
    }

    /// Loads a folder whole; the sentence of the refusal, or nothing.
    private func load(_ folder: String) async -> String {
        do {
            let read = try ModelFolder(path: folder)
            let settings = ModelHost.Settings(shape: read.shape, slots: 2, threads: 1)
            _ = try await ModelHost.make(name: "m", folder: read, tokenizer: Self.tokenizer, settings: settings)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("each member of a config.json missing or replaced is read, or refused by the folder's path or what is wrong", .timeLimit(.minutes(30)), arguments: names)
    func configurations(name: String) async throws {
        let folder = try Self.copy(name)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = "\(folder)/config.json"
        let whole = try Self.json(place)
        guard case .object(let members) = whole else { return }
        var (read, refused) = (0, 0)
        for key in members.keys.sorted() {
            for (number, odd) in (Self.oddities + [nil]).enumerated() {
                var changed = members
                changed[key] = odd
                try Self.write(.object(changed), place)
                do {
                    let shape = try ModelFolder(path: folder).shape
                    #expect(shape.faults.isEmpty && shape.parameterCount > 0)
                    let memory = ModelMemory(shape, loading: ModelLoading(), rows: 4, length: 64)
                    #expect(memory.total > 0)
                    read += 1
                } catch {
                    refused += 1
                    #expect("\(error)".contains(place) && "\(error)".utf8.count < 3000, "\(key) \(number): \("\(error)".prefix(300))")
                }
            }
        }
        #expect(read > 50 && refused > 50)
    }

    @Test("a configuration that claims more than the file has is refused by comparing, before memory is taken", .timeLimit(.minutes(30)), arguments: names)
    func claims(name: String) async throws {
        let folder = try Self.copy(name)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = "\(folder)/config.json"
        let whole = try Self.json(place)
        #expect(await load(folder).isEmpty)
        for (key, value, words) in [
            ("hidden_size", 1 << 14, "but by \(place) it has"), ("intermediate_size", 1 << 22, "but by \(place) it has"), ("vocab_size", 1 << 24, "but by \(place) it has"),
            ("hidden_size", 1_000_000_000, "up to 1048576"), ("intermediate_size", 1_000_000_000, "up to 4194304"), ("vocab_size", 1_000_000_000, "up to 16777216"),
            ("num_hidden_layers", 1_000_000_000, "up to 4096"), ("num_attention_heads", 1_000_000_000, "up to 65536"), ("head_dim", 1_000_000_000, "up to 4096"),
            ("num_key_value_heads", 1_000_000_000, "up to 65536"), ("max_position_embeddings", 1_000_000_000, "up to 16777216"),
        ] {
            try Self.write(whole.setting([key], to: .integer(value)), place)
            let found = await load(folder)
            #expect(found.contains(words), "\(key): \(found.prefix(300))")
        }
        // Without the list of layer kinds the number of layers is stated once.
        try Self.write(whole.setting(["layer_types"], to: .null).setting(["num_hidden_layers"], to: .integer(4096)), place)
        #expect(await load(folder).contains("The weights lack tensor"))
        try Self.write(whole.setting(["head_dim"], to: .integer(4096)).setting(["num_attention_heads"], to: .integer(1024)).setting(["num_key_value_heads"], to: .integer(1024)), place)
        #expect(await load(folder).contains("but by \(place) it has"))
    }

    @Test("each kind of weight file that is damaged, missing or not weights is refused", .timeLimit(.minutes(30)))
    func weights() async throws {
        let folder = try Self.copy("tiny-llama")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = "\(folder)/model.safetensors"
        let data = try Data(contentsOf: URL(fileURLWithPath: place))
        for cut in [0, 4, 8, 100, data.count - 1] {
            try data.prefix(cut).write(to: URL(fileURLWithPath: place))
            #expect(await load(folder).contains(place))
        }
        try FileManager.default.removeItem(atPath: place)
        #expect(await load(folder).contains("Cannot read \(place)"))
        // A pickle is named, and never opened: this one is a pipe, whose reader would wait for ever.
        try #require(mkfifo("\(folder)/pytorch_model.bin", 0o600) == 0)
        #expect(await load(folder).contains("pytorch_model.bin, which could run code"))
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "\(Self.fixtures)/tiny-llama/model.safetensors")
        #expect(await load(folder).isEmpty, "a link to a file, as caches have them, is followed")
        // generation_config.json says nothing about the weights; its damage is the tokenizer's to tell.
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/generation_config.json"))
        #expect(await load(folder).isEmpty)
        for bad in ["", "[]", "{", "{}{}", String(repeating: "[", count: 100_000), "\u{FEFF}"] {
            try Data(bad.utf8).write(to: URL(fileURLWithPath: "\(folder)/config.json"))
            #expect(await load(folder).contains("\(folder)/config.json"))
        }
    }

    @Test("an index of shards is refused when it names what is no shard of the folder", .timeLimit(.minutes(30)))
    func shards() async throws {
        let folder = try Self.copy("tiny-llama")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let index = "\(folder)/model.safetensors.index.json"
        try FileManager.default.moveItem(atPath: "\(folder)/model.safetensors", toPath: "\(folder)/model-00001-of-00001.safetensors")
        let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/model-00001-of-00001.safetensors"))
        let length = file.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        guard case .object(let header) = try JSONValue(parsing: String(decoding: file[8..<(8 + length)], as: UTF8.self)) else { return }
        let map = header.keys.filter { $0 != "__metadata__" }.reduce(into: [String: JSONValue]()) { $0[$1] = .string("model-00001-of-00001.safetensors") }
        try Self.write(.object(["weight_map": .object(map)]), index)
        #expect(await load(folder).isEmpty)
        let some = try #require(map.keys.sorted().first)
        for (name, words) in [
            ("../model.safetensors", "no safetensors file of the folder"), ("/etc/passwd", "no safetensors file of the folder"), ("..", "no safetensors file of the folder"),
            ("pytorch_model.bin", "no safetensors file of the folder"), ("a\u{0}.safetensors", "no safetensors file of the folder"), ("", "no safetensors file of the folder"),
            ("model-00002-of-00002.safetensors", "Cannot read"), (".safetensors", "Cannot read"),
        ] {
            var changed = map
            changed[some] = .string(name)
            try Self.write(.object(["weight_map": .object(changed)]), index)
            let found = await load(folder)
            #expect(found.contains(words), "\(name.debugDescription): \(found)")
        }
        for odd in Self.oddities {
            var changed = map
            changed[some] = odd
            try Self.write(.object(["weight_map": .object(changed)]), index)
            #expect(await !load(folder).isEmpty)
            try Self.write(.object(["weight_map": odd]), index)
            #expect(await !load(folder).isEmpty)
        }
        var less = map
        less[some] = nil
        try Self.write(.object(["weight_map": .object(less)]), index)
        #expect(await load(folder).contains("The weights lack tensor"))
    }

    @Test("each member of an adapter_config.json missing or replaced is read, or refused by the file", .timeLimit(.minutes(30)))
    func adapters() async throws {
        let folder = try Self.copy("tiny-adapter")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = "\(folder)/adapter_config.json"
        let whole = try Self.json(place).setting(["base_model_name_or_path"], to: .string("\(Self.fixtures)/tiny-qwen2"))
        guard case .object(let members) = whole else { return }
        try Self.write(whole, place)
        #expect(await load(folder).isEmpty)
        var (read, refused) = (0, 0)
        for key in members.keys.sorted() {
            for (number, odd) in (Self.oddities + [nil]).enumerated() {
                var changed = members
                changed[key] = odd
                try Self.write(.object(changed), place)
                let found = await load(folder)
                if found.isEmpty { read += 1 } else { refused += 1 }
                #expect(found.isEmpty || found.contains(folder) && found.utf8.count < 3000, "\(key) \(number): \(found.prefix(300))")
            }
        }
        #expect(read > 50 && refused > 50)
        try Self.write(whole.setting(["r"], to: .integer(1 << 16)), place)
        #expect(await load(folder).contains("but by adapter_config.json it has"))
        try Self.write(whole.setting(["r"], to: .integer(1 << 40)), place)
        #expect(await load(folder).contains("ranks up to 65536"))
    }

    @Test("an alpha beyond whole numbers is written as it is")
    func alpha() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-alpha-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let own = AdapterSettings(rank: 2, alpha: 1e30, modules: ["q_proj"])
        let host = try await host(adapters: own)
        try await host.saveAdapters(to: folder, base: "base")
        #expect(try AdapterFolder(path: folder).settings == own)
    }
}
