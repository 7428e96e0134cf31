import Foundation
import HoneCore
import HoneTensor
import HoneText

/// A model on disk as Hugging Face keeps it: `config.json`, `model.safetensors` (or shards), `tokenizer.json`.
public struct ModelFolder: Sendable {
    /// Where it is.
    public let path: String
    /// The sizes that `config.json` states, with the context that is used.
    public let shape: ModelShape
    /// The `config.json`.
    public let configuration: JSONValue
    /// Adapters beside it that stand for the model, where the folder is an adapter's.
    public let adapters: AdapterFolder?

    /// The context that is used of models that could have more, unless one is asked for: what is not used costs memory too.
    public static let usualContext = 4096

    /// Reads a folder's `config.json`; `contextLimit` tokens of its context are used, and no more than it has. With `computesInHalf` it
    /// learns and scores with products in bfloat16.
    ///
    /// An adapter folder (PEFT) stands for its base with the adapters: the base is the folder that its configuration names.
    public init(path: String, contextLimit: Int? = nil, computesInHalf: Bool = false) throws {
        var base = path
        let isWhole = FileManager.default.fileExists(atPath: "\(path)/config.json")
        // Several adapters, each in a folder of its own, are refused by name.
        let isAdapter = isWhole ? FileManager.default.fileExists(atPath: "\(path)/adapter_config.json") : Self.isOne(path)
        adapters = isAdapter ? try AdapterFolder(path: path) : nil
        if let adapters, !isWhole {
            base = adapters.baseName.hasPrefix("/") ? adapters.baseName : "\(path)/\(adapters.baseName)"
            guard FileManager.default.fileExists(atPath: "\(base)/config.json") else {
                throw ModelError(
                    "The adapters in \(path) are for the model “\(adapters.baseName.prefix(200))”, which is no folder here; put its folder's path "
                        + "into “base_model_name_or_path” of adapter_config.json")
            }
        }
        self.path = base
        configuration = try Self.json(base, "config.json")
        var shape = try ModelShape(configuration: configuration, place: "\(base)/config.json")
        if let contextLimit, contextLimit < 1 { throw ModelError("A context of \(contextLimit) tokens was asked for; give 1 or more") }
        shape.context = min(shape.context, contextLimit ?? Self.usualContext)
        shape.computesInHalf = computesInHalf
        self.shape = shape
    }

    /// Whether a folder is meant as a model: it has a `config.json`, or adapters.
    public static func isOne(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/config.json") || !AdapterFolder.named(in: path).isEmpty
    }

