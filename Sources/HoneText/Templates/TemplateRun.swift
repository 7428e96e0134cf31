/// One rendering of a template.
final class TemplateRun {
    let limits: ChatTemplate.Limits
    let now: TemplateTime
    /// The texts being put together: the outermost is the rendering itself.
    private var buffers: [[UInt8]] = [[]]
    /// The ranges of the outermost text, in bytes, that generation blocks wrote.
    private(set) var generated: [Range<Int>] = []
    private var steps = 0
    private var iterations = 0
    private var depth = 0
    private var missing: [Int: [String]] = [:]
    /// What can come to hold itself, or chains of any length.
    private var kept: [any TemplateObject] = []

    init(limits: ChatTemplate.Limits, now: TemplateTime) {
        self.limits = limits
        self.now = now
    }

    static func tooLong(_ limit: Int) -> TemplateFailure { TemplateFailure("A text becomes longer than \(limit) bytes, which is the limit") }

    /// The rendering of statements with some variables.
    func render(_ program: TemplateProgram, with variables: [String: TemplateValue]) throws(TemplateFailure) -> [UInt8] {
        let globals = TemplateScope(nil)
        globals.values = TemplateGlobals.values(run: self)
        let context = TemplateScope(globals)
        context.values = variables
        missing = program.missing
        defer {
            for object in kept { object.clear() }
            kept = []
        }
        if try run(program.frame.body, entered(program.frame, context)) != .on { throw TemplateFailure("A loop is left where there is none") }
        return buffers[0]
    }

    // MARK: Limits

    /// Counts one step of work.
    func step() throws(TemplateFailure) {
        steps += 1
        guard steps <= limits.steps else { throw TemplateFailure("The template takes more than \(limits.steps) steps, which is the limit") }
    }

    /// Counts the work on a text, of which so many bytes make a step.
    func step(for bytes: Int, per unit: Int) throws(TemplateFailure) {
        steps += bytes / unit
        try step()
    }

