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
    let depth: Int
    let run: (TemplateCall) throws(TemplateFailure) -> TemplateValue
    var typeName: String { "function" }

    init(_ name: String, depth: Int = 0, _ run: @escaping (TemplateCall) throws(TemplateFailure) -> TemplateValue) {
        self.name = name
        self.depth = depth
        self.run = run
    }
}

/// A bag of values that blocks inside loops can change.
final class TemplateNamespace: TemplateObject {
    var values = TemplateMapping()
    var typeName: String { "Namespace" }

    func clear() { values = TemplateMapping() }
}

/// Values that are made when they are asked for, once.
final class TemplateGenerator: TemplateObject {
    private var make: (() throws(TemplateFailure) -> [TemplateValue])?
    let typeName: String
    let depth: Int

    init(_ typeName: String, depth: Int, _ make: @escaping () throws(TemplateFailure) -> [TemplateValue]) {
        self.typeName = typeName
        self.depth = depth
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

    /// A macro is among the names that it was written among.
    func clear() { scope.values = [:] }
}

/// What a loop knows about itself.
final class TemplateLoop: TemplateObject {
    private(set) var items: [TemplateValue]
    /// How many loops that call themselves are around it.
    let level: Int
    var index = 0
    var lastChanged: [TemplateValue]?
    /// Runs the loop's body over other values, in loops that call themselves.
    private(set) var recursion: ((TemplateValue) throws(TemplateFailure) -> TemplateValue)?
    var typeName: String { "LoopContext" }

    init(_ items: [TemplateValue], level: Int, recursion: ((TemplateValue) throws(TemplateFailure) -> TemplateValue)?) {
        self.items = items
        self.level = level
        self.recursion = recursion
    }

    func clear() { (items, lastChanged, recursion) = ([], nil, nil) }

    func attribute(_ name: String, in run: TemplateRun) -> TemplateValue? {
        switch name {
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "revindex": return .integer(items.count - index)
        case "revindex0": return .integer(items.count - index - 1)
        case "first": return .bool(index == 0)
        case "last": return .bool(index == items.count - 1)
        case "length": return .integer(items.count)
        case "depth": return .integer(level + 1)
        case "depth0": return .integer(level)
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
                TemplateFunction("changed") { [self, unowned run] (call) throws(TemplateFailure) in
                    let old = lastChanged
                    lastChanged = call.positional
                    guard let old, old.count == call.positional.count else { return .bool(true) }
                    for (before, now) in zip(old, call.positional) where try !run.areEqual(before, now) { return .bool(true) }
                    return .bool(false)
                })
        default: return nil
        }
    }
}
