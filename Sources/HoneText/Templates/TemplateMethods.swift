/// The methods of texts, lists and mappings that leave them as they are.
enum TemplateMethods {
    private static let texts: Set<String> = [
        "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "upper", "lower", "title", "capitalize", "swapcase",
        "casefold", "replace", "find", "rfind", "index", "rindex", "count", "join", "format", "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum",
        "isspace", "isupper", "islower", "zfill", "ljust", "rjust", "center", "partition", "rpartition", "removeprefix", "removesuffix",
    ]

    /// The methods of a value.
    static func names(of value: TemplateValue) -> Set<String> {
        switch value {
        case .string: texts
        case .mapping: ["get", "items", "keys", "values", "copy"]
        case .sequence(let sequence):
            switch sequence.kind {
            case .list: ["index", "count", "copy"]
            case .tuple, .range: ["index", "count"]
            case .view: []
            }
        default: []
        }
    }

    /// The methods that would change a value, which a template may not do.
    static func changing(_ value: TemplateValue) -> Set<String> {
        switch value {
        case .mapping: ["clear", "pop", "popitem", "setdefault", "update", "fromkeys"]
        case .sequence(let sequence) where sequence.kind == .list: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"]
        default: []
        }
    }

    /// What a method gives.
    static func call(_ name: String, of value: TemplateValue, _ call: TemplateCall, in run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        switch value {
        case .mapping(let mapping):
            switch name {
            case "get":
                let given = try positional(["key", "default"], name, call, required: 1)
                guard let key = given[0], let hash = try run.hash(key) else { throw TemplateFailure("“get” needs a value that can be a key") }
                return mapping.value(hash) ?? given[1] ?? .none
            case "copy":
                _ = try positional([], name, call)
                return value
            default:
                _ = try positional([], name, call)
                let items = mapping.entries.map { entry in
                    name == "keys" ? entry.key : name == "values" ? entry.value : TemplateValue.tuple([entry.key, entry.value])
                }
                return try run.checked(items, kind: .view("dict_\(name)"))
            }
        case .sequence(let sequence):
            if name == "copy" {
                _ = try positional([], name, call)
                return value
            }
            guard let wanted = try positional(["value", "start", "stop"], name, call, required: 1)[0] else { return .none }
            if name == "count" {
                var count = 0
                for item in sequence.items where try run.areEqual(item, wanted) { count += 1 }
                return .integer(count)
            }
            guard let place = try run.firstPlace(of: wanted, in: sequence.items) else {
                throw TemplateFailure("“index” looks for a value that is not in the list")
            }
            return .integer(place)
        case .string(let text): return try self.text(name, text.bytes, call, run)
        default: throw TemplateFailure("A value of type \(value.typeName) has no method “\(name)”")
        }
    }

    static func positional(_ parameters: [String], _ name: String, _ call: TemplateCall, required: Int = 0) throws(TemplateFailure) -> [TemplateValue?] {
        let values = try call.bound(parameters, of: name)
        guard values.prefix(required).allSatisfy({ $0 != nil }) else { throw TemplateFailure("“\(name)” needs \(required) argument\(required == 1 ? "" : "s")") }
        return values
    }

    enum Side { case left, right, both }

    /// So many spaces.
    static func spaces(_ count: Int, in run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        guard count <= run.limits.output else { throw TemplateRun.tooLong(run.limits.output) }
        return [UInt8](repeating: 32, count: max(0, count))
    }

    /// A text made as wide as is wanted, with the fill on some side.
    static func padded(_ bytes: [UInt8], _ width: Int, fill: [UInt8], _ side: Side, in run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let length = TemplateText.length(bytes)
        guard width > length else { return .string(ExactText(bytes: bytes)) }
        let missing = width - length
        guard missing <= run.limits.output / fill.count else { throw TemplateRun.tooLong(run.limits.output) }
        // Where both sides get some, the left gets less, unless the width is odd.
        let left = side == .left ? missing : side == .right ? 0 : missing / 2 + (missing & width & 1)
        func filled(_ count: Int) -> [UInt8] { TemplateText.repeated(fill, count) }
        return try run.checked(filled(left) + bytes + filled(missing - left))
    }
}