    /// What may stand beside the weights, and goes along when they are written elsewhere.
    static let companions = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
        "generation_config.json", "vocab.json", "merges.txt",
    ]

    private static func json(_ folder: String, _ file: String) throws -> JSONValue {
        let place = "\(folder)/\(file)"
        guard let data = FileManager.default.contents(atPath: place) else {
            throw ModelError("Cannot read \(place): a model folder holds config.json, model.safetensors and tokenizer.json")
        }
        do { return try JSONValue(parsing: String(decoding: data, as: UTF8.self)) } catch {
            throw ModelError("\(place) is not JSON: \(error)")
        }
    }

    /// The tokenizer of the folder.
    public func tokenizer() throws -> any Tokenizer { try TokenizerFile.read(path) }

    /// The files of the weights, by the tensors that they hold.
    ///
    /// Shards are named by `model.safetensors.index.json`; they lie in the folder itself, but may be links to where a cache keeps
    /// them. Pickled weights are never read.
    private func weights() throws -> (String) -> SafetensorsFile? {
        let index = "\(path)/model.safetensors.index.json"
        guard FileManager.default.fileExists(atPath: index) else {
            let place = "\(path)/model.safetensors"
            let pickled = ["pytorch_model.bin", "pytorch_model.bin.index.json", "consolidated.00.pth"].first {
                FileManager.default.fileExists(atPath: "\(path)/\($0)")
            }
            if let pickled, !FileManager.default.fileExists(atPath: place) {
                throw ModelError("\(path) has its weights in \(pickled), which could run code when it is read; convert it to model.safetensors")
            }
            let file = try SafetensorsFile(path: place)
            return { file.entries[$0] == nil ? nil : file }
        }
        guard case .object(let map)? = try Self.json(path, "model.safetensors.index.json")["weight_map"] else {
            throw ModelError("\(index) has no “weight_map” from tensor names to files")
        }
        var files: [String: SafetensorsFile] = [:]
        for (tensor, value) in map.sorted(by: { $0.key < $1.key }) {
            guard let name = value.text else { throw ModelError("“weight_map” of \(index) has no file name for “\(tensor.prefix(60))”") }
            guard files[name] == nil else { continue }
            guard !name.contains("/"), !name.contains("\0"), name.hasSuffix(".safetensors") else {
                throw ModelError("\(index) names a file that is no safetensors file of the folder: \(name.prefix(60))")
            }
            files[name] = try SafetensorsFile(path: "\(path)/\(name)")
        }
        let found = files
        return { tensor in map[tensor]?.text.flatMap { found[$0] }.flatMap { $0.entries[tensor] == nil ? nil : $0 } }
    }

    /// Throws where the files lack a weight of the shape that `config.json` states, or have it in another shape: before memory is
    /// taken for any of them.
    private func expectWeights(_ find: (String) -> SafetensorsFile?) throws {
        for (name, sizes) in zip(Transformer.names(of: shape), Transformer.shapes(of: shape)) {
            for part in Network.parts(of: name, shape, sizes) {
                guard let entry = find(part.name)?.entries[part.name] else {
                    throw ModelError("The weights lack tensor “\(part.name)”; is the folder complete?")
                }
                guard entry.shape == part.sizes else {
                    throw ModelError("Tensor “\(part.name)” has shape \(entry.shape), but by \(path)/config.json it has \(part.sizes)")
                }
            }
        }
    }

    /// The network with the folder's weights, converted to float32.
    func network(adapters: AdapterSettings? = nil, heads: [Head] = [], seed: Seed = Seed(0)) throws -> Network {
        let find = try weights()
        try expectWeights(find)
        let empty = try Transformer.shapes(of: shape).map { try Tensor.zeros($0) }
        let own = try adapters.map { try Adapters.initialised($0, shape: shape, seed: seed.child("adapters")) }
        let network = try Network(
            base: try Transformer(shape: shape, parameters: empty), adapters: try own ?? self.adapters?.adapters(for: shape), heads: heads)
        try network.load(isLenient: true, find)
        return network
    }

    /// Writes a folder; each file is written whole or not at all. With an origin, its `config.json` and companions go along.
    static func write(_ network: Network, tokenizer: any Tokenizer, origin: ModelFolder? = nil, to path: String) throws {
        var files: [(String, Data)] = [("model.safetensors", try network.file())]
        if let origin {
            var fields: [String: JSONValue] = [:]
            if case .object(let own) = origin.configuration { fields = own }
            for key in ["dtype", "torch_dtype"] where fields[key] != nil { fields[key] = .string("float32") }
            files.append(("config.json", Data(JSONValue.object(fields).canonical.utf8)))
            for name in companions {
                guard let data = FileManager.default.contents(atPath: "\(origin.path)/\(name)") else { continue }
                files.append((name, data))
            }
        } else {
            let configuration = network.shape.configuration(end: tokenizer.endOfText, padding: tokenizer.padding)
            files.append(("config.json", Data(configuration.canonical.utf8)))
            files.append(("tokenizer.json", Data(try tokenizer.json().canonical.utf8)))
        }
        try write(files, to: path)
    }

    /// Writes files into a folder.
    static func write(_ files: [(name: String, data: Data)], to path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, data) in files { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic) }
        } catch {
            throw ModelError("Cannot write the model to \(path): \(error.localizedDescription)")
        }
    }
}
