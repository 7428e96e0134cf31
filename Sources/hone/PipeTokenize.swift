import Foundation
import HoneCore
import HoneText

/// A tokenizer over a pipe: text to tokens with offsets in Unicode scalars, tokens to text, messages to both.
///
/// Written forms of added tokens become those tokens, and special tokens are put around a text unless `addSpecialTokens` is
/// false, as in the Python library.
struct TokenizePort: Port {
    private let tokenizers = FileShelf<FileTokenizer>()

    func answers(_ line: JSONValue) async throws -> [JSONValue] { try await answers(line, written: line.canonical) }

    func answers(_ line: JSONValue, written source: String) async throws -> [JSONValue] {
        let asked = ["text", "ids", "messages"].filter { line[$0] != nil }
        guard asked.count == 1 else {
            throw CoreError.invalid("The line needs one of “text”, “ids” and “messages”; it has \(asked.isEmpty ? "none" : asked.joined(separator: ", "))")
        }
        let name = try line.optionalText("tokenizer") ?? "nano"
        let file = try await opened(name)
        let tokenizer = file.tokenizer
        if let ids = line["ids"] {
            let tokens = try ids.tokens("ids")
            for token in tokens where Int(token) >= tokenizer.vocabularySize {
                throw CoreError.invalid("\(token) is not a token of this tokenizer, which has 0 to \(tokenizer.vocabularySize - 1)")
            }
            return [.object(["text": .string(tokenizer.decode(tokens))])]
        }
        if let messages = line["messages"] {
            let prompts = try line.flag("addGenerationPrompt", default: false)
            if let template = file.chatTemplate { return [try Self.written(template, tokenizer, source, prompts: prompts)] }
            if let tools = line["tools"], tools != .null, tools.elements?.isEmpty != true {
                throw CoreError.unsupported("\(name) has no chat template, and the plain form of messages has no place for “tools”; leave them out")
            }
            let text = try Self.plainForm(of: messages, prompts: prompts)
            return [.object(["text": .string(text), "ids": .array(try tokenizer.encode(text).map { .integer(Int($0)) })])]
        }
        let isFramed = try line.flag("addSpecialTokens", default: true)
        let encoding = try tokenizer.encodeAsLibrary(try line.requiredText("text"), addSpecialTokens: isFramed)
        return [
            .object([
                "ids": .array(encoding.tokens.map { .integer(Int($0)) }),
                "offsets": .array(encoding.scalarOffsets.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }),
            ])
        ]
    }

    /// A tokenizer by the name `nano`, the path of a `tokenizer.json`, or a folder with one.
    private func opened(_ name: String) async throws -> FileTokenizer {
        if name == "nano" { return FileTokenizer(.nano) }
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
        guard isThere else { throw CoreError.invalid("There is no file \(name); give the path of a tokenizer.json, or nano") }
        let path = isFolder.boolValue ? "\(name)/tokenizer.json" : name
        return try await tokenizers.thing(of: FileTokenizer.files(path)) { try FileTokenizer(path: path) }
    }

    /// Messages as a chat template writes them, with the tokens of the text.
    private static func written(_ template: ChatTemplate, _ tokenizer: any Tokenizer, _ source: String, prompts: Bool) throws -> JSONValue {
        // Templates write objects with their keys in the order in which they came.
        let line = try JSONTree(parsing: source)
        func list(_ key: String) throws -> [JSONTree]? {
            switch line[key] {
            case .array(let elements)?: return elements
            case nil, .null?: return nil
            default: throw CoreError.invalid("“\(key)” should be a list")
            }
        }
        let messages = try list("messages") ?? []
        for (place, message) in messages.enumerated() {
            guard case .object = message else { throw CoreError.invalid("“messages” at place \(place) is no object") }
        }
        let now = TemplateTime(Date(), in: .current)
        let text = try template.rendering(of: messages, tools: try list("tools"), addGenerationPrompt: prompts, now: now).text
        let ids = try tokenizer.encodeRecognizingAddedTokens(text)
        return .object(["text": .string(text), "ids": .array(ids.map { .integer(Int($0)) })])
    }

    /// Messages without a chat template: one line each, `role: content`.
    private static func plainForm(of messages: JSONValue, prompts: Bool) throws -> String {
        guard let list = messages.elements else { throw CoreError.invalid("“messages” is \(messages.kind); expected a list") }
        let lines = try list.enumerated().map { index, message in
            guard let role = message["role"]?.text, let content = message["content"]?.text else {
                throw CoreError.invalid("“messages” at place \(index) needs “role” and “content” with texts")
            }
            return "\(role): \(content)\n"
        }
        return lines.joined() + (prompts ? "assistant:" : "")
    }
}

/// A tokenizer with the chat template beside it.
struct FileTokenizer {
    let tokenizer: any Tokenizer
    /// The chat template, if there is one.
    let chatTemplate: ChatTemplate?

    /// A tokenizer without a chat template.
    init(_ tokenizer: CharacterTokenizer) {
        self.tokenizer = tokenizer
        chatTemplate = nil
    }

    /// The files that decide.
    static func files(_ path: String) -> [String] {
        [path] + (TokenizerFile.names.dropFirst() + ChatTemplate.fileNames.prefix(1)).map { "\(folder(path))/\($0)" }
    }

    private static func folder(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    /// Reads a `tokenizer.json` and the chat template in its folder.
    init(path: String) throws {
        do {
            tokenizer = try TokenizerFile.read(path)
            chatTemplate = try ChatTemplate.read(folder: Self.folder(path))
        } catch {
            throw CoreError.invalid(error.description)
        }
    }
}
