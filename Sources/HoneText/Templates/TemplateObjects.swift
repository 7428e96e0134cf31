/// The arguments of a call, evaluated.
struct TemplateCall {
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []

    /// The values of parameters by place or by name, nil where none is given; throws for arguments that do not fit.
    func bound(_ parameters: [String], of function: String) throws(TemplateFailure) -> [TemplateValue?] {
        guard positional.count <= parameters.count else {
            throw TemplateFailure("“\(function)” takes up to \(parameters.count) arguments, but got \(positional.count)")
        }
        var values: [TemplateValue?] = positional.map { $0 } + [TemplateValue?](repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let place = parameters.firstIndex(of: name) else { throw TemplateFailure("“\(function)” has no parameter “\(name)”") }
            guard values[place] == nil else { throw TemplateFailure("“\(function)” got its parameter “\(name)” twice") }
            values[place] = value
        }
        return values
    }
}

/// Something that can be called.
final class TemplateFunction: TemplateObject {
    let name: String
    let run: (TemplateCall) throws(TemplateFailure) -> TemplateValue
    var typeName: String { "function" }

    init(_ name: String, _ run: @escaping (TemplateCall) throws(TemplateFailure) -> TemplateValue) {
        self.name = name
        self.run = run
    }
}

/// A bag of values that blocks inside loops can change.
final class TemplateNamespace: TemplateObject {
    var values = TemplateMapping()
    var typeName: String { "Namespace" }
}

/// Values that are made when they are asked for, once.
final class TemplateGenerator: TemplateObject {
    private var make: (() throws(TemplateFailure) -> [TemplateValue])?
    let typeName: String

    init(_ typeName: String = "generator", _ make: @escaping () throws(TemplateFailure) -> [TemplateValue]) {
        self.typeName = typeName
        self.make = make
    }

    /// The values; nothing the second time.
    func take() throws(TemplateFailure) -> [TemplateValue] {
        guard let make else { return [] }
        self.make = nil
        return try make()
    }
}

/// Names with values, and the names around them.
final class TemplateScope {
    var values: [String: TemplateValue] = [:]
    let parent: TemplateScope?

    init(_ parent: TemplateScope?) { self.parent = parent }

    func find(_ name: String) -> TemplateValue? {
        var scope: TemplateScope? = self
        while let here = scope {
            if let value = here.values[name] { return value }
            scope = here.parent
        }
        return nil
    }
}

/// A macro with the names it was written among.
final class TemplateMacro: TemplateObject {
    let syntax: TemplateMacroSyntax
    let scope: TemplateScope
    var typeName: String { "Macro" }

    init(_ syntax: TemplateMacroSyntax, _ scope: TemplateScope) {
        self.syntax = syntax
        self.scope = scope
    }
}

/// What a loop knows about itself.
final class TemplateLoop: TemplateObject {
    let items: [TemplateValue]
    let depth: Int
    var index = 0
    var lastChanged: [TemplateValue]?
    /// Runs the loop's body over other values, in loops that call themselves.
    let recursion: ((TemplateValue) throws(TemplateFailure) -> TemplateValue)?
    var typeName: String { "LoopContext" }

    init(_ items: [TemplateValue], depth: Int, recursion: ((TemplateValue) throws(TemplateFailure) -> TemplateValue)?) {
        self.items = items
        self.depth = depth
        self.recursion = recursion
    }

    func attribute(_ name: String) -> TemplateValue? {
        switch name {
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "revindex": return .integer(items.count - index)
        case "revindex0": return .integer(items.count - index - 1)
        case "first": return .bool(index == 0)
        case "last": return .bool(index == items.count - 1)
        case "length": return .integer(items.count)
        case "depth": return .integer(depth + 1)
        case "depth0": return .integer(depth)
        case "previtem": return index > 0 ? items[index - 1] : .undefined(MissingValue(sentence: "There is no previous item"))
        case "nextitem":
            return index + 1 < items.count ? items[index + 1] : .undefined(MissingValue(sentence: "There is no next item"))
        case "cycle":
            let index = index
            return .object(
                TemplateFunction("cycle") { (call) throws(TemplateFailure) in
                    guard !call.positional.isEmpty else { throw TemplateFailure("“loop.cycle” needs items to cycle through") }
                    return call.positional[index % call.positional.count]
                })
        case "changed":
            return .object(
                TemplateFunction("changed") { [self] (call) throws(TemplateFailure) in
                    let isSame = lastChanged.map { old in
                        old.count == call.positional.count && zip(old, call.positional).allSatisfy { TemplateValue.areEqual($0, $1) }
                    }
                    lastChanged = call.positional
                    return .bool(!(isSame ?? false))
                })
        default: return nil
        }
    }
}
