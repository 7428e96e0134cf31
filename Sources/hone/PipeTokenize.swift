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
        let (tokens, offsets) = try file.encoded(try line.requiredText("text"), addingSpecialTokens: isFramed)
        return [
            .object([
                "ids": .array(tokens.map { .integer(Int($0)) }),
                "offsets": .array(offsets.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }),
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

/// A tokenizer with what its file says about the tokens around a text.
struct FileTokenizer {
    let tokenizer: any Tokenizer
    /// Where a chat template was found, if there is one.
    let chatTemplate: String?
    /// Whether offsets leave out the spaces that tokens begin or end with; and whether a space was put before the text.
    private var trims: (offsets: Bool, prefixed: Bool) = (false, false)

    /// A tokenizer with nothing around a text.
    init(_ tokenizer: CharacterTokenizer) {
        self.tokenizer = tokenizer
        chatTemplate = nil
    }

    /// The files that decide.
    static func files(_ path: String) -> [String] {
        let folder = (path as NSString).deletingLastPathComponent
        let beside = folder.isEmpty ? "." : folder
        return [path, "\(beside)/tokenizer_config.json", "\(beside)/chat_template.jinja"]
    }

    /// Reads a `tokenizer.json`: of characters, or of byte-level BPE.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CoreError.invalid("There is no file \(path), or it may not be read; give the path of a tokenizer.json")
        }
        guard let json = try? JSONValue(parsing: String(decoding: data, as: UTF8.self)) else { throw CoreError.invalid("\(path) is not JSON") }
        if let characters = try? CharacterTokenizer(json: json) {
            tokenizer = characters
        } else {
            do { tokenizer = try ByteLevelBPE(tokenizerJSON: Array(data)) } catch { throw CoreError.invalid("\(path): \(error)") }
        }
        let files = Self.files(path)
        let configuration = FileManager.default.contents(atPath: files[1]).flatMap { try? JSONValue(parsing: String(decoding: $0, as: UTF8.self)) }
        let template = configuration?["chat_template"] ?? .null
        chatTemplate = FileManager.default.fileExists(atPath: files[2]) ? files[2] : (template == .null ? nil : files[1])
        let processor = json["post_processor"] ?? .null
        for step in [processor] + (processor["processors"]?.elements ?? [])
        where step["type"]?.text == "ByteLevel" || step["type"]?.text == "RobertaProcessing" {
            trims = (step["trim_offsets"] != .bool(false), step["add_prefix_space"] != .bool(false))
        }
    }

    /// Tokens with the Unicode scalars of the text that each covers; tokens around the text cover nothing.
    func encoded(_ text: String, addingSpecialTokens isFramed: Bool) throws -> (tokens: [TokenID], offsets: [Range<Int>]) {
        let encoding = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: true)
        var offsets = encoding.scalarOffsets
        if trims.offsets {
            for (index, token) in encoding.tokens.enumerated() { offsets[index] = trimmed(offsets[index], of: token, isFirst: index == 0) }
        }
        guard isFramed else { return (encoding.tokens, offsets) }
        let places = tokenizer.template.single
        return (tokenizer.template.applied(to: encoding.tokens), places.flatMap { $0 == .first ? offsets : [0..<0] })
    }

    /// A token's offsets without the spaces it begins and ends with; a space that was put before the text is not taken off.
    private func trimmed(_ range: Range<Int>, of token: TokenID, isFirst: Bool) -> Range<Int> {
        let bytes = tokenizer.bytes(of: token)
        var leading = bytes.prefix { $0 == 32 }.count
        let trailing = bytes.reversed().prefix { $0 == 32 }.count
        var (start, end) = (range.lowerBound, range.upperBound)
        if leading > 0 {
            if isFirst || start == 0, trims.prefixed { leading -= 1 }
            start = min(start + leading, end)
        }
        if trailing > 0, end >= trailing { end = max(end - trailing, start) }
        return start..<end
    }
}
