import HoneCore

extension RunReport {
    /// The settings that differ from the defaults, by path in alphabetical order; lists are compared as a whole.
    ///
    /// A setting that only the defaults have is left out: it does not apply here.
    public static func changes(
        from defaults: JSONValue, to settings: JSONValue
    ) -> [(name: String, value: JSONValue, usual: JSONValue?)] {
        let usual = leaves(defaults)
        return leaves(settings).sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }.compactMap { name, value in
            let other = usual[name]
            if let other, other == value || (other.double != nil && other.double == value.double) { return nil }
            return (name, value, other)
        }
    }

    private static func leaves(_ value: JSONValue, path: String = "") -> [String: JSONValue] {
        guard case .object(let members) = value, !members.isEmpty else { return path.isEmpty ? [:] : [path: value] }
        return members.reduce(into: [:]) { all, member in
            all.merge(leaves(member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)")) { first, _ in first }
        }
    }
}
