import Foundation

extension ChatTemplate {
    /// The files of a model folder that decide which template it has.
    public static let fileNames = ["chat_template.jinja", "tokenizer_config.json", "special_tokens_map.json"]

    /// The chat template of a model folder; nil when it has none.
    ///
    /// `chat_template.jinja` comes before `chat_template` in `tokenizer_config.json`, which is a text or a list of named ones. Of
    /// these the one called `default` is taken, and `tool_use` for conversations with tools. The written forms of special tokens
    /// are taken from the same files.
    public static func read(folder: String) throws(TextError) -> ChatTemplate? {
        let configuration = try tree("\(folder)/tokenizer_config.json")
        var tokens: [String: JSONTree] = [:]
        for tree in [try tree("\(folder)/special_tokens_map.json"), configuration] {
            for member in tree?.members ?? [] {
                let name = member.key.string
                if name.hasSuffix("_token"), let text = member.value.exact ?? member.value["content"]?.exact {
                    tokens[name] = .string(text)
                } else if name == "additional_special_tokens", let list = member.value.array {
                    tokens[name] = .array(list.compactMap { ($0.exact ?? $0["content"]?.exact).map { .string($0) } })
                }
            }
        }
        let own = "\(folder)/chat_template.jinja"
        if FileManager.default.fileExists(atPath: own) {
            let bytes = try TokenizerFile.bytes(of: own)
            guard let text = String(validating: bytes, as: UTF8.self) else { throw TextError("\(own) is not valid UTF-8") }
            return try ChatTemplate(text, tokens: tokens, place: own)
        }
        let place = "\(folder)/tokenizer_config.json"
        switch configuration?["chat_template"] {
        case nil, .null?: return nil
        case .string(let text)?: return try ChatTemplate(text.string, tokens: tokens, place: place)
        case .array(let list)?:
            var named: [String: String] = [:]
            for entry in list {
                guard let name = entry["name"]?.string, let text = entry["template"]?.string else {
                    throw TextError("An entry of “chat_template” in \(place) has no “name” or no “template”")
                }
                named[name] = text
            }
            guard let text = named["default"] ?? (named.count == 1 ? named.first?.value : nil) else {
                throw TextError("“chat_template” in \(place) has no template called default, but \(named.keys.sorted().joined(separator: ", ").shown)")
            }
            return try ChatTemplate(text, withTools: named["tool_use"], tokens: tokens, place: place)
        default: throw TextError("“chat_template” in \(place) is neither a text nor a list of named texts")
        }
    }

    private static func tree(_ path: String) throws(TextError) -> JSONTree? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try TokenizerFile.bytes(of: path)
        do throws(TextError) { return try JSONTree.parse(bytes) } catch { throw TextError("\(path): \(error.description)") }
    }
}
