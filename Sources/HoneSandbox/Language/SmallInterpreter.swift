import HoneCore

/// What a program of the small language may use. The same program with the same budget always comes to the same end.
public struct SmallBudget: Codable, Hashable, Sendable {
    /// How many expressions it may evaluate; work on texts and lists costs a step more for every eight bytes and every member.
    public var steps = 100_000
    /// How many units of memory it may take in all: one for each list and its members, and for each text and eight bytes of it. What it no
    /// longer needs is not given back, so this is never less than what it holds.
    public var memory = 100_000
    /// How deep functions may call each other, at most 1000; expressions of all calls together are nested at most 1200 deep.
    public var calls = 256

    /// The defaults.
    public init() {}
}

/// What came of running a program.
public struct SmallResult: Hashable, Sendable {
    /// The value.
    public var value: SmallValue
    /// How many steps it took.
    public var steps: Int
    /// How many units of memory it took.
    public var memory: Int

    /// A value, and what it took.
    public init(value: SmallValue, steps: Int, memory: Int) { (self.value, self.steps, self.memory) = (value, steps, memory) }
}

extension SmallProgram {
    /// The value of the expression at the end. Throws a `CoreError` with a sentence: `.invalid` for what the program does wrong (division by
    /// zero, overflow, a place outside a list), `.budget` where it needs more than it may use.
    public func run(budget: SmallBudget = SmallBudget()) throws -> SmallResult {
        guard let main else { throw CoreError.invalid("The program has functions only; expected “give” and an expression at its end") }
        var interpreter = SmallInterpreter(table, budget)
        let value = try interpreter.value(of: main, [:])
        return try interpreter.result(value)
    }

    /// The value of a function for these arguments; throws like `run`, and for arguments that do not fit.
    public func call(_ name: String, _ arguments: [SmallValue], budget: SmallBudget = SmallBudget()) throws -> SmallResult {
        guard let function = table[name] else { throw CoreError.unknown(kind: "function", name: name, known: Array(table.keys)) }
        guard arguments.count == function.parameters.count else {
            throw CoreError.invalid("“\(name)” got \(arguments.count) arguments, expected \(function.parameters.count)")
        }
        for (parameter, argument) in zip(function.parameters, arguments) where !argument.has(parameter.type) {
            throw CoreError.invalid("“\(parameter.name)” of “\(name)” got \(argument), expected \(parameter.type)")
        }
        var interpreter = SmallInterpreter(table, budget)
        let value = try interpreter.call(function, arguments, at: function.place)
        return try interpreter.result(value)
    }
}

extension SmallValue {
    /// Whether the value is of a type.
    func has(_ type: SmallType) -> Bool {
        switch (self, type) {
        case (.int, .int), (.bool, .bool), (.text, .text): true
        case (.list(let members), .list(let type)): members.allSatisfy { $0.has(type) }
        default: false
        }
    }
}

/// Evaluates expressions whose types fit, counting what it takes.
struct SmallInterpreter {
    private let functions: [String: SmallFunction]
    private let budget: SmallBudget
    private var steps = 0
    private var memory = 0
    private var calls = 0
    private var depth = 0

    /// Expressions within each other, over all calls: what a stack of 8 MiB carries in a build without optimisation.
    private static let deepest = 1200

    init(_ functions: [String: SmallFunction], _ budget: SmallBudget) {
        self.functions = functions
        self.budget = budget
    }

    /// The result for the caller; a value that shares parts with itself is counted as it would be written.
    mutating func result(_ value: SmallValue) throws -> SmallResult {
        let used = steps
        try visit(value)
        return SmallResult(value: value, steps: used, memory: memory)
    }

    private mutating func visit(_ value: SmallValue) throws {
        try spend(1)
        if case .list(let members) = value { for member in members { try visit(member) } }
    }

    mutating func spend(_ count: Int) throws {
        steps += count
        if steps > budget.steps { throw CoreError.budget("The program takes more than \(budget.steps) steps") }
    }

    /// Counts a new text or list.
    mutating func made(_ value: SmallValue) throws -> SmallValue {
        var size = 1
        switch value {
        case .text(let text): size += (text.utf8.count + 7) / 8
        case .list(let members): size += members.count
        case .int, .bool: size = 0
        }
        memory += size
        if memory > budget.memory { throw CoreError.budget("The program takes more than \(budget.memory) units of memory") }
        try spend(size)
        return value
    }

    /// Says before a list or text of many parts is made whether it may be.
    mutating func reserve(_ count: Int) throws {
        if count > budget.memory - memory { throw CoreError.budget("The program takes more than \(budget.memory) units of memory") }
        if count > budget.steps - steps { throw CoreError.budget("The program takes more than \(budget.steps) steps") }
    }

    mutating func call(_ function: SmallFunction, _ arguments: [SmallValue], at place: SmallPlace) throws -> SmallValue {
        calls += 1
        defer { calls -= 1 }
        guard calls <= min(budget.calls, 1000) else { throw CoreError.budget("Functions call each other more than \(min(budget.calls, 1000)) deep (\(place))") }
        return try value(of: function.body, Dictionary(uniqueKeysWithValues: zip(function.parameters.map(\.name), arguments)))
    }

    mutating func call(_ name: String, _ arguments: [SmallValue], at place: SmallPlace) throws -> SmallValue {
        guard let function = functions[name] else { throw SmallProgram.fault("There is no function “\(name)”", at: place) }
        return try call(function, arguments, at: place)
    }

