import Foundation
import HoneCore
import HoneModel
import HoneText

extension ModelHost: LiveModel {
    nonisolated public func at(snapshot name: String) throws -> any Model { SnapshotModel(self, snapshot: name) }
}

/// Makes live models of sources.
public enum ModelMaker {
    /// The factory of a run; `threads` 0 takes one per core.
    public static func factory(threads: Int = 0) -> ModelFactory {
        { name, source, seed in try await make(name, source, seed, threads: threads) }
    }

    /// A live model of a source.
    public static func make(_ name: ModelName, _ source: ModelSource, _ seed: Seed, threads: Int) async throws -> any LiveModel {
        switch source {
        case .scratch(let size):
            let tokenizer = CharacterTokenizer.nano
            var shape = try ModelShape.named(size, vocabulary: tokenizer.vocabularySize)
            shape.context = 256
            return try await ModelHost.make(
                name: name, tokenizer: tokenizer, settings: ModelHost.Settings(shape: shape, threads: threads), seed: seed)
        case .folder(let path): return try await open(folder: path, as: name, seed: seed, threads: threads)
        case .copy: throw CoreError.unsupported("Model “\(name)” copies a model that is itself a copy; name the original")
        case .adapter(let base, _):
            throw CoreError.unsupported("Model “\(name)” asks for an adapter over “\(base)”, which this version cannot make")
        }
    }

    /// The model in a folder that hone wrote: `config.json`, `model.safetensors`, `tokenizer.json`.
    public static func open(folder: String, as name: ModelName, seed: Seed, threads: Int) async throws -> ModelHost {
        let host = try await ModelHost.make(
            name: name, tokenizer: try ModelFiles.tokenizer(in: folder),
            settings: ModelHost.Settings(shape: try ModelFiles.shape(in: folder), threads: threads), seed: seed)
        try await host.load(weights: try ModelFiles.read("model.safetensors", in: folder))
        return host
    }

    /// Writes a model as a folder that the Python ecosystem opens too.
    public static func save(_ host: ModelHost, to folder: String) async throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let url = URL(fileURLWithPath: folder)
        try await host.weights().write(to: url.appendingPathComponent("model.safetensors"), options: .atomic)
        let config = ModelFiles.config(of: host.settings.shape, end: host.tokenizer.endOfText, padding: host.tokenizer.padding)
        try Data(config.canonical.utf8).write(to: url.appendingPathComponent("config.json"), options: .atomic)
        try Data(try host.tokenizer.json().canonical.utf8)
            .write(to: url.appendingPathComponent("tokenizer.json"), options: .atomic)
    }
}

/// The files of a model folder.
enum ModelFiles {
    static func read(_ file: String, in folder: String) throws -> Data {
        let path = folder + "/" + file
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ModelError("There is no \(path); a model folder holds config.json, model.safetensors and tokenizer.json")
        }
        return data
    }

    static func tokenizer(in folder: String) throws -> any Tokenizer {
        let text = String(decoding: try read("tokenizer.json", in: folder), as: UTF8.self)
        guard let json = try? JSONValue(parsing: text) else { throw ModelError("\(folder)/tokenizer.json is not JSON") }
        return try CharacterTokenizer(json: json)
    }

    static func shape(in folder: String) throws -> ModelShape {
        let text = String(decoding: try read("config.json", in: folder), as: UTF8.self)
        guard let json = try? JSONValue(parsing: text) else { throw ModelError("\(folder)/config.json is not JSON") }
        func number(_ key: String) throws -> Int {
            guard let value = json[key]?.int else { throw ModelError("\(folder)/config.json has no whole number “\(key)”") }
            return value
        }
        let kind = json["model_type"]?.text ?? "none"
        guard kind == "llama" else {
            throw ModelError("\(folder)/config.json is of model type “\(kind)”; this version opens llama")
        }
        return ModelShape(
            width: try number("hidden_size"), layers: try number("num_hidden_layers"), heads: try number("num_attention_heads"),
            kvHeads: json["num_key_value_heads"]?.int, headWidth: json["head_dim"]?.int, mlp: try number("intermediate_size"),
            vocabulary: try number("vocab_size"), context: try number("max_position_embeddings"),
            ropeTheta: json["rope_theta"]?.double ?? json["rope_parameters"]?["rope_theta"]?.double ?? 10_000,
            epsilon: json["rms_norm_eps"]?.double ?? 1e-6, isTied: json["tie_word_embeddings"] == .bool(true))
    }

    static func config(of shape: ModelShape, end: TokenID, padding: TokenID) -> JSONValue {
        .object([
            "architectures": .array([.string("LlamaForCausalLM")]), "model_type": .string("llama"),
            "hidden_size": .integer(shape.width), "num_hidden_layers": .integer(shape.layers),
            "num_attention_heads": .integer(shape.heads), "num_key_value_heads": .integer(shape.kvHeads),
            "head_dim": .integer(shape.headWidth), "intermediate_size": .integer(shape.mlp),
            "vocab_size": .integer(shape.vocabulary), "max_position_embeddings": .integer(shape.context),
            "rope_theta": .number(shape.ropeTheta), "rms_norm_eps": .number(shape.epsilon),
            "tie_word_embeddings": .bool(shape.isTied), "hidden_act": .string("silu"), "attention_bias": .bool(false),
            "mlp_bias": .bool(false), "eos_token_id": .integer(Int(end)), "pad_token_id": .integer(Int(padding)),
            "torch_dtype": .string("float32"),
        ])
    }
}