    /// Runs a part one level deeper.
    func deeper<T>(_ body: () throws(TemplateFailure) -> T) throws(TemplateFailure) -> T {
        guard depth < limits.depth else { throw TemplateFailure("The template calls itself more than \(limits.depth) levels deep, which is the limit") }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    private func write(_ bytes: [UInt8]) throws(TemplateFailure) {
        guard buffers[buffers.count - 1].count + bytes.count <= limits.output else { throw Self.tooLong(limits.output) }
        try step(for: bytes.count, per: 64)
        buffers[buffers.count - 1] += bytes
    }

    /// The text that a part writes.
    func captured(_ body: () throws(TemplateFailure) -> Void) throws(TemplateFailure) -> [UInt8] {
        buffers.append([])
        do throws(TemplateFailure) { try body() } catch {
            buffers.removeLast()
            throw error
        }
        return buffers.removeLast()
    }

    /// An object that is cleared when the run ends.
    func kept<Object: TemplateObject>(_ object: Object) throws(TemplateFailure) -> Object {
        try step(for: 20, per: 1)
        kept.append(object)
        return object
    }

    // MARK: Statements

    /// The names of a frame that is entered.
    private func entered(_ frame: TemplateFrame, _ scope: TemplateScope) -> TemplateScope {
        let inner = TemplateScope(scope)
        for name in missing[frame.number] ?? [] { inner.values[name] = .undefined(MissingValue(sentence: "“\(name)” is undefined")) }
        return inner
    }

    private func run(_ frame: TemplateFrame, _ scope: TemplateScope) throws(TemplateFailure) -> Flow { try body(frame.body, entered(frame, scope)) }

    /// How it goes on behind a statement.
    private enum Flow { case on, leave, skip }

    private func run(_ statements: [TemplateStatement], _ scope: TemplateScope) throws(TemplateFailure) -> Flow {
        for statement in statements {
            do throws(TemplateFailure) {
                let flow = try run(statement, scope)
                if flow != .on { return flow }
            } catch {
                var error = error
                error.line = error.line ?? statement.line
                throw error
            }
        }
        return .on
    }

    private func run(_ statement: TemplateStatement, _ scope: TemplateScope) throws(TemplateFailure) -> Flow {
        try step()
        switch statement.kind {
        case .data(let text): try write(text.bytes)
        case .output(let value): try write(try printed(try evaluate(value, scope)).bytes)
        case .choice(let branches, let otherwise):
            for branch in branches where try evaluate(branch.condition, scope).isTrue { return try body(branch.body, scope) }
            return try body(otherwise, scope)
        case .loop(let loop): try run(loop, over: try evaluate(loop.iterated, scope), scope, depth: 0)
        case .set(let target, let value): try set(target, to: try evaluate(value, scope), scope)
        case .setBlock(let target, let filters, let body):
            let text = try captured { () throws(TemplateFailure) in _ = try self.run(body, scope) }
            var value = TemplateValue.string(ExactText(bytes: text))
            if let filters { value = try evaluate(filters, scope, block: value) }
            try set(target, to: value, scope)
        case .macro(let syntax): scope.values[syntax.name] = .object(try kept(TemplateMacro(syntax, scope)))
        case .callBlock(let call, let caller):
            let value = try evaluate(call, scope, caller: .object(try kept(TemplateMacro(caller, scope))))
            try write(try printed(value).bytes)
        case .filterBlock(let filters, let body):
            let text = try captured { () throws(TemplateFailure) in _ = try self.run(body, scope) }
            guard let filtered = try evaluate(filters, scope, block: .string(ExactText(bytes: text))).exact else {
                throw TemplateFailure("The filters of a block must give a text")
            }
            try write(filtered.bytes)
        case .with(let values, let body):
            let inner = entered(body, scope)
            for (target, value) in values { try set(target, to: try evaluate(value, scope), inner) }
            return try self.body(body.body, inner)
        case .generation(let body):
            let text = try captured { () throws(TemplateFailure) in _ = try self.run(body, scope) }
            if buffers.count == 1 { generated.append(buffers[0].count..<(buffers[0].count + text.count)) }
            try write(text)
        case .leave: return .leave
        case .skip: return .skip
        }
        return .on
    }

    private func body(_ statements: [TemplateStatement], _ scope: TemplateScope) throws(TemplateFailure) -> Flow {
        try deeper { () throws(TemplateFailure) in try run(statements, scope) }
    }

    /// Gives names their values.
    func set(_ target: TemplateTarget, to value: TemplateValue, _ scope: TemplateScope) throws(TemplateFailure) {
        switch target {
        case .name(let name): scope.values[name] = value
        case .tuple(let targets):
            let items = try items(of: value)
            guard items.count == targets.count else {
                throw TemplateFailure("\(targets.count) names were to be given values, but there are \(items.count) values")
            }
            for (target, item) in zip(targets, items) { try set(target, to: item, scope) }
        case .member(let name, let member):
            guard case .object(let object)? = scope.find(name), let namespace = object as? TemplateNamespace else {
                throw TemplateFailure("“\(name).\(member)” cannot be set, because “\(name)” is no namespace")
            }
            try TemplateGlobals.check(member)
            namespace.values.set(member, to: value)
        }
    }

    // MARK: Loops and macros

    /// The items that a loop goes through.
    func items(of value: TemplateValue) throws(TemplateFailure) -> [TemplateValue] {
        switch value {
        case .undefined: return []
        case .sequence(let sequence):
            try step(for: sequence.items.count, per: 16)
            return sequence.items
        case .string(let text):
            let scalars = TemplateText.scalars(text.bytes)
            guard scalars.count <= limits.iterations else {
                throw TemplateFailure("A text of \(scalars.count) characters is gone through one by one; up to \(limits.iterations) are")
            }
            try step(for: scalars.count, per: 1)
            return scalars.map { .string(ExactText(bytes: Array($0))) }
        case .mapping(let mapping):
            try step(for: mapping.count, per: 1)
            return mapping.entries.map(\.key)
        case .object(let object):
            guard let generator = object as? TemplateGenerator else { break }
            let items = try deeper { () throws(TemplateFailure) in try generator.take() }
            guard items.count <= limits.iterations else { throw tooLongList }
            try step(for: items.count, per: 1)
            for item in items { _ = try checked(item) }
            return items
        default: break
        }
        throw TemplateFailure("A value of type \(value.typeName) cannot be gone through item by item")
    }

    private func run(_ loop: TemplateLoopSyntax, over value: TemplateValue, _ scope: TemplateScope, depth: Int) throws(TemplateFailure) {
        var items = try items(of: value)
        if let condition = loop.condition {
            var kept: [TemplateValue] = []
            for item in items {
                try step()
                let inner = TemplateScope(scope)
                try set(loop.target, to: item, inner)
                if try evaluate(condition, inner).isTrue { kept.append(item) }
            }
            items = kept
        }
        // As in Jinja, a round counts only when its body has come to its end.
        var isRun = false
        var recursion: ((TemplateValue) throws(TemplateFailure) -> TemplateValue)?
        if loop.isRecursive {
            recursion = { [unowned self] (inner: TemplateValue) throws(TemplateFailure) -> TemplateValue in
                let text = try self.captured { () throws(TemplateFailure) in
                    try self.deeper { () throws(TemplateFailure) in try self.run(loop, over: inner, scope, depth: depth + 1) }
                }
                return .string(ExactText(bytes: text))
            }
        }
        var state = TemplateLoop(items, level: depth, recursion: recursion)
        defer { if !isKnownUniquelyReferenced(&state) { kept.append(state) } }
        for (index, item) in items.enumerated() {
            iterations += 1
            guard iterations <= limits.iterations else {
                throw TemplateFailure("The loops of the template run more than \(limits.iterations) times, which is the limit")
            }
            state.index = index
            let inner = entered(loop.body, scope)
            inner.values["loop"] = .object(state)
            try set(loop.target, to: item, inner)
            let flow = try body(loop.body.body, inner)
            if flow == .leave { break }
            if flow == .on { isRun = true }
        }
        if !isRun { _ = try run(loop.otherwise, scope) }
    }

    /// What a macro writes for some arguments.
    func call(_ macro: TemplateMacro, _ call: TemplateCall) throws(TemplateFailure) -> TemplateValue {
        let syntax = macro.syntax
        let scope = entered(syntax.body, macro.scope)
        var named = call.named
        let given = call.positional.prefix(syntax.parameters.count)
        let firstStandard = syntax.parameters.count - syntax.standards.count
        for (place, name) in syntax.parameters.enumerated() {
            if place < given.count {
                scope.values[name] = given[place]
                if named.contains(where: { $0.name == name }) { throw TemplateFailure("The macro “\(syntax.name)” got its parameter “\(name)” twice") }
            } else if let index = named.firstIndex(where: { $0.name == name }) {
                scope.values[name] = named.remove(at: index).value
            } else if place >= firstStandard {
                scope.values[name] = try evaluate(syntax.standards[place - firstStandard], scope)
            } else {
                scope.values[name] = .undefined(MissingValue(sentence: "The parameter “\(name)” was not given"))
            }
        }
        if syntax.takesCaller || syntax.parameters.contains("caller") {
            if let index = named.firstIndex(where: { $0.name == "caller" }) {
                scope.values["caller"] = named.remove(at: index).value
            } else if scope.values["caller"] == nil {
                scope.values["caller"] = .undefined(MissingValue(sentence: "No caller defined"))
            }
        }
        if syntax.takesNamedRest {
            var rest = TemplateMapping()
            for (name, value) in named { rest.set(name, to: value) }
            scope.values["kwargs"] = try checked(rest)
        } else if let first = named.first {
            throw TemplateFailure("The macro “\(syntax.name)” takes no argument “\(first.name)”")
        }
        let rest = Array(call.positional.dropFirst(syntax.parameters.count))
        if syntax.takesRest {
            scope.values["varargs"] = try checked(rest, kind: .tuple)
        } else if !rest.isEmpty {
            throw TemplateFailure("The macro “\(syntax.name)” takes up to \(syntax.parameters.count) arguments, but got \(call.positional.count)")
        }
        let text = try captured { () throws(TemplateFailure) in _ = try body(syntax.body.body, scope) }
        return .string(ExactText(bytes: text))
    }
}
