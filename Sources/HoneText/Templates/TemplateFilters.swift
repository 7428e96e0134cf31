/// The filters of Jinja that chat templates may use; those that draw at random, or are about web pages, are not there.
enum TemplateFilters {
    static let names: Set<String> = [
        "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "format", "groupby",
        "indent", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
        "safe", "select", "selectattr", "slice", "sort", "string", "sum", "title", "tojson", "trim", "truncate", "unique", "upper", "wordcount",
    ]

    /// What a filter makes of a value.
    static func apply(_ name: String, to value: TemplateValue, _ call: TemplateCall, in run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        if case .string(let text) = value { try run.step(for: text.bytes.count, per: 8) }
        switch name {
        case "default", "d":
            let given = try call.bound(["default_value", "boolean"], of: name)
            if case .undefined = value { return given[0] ?? .text("") }
            return (given[1]?.isTrue ?? false) && !value.isTrue ? given[0] ?? .text("") : value
        case "string", "safe":
            try none(name, call)
            return value.exact == nil ? .string(try run.printed(value)) : value
        case "length", "count":
            try none(name, call)
            return .integer(try length(value))
        case "tojson": return try run.checked(try json(value, call, run))
        case "abs":
            try none(name, call)
            guard let number = value.double else { throw TemplateFailure("“abs” takes a number, not a value of type \(value.typeName)") }
            return number < 0 || number.sign == .minus ? try TemplateOperations.number(.integer(0), .subtract, value) : value.whole.map { .integer($0) } ?? value
        case "int", "float": return try number(name, value, call)
        case "round": return try round(value, call)
        case "attr":
            guard let key = try call.bound(["name"], of: name)[0] else { throw TemplateFailure("“attr” needs the name of what is wanted") }
            try run.present(value)
            // Only what belongs to a value counts here, not what a mapping keeps.
            if case .mapping(let mapping) = value, mapping.value(try run.printed(key).string) != nil, !TemplateMethods.names(of: value).contains(try run.printed(key).string) {
                return .undefined(MissingValue(sentence: "A value of type dict has no attribute “\(try run.printed(key).string)”"))
            }
            return try run.attribute(try run.printed(key).string, of: value)
        default: break
        }
        if let text = try text(name, value, call, run) { return text }
        return try sequence(name, value, call, run)
    }

    static func none(_ name: String, _ call: TemplateCall) throws(TemplateFailure) { _ = try call.bound([], of: name) }

    static func length(_ value: TemplateValue) throws(TemplateFailure) -> Int {
        switch value {
        case .undefined: return 0
        case .string(let text): return TemplateText.length(text.bytes)
        case .sequence(let sequence): return sequence.items.count
        case .mapping(let mapping): return mapping.count
        case .object(let object):
            if let loop = object as? TemplateLoop { return loop.items.count }
            fallthrough
        default: throw TemplateFailure("A value of type \(value.typeName) has no length")
        }
    }

