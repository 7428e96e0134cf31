import HoneCore
import HoneEndpoint
import HoneSocieties
import HoneText

/// Which model.
public struct ModelSettings: Hashable, Sendable, Codable {
    /// LoRA adapters over a model folder.
    public struct LoRA: Hashable, Sendable, Codable {
        /// The rank; 0 has no adapters: all weights learn.
        public var rank = 0
        /// The product is scaled by alpha / rank; 0 takes twice the rank.
        public var alpha = 0.0
        /// The matrices that have one, by Hugging Face's names.
        public var modules = AdapterSettings.allModules
        /// Whether the scale is alpha / √rank.
        public var rankStabilised = false

        /// No adapters.
        public init() {}
    }

    /// A size by name (`hone list sizes`), the path of a model folder, or an endpoint: the URL of a server with OpenAI's interface,
    /// `#` and the name of the model there.
    public var size: String
    /// The most tokens of a model folder's context that are used; 0 for what is usual (4096, or what it has).
    public var context: Int
    /// The adapters a model folder learns through.
    public var lora: LoRA
    /// What answers are drawn in: `float32`, or `bfloat16` for the matrices of a model folder.
    public var precision: String
    /// What products are computed in when a model folder learns and scores: `float32` or `bfloat16`; weights, gradients and the optimiser
    /// stay in float32.
    public var training = "float32"

    /// Whether a model folder is asked through its chat template: `auto` where it has one, `on`, or `off`.
    public var chat = "auto"
    /// The day that chat templates may write into prompts, as 2025-01-31: part of the settings, so that prompts are the same again.
    public var date = "2025-01-01"
    /// How endpoints are asked.
    public var endpoint: EndpointChoice
    /// Servers that draw the answers of a model that learns here through adapters, as addresses of endpoints.
    public var actors: [String] = []
    /// Other models for roles of the recipe, as `critic=./folder` or `critic=https://…#model`.
    public var players: [String]

    /// A model.
    public init(
        size: String = "nano", context: Int = 0, lora: LoRA = LoRA(), precision: String = "float32", endpoint: EndpointChoice = EndpointChoice(),
        players: [String] = []
    ) {
        self.endpoint = endpoint
        self.players = players
        self.size = size
        self.context = context
        self.lora = lora
        self.precision = precision
    }

    /// Whether a size is the path of a folder.
    public static func isFolder(_ size: String) -> Bool { !isEndpoint(size) && (size.contains("/") || size.hasPrefix(".")) }

    /// Whether a size is the address of an endpoint.
    public static func isEndpoint(_ size: String) -> Bool { size.hasPrefix("http://") || size.hasPrefix("https://") }

    /// Whether a model was made elsewhere, so that it is not taught before it is used.
    public static func isGiven(_ size: String) -> Bool { isFolder(size) || isEndpoint(size) }

    /// Where its first weights come from.
    var source: ModelSource {
        guard Self.isFolder(size) else { return .scratch(size: size) }
        let adapters = lora.rank == 0 ? nil : AdapterSettings(
            rank: lora.rank, alpha: lora.alpha == 0 ? nil : lora.alpha, modules: lora.modules, isRankStabilised: lora.rankStabilised)
        return .folder(
            size, ModelLoading(context: context == 0 ? nil : context, adapters: adapters, decodesInHalf: precision == "bfloat16", trainsInHalf: training == "bfloat16"))
    }

    /// What cannot work, as sentences with the key in front.
    var faults: [String] {
        var faults: [String] = []
        if context < 0 { faults.append("“model.context” is \(context); it should be 0 (the usual) or more") }
        if lora.rank < 0 { faults.append("“model.lora.rank” is \(lora.rank); it should be 0 (all weights learn) or more") }
        if !["float32", "bfloat16"].contains(precision) {
            faults.append("“model.precision” is \(precision); it should be float32 or bfloat16")
        }
        if !["float32", "bfloat16"].contains(training) {
            faults.append("“model.training” is \(training); it should be float32 or bfloat16")
        }
        if !Self.isFolder(size) {
            let asked = [
                ("model.context", context != 0), ("model.lora.rank", lora.rank != 0), ("model.precision", precision != "float32"),
                ("model.training", training != "float32"),
            ]
            for (key, isAsked) in asked where isAsked {
                faults.append("“\(key)” goes with a model folder; “model.size” is \(size)")
            }
        }
        if lora.rank > 0 {
            do { try AdapterSettings(rank: lora.rank, modules: lora.modules).check() } catch { faults.append("“model.lora”: \(error)") }
        }
        for actor in actors where !Self.isEndpoint(actor) {
            faults.append("“model.actors” holds “\(actor)”; expected the address of an endpoint, such as http://127.0.0.1:8000/v1#model")
        }
        if !actors.isEmpty, lora.rank == 0 {
            faults.append("“model.actors” goes with adapters (--lora r=16): servers take new weights as adapters")
        }
        if !["auto", "on", "off"].contains(chat) { faults.append("“model.chat” is \(chat); it should be auto, on or off") }
        if day == nil { faults.append("“model.date” is \(date); it should be a day such as 2025-01-31") }
        return faults + endpoint.faults
    }
}

extension ModelSettings {
    /// The day of the settings.
    private var day: TemplateTime? {
        let parts = date.split(separator: "-").map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
        let time = TemplateTime(year: year, month: month, day: day)
        return time.year == year && time.month == month && time.day == day ? time : nil
    }

    /// The policy that asks through the chat template of the model's folder; nil where it is asked directly.
    func chatPolicy() throws -> ChatPolicy? {
        guard chat != "off", Self.isFolder(size), let day else {
            guard chat == "on", !Self.isEndpoint(size) else { return nil }
            throw CoreError.invalid("“model.chat” is on, but the model “\(size)” is no folder with a chat template; leave it at auto")
        }
        guard let template = try ChatTemplate.read(folder: size) else {
            guard chat == "on" else { return nil }
            throw CoreError.invalid("“model.chat” is on, but \(size) has no chat template; leave it at auto")
        }
        return ChatPolicy(template, tokenizer: try TokenizerFile.read(size), now: day)
    }
}
