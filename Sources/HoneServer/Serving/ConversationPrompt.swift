public import HoneCore
public import HoneText

/// A conversation to be continued, as a chat request holds it.
public struct Conversation: Hashable, Sendable {
    /// The messages, with all keys that the client gave them.
    public var messages: [JSONTree]
    /// Descriptions of tools, when there are some.
    public var tools: [JSONTree]?
    /// Whether the prompt ends where the model's next message begins.
    public var addsGenerationPrompt = true
    /// Whether the model goes on with the last message instead of beginning one.
    public var continuesFinalMessage = false
    /// Further variables for the template: `chat_template_kwargs`.
    public var extra: [String: JSONTree] = [:]

    /// A conversation.
    public init(messages: [JSONTree], tools: [JSONTree]? = nil) {
        self.messages = messages
        self.tools = tools
    }

    /// The texts of the messages: their contents, or the text parts of them joined.
    public var texts: [String] { messages.map { Self.text(of: $0["content"]) } }

    static func text(of content: JSONTree?) -> String {
        switch content {
        case .string(let text)?: text.string
        case .array(let parts)?: parts.map { text(of: $0["text"]) }.joined()
        default: ""
        }
    }
}

/// How the messages of a conversation become the tokens of a prompt.
public protocol ConversationPrompt: Sendable {
    /// The tokens that the model is shown; throws a sentence when the messages cannot be written.
    func tokens(of conversation: Conversation, with tokenizer: any Tokenizer) throws -> [TokenID]
}

/// The contents of the messages, one after the other with line breaks between them: for models that know no roles.
public struct PlainPrompt: ConversationPrompt {
    /// What stands between two messages.
    public var separator: String

    /// Contents with this text between them.
    public init(separator: String = "\n") { self.separator = separator }

    public func tokens(of conversation: Conversation, with tokenizer: any Tokenizer) throws -> [TokenID] {
        if conversation.tools != nil { throw ServerRefusal.invalid("This model has no chat template, so it cannot be told of tools", param: "tools") }
        return try tokenizer.encode(conversation.texts.joined(separator: separator), addSpecialTokens: true)
    }
}

/// The text of a chat template, in which written forms of special tokens become those tokens.
public struct TemplatePrompt: ConversationPrompt {
    /// The template.
    public var template: ChatTemplate
    /// The time that the template may write.
    public var now: @Sendable () -> TemplateTime

    /// Prompts by a template.
    public init(_ template: ChatTemplate, now: @escaping @Sendable () -> TemplateTime) {
        self.template = template
        self.now = now
    }

    public func tokens(of conversation: Conversation, with tokenizer: any Tokenizer) throws -> [TokenID] {
        try tokenizer.encodeRecognizingAddedTokens(text(of: conversation))
    }

    /// The text of the prompt.
    ///
    /// A message that is to be continued is cut off right after its content, where the template wrote it last.
    public func text(of conversation: Conversation) throws -> String {
        let text: String
        do throws(TextError) {
            text = try template.rendering(
                of: conversation.messages, tools: conversation.tools,
                addGenerationPrompt: conversation.addsGenerationPrompt && !conversation.continuesFinalMessage, extra: conversation.extra, now: now()
            ).text
        } catch {
            throw ServerRefusal.invalid(error.description, param: "messages")
        }
        guard conversation.continuesFinalMessage, let last = conversation.texts.last else { return text }
        // Templates often trim a content.
        for content in [Array(last.utf8), Self.trimmed(Array(last.utf8))] where !content.isEmpty {
            if let end = Self.end(of: content, in: Array(text.utf8)) { return String(decoding: Array(text.utf8)[..<end], as: UTF8.self) }
        }
        throw ServerRefusal.invalid("The chat template does not write the final message's content as it is, so it cannot be continued", param: "continue_final_message")
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        return Array(bytes[first...last])
    }

    /// Where the last occurrence of some bytes ends.
    private static func end(of part: [UInt8], in whole: [UInt8]) -> Int? {
        guard part.count <= whole.count else { return nil }
        for start in stride(from: whole.count - part.count, through: 0, by: -1) where whole[start] == part[0] {
            if whole[start..<start + part.count].elementsEqual(part) { return start + part.count }
        }
        return nil
    }
}
