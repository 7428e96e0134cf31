extension TemplateRun {
    /// The value of an expression. In a filter without a value before it, the block's text is the value; a caller goes to the call.
    func evaluate(
        _ expression: TemplateExpression, _ scope: TemplateScope, block: TemplateValue? = nil, caller: TemplateValue? = nil
    ) throws(TemplateFailure) -> TemplateValue {
        try step()
        switch expression {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let text): return .string(text)
        case .name(let name): return scope.find(name) ?? .undefined(MissingValue(sentence: "“\(name)” is undefined"))
        default: return try deeper { () throws(TemplateFailure) in try compound(expression, scope, block, caller) }
        }
    }

    private func compound(
        _ expression: TemplateExpression, _ scope: TemplateScope, _ block: TemplateValue?, _ caller: TemplateValue?
    ) throws(TemplateFailure) -> TemplateValue {
        switch expression {
        case .attribute(let owner, let name): return try attribute(name, of: try evaluate(owner, scope))
        case .item(let owner, let place): return try item(place, of: try evaluate(owner, scope), scope)
        case .call(let function, let arguments):
            var call = try self.arguments(arguments, scope)
            let function = try evaluate(function, scope)
            if let caller { call.named.append(("caller", caller)) }
            return try self.call(function, call)
        case .filter(let value, let name, let arguments, let line):
            return try filter(value, name, arguments, scope, block: block, line: line)
        case .test(let value, let name, let arguments, let line): return try test(value, name, arguments, scope, line: line)
        case .binary(let left, let operation, let right):
            return try binary(try evaluate(left, scope), operation, try evaluate(right, scope))
        case .comparison(let first, let rest): return try comparison(first, rest, scope)
        case .choice(let condition, let value, let otherwise): return try choice(condition, value, otherwise, scope)
        case .list(let values): return try checked(try all(values, scope))
        case .tuple(let values): return try checked(try all(values, scope), kind: .tuple)
        case .mapping(let entries): return try mapping(entries, scope)
        case .concatenation(let parts): return try concatenation(parts, scope)
        case .and(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? try evaluate(right, scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? value : try evaluate(right, scope)
        case .not(let value): return .bool(try !evaluate(value, scope).isTrue)
        case .negative(let value): return try signed(try evaluate(value, scope), isNegative: true)
        case .positive(let value): return try signed(try evaluate(value, scope), isNegative: false)
        case .slice: throw TemplateFailure("A slice stands where no list is sliced")
        case .none, .bool, .integer, .number, .string, .name: return try evaluate(expression, scope)
        }
    }

    private func all(_ values: [TemplateExpression], _ scope: TemplateScope) throws(TemplateFailure) -> [TemplateValue] {
        var out: [TemplateValue] = []
        for value in values { out.append(try evaluate(value, scope)) }
        return out
    }

    private func mapping(
        _ entries: [(key: TemplateExpression, value: TemplateExpression)], _ scope: TemplateScope
    ) throws(TemplateFailure) -> TemplateValue {
        var mapping = TemplateMapping()
        for (key, value) in entries {
            let key = try evaluate(key, scope)
            guard let hash = try hash(key) else { throw TemplateFailure("A value of type \(key.typeName) cannot be a key") }
            mapping.set(hash, to: try evaluate(value, scope), key: key)
        }
        return try checked(mapping)
    }

    private func concatenation(_ parts: [TemplateExpression], _ scope: TemplateScope) throws(TemplateFailure) -> TemplateValue {
        var text: [UInt8] = []
        for part in parts {
            text += try printed(try evaluate(part, scope)).bytes
            guard text.count <= limits.output else { throw Self.tooLong(limits.output) }
        }
        return try checked(text)
    }

    private func choice(
        _ condition: TemplateExpression, _ value: TemplateExpression, _ otherwise: TemplateExpression?, _ scope: TemplateScope
    ) throws(TemplateFailure) -> TemplateValue {
        if try evaluate(condition, scope).isTrue { return try evaluate(value, scope) }
        if let otherwise { return try evaluate(otherwise, scope) }
        return .undefined(MissingValue(sentence: "The condition of an expression was false, and it has no “else”"))
    }

    /// Throws when a value is missing.
    func present(_ value: TemplateValue) throws(TemplateFailure) {
        if case .undefined(let missing) = value { throw TemplateFailure(missing.sentence) }
    }

    private func signed(_ value: TemplateValue, isNegative: Bool) throws(TemplateFailure) -> TemplateValue {
        try present(value)
        if let whole = value.whole {
            guard isNegative else { return .integer(whole) }
            let (result, isTooLarge) = 0.subtractingReportingOverflow(whole)
            guard !isTooLarge else { throw TemplateOperations.tooLarge }
            return .integer(result)
        }
        guard let number = value.double else { throw TemplateFailure("A value of type \(value.typeName) has no sign") }
        return .number(isNegative ? -number : number)
    }

    /// What an operation makes of two values.
    func binary(_ left: TemplateValue, _ operation: TemplateOperator, _ right: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        // A text with places for values takes anything on its right, missing values too.
        if operation == .remainder, case .string(let format) = left { return try checked(try TemplateFormat.percent(format, right, in: self)) }
        try present(left)
        try present(right)
        switch (operation, left, right) {
        case (.add, .string(let a), .string(let b)): return try checked(a.bytes + b.bytes)
        case (.add, .sequence(let a), .sequence(let b)) where a.kind == b.kind && (a.kind == .list || a.kind == .tuple):
            return try checked(a.items + b.items, kind: a.kind)
        case (.multiply, .string(let text), _), (.multiply, _, .string(let text)):
            if let count = (left.exact == nil ? left : right).whole {
                guard text.bytes.count * max(0, min(count, limits.output + 1)) <= limits.output else { throw Self.tooLong(limits.output) }
                return try checked(TemplateText.repeated(text.bytes, text.bytes.isEmpty ? 0 : max(0, count)))
            }
        case (.multiply, .sequence(let sequence), _), (.multiply, _, .sequence(let sequence)):
            if let count = left.whole ?? right.whole, sequence.kind == .list || sequence.kind == .tuple {
                guard sequence.items.count * max(0, min(count, limits.iterations + 1)) <= limits.iterations else {
                    throw TemplateFailure("A list becomes longer than \(limits.iterations) items, which is the limit")
                }
                let repeated = sequence.items.isEmpty ? [] : (0..<max(0, count)).flatMap { _ in sequence.items }
                return try checked(repeated, kind: sequence.kind)
            }
        default: break
        }
        return try TemplateOperations.number(left, operation, right)
    }

    private func comparison(
        _ first: TemplateExpression, _ rest: [(TemplateComparison, TemplateExpression)], _ scope: TemplateScope
    ) throws(TemplateFailure) -> TemplateValue {
        var left = try evaluate(first, scope)
        for (comparison, expression) in rest {
            let right = try evaluate(expression, scope)
            guard try holds(left, comparison, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    /// Whether a comparison of two values holds.
    func holds(_ left: TemplateValue, _ comparison: TemplateComparison, _ right: TemplateValue) throws(TemplateFailure) -> Bool {
        if case .sequence(let sequence) = left { try step(for: sequence.items.count, per: 16) }
        return switch comparison {
        case .equal: try areEqual(left, right)
        case .unequal: try !areEqual(left, right)
        case .less: try TemplateOperations.isOrdered(left, right, in: self)
        case .greater: try TemplateOperations.isOrdered(right, left, in: self)
        case .lessOrEqual: try TemplateOperations.isOrdered(left, right, orEqual: true, in: self)
        case .greaterOrEqual: try TemplateOperations.isOrdered(right, left, orEqual: true, in: self)
        case .within: try contains(right, left)
        case .notWithin: try !contains(right, left)
        }
    }

    private func contains(_ whole: TemplateValue, _ part: TemplateValue) throws(TemplateFailure) -> Bool {
        switch whole {
        case .string(let text):
            guard case .string(let part) = part else {
                throw TemplateFailure("Only a text can be inside a text, not a value of type \(part.typeName)")
            }
            try step(for: text.bytes.count, per: 64)
            return part.bytes.isEmpty || TemplateText.place(of: part.bytes, in: text.bytes) != nil
        case .mapping(let mapping):
            guard let hash = try hash(part) else { throw TemplateFailure("A value of type \(part.typeName) cannot be a key") }
            return mapping.value(hash) != nil
        case .object(let object) where object is TemplateNamespace:
            throw TemplateFailure("A value of type \(whole.typeName) cannot be gone through item by item")
        default: return try firstPlace(of: part, in: try items(of: whole)) != nil
        }
    }

    /// The evaluated arguments of a call.
    func arguments(_ list: TemplateArguments, _ scope: TemplateScope) throws(TemplateFailure) -> TemplateCall {
        var call = TemplateCall(positional: try all(list.positional, scope))
        if let rest = list.rest {
            call.positional += try items(of: try evaluate(rest, scope))
            try step(for: call.positional.count, per: 1)
        }
        var names: Set<String> = []
        for (name, value) in list.named {
            guard names.insert(name).inserted else { throw TemplateFailure("The argument “\(name)” is given twice") }
            call.named.append((name, try evaluate(value, scope)))
        }
        if let rest = list.namedRest {
            guard case .mapping(let mapping) = try evaluate(rest, scope) else { throw TemplateFailure("Behind ** a mapping is needed") }
            try step(for: mapping.count, per: 1)
            for entry in mapping.entries {
                guard let name = entry.key.exact?.string, names.insert(name).inserted else {
                    throw TemplateFailure("An argument behind ** has no name, or one that is given twice")
                }
                call.named.append((name, entry.value))
            }
        }
        return call
    }

    /// What a call gives.
    func call(_ function: TemplateValue, _ call: TemplateCall) throws(TemplateFailure) -> TemplateValue {
        try present(function)
        if case .object(let object) = function {
            if let macro = object as? TemplateMacro { return try self.call(macro, call) }
            if let function = object as? TemplateFunction { return try function.run(call) }
            if let loop = object as? TemplateLoop {
                guard let recursion = loop.recursion else { throw TemplateFailure("A loop calls itself, but is not marked “recursive”") }
                guard call.positional.count == 1, call.named.isEmpty else { throw TemplateFailure("A loop is called with one list") }
                return try recursion(call.positional[0])
            }
        }
        throw TemplateFailure("A value of type \(function.typeName) cannot be called")
    }

    private func filter(
        _ value: TemplateExpression?, _ name: String, _ arguments: TemplateArguments, _ scope: TemplateScope, block: TemplateValue?, line: Int
    ) throws(TemplateFailure) -> TemplateValue {
        // In a chain of filters on a block the innermost has no value before it.
        let input: TemplateValue = if let value { try evaluate(value, scope, block: block) } else { block ?? .none }
        let call = try self.arguments(arguments, scope)
        do throws(TemplateFailure) { return try TemplateFilters.apply(name, to: input, call, in: self) } catch {
            var error = error
            error.line = error.line ?? line
            throw error
        }
    }

    private func test(
        _ value: TemplateExpression, _ name: String, _ arguments: TemplateArguments, _ scope: TemplateScope, line: Int
    ) throws(TemplateFailure) -> TemplateValue {
        let input = try evaluate(value, scope)
        let call = try self.arguments(arguments, scope)
        do throws(TemplateFailure) { return .bool(try TemplateTests.holds(name, for: input, call, in: self)) } catch {
            var error = error
            error.line = error.line ?? line
            throw error
        }
    }
}
