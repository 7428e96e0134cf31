import HoneCore

/// Finds the types of a program's expressions.
struct SmallChecker {
    let functions: [String: SmallFunction]

    /// What the language itself can do, as it is told to whoever writes programs: name and signature. T is any type.
    static let signatures: KeyValuePairs = [
        "size": "size(list or text): int", "at": "at([T], int): T, at(text, int): text", "part": "part([T], int, int): [T], part(text, int, int): text",
        "range": "range(int, int): [int]", "has": "has([T], T): bool", "show": "show(int): text", "number": "number(text): int",
        "split": "split(text, text): [text]", "join": "join([text], text): text", "map": "map(function, [T]): [its result]",
        "keep": "keep(function to bool, [T]): [T]", "fold": "fold(function of a result and a T, start, [T]): result",
    ]

    init(_ functions: [SmallFunction]) throws {
        var table: [String: SmallFunction] = [:]
        for function in functions {
            if Self.signatures.contains(where: { $0.key == function.name }) {
                throw SmallProgram.fault("“\(function.name)” is a function of the language and cannot be defined", at: function.place)
            }
            if table.updateValue(function, forKey: function.name) != nil { throw SmallProgram.fault("“\(function.name)” is defined twice", at: function.place) }
            let names = function.parameters.map(\.name)
            if Set(names).count < names.count { throw SmallProgram.fault("Two parameters of “\(function.name)” have one name", at: function.place) }
        }
        self.functions = table
    }

    func check(_ function: SmallFunction) throws {
        let names = Dictionary(uniqueKeysWithValues: function.parameters.map { ($0.name, $0.type) })
        try expect(function.result, try type(of: function.body, names), "what “\(function.name)” gives", at: function.place)
    }

    private func expect(_ expected: SmallType, _ found: SmallType, _ what: String, at place: SmallPlace) throws {
        if expected != found { throw SmallProgram.fault("Found \(found) for \(what), expected \(expected)", at: place) }
    }

    private func unknown(_ kind: String, _ name: String, _ known: [String], at place: SmallPlace) -> CoreError {
        SmallProgram.fault(CoreError.unknown(kind: kind, name: name, known: known).description, at: place)
    }

    func type(of expression: SmallExpression, _ names: [String: SmallType]) throws -> SmallType {
        switch expression {
        case .literal(.int): return .int
        case .literal(.bool): return .bool
        case .literal: return .text
        case .name(let name, let place):
            guard let type = names[name] else { throw unknown("name", name, Array(names.keys), at: place) }
            return type
        case .list(let members, let empty, let place):
            if let empty { return .list(empty) }
            let types = try members.map { try type(of: $0, names) }
            for (index, other) in types.enumerated() { try expect(types[0], other, "member \(index + 1) of the list", at: place) }
            return .list(types[0])
        case .prefix(let name, let inner, let place):
            let type: SmallType = name == "not" ? .bool : .int
            try expect(type, try self.type(of: inner, names), "the operand of “\(name)”", at: place)
            return type
        case .infix(let name, let left, let right, let place):
            return try infix(name, try type(of: left, names), try type(of: right, names), at: place)
        case .choice(let condition, let yes, let no, let place):
            try expect(.bool, try type(of: condition, names), "the condition", at: place)
            let result = try type(of: yes, names)
            try expect(result, try type(of: no, names), "the other choice", at: place)
            return result
        case .binding(let name, let value, let body, _):
            var inner = names
            inner[name] = try type(of: value, names)
            return try type(of: body, inner)
        case .call(let name, let arguments, let place): return try call(name, arguments, names, at: place)
        }
    }

    private func infix(_ name: String, _ left: SmallType, _ right: SmallType, at place: SmallPlace) throws -> SmallType {
        switch name {
        case "and", "or":
            try expect(.bool, left, "the left side of “\(name)”", at: place)
        case "++":
            guard left != .int, left != .bool else { throw SmallProgram.fault("Found \(left) for the left side of “++”, expected a text or a list", at: place) }
        case "==", "!=": break
        case "<", "<=", ">", ">=":
            guard left == .int || left == .text else { throw SmallProgram.fault("Found \(left) for the left side of “\(name)”, expected int or text", at: place) }
        default: try expect(.int, left, "the left side of “\(name)”", at: place)
        }
        try expect(left, right, "the right side of “\(name)”", at: place)
        return SmallParser.levels[2].contains(name) ? .bool : left
    }

    private func call(_ name: String, _ arguments: [SmallExpression], _ names: [String: SmallType], at place: SmallPlace) throws -> SmallType {
        if let function = functions[name] {
            let types = try arguments.map { try type(of: $0, names) }
            return try result(of: function, types, at: place)
        }
        guard let signature = Self.signatures.first(where: { $0.key == name })?.value else {
            throw unknown("function", name, functions.keys + Self.signatures.map(\.key), at: place)
        }
        if ["map", "keep", "fold"].contains(name) { return try loop(name, signature, arguments, names, at: place) }
        let types = try arguments.map { try type(of: $0, names) }
        switch (name, types.first, Array(types.dropFirst())) {
        case ("size", .text?, []), ("size", .list?, []): return .int
        case ("at", .text?, [.int]): return .text
        case ("at", .list(let member)?, [.int]): return member
        case ("part", .text?, [.int, .int]): return .text
        case ("part", .list(let member)?, [.int, .int]): return .list(member)
        case ("range", .int?, [.int]): return .list(.int)
        case ("has", .list(let member)?, let rest) where rest == [member]: return .bool
        case ("show", .int?, []): return .text
        case ("number", .text?, []): return .int
        case ("split", .text?, [.text]): return .list(.text)
        case ("join", .list(.text)?, [.text]): return .text
        default: throw SmallProgram.fault("Found \(name)(\(types.map(\.description).joined(separator: ", "))), expected \(signature)", at: place)
        }
    }

    /// `map`, `keep` and `fold`, whose first argument names a function of the program.
    private func loop(
        _ name: String, _ signature: String, _ arguments: [SmallExpression], _ names: [String: SmallType], at place: SmallPlace
    ) throws -> SmallType {
        guard arguments.count == (name == "fold" ? 3 : 2), case .name(let called, let calledAt)? = arguments.first,
            let last = try arguments.last.map({ try type(of: $0, names) }), case .list(let member) = last
        else { throw SmallProgram.fault("“\(name)” is not used rightly, expected \(signature)", at: place) }
        guard let function = functions[called] else { throw unknown("function of the program", called, Array(functions.keys), at: calledAt) }
        if name == "fold" {
            let start = try type(of: arguments[1], names)
            try expect(start, try result(of: function, [start, member], at: calledAt), "the result of “\(called)”", at: calledAt)
            return start
        }
        let given = try result(of: function, [member], at: calledAt)
        if name == "map" { return .list(given) }
        try expect(.bool, given, "the result of “\(called)”", at: calledAt)
        return last
    }

    private func result(of function: SmallFunction, _ types: [SmallType], at place: SmallPlace) throws -> SmallType {
        guard types.count == function.parameters.count else {
            throw SmallProgram.fault("“\(function.name)” got \(types.count) arguments, expected \(function.parameters.count)", at: place)
        }
        for (parameter, type) in zip(function.parameters, types) { try expect(parameter.type, type, "“\(parameter.name)” of “\(function.name)”", at: place) }
        return function.result
    }
}
