extension JSONValue {
    /// The value with the member at a path replaced; objects on the way are made where they are missing.
    public func setting(_ path: [String], to value: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        var members: [String: JSONValue] = [:]
        if case .object(let own) = self { members = own }
        members[first] = (members[first] ?? .object([:])).setting(Array(path.dropFirst()), to: value)
        return .object(members)
    }
}

extension JSONValue {
    /// The value with what it lacks taken from another: keys of objects, at every depth. Arrays and plain values stay as they are.
    public func filled(from other: JSONValue) -> JSONValue {
        guard case .object(var members) = self, case .object(let more) = other else { return self }
        for (key, value) in more { members[key] = members[key]?.filled(from: value) ?? value }
        return .object(members)
    }
}
