import Foundation
import HoneCore
import HoneTensor

/// LoRA adapters on disk as PEFT keeps them: `adapter_config.json` and `adapter_model.safetensors`.
public struct AdapterFolder: Sendable {
    /// Where they are.
    public let path: String
    /// What they are.
    public let settings: AdapterSettings
    /// The model they were made for, as the file names it; empty where it does not.
    public let baseName: String

    /// The highest rank that is read; no matrix of a model in use is narrower.
    static let highestRank = 1 << 16

    /// Reads `adapter_config.json`; refuses what cannot be computed by name.
    public init(path: String) throws {
        self.path = path
        let place = "\(path)/adapter_config.json"
        guard let data = FileManager.default.contents(atPath: place) else {
            let inside = Self.named(in: path).map(\.name)
            throw ModelError(
                "Cannot read \(place): an adapter folder holds adapter_config.json and adapter_model.safetensors"
                    + (inside.isEmpty ? "" : "; this one has adapters in folders of their own (\(inside.joined(separator: ", "))): give one, such as \(path)/\(inside[0])"))
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: String(decoding: data, as: UTF8.self)) } catch {
            throw ModelError("\(place) is not JSON: \(error)")
        }
        let fields = try ConfigurationFields(json, place: place)
        let kind = try fields.text("peft_type") ?? "LORA"
        guard kind == "LORA" else { throw ModelError("\(place) describes adapters of kind “\(kind.prefix(60))”; LORA can be read") }
        try fields.refuse("use_dora", "weight-decomposed adapters")
        try fields.refuse("lora_bias", "biases of adapters")
        try fields.refuse("fan_in_fan_out", "transposed weights")
        for key in ["rank_pattern", "alpha_pattern"] {
            if case .object(let pattern)? = fields[key], !pattern.isEmpty {
                throw ModelError("\(place) gives some layers a rank or alpha of their own (“\(key)”), which cannot be read")
            }
        }
        for key in ["modules_to_save", "layers_to_transform", "target_parameters", "exclude_modules"] {
            guard let value = fields[key], value != .array([]) else { continue }
            throw ModelError("\(place) has “\(key)” \(value.canonical.prefix(60)); adapters on the same modules of all layers can be read")
        }
        if let bias = try fields.text("bias"), bias != "none" { throw ModelError("\(place) trains biases (“bias” is “\(bias.prefix(60))”); only “none” can be read") }
        let rank = try fields.neededWhole("r")
        guard rank <= Self.highestRank else { throw ModelError("“r” of \(place) is \(rank); ranks up to \(Self.highestRank) can be read") }
        settings = AdapterSettings(
            rank: rank, alpha: try fields.number("lora_alpha") ?? Double(rank), modules: try Self.modules(fields),
            isRankStabilised: try fields.flag("use_rslora", default: false))
        baseName = try fields.text("base_model_name_or_path") ?? ""
        do { try settings.check() } catch { throw ModelError("\(place): \(error)") }
    }

    /// The adapters of a folder by name, as PEFT keeps several: one in the folder itself, by the folder's name, the others in folders of their own.
    public static func named(in path: String) -> [(name: String, path: String)] {
        func isAdapter(_ place: String) -> Bool { FileManager.default.fileExists(atPath: "\(place)/adapter_config.json") }
        let own = (path as NSString).standardizingPath
        var found = isAdapter(own) ? [(name: (own as NSString).lastPathComponent, path: own)] : []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: own))?.sorted() ?? [] where isAdapter("\(own)/\(name)") {
            found.append((name, "\(own)/\(name)"))
        }
        return found
    }

    private static func modules(_ fields: ConfigurationFields) throws -> [String] {
        guard let value = fields["target_modules"] else { throw ModelError("“target_modules” of \(fields.place) is missing; expected a list of modules") }
        if value == .string("all-linear") { return AdapterSettings.allModules }
        guard case .array(let names) = value else {
            throw ModelError("“target_modules” of \(fields.place) is \(value.canonical.prefix(60)); a list of modules or all-linear can be read")
        }
        let texts = names.compactMap(\.text)
        // In the order in which adapters are kept, whatever order the file lists.
        return AdapterSettings.allModules.filter(texts.contains) + texts.filter { !AdapterSettings.allModules.contains($0) }
    }

    /// The adapters for a model of this shape; throws where a tensor is missing, left over, or of another shape.
    func adapters(for shape: ModelShape) throws -> Adapters {
        let file = try SafetensorsFile(path: "\(path)/adapter_model.safetensors")
        let names = Adapters.names(settings, shape)
        let known = Set(names)
        if let stray = file.entries.keys.sorted().first(where: { !known.contains($0) }) {
            throw ModelError("\(path)/adapter_model.safetensors holds “\(stray.prefix(200))”, which a model of this shape has no place for")
        }
        let mode = GradientMode.off()
        defer { mode.restore() }
        for (name, sizes) in zip(names, Adapters.shapes(settings, shape)) {
            guard let entry = file.entries[name] else { throw ModelError("\(path)/adapter_model.safetensors lacks “\(name)”") }
            guard entry.shape == sizes else {
                throw ModelError("“\(name)” of \(path)/adapter_model.safetensors has shape \(entry.shape), but by adapter_config.json it has \(sizes)")
            }
        }
        let parameters = try names.map { name in
            return try file.tensor(name).to(.float32).clone()
        }
        return try Adapters(settings, shape: shape, parameters: parameters)
    }

    /// Writes adapters as PEFT reads them; each file is written whole or not at all.
    static func write(_ adapters: Adapters, base: String, to path: String) throws {
        let settings = adapters.settings
        let configuration: [String: JSONValue] = [
            "peft_type": .string("LORA"), "task_type": .string("CAUSAL_LM"), "base_model_name_or_path": .string(base),
            "r": .integer(settings.rank), "lora_alpha": Int(exactly: settings.alpha).map { .integer($0) } ?? .number(settings.alpha),
            "lora_dropout": .number(0), "bias": .string("none"), "target_modules": .array(settings.modules.map { .string($0) }),
            "use_rslora": .bool(settings.isRankStabilised), "use_dora": .bool(false), "fan_in_fan_out": .bool(false),
            "inference_mode": .bool(true), "init_lora_weights": .bool(true), "modules_to_save": .null, "layers_to_transform": .null,
            "rank_pattern": .object([:]), "alpha_pattern": .object([:]),
        ]
        var tensors: [String: Tensor] = [:]
        let mode = GradientMode.off()
        defer { mode.restore() }
        for (name, tensor) in zip(adapters.names, adapters.parameters) { tensors[name] = try tensor.detach() }
        try ModelFolder.write(
            [
                ("adapter_config.json", Data(JSONValue.object(configuration).canonical.utf8)),
                ("adapter_model.safetensors", try SafetensorsFile.data(tensors)),
            ], to: path)
    }
}