    mutating func value(of expression: SmallExpression, _ names: [String: SmallValue]) throws -> SmallValue {
        try spend(1)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw CoreError.budget("Expressions and calls are nested more than \(Self.deepest) deep") }
        switch expression {
        case .literal(let value): return value
        case .name(let name, let place):
            guard let value = names[name] else { throw SmallProgram.fault("There is no “\(name)”", at: place) }
            return value
        case .list(let members, _, _): return try made(.list(try members.map { try value(of: $0, names) }))
        case .prefix(let name, let inner, let place): return try prefix(name, try value(of: inner, names), at: place)
        case .infix(let name, let left, let right, let place):
            let first = try value(of: left, names)
            if name == "and" || name == "or" { return first == .bool(name == "or") ? first : try value(of: right, names) }
            return try infix(name, first, try value(of: right, names), at: place)
        case .choice(let condition, let yes, let no, _):
            return try value(of: try value(of: condition, names) == .bool(true) ? yes : no, names)
        case .binding(let name, let bound, let body, _):
            var inner = names
            inner[name] = try value(of: bound, names)
            return try value(of: body, inner)
        case .call(let name, let arguments, let place): return try called(name, arguments, names, at: place)
        }
    }

    private mutating func called(
        _ name: String, _ arguments: [SmallExpression], _ names: [String: SmallValue], at place: SmallPlace
    ) throws -> SmallValue {
        if functions[name] != nil {
            let values = try arguments.map { try value(of: $0, names) }
            return try call(name, values, at: place)
        }
        if case .name(let function, _)? = arguments.first, ["map", "keep", "fold"].contains(name) {
            return try loop(name, function, try arguments.dropFirst().map { try value(of: $0, names) }, at: place)
        }
        let values = try arguments.map { try value(of: $0, names) }
        return try ownFunction(name, values, at: place)
    }

    private mutating func loop(_ name: String, _ function: String, _ values: [SmallValue], at place: SmallPlace) throws -> SmallValue {
        guard case .list(let members)? = values.last else { throw SmallProgram.fault("“\(name)” got no list", at: place) }
        if name == "fold", var result = values.first {
            for member in members { result = try call(function, [result, member], at: place) }
            return result
        }
        var kept: [SmallValue] = []
        for member in members {
            let value = try call(function, [member], at: place)
            if name == "map" { kept.append(value) } else if value == .bool(true) { kept.append(member) }
        }
        return try made(.list(kept))
    }

    private func prefix(_ name: String, _ value: SmallValue, at place: SmallPlace) throws -> SmallValue {
        switch value {
        case .bool(let flag): return .bool(!flag)
        case .int(let number):
            let (result, overflows) = (0).subtractingReportingOverflow(number)
            if overflows { throw SmallProgram.fault("-(\(number)) is beyond 64 bits", at: place) }
            return .int(result)
        default: throw SmallProgram.fault("“\(name)” got \(value)", at: place)
        }
    }

    /// Whether two values are equal, each looked at counting as a step.
    mutating func equal(_ left: SmallValue, _ right: SmallValue) throws -> Bool {
        try spend(1)
        switch (left, right) {
        case (.list(let first), .list(let second)):
            guard first.count == second.count else { return false }
            for (one, other) in zip(first, second) where try !equal(one, other) { return false }
            return true
        case (.text(let first), .text(let second)):
            try spend(min(first.utf8.count, second.utf8.count) / 8)
            // Two ways of writing one character are two texts.
            return first.utf8.elementsEqual(second.utf8)
        default: return left == right
        }
    }

    private mutating func infix(_ name: String, _ left: SmallValue, _ right: SmallValue, at place: SmallPlace) throws -> SmallValue {
        switch (name, left, right) {
        case ("==", _, _): return .bool(try equal(left, right))
        case ("!=", _, _): return .bool(try !equal(left, right))
        case ("++", .text(let first), .text(let second)):
            try reserve((first.utf8.count + second.utf8.count) / 8)
            return try made(.text(first + second))
        case ("++", .list(let first), .list(let second)):
            try reserve(first.count + second.count)
            return try made(.list(first + second))
        case (_, .int(let first), .int(let second)): return try number(name, first, second, at: place)
        case (_, .text(let first), .text(let second)):
            try spend(min(first.utf8.count, second.utf8.count) / 8)
            let isLess = first.utf8.lexicographicallyPrecedes(second.utf8)
            let isMore = second.utf8.lexicographicallyPrecedes(first.utf8)
            return .bool(name == "<" ? isLess : name == ">" ? isMore : name == "<=" ? !isMore : !isLess)
        default: throw SmallProgram.fault("“\(name)” got \(left) and \(right)", at: place)
        }
    }

    private func number(_ name: String, _ left: Int, _ right: Int, at place: SmallPlace) throws -> SmallValue {
        let found: (partialValue: Int, overflow: Bool)
        switch name {
        case "<": return .bool(left < right)
        case "<=": return .bool(left <= right)
        case ">": return .bool(left > right)
        case ">=": return .bool(left >= right)
        case "+": found = left.addingReportingOverflow(right)
        case "-": found = left.subtractingReportingOverflow(right)
        case "*": found = left.multipliedReportingOverflow(by: right)
        default:
            if right == 0 { throw SmallProgram.fault("\(left) \(name) 0: nothing can be divided by zero", at: place) }
            found = name == "/" ? left.dividedReportingOverflow(by: right) : (right == -1 ? 0 : left % right, false)
        }
        if found.overflow { throw SmallProgram.fault("\(left) \(name) \(right) is beyond 64 bits", at: place) }
        return .int(found.partialValue)
    }
}
