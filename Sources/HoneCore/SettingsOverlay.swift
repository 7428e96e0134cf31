/// A mistake in a user's settings, with the place where it was made.
public struct SettingsMistake: Hashable, Sendable, CustomStringConvertible {
    /// The key path, such as `learner.rate`.
    public var key: String
    /// Where it was written: `run.yaml:3:5` or `--set`.
    public var place: String
    /// What is wrong and what to do.
    public var sentence: String

    /// A mistake.
    public init(key: String, place: String, sentence: String) {
        self.key = key
        self.place = place
        self.sentence = sentence
    }

    public var description: String { "\(place): \(sentence)" }
}

/// All mistakes found in a user's settings, reported together.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mistakes, in the order they were made.
    public var mistakes: [SettingsMistake]

    /// The error of these mistakes.
    public init(_ mistakes: [SettingsMistake]) { self.mistakes = mistakes }

    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}

/// Lays a user's values over the defaults of a settings type.
///
/// The defaults define which keys exist and what kind of value each takes; anything else is a mistake with the nearest
/// known key beside it.
public struct SettingsOverlay: Sendable {
    /// One value the user gave.
    public struct Entry: Hashable, Sendable {
        /// The key path, outermost first.
        public var path: [String]
        /// The value.
        public var value: JSONValue
        /// Where it was written.
        public var place: String

        /// An entry.
        public init(path: [String], value: JSONValue, place: String) {
            self.path = path
            self.value = value
            self.place = place
        }
    }

    /// The defaults as JSON.
    public let defaults: JSONValue
    /// Keys whose default is null, with the kind of value they take.
    public let optional: [String: JSONValue]

    /// An overlay over the defaults; `optional` names an example value for each key path that may be null.
    public init(defaults: JSONValue, optional: [String: JSONValue] = [:]) {
        self.defaults = defaults
        self.optional = optional
    }

    /// The defaults with the entries laid over them, later entries over earlier ones.
    public func resolve(_ entries: [Entry]) throws(SettingsError) -> JSONValue {
        var result = defaults
        var mistakes: [SettingsMistake] = []
        for entry in entries {
            for (path, sentence) in put(entry.value, at: entry.path[...], into: &result, walked: []) {
                mistakes.append(SettingsMistake(key: path.joined(separator: "."), place: entry.place, sentence: sentence))
            }
        }
        if !mistakes.isEmpty { throw SettingsError(mistakes) }
        return result
    }

    /// A mistake's key path and sentence.
    private typealias Refusal = (path: [String], sentence: String)

    private func put(
        _ value: JSONValue, at path: ArraySlice<String>, into target: inout JSONValue, walked: [String]
    ) -> [Refusal] {
        guard let key = path.first else { return replace(&target, by: value, at: walked) }
        // A group that is null for now takes the keys of its example.
        if target == .null, let example = optional[walked.joined(separator: ".")] { target = example }
        let full = walked + [key]
        let name = full.joined(separator: ".")
        guard case .object(var members) = target else {
            return [(walked + path, "“\(walked.joined(separator: "."))” takes \(target.kind) and has no setting “\(key)” inside it.")]
        }
        guard var member = members[key] else {
            let near = Spelling.nearest(to: key, among: Array(members.keys))
            let known =
                members.isEmpty
                ? "nothing can be set there"
                : near.isEmpty
                ? "known here: \(members.keys.sorted().joined(separator: ", "))"
                : "did you mean \(near.map { "“\((walked + [$0]).joined(separator: "."))”" }.joined(separator: " or "))?"
            return [(walked + path, "There is no setting “\(name)”; \(known)")]
        }
        let refusals = put(value, at: path.dropFirst(), into: &member, walked: full)
        if refusals.isEmpty {
            members[key] = member
            target = .object(members)
        }
        return refusals
    }

    private func replace(_ target: inout JSONValue, by value: JSONValue, at path: [String]) -> [Refusal] {
        let name = path.joined(separator: ".")
        let expected = optional[name] ?? target
        switch (expected, value) {
        case (_, .null) where optional[name] != nil: target = .null
        case (_, .number(let number)) where !number.isFinite:
            return [(path, "“\(name)” takes \(expected.kind), but was given \(number), which is not finite")]
        case (.array(let examples), .array(let elements)): return replace(&target, by: elements, like: examples, at: path)
        case (.null, _), (.bool, .bool), (.integer, .integer), (.number, .number), (.string, .string): target = value
        case (.number, .integer(let whole)): target = .number(Double(whole))
        case (.integer, .number(let number)) where Int(exactly: number) != nil: target = .integer(Int(number))
        case (.string, .integer), (.string, .number), (.string, .bool): target = .string(value.canonical)
        case (.object, .object(let members)):
            return members.sorted { $0.key < $1.key }.flatMap { key, member in
                put(member, at: [key], into: &target, walked: path)
            }
        default:
            return [
                (
                    path,
                    "“\(name)” takes \(expected.kind), for example \(expected.canonical), but was given "
                        + "\(value.kind): \(value.canonical)"
                )
            ]
        }
        return []
    }

    /// Replaces a list; where the default list has single values of one kind, each new one must be of that kind.
    private func replace(
        _ target: inout JSONValue, by elements: [JSONValue], like examples: [JSONValue], at path: [String]
    ) -> [Refusal] {
        var taken = elements
        var refusals: [Refusal] = []
        switch examples.first {
        case nil, .null, .array, .object: break
        case .some(let example) where examples.contains { $0.kind != example.kind }: break
        case .some(let example):
            for index in elements.indices {
                taken[index] = example
                refusals += replace(&taken[index], by: elements[index], at: path + [String(index)])
            }
        }
        if refusals.isEmpty { target = .array(taken) }
        return refusals
    }
}
