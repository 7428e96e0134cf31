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
        { name, source, heads, seed in try await make(name, source, heads, seed, threads: threads) }
    }

    /// A live model with weights of its own: new ones, or those of a folder with its tokenizer.
    public static func make(
        _ name: ModelName, _ source: ModelSource, _ heads: [Head] = [], _ seed: Seed, threads: Int
    ) async throws -> any LiveModel {
        var source = source
        var tokenizer: any Tokenizer = CharacterTokenizer.nano
        switch source {
        case .folder(let path, _): tokenizer = try ModelFolder(path: path).tokenizer()
        case .scratch(let name):
            let (size, letters) = try CharacterTokenizer.alphabet(of: name)
            (source, tokenizer) = (.scratch(size: size), letters)
        case .adapter, .copy: break
        }
        return try await ModelHost.make(name, from: source, tokenizer: tokenizer, seed: seed, heads: heads, threads: threads)
    }

    /// The model in a folder: `config.json`, `model.safetensors`, `tokenizer.json`.
    public static func open(folder: String, as name: ModelName) async throws -> ModelHost {
        let tokenizer = try ModelFolder(path: folder).tokenizer()
        return try await ModelHost.make(name, from: .folder(folder), tokenizer: tokenizer, seed: Seed(0))
    }
}
