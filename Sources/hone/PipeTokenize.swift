import Foundation
import HoneCore
import HoneText

/// A tokenizer over a pipe: text to tokens with offsets in Unicode scalars, tokens to text, messages to both.
///
/// Written forms of added tokens become those tokens, and special tokens are put around a text unless `addSpecialTokens` is
/// false, as in the Python library.
struct TokenizePort: Port {
    private let tokenizers = FileShelf<FileTokenizer>()

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
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
            if let tools = line["tools"], tools != .null, tools.elements?.isEmpty != true {
                throw CoreError.unsupported("The plain form of messages has no place for “tools”; leave them out")
            }
            if let place = file.chatTemplate {
                throw CoreError.unsupported("\(place) has a chat template, which cannot be applied yet; send the finished prompt as “text”")
            }
            let text = try Self.plainForm(of: messages, prompts: try line.flag("addGenerationPrompt", default: false))
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

/// A tokenizer with the place of the chat template beside it.
struct FileTokenizer {
    let tokenizer: any Tokenizer
    /// Where a chat template was found, if there is one.
    let chatTemplate: String?

    /// A tokenizer without a chat template.
    init(_ tokenizer: CharacterTokenizer) {
        self.tokenizer = tokenizer
        chatTemplate = nil
    }

    /// The files that decide.
    static func files(_ path: String) -> [String] {
        let folder = (path as NSString).deletingLastPathComponent
        let beside = folder.isEmpty ? "." : folder
        return [path] + TokenizerFile.names.dropFirst().map { "\(beside)/\($0)" } + ["\(beside)/chat_template.jinja"]
    }

    /// Reads a `tokenizer.json`.
    init(path: String) throws {
        do { tokenizer = try TokenizerFile.read(path) } catch { throw CoreError.invalid(error.description) }
        let files = Self.files(path)
        let configuration = FileManager.default.contents(atPath: files[1]).flatMap { try? JSONValue(parsing: String(decoding: $0, as: UTF8.self)) }
        let template = configuration?["chat_template"] ?? .null
        let own = files[files.count - 1]
        chatTemplate = FileManager.default.fileExists(atPath: own) ? own : (template == .null ? nil : files[1])
    }
}
