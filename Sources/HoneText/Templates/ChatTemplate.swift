/// A chat template: a Jinja template that turns messages into the text that a model was trained to continue.
///
/// The language is that part of Jinja 3.1 which templates of models use, in the surroundings that transformers 5 gives it: white
/// space around blocks is trimmed, `tojson` leaves characters as they are, values cannot be changed from within. What a template
/// prints equals what Jinja prints, byte for byte, on the reference templates; where Jinja fails, this does too. Departures: whole
/// numbers have 64 bits; `escape` gives plain text; inheritance, inclusion, random choice and web filters are not there; loops,
/// depth and length are limited.
public struct ChatTemplate: Sendable {
    /// What a rendering may use up.
    public struct Limits: Hashable, Sendable {
        /// How often the bodies of loops run in all, and how long a list may be.
        public var iterations = 250_000
        /// How deep blocks, expressions and calls are nested while it runs; each level takes a part of the thread's stack.
        public var depth = 150
        /// How many bytes a text may have.
        public var output = 1 << 23
        /// How many statements and expressions are run in all; looking through values, and making them, counts too: a step for 64
        /// bytes of a text and for each item of a list. So what a rendering holds at once is limited by its steps: all values made in
        /// it have no more than 64 bytes of text or one item for each step.
        public var steps = 3_000_000

        /// The usual limits.
        public init() {}
    }

    /// What a rendering gives.
    public struct Rendering: Hashable, Sendable {
        /// The text.
        public let text: String
        /// The ranges, in bytes of the text, that `{% generation %}` blocks wrote: what the model itself is to say.
        public let generated: [Range<Int>]
    }

    /// The template as it was written.
    public let source: String
    /// Where it came from, for error messages.
    public let place: String
    /// The limits of a rendering.
    public var limits = Limits()
    /// The written forms of special tokens, such as `bos_token`, that the template may name.
    public var tokens: [String: JSONTree]
    private let program: TemplateProgram
    /// Another template for conversations with tools.
    private let toolProgram: TemplateProgram?

    /// The longest template that is read, in bytes.
    public static let longest = 1 << 20

    /// A template from its text; throws a sentence with the line where it is broken.
    public init(
        _ source: String, withTools: String? = nil, tokens: [String: JSONTree] = [:], place: String = "The chat template"
    ) throws(TextError) {
        self.source = source
        self.place = place
        self.tokens = tokens
        func parsed(_ text: String) throws(TextError) -> TemplateProgram {
            guard text.utf8.count <= Self.longest else { throw TextError("\(place) has \(text.utf8.count) bytes; up to \(Self.longest) are read") }
            do throws(TemplateFailure) { return try TemplateParser.parse(text) } catch { throw Self.error(error, place) }
        }
        program = try parsed(source)
        toolProgram = if let withTools { try parsed(withTools) } else { nil }
    }

    private static func error(_ failure: TemplateFailure, _ place: String) -> TextError {
        let line = failure.line.map { ", line \($0)" } ?? ""
        // A sentence may quote what the template wrote.
        let sentence = failure.sentence.utf8.count > 2000 ? String(failure.sentence.prefix(1000)) + " …" : failure.sentence
        return TextError("\(place)\(line)\(failure.isRaised ? " refuses these messages" : ""): \(sentence)")
    }

    /// The text of a conversation.
    ///
    /// - Parameters:
    ///   - messages: the conversation.
    ///   - tools: descriptions of the tools that the model may call, or nil.
    ///   - addGenerationPrompt: whether the text ends where the model's next message begins.
    ///   - extra: further variables that the template knows, such as `enable_thinking`.
    ///   - now: the time that the template may write.
    public func render(
        messages: [ConversationMessage], tools: [JSONTree]? = nil, addGenerationPrompt: Bool = false, extra: [String: JSONTree] = [:], now: TemplateTime
    ) throws(TextError) -> String {
        try rendering(of: messages.map(\.tree), tools: tools, addGenerationPrompt: addGenerationPrompt, extra: extra, now: now).text
    }

    /// The text of a conversation whose messages may have keys of their own, with the ranges that generation blocks wrote.
    public func rendering(
        of messages: [JSONTree], tools: [JSONTree]? = nil, addGenerationPrompt: Bool = false, extra: [String: JSONTree] = [:], now: TemplateTime
    ) throws(TextError) -> Rendering {
        var variables: [String: TemplateValue] = [:]
        for (name, value) in tokens { variables[name] = TemplateValue(value) }
        variables["messages"] = .list(messages.map { TemplateValue(Self.withReasoning($0)) })
        variables["tools"] = tools.map { .list($0.map { TemplateValue($0) }) } ?? TemplateValue.none
        variables["documents"] = TemplateValue.none
        variables["add_generation_prompt"] = .bool(addGenerationPrompt)
        for (name, value) in extra { variables[name] = TemplateValue(value) }
        let run = TemplateRun(limits: limits, now: now)
        let chosen = tools == nil ? program : toolProgram ?? program
        do throws(TemplateFailure) {
            let bytes = try run.render(chosen, with: variables)
            return Rendering(text: String(decoding: bytes, as: UTF8.self), generated: run.generated)
        } catch {
            throw Self.error(error, place)
        }
    }

    /// A message whose reasoning stands under all the names that templates ask for it by.
    private static func withReasoning(_ message: JSONTree) -> JSONTree {
        guard case .object(let members) = message else { return message }
        let named = ["reasoning_content", "thinking", "reasoning"].lazy.compactMap { message[$0] }.first { !$0.isNull }
        guard let reasoning = named else { return message }
        var all: [JSONTree.Member] = [JSONTree.Member(key: ExactText("thinking"), value: message["thinking"] ?? reasoning)]
        all += members.filter { $0.key != ExactText("thinking") && $0.key != ExactText("reasoning_content") }
        if let place = members.firstIndex(where: { $0.key == ExactText("reasoning_content") }) {
            // A key that is there keeps its place.
            let before = members[..<place].count { $0.key != ExactText("thinking") }
            all.insert(JSONTree.Member(key: ExactText("reasoning_content"), value: reasoning), at: before + 1)
        } else {
            all.append(JSONTree.Member(key: ExactText("reasoning_content"), value: reasoning))
        }
        return .object(all)
    }
}
