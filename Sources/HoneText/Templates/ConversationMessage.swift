/// One message of a conversation, as chat templates and servers have it.
public struct ConversationMessage: Hashable, Sendable {
    /// What a message says.
    public enum Content: Hashable, Sendable {
        case text(String)
        /// Parts such as `{"type": "text", "text": …}`.
        case parts([JSONTree])
    }

    /// A call of a tool that the model asks for.
    public struct ToolCall: Hashable, Sendable {
        /// What an answer to the call refers to.
        public var id: String?
        /// The name of the tool.
        public var name: String
        /// The arguments: an object for most templates, or the text that the model wrote.
        public var arguments: JSONTree

        /// A call of a tool with arguments.
        public init(id: String? = nil, name: String, arguments: JSONTree) {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    /// Who speaks: `system`, `user`, `assistant`, `tool`, or what else the template knows.
    public var role: String
    /// What is said; nil for a message of calls only.
    public var content: Content?
    /// The name of the speaker, or of the tool that answers.
    public var name: String?
    /// The tools that are called.
    public var toolCalls: [ToolCall] = []
    /// Which call a tool answers.
    public var toolCallID: String?
    /// What the model thought before it spoke.
    public var reasoning: String?

    /// A message of text.
    public init(role: String, content: String) {
        self.role = role
        self.content = .text(content)
    }

    /// A message in all its parts.
    public init(
        role: String, content: Content?, name: String? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil, reasoning: String? = nil
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.reasoning = reasoning
    }

    /// The message as servers and templates write it: `role`, `content`, `name`, `tool_calls`, `tool_call_id`,
    /// `reasoning_content`, in this order, each only where it is there, and `content` always.
    public var tree: JSONTree {
        var members = [member("role", .text(role))]
        switch content {
        case .text(let text): members.append(member("content", .text(text)))
        case .parts(let parts): members.append(member("content", .array(parts)))
        case nil: members.append(member("content", .null))
        }
        if let name { members.append(member("name", .text(name))) }
        if !toolCalls.isEmpty {
            members.append(
                member(
                    "tool_calls",
                    .array(
                        toolCalls.map { call in
                            let function = JSONTree.object(["name": .text(call.name), "arguments": call.arguments])
                            let id = call.id.map { [member("id", .text($0))] } ?? []
                            return .object(id + [member("type", .text("function")), member("function", function)])
                        })))
        }
        if let toolCallID { members.append(member("tool_call_id", .text(toolCallID))) }
        if let reasoning { members.append(member("reasoning_content", .text(reasoning))) }
        return .object(members)
    }

    private func member(_ key: String, _ value: JSONTree) -> JSONTree.Member { JSONTree.Member(key: ExactText(key), value: value) }

    /// The message that an object describes; throws when the role, or a part of it, is not of its kind.
    ///
    /// What else the object has is left out: a template that asks for it is given the objects themselves.
    public init(_ tree: JSONTree) throws(TextError) {
        guard tree.members != nil, let role = tree["role"]?.string else { throw TextError("A message is an object with a “role”") }
        func text(_ key: String) throws(TextError) -> String? {
            guard let value = tree[key], !value.isNull else { return nil }
            guard let text = value.string else { throw TextError("“\(key)” of a message must be a text") }
            return text
        }
        var content: Content?
        switch tree["content"] {
        case .string(let text)?: content = .text(text.string)
        case .array(let parts)?: content = .parts(parts)
        case nil, .null?: break
        default: throw TextError("“content” of a message must be a text or a list of parts")
        }
        var calls: [ToolCall] = []
        if let listed = tree["tool_calls"], !listed.isNull {
            guard let list = listed.array else { throw TextError("“tool_calls” of a message must be a list") }
            for entry in list {
                let function = entry["function"] ?? entry
                guard let name = function["name"]?.string else { throw TextError("A call in “tool_calls” of a message has no “name”") }
                calls.append(ToolCall(id: entry["id"]?.string, name: name, arguments: function["arguments"] ?? .object([])))
            }
        }
        self.init(
            role: role, content: content, name: try text("name"), toolCalls: calls, toolCallID: try text("tool_call_id"),
            reasoning: try text("reasoning_content"))
    }
}
