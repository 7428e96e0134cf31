/// Where a template changes what it has written before.
public struct AppendOnlyBreak: Hashable, Sendable, CustomStringConvertible {
    /// How many messages the shorter conversation has.
    public let messages: Int
    /// Whether the shorter text ended where the model's message begins.
    public let hasGenerationPrompt: Bool
    /// How many bytes both texts share.
    public let offset: Int
    /// What the shorter text goes on with, up to 40 characters.
    public let shorter: String
    /// What the longer text goes on with.
    public let longer: String

    public var description: String {
        let prompt = hasGenerationPrompt ? " and the prompt for the next" : ""
        return "With \(messages) message\(messages == 1 ? "" : "s")\(prompt) the text goes on after \(offset) bytes with “\(shorter)”, "
            + "with one message more it goes on with “\(longer)”"
    }
}

extension ChatTemplate {
    /// Whether each beginning of a conversation is written as the beginning of the whole: nil, or the first place where not.
    ///
    /// Only then do the tokens of earlier turns stay what they were when a turn is added. For each number of messages the text
    /// must begin the text with one message more; and where that message is the model's own, so must the text that ends with
    /// the prompt for it. Beginnings that the template refuses are passed over; the whole conversation must be accepted.
    public func appendOnlyBreak(
        messages: [ConversationMessage], tools: [JSONTree]? = nil, extra: [String: JSONTree] = [:], now: TemplateTime
    ) throws(TextError) -> AppendOnlyBreak? {
        func text(_ count: Int, prompts: Bool) throws(TextError) -> [UInt8] {
            Array(try render(messages: Array(messages.prefix(count)), tools: tools, addGenerationPrompt: prompts, extra: extra, now: now).utf8)
        }
        _ = try text(messages.count, prompts: false)
        for count in messages.indices.dropFirst() {
            guard let longer = try? text(count + 1, prompts: false) else { continue }
            for prompts in messages[count].role == "assistant" ? [false, true] : [false] {
                guard let shorter = try? text(count, prompts: prompts), !longer.starts(with: shorter) else { continue }
                let shared = zip(shorter, longer).prefix { $0 == $1 }.count
                func rest(_ bytes: [UInt8]) -> String { String(String(decoding: bytes[shared...], as: UTF8.self).prefix(40)) }
                return AppendOnlyBreak(messages: count, hasGenerationPrompt: prompts, offset: shared, shorter: rest(shorter), longer: rest(longer))
            }
        }
        return nil
    }

    /// The same for a conversation of two questions and answers, with and without thoughts before the answers, which is what a
    /// template is asked when it is loaded.
    public func appendOnlyBreak(now: TemplateTime) throws(TextError) -> AppendOnlyBreak? {
        var plain: [ConversationMessage] = []
        for number in 1...2 {
            plain.append(ConversationMessage(role: "user", content: "Question \(number)"))
            plain.append(ConversationMessage(role: "assistant", content: "Answer \(number)"))
        }
        if let found = try appendOnlyBreak(messages: plain, now: now) { return found }
        var thoughtful = plain
        for place in [1, 3] { thoughtful[place].reasoning = "Thought \(place)" }
        return try appendOnlyBreak(messages: thoughtful, now: now)
    }
}
