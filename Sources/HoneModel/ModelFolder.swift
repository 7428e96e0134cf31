import Foundation
import HoneCore
import HoneTensor
import HoneText

/// A model on disk as Hugging Face keeps it: `config.json`, `model.safetensors` (or shards), `tokenizer.json`.
public struct ModelFolder: Sendable {
    /// Where it is.
    public let path: String
    /// The sizes that `config.json` states.
    public let shape: ModelShape

    /// Reads a folder's `config.json`.
    public init(path: String) throws {
        self.path = path
        shape = try ModelShape(configuration: try Self.json(path, "config.json"), place: "\(path)/config.json")
    }

    private static func json(_ folder: String, _ file: String) throws -> JSONValue {
        let place = "\(folder)/\(file)"
        guard let data = FileManager.default.contents(atPath: place) else {
            throw ModelError("Cannot read \(place): a model folder holds config.json, model.safetensors and tokenizer.json")
        }
        do { return try JSONValue(parsing: String(decoding: data, as: UTF8.self)) } catch {
            throw ModelError("\(place) is not JSON: \(error)")
        }
    }

    /// The character-level tokenizer of the folder.
    public func characterTokenizer() throws -> CharacterTokenizer {
        try CharacterTokenizer(json: try Self.json(path, "tokenizer.json"))
    }

    /// The network with the folder's weights, converted to float32.
    func network(adapters: AdapterSettings? = nil, heads: [Head] = [], seed: Seed = Seed(0)) throws -> Network {
        let empty = try Transformer.shapes(of: shape).map { try Tensor.zeros($0) }
        let own = try adapters.map { try Adapters.initialised($0, shape: shape, seed: seed.child("adapters")) }
        let network = try Network(base: try Transformer(shape: shape, parameters: empty), adapters: own, heads: heads)
        let index = "\(path)/model.safetensors.index.json"
        guard FileManager.default.fileExists(atPath: index) else {
            try network.load(try SafetensorsFile(path: "\(path)/model.safetensors"), isLenient: true)
            return network
        }
        guard case .object(let map)? = try Self.json(path, "model.safetensors.index.json")["weight_map"] else {
            throw ModelError("\(index) has no “weight_map” from tensor names to files")
        }
        var files: [String: SafetensorsFile] = [:]
        for name in Set(map.values.compactMap(\.text)) {
            guard !name.contains("/") else { throw ModelError("\(index) names a file outside the folder: \(name)") }
            files[name] = try SafetensorsFile(path: "\(path)/\(name)")
        }
        try network.load(isLenient: true) { map[$0]?.text.flatMap { files[$0] } }
        return network
    }

    /// Writes a folder; each file is written whole or not at all.
    static func write(_ network: Network, tokenizer: any Tokenizer, to path: String) throws {
        let end = tokenizer.endOfText
        let files: [(String, Data)] = [
            ("config.json", Data(network.shape.configuration(end: end, padding: tokenizer.padding).canonical.utf8)),
            ("model.safetensors", try network.file()),
            ("tokenizer.json", Data(try tokenizer.json().canonical.utf8)),
        ]
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, data) in files { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic) }
        } catch {
            throw ModelError("Cannot write the model to \(path): \(error.localizedDescription)")
        }
    }
}

extension ModelShape {
    /// The `config.json` of the shape, of kind llama, or of kind qwen2 where queries, keys and values have biases.
    func configuration(end: TokenID, padding: TokenID) -> JSONValue {
        .object([
            "architectures": .array([.string(hasQKVBias ? "Qwen2ForCausalLM" : "LlamaForCausalLM")]),
            "model_type": .string(hasQKVBias ? "qwen2" : "llama"), "hidden_act": .string("silu"),
            "hidden_size": .integer(width), "num_hidden_layers": .integer(layers),
            "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(kvHeads),
            "head_dim": .integer(headWidth), "intermediate_size": .integer(mlp), "vocab_size": .integer(vocabulary),
            "max_position_embeddings": .integer(context), "rope_theta": .number(ropeTheta),
            "rms_norm_eps": .number(epsilon), "tie_word_embeddings": .bool(isTied), "attention_bias": .bool(hasQKVBias),
            "mlp_bias": .bool(false), "torch_dtype": .string("float32"), "use_cache": .bool(true),
            "initializer_range": .number(0.02), "attention_dropout": .number(0), "bos_token_id": .null,
            "eos_token_id": .integer(Int(end)), "pad_token_id": .integer(Int(padding)),
        ])
    }

    /// The shape that a `config.json` describes; kinds llama, mistral and qwen2 without scaled positions.
    init(configuration: JSONValue, place: String) throws {
        let kind = configuration["model_type"]?.text ?? "llama"
        guard ["llama", "mistral", "qwen2"].contains(kind) else {
            throw ModelError("\(place) describes a model of kind “\(kind)”; llama, mistral and qwen2 can be read")
        }
        func whole(_ name: String) throws -> Int {
            guard let value = configuration[name]?.int else {
                throw ModelError("\(place) lacks the whole number “\(name)”")
            }
            return value
        }
        if let act = configuration["hidden_act"]?.text, act != "silu" {
            throw ModelError("\(place) asks for the activation “\(act)”; only silu can be computed")
        }
        let rope = configuration["rope_parameters"] ?? configuration["rope_scaling"] ?? .null
        if let type = rope["rope_type"]?.text ?? rope["type"]?.text, type != "default" {
            throw ModelError("\(place) asks for rotary positions of kind “\(type)”; only default ones can be computed")
        }
        let isBiased = kind == "qwen2"
        if !isBiased, configuration["attention_bias"] == .bool(true) {
            throw ModelError("\(place) asks for attention biases, which only models of kind qwen2 have here")
        }
        if configuration["mlp_bias"] == .bool(true) { throw ModelError("\(place) asks for MLP biases; they cannot be computed") }
        let heads = try whole("num_attention_heads")
        self.init(
            width: try whole("hidden_size"), layers: try whole("num_hidden_layers"), heads: heads,
            kvHeads: configuration["num_key_value_heads"]?.int, headWidth: configuration["head_dim"]?.int,
            mlp: try whole("intermediate_size"), vocabulary: try whole("vocab_size"),
            context: try whole("max_position_embeddings"),
            ropeTheta: configuration["rope_theta"]?.double ?? rope["rope_theta"]?.double ?? 10_000,
            epsilon: configuration["rms_norm_eps"]?.double ?? 1e-6,
            isTied: configuration["tie_word_embeddings"] == .bool(true), hasQKVBias: isBiased)
        do { try check() } catch { throw ModelError("\(place): \(error)") }
    }
}
