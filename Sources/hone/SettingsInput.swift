import Foundation
import HoneCore
import Yams

/// Reads what a user set, from `--set key=value` and from YAML files, with the place of each value.
enum SettingsInput {
    /// The entry of one `--set a.b=c`.
    static func entry(fromArgument text: String) throws -> SettingsOverlay.Entry {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw CoreError.invalid("--set “\(text)” is not of the form key=value, for example --set learner.rate=1e-3")
        }
        let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let raw = String(text[text.index(after: equals)...])
        return SettingsOverlay.Entry(path: path, value: scalar(raw), place: "--set \(text)")
    }

    /// The entries of a YAML file, in order, each with its line and column.
    static func entries(fromFile path: String) throws -> [SettingsOverlay.Entry] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CoreError.invalid("There is no settings file at \(path); check the path given to --settings")
        }
        guard data.count <= 1 << 20 else {
            throw CoreError.invalid("\(path) has \(data.count) bytes; a settings file may have up to 1 MiB")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CoreError.invalid("\(path) is not UTF-8 text; save it as UTF-8")
        }
        if text.contains("*") && text.contains("&") {
            let hasAlias = text.split(separator: "\n").contains { $0.contains(": &") || $0.contains("- &") }
            if hasAlias {
                throw CoreError.invalid("\(path) uses YAML anchors; write the values out, settings take no aliases")
            }
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw CoreError.invalid("\(path) is not valid YAML: \(error)")
        }
        guard let node else { return [] }
        guard case .mapping = node else {
            throw CoreError.invalid("\(path) should hold settings as “key: value” lines")
        }
        var entries: [SettingsOverlay.Entry] = []
        try collect(node, path: [], file: path, into: &entries, depth: 0)
        return entries
    }

    private static func collect(
        _ node: Node, path: [String], file: String, into entries: inout [SettingsOverlay.Entry], depth: Int
    ) throws {
        guard depth < 32 else { throw CoreError.invalid("\(file) nests settings more than 32 levels deep") }
        let place = node.mark.map { "\(file):\($0.line):\($0.column)" } ?? file
        if case .mapping(let mapping) = node, !mapping.isEmpty {
            var seen: Set<String> = []
            for (key, value) in mapping {
                let name = key.string ?? ""
                guard seen.insert(name).inserted else {
                    let line = key.mark.map { ":\($0.line):\($0.column)" } ?? ""
                    throw CoreError.invalid("\(file)\(line): “\(name)” is given twice; keep one")
                }
                try collect(value, path: path + name.split(separator: ".").map(String.init), file: file, into: &entries, depth: depth + 1)
            }
            return
        }
        entries.append(SettingsOverlay.Entry(path: path, value: try json(node, file: file, depth: depth), place: place))
    }

    private static func json(_ node: Node, file: String, depth: Int) throws -> JSONValue {
        guard depth < 64 else { throw CoreError.invalid("\(file) nests lists more than 64 levels deep") }
        switch node {
        case .scalar(let value):
            return value.style == .plain ? scalar(value.string) : .string(value.string)
        case .sequence(let sequence):
            return .array(try sequence.map { try json($0, file: file, depth: depth + 1) })
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, value) in mapping { members[key.string ?? ""] = try json(value, file: file, depth: depth + 1) }
            return .object(members)
        case .alias:
            throw CoreError.invalid("\(file) uses a YAML alias; write the value out")
        }
    }

    /// A plain scalar: true, false, null, a number, or text. `no`, `off` and octal forms stay text.
    static func scalar(_ text: String) -> JSONValue {
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null", "~": return .null
        default: break
        }
        if text.hasPrefix("[") || text.hasPrefix("{"), let value = try? JSONValue(parsing: text) { return value }
        let isNumber = text.wholeMatch(of: /[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/) != nil
        let hasLeadingZero = text.wholeMatch(of: /[+-]?0\d+/) != nil
        if isNumber && !hasLeadingZero {
            if let whole = Int(text) { return .integer(whole) }
            if let number = Double(text), number.isFinite { return .number(number) }
        }
        return .string(text)
    }
}
