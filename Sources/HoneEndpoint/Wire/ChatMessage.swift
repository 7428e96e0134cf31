import HoneCore

/// One message of a chat.
public struct ChatMessage: Hashable, Sendable, Codable {
    /// Who speaks.
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
        case system, user, assistant, tool
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var text: String
    /// Calls of tools that the assistant asks for.
    public var toolCalls: [ToolCall]
    /// Of a tool's message: the call it answers.
    public var toolCallID: String?

    /// A message.
    public init(_ role: Role, _ text: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.text = text
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    /// The message as the interface spells it.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["role": .string(role.rawValue), "content": .string(text)]
        if !toolCalls.isEmpty { members["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let toolCallID { members["tool_call_id"] = .string(toolCallID) }
        return .object(members)
    }
}

/// A tool a model may call.
public struct ToolSpecification: Hashable, Sendable, Codable {
    /// Its name.
    public var name: String
    /// What it does, for the model.
    public var summary: String
    /// The JSON Schema of its arguments.
    public var parameters: JSONValue

    /// A tool.
    public init(name: String, summary: String, parameters: JSONValue = .object([:])) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }

    var json: JSONValue {
        .object([
            "type": .string("function"),
            "function": .object(["name": .string(name), "description": .string(summary), "parameters": parameters]),
        ])
    }
}

/// A call of a tool that a model asks for.
public struct ToolCall: Hashable, Sendable, Codable {
    /// The server's name of the call.
    public var id: String
    /// The tool.
    public var name: String
    /// Its arguments, as the model wrote them: JSON text, which need not be valid.
    public var arguments: String

    /// A call.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    var json: JSONValue {
        .object([
            "id": .string(id), "type": .string("function"),
            "function": .object(["name": .string(name), "arguments": .string(arguments)]),
        ])
    }
}

/// Whether a model may, must or must not call tools.
public enum ToolChoice: Hashable, Sendable, Codable {
    case automatic, none, required
    /// It must call this one.
    case named(String)

    var json: JSONValue {
        switch self {
        case .automatic: .string("auto")
        case .none: .string("none")
        case .required: .string("required")
        case .named(let name): .object(["type": .string("function"), "function": .object(["name": .string(name)])])
        }
    }
}

/// The form an answer must have.
public enum ResponseFormat: Hashable, Sendable, Codable {
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON that a schema allows.
    case jsonSchema(name: String, schema: JSONValue, isStrict: Bool)

    var json: JSONValue {
        switch self {
        case .text: .object(["type": .string("text")])
        case .jsonObject: .object(["type": .string("json_object")])
        case .jsonSchema(let name, let schema, let isStrict):
            .object([
                "type": .string("json_schema"),
                "json_schema": .object(["name": .string(name), "schema": schema, "strict": .bool(isStrict)]),
            ])
        }
    }
}
