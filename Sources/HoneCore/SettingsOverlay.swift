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
            if let sentence = Self.put(entry.value, at: entry.path[...], into: &result, walked: [], optional: optional) {
                mistakes.append(
                    SettingsMistake(key: entry.path.joined(separator: "."), place: entry.place, sentence: sentence))
            }
        }
        if !mistakes.isEmpty { throw SettingsError(mistakes) }
        return result
    }

    private static func put(
        _ value: JSONValue, at path: ArraySlice<String>, into target: inout JSONValue, walked: [String],
        optional: [String: JSONValue]
    ) -> String? {
        guard let key = path.first else { return replace(&target, by: value, at: walked, optional: optional) }
        guard case .object(var members) = target else {
            return "“\(walked.joined(separator: "."))” takes \(target.kind) and has no setting “\(key)” inside it."
        }
        guard var member = members[key] else {
            let near = Spelling.nearest(to: key, among: Array(members.keys))
            let known =
                near.isEmpty
                ? "known here: \(members.keys.sorted().joined(separator: ", "))"
                : "did you mean \(near.map { "“\((walked + [$0]).joined(separator: "."))”" }.joined(separator: " or "))?"
            return "There is no setting “\((walked + [key]).joined(separator: "."))”; \(known)"
        }
        if let sentence = put(value, at: path.dropFirst(), into: &member, walked: walked + [key], optional: optional) {
            return sentence
        }
        members[key] = member
        target = .object(members)
        return nil
    }

    private static func replace(
        _ target: inout JSONValue, by value: JSONValue, at path: [String], optional: [String: JSONValue]
    ) -> String? {
        let name = path.joined(separator: ".")
        let expected = optional[name] ?? target
        switch (expected, value) {
        case (_, .null) where optional[name] != nil: target = .null
        case (.null, _), (.bool, .bool), (.integer, .integer), (.number, .number), (.string, .string), (.array, .array):
            target = value
        case (.number, .integer(let whole)): target = .number(Double(whole))
        case (.integer, .number(let number)) where Int(exactly: number) != nil: target = .integer(Int(number))
        case (.string, .integer), (.string, .number), (.string, .bool): target = .string(value.canonical)
        case (.object, .object(let members)):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                if let sentence = put(member, at: [key], into: &target, walked: path, optional: optional) {
                    return sentence
                }
            }
        default:
            return "“\(name)” takes \(expected.kind), for example \(expected.canonical), but was given "
                + "\(value.kind): \(value.canonical)"
        }
        return nil
    }
}
