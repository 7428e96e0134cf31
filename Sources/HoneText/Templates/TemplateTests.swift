/// What can be asked of a value behind “is”.
enum TemplateTests {
    static let names: Set<String> = [
        "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping", "sequence", "iterable",
        "callable", "odd", "even", "divisibleby", "eq", "==", "equalto", "ne", "!=", "lt", "<", "lessthan", "le", "<=", "gt", ">", "greaterthan",
        "ge", ">=", "in", "sameas", "lower", "upper", "escaped", "filter", "test",
    ]

    private static let comparisons: [String: TemplateComparison] = [
        "eq": .equal, "==": .equal, "equalto": .equal, "ne": .unequal, "!=": .unequal, "lt": .less, "<": .less, "lessthan": .less,
        "le": .lessOrEqual, "<=": .lessOrEqual, "gt": .greater, ">": .greater, "greaterthan": .greater, "ge": .greaterOrEqual,
        ">=": .greaterOrEqual, "in": .within,
    ]

    /// Whether a value passes a test.
    static func holds(_ name: String, for value: TemplateValue, _ call: TemplateCall, in run: TemplateRun) throws(TemplateFailure) -> Bool {
        func other() throws(TemplateFailure) -> TemplateValue {
            guard call.positional.count + call.named.count == 1, let value = call.positional.first ?? call.named.first?.value else {
                throw TemplateFailure("The test “\(name)” needs one value to compare with")
            }
            return value
        }
        if let comparison = comparisons[name] { return try run.holds(value, comparison, try other()) }
        if ["divisibleby", "sameas"].contains(name) {
            let other = try other()
            if name == "sameas" { return try isSame(value, other, in: run) }
            return try run.areEqual(try run.binary(value, .remainder, other), .integer(0))
        }
        guard call.positional.isEmpty, call.named.isEmpty else { throw TemplateFailure("The test “\(name)” takes no arguments") }
        if let known = kind(name, value) { return known }
        switch name {
        case "odd", "even":
            return try run.areEqual(try run.binary(value, .remainder, .integer(2)), .integer(name == "odd" ? 1 : 0))
        case "lower", "upper":
            let text = try run.printed(value).bytes
            let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
            let hasCase = scalars.contains { $0.properties.isLowercase || $0.properties.isUppercase || $0.properties.generalCategory == .titlecaseLetter }
            return hasCase
                && scalars.allSatisfy { scalar in
                    let isOther = name == "lower" ? scalar.properties.isUppercase : scalar.properties.isLowercase
                    return !isOther && scalar.properties.generalCategory != .titlecaseLetter
                }
        case "filter": return value.exact.map { TemplateFilters.names.contains($0.string) } ?? false
        case "test": return value.exact.map { names.contains($0.string) } ?? false
        default: throw TemplateFailure("There is no test called “\(name)”")
        }
    }

    /// The tests of what a value is.
    private static func kind(_ name: String, _ value: TemplateValue) -> Bool? {
        switch (name, value) {
        case ("defined", .undefined): false
        case ("defined", _): true
        case ("undefined", .undefined): true
        case ("none", .none), ("boolean", .bool), ("true", .bool(true)), ("false", .bool(false)), ("integer", .integer), ("float", .number),
            ("number", .integer), ("number", .number), ("number", .bool), ("string", .string), ("mapping", .mapping), ("sequence", .undefined),
            ("sequence", .string), ("sequence", .mapping), ("iterable", .undefined), ("iterable", .string), ("iterable", .mapping), ("iterable", .sequence):
            true
        case ("sequence", .sequence(let sequence)): if case .view = sequence.kind { false } else { true }
        case ("iterable", .object(let object)): object is TemplateGenerator || object is TemplateLoop
        case ("callable", .object(let object)): object is TemplateFunction || object is TemplateMacro || object is TemplateLoop
        case ("undefined", _), ("none", _), ("boolean", _), ("true", _), ("false", _), ("integer", _), ("float", _), ("number", _), ("string", _),
            ("mapping", _), ("sequence", _), ("iterable", _), ("escaped", _):
            false
        case ("callable", .undefined): true
        case ("callable", _): false
        default: nil
        }
    }

    private static func isSame(_ left: TemplateValue, _ right: TemplateValue, in run: TemplateRun) throws(TemplateFailure) -> Bool {
        switch (left, right) {
        case (.object(let a), .object(let b)): a === b
        case (.none, .none): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        // Values have no identity of their own here, so those that are equal count as one.
        case (.mapping, .mapping), (.sequence, .sequence): try run.areEqual(left, right)
        default: false
        }
    }
}