    private static func json(_ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        let given = try call.bound(["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson")
        var style = TemplateValue.JSONStyle()
        style.escapesOther = given[0]?.isTrue ?? false
        if let indent = given[1], indent.isNotNone {
            if let count = indent.whole {
                guard count <= 100 else { throw TemplateFailure("“tojson” indents by up to 100 spaces") }
                style.indent = String(repeating: " ", count: max(0, count))
            } else if let text = indent.exact {
                guard text.bytes.count <= 100 else { throw TemplateFailure("“tojson” indents by up to 100 bytes") }
                style.indent = text.string
            } else {
                throw TemplateFailure("“tojson” indents by a number of spaces or by a text")
            }
            // Lines need no space at their end.
            style.itemSeparator = ","
        }
        if let separators = given[2], separators.isNotNone {
            guard case .sequence(let pair) = separators, pair.items.count == 2, let item = pair.items[0].exact, let key = pair.items[1].exact else {
                throw TemplateFailure("The “separators” of “tojson” are two texts")
            }
            (style.itemSeparator, style.keySeparator) = (item.string, key.string)
        }
        style.sortsKeys = given[3]?.isTrue ?? false
        return try run.json(value, style)
    }

    private static func number(_ name: String, _ value: TemplateValue, _ call: TemplateCall) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(name == "int" ? ["default", "base"] : ["default"], of: name)
        let standard = given[0] ?? (name == "int" ? .integer(0) : .number(0))
        if case .undefined(let missing) = value { throw TemplateFailure(missing.sentence) }
        if let text = value.exact {
            let trimmed = String(decoding: TemplateText.trimmed(text.bytes), as: UTF8.self)
            if name == "int" {
                let base = given.count > 1 ? given[1]?.whole ?? 10 : 10
                if let whole = TemplateFormat.whole(trimmed, base: base) { return .integer(whole) }
            }
            guard let number = TemplateFormat.decimal(trimmed) else { return standard }
            if name == "float" { return .number(number) }
            guard number.isFinite else { return standard }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw TemplateOperations.tooLarge }
            return .integer(whole)
        }
        guard let number = value.double else { return standard }
        if name == "float" { return .number(number) }
        if let whole = value.whole { return .integer(whole) }
        guard number.isFinite else { return standard }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw TemplateOperations.tooLarge }
        return .integer(whole)
    }

    private static func round(_ value: TemplateValue, _ call: TemplateCall) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(["precision", "method"], of: "round")
        let method = given[1]?.exact?.string ?? "common"
        guard ["common", "ceil", "floor"].contains(method) else { throw TemplateFailure("“round” rounds in the ways common, ceil and floor") }
        guard let number = value.double else { throw TemplateFailure("“round” takes a number, not a value of type \(value.typeName)") }
        let digits = given[0]?.whole ?? 0
        guard (-300...300).contains(digits) else { throw TemplateFailure("“round” keeps from -300 to 300 digits") }
        if method == "common" { return value.whole.map { .integer(TemplateFormat.rounded($0, digits)) } ?? .number(TemplateFormat.rounded(number, digits)) }
        let power = TemplateFormat.power(of: digits)
        return .number((method == "ceil" ? (number * power).rounded(.up) : (number * power).rounded(.down)) / power)
    }

    private static func text(_ value: TemplateValue, _ name: String) throws(TemplateFailure) -> [UInt8] {
        guard let text = value.exact else { throw TemplateFailure("“\(name)” takes a text, not a value of type \(value.typeName)") }
        return text.bytes
    }

    /// The filters that make a text from a text; nil for others.
    private static func text(_ name: String, _ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue? {
        switch name {
        case "upper", "lower", "capitalize", "title", "wordcount", "escape", "e":
            try none(name, call)
            let bytes = try run.printed(value).bytes
            switch name {
            case "upper": return try run.checked(TemplateText.uppercased(bytes))
            case "lower": return try run.checked(TemplateText.lowercased(bytes))
            case "capitalize": return try run.checked(TemplateText.capitalized(bytes))
            case "title": return try run.checked(TemplateFormat.title(bytes))
            case "wordcount": return .integer(TemplateFormat.wordCount(bytes))
            default:
                var escaped = bytes
                for (sign, name) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ("\"", "&#34;")] {
                    escaped = try TemplateText.replaced(escaped, Array(sign.utf8), with: Array(name.utf8), limit: run.limits.output)
                }
                return try run.checked(escaped)
            }
        case "trim":
            let characters: [UInt8]? = if let given = try call.bound(["chars"], of: name)[0] { try given.characters() } else { nil }
            return .string(ExactText(bytes: Array(TemplateText.trimmed(try run.printed(value).bytes, of: characters))))
        case "replace":
            let given = try call.bound(["old", "new", "count"], of: name)
            guard let old = given[0], let new = given[1] else { throw TemplateFailure("“replace” needs the old and the new text") }
            let count = given[2].flatMap { $0.isNotNone ? $0.whole : nil } ?? -1
            return try run.checked(
                try TemplateText.replaced(
                    try run.printed(value).bytes, try run.printed(old).bytes, with: try run.printed(new).bytes, count: count, limit: run.limits.output))
        case "center":
            let width = try call.bound(["width"], of: name)[0]?.whole ?? 80
            return try TemplateMethods.padded(try run.printed(value).bytes, width, fill: [32], .both, in: run)
        case "indent":
            let given = try call.bound(["width", "first", "blank"], of: name)
            let width = given[0] ?? .integer(4)
            let indent: [UInt8] = if let text = width.exact { text.bytes } else { try TemplateMethods.spaces(width.whole ?? 4, in: run) }
            return try run.checked(
                try TemplateFormat.indented(
                    try text(value, name), indent, first: given[1]?.isTrue ?? false, blank: given[2]?.isTrue ?? false, limit: run.limits.output))
        case "truncate":
            let given = try call.bound(["length", "killwords", "end", "leeway"], of: name)
            // What is short enough is left as it is, whatever it is.
            if value.exact == nil {
                let (most, isTooLarge) = (given[0]?.whole ?? 255).addingReportingOverflow(given[3]?.whole ?? 5)
                guard !isTooLarge else { throw TemplateOperations.tooLarge }
                if try length(value) <= most { return value }
            }
            return try run.checked(
                try TemplateFormat.truncated(
                    try text(value, name), to: given[0]?.whole ?? 255, cutsWords: given[1]?.isTrue ?? false,
                    end: given[2]?.exact?.bytes ?? Array("...".utf8), leeway: given[3]?.whole ?? 5))
        case "format":
            guard call.positional.isEmpty || call.named.isEmpty else { throw TemplateFailure("“format” takes values by place or by name, not both") }
            var named = TemplateMapping()
            for (name, value) in call.named { named.set(name, to: value) }
            let values: TemplateValue = call.named.isEmpty ? .tuple(call.positional) : .mapping(named)
            return try run.checked(try TemplateFormat.percent(try run.printed(value), values, in: run))
        default: return nil
        }
    }
}

extension TemplateValue {
    /// Whether it is anything but None.
    var isNotNone: Bool { if case .none = self { false } else { true } }

    /// The characters of a text that an option gives; nil for None.
    func characters() throws(TemplateFailure) -> [UInt8]? {
        guard isNotNone else { return nil }
        guard let text = exact else { throw TemplateFailure("A text was expected, not a value of type \(typeName)") }
        return text.bytes
    }
}
