import HoneCore

/// Reads the text of a program.
struct SmallParser {
    private enum Token: Hashable {
        case number(String), text(String), word(String), sign(String), end

        var shown: String {
            switch self {
            case .number(let text), .word(let text), .sign(let text): "“\(text)”"
            case .text: "a text"
            case .end: "the end"
            }
        }
    }

    /// An expression, and how many others are nested in each other in it.
    private struct Node {
        var expression: SmallExpression
        var height = 1
    }

    /// How deep expressions may be nested: reading and running them takes this program's own stack.
    static let deepest = 100
    private static let reserved: Set<String> = ["def", "let", "in", "if", "then", "else", "and", "or", "not", "true", "false", "of", "give", "int", "bool", "text"]
    /// Operators by how loosely they bind.
    static let levels: [[String]] = [["or"], ["and"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-", "++"], ["*", "/", "%"]]

    private var tokens: [(token: Token, place: SmallPlace)] = []
    private var position = 0
    private var depth = 0

    init(_ text: String) throws {
        guard text.utf8.count <= 100_000 else { throw CoreError.invalid("The program has \(text.utf8.count) bytes; expected at most 100000") }
        var rest = Array(text.unicodeScalars)[...]
        var place = SmallPlace(line: 1, column: 1)
        func take(_ count: Int) -> String {
            var taken = String.UnicodeScalarView()
            for scalar in rest.prefix(count) {
                taken.append(scalar)
                place = scalar == "\n" ? SmallPlace(line: place.line + 1, column: 1) : SmallPlace(line: place.line, column: place.column + 1)
            }
            rest = rest.dropFirst(count)
            return String(taken)
        }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" }
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
        while let next = rest.first {
            let start = place
            switch next {
            case " ", "\t", "\n", "\r": _ = take(1)
            case "#": _ = take(rest.firstIndex(of: "\n").map { $0 - rest.startIndex } ?? rest.count)
            case "\"": tokens.append((.text(try Self.quotation(take(Self.length(rest)), at: start)), start))
            case _ where isDigit(next): tokens.append((.number(take(rest.prefix(while: isDigit).count)), start))
            case _ where isLetter(next): tokens.append((.word(take(rest.prefix { isLetter($0) || isDigit($0) }.count)), start))
            default:
                let pair = String(String.UnicodeScalarView(rest.prefix(2)))
                if ["==", "!=", "<=", ">=", "++"].contains(pair) {
                    tokens.append((.sign(take(2)), start))
                } else if "+-*/%<>=()[],:".unicodeScalars.contains(next) {
                    tokens.append((.sign(take(1)), start))
                } else {
                    throw SmallProgram.fault("“\(next)” means nothing here", at: start)
                }
            }
        }
        tokens.append((.end, place))
    }

    /// How many characters a quotation has, with its marks.
    private static func length(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
        var isEscaped = false
        for (count, scalar) in rest.dropFirst().enumerated() {
            if scalar == "\"" && !isEscaped { return count + 2 }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return rest.count
    }

    private static func quotation(_ text: String, at place: SmallPlace) throws -> String {
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.dropFirst()
        while let next = scalars.popFirst() {
            if next == "\"" { return String(result) }
            guard next == "\\" else {
                result.append(next)
                continue
            }
            switch scalars.popFirst() {
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "\"": result.append("\"")
            case "\\": result.append("\\")
            case let other:
                throw SmallProgram.fault("A backslash is followed by \(other.map { "“\($0)”" } ?? "the end"); expected n, t, a quotation mark or a backslash", at: place)
            }
        }
        throw SmallProgram.fault("The text that begins here has no end", at: place)
    }

    private var token: Token { tokens[position].token }
    private var place: SmallPlace { tokens[position].place }

    private mutating func isNext(_ text: String) -> Bool {
        guard token == .sign(text) || token == .word(text) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws {
        if !isNext(text) { throw SmallProgram.fault("Found \(token.shown), expected “\(text)”", at: place) }
    }

    private mutating func newName(_ what: String) throws -> String {
        guard case .word(let name) = token, !Self.reserved.contains(name) else { throw SmallProgram.fault("Found \(token.shown), expected the name of \(what)", at: place) }
        position += 1
        return name
    }

    private mutating func separated<Part>(until end: String, _ part: (inout SmallParser) throws -> Part) throws -> [Part] {
        var parts: [Part] = []
        if isNext(end) { return parts }
        repeat { parts.append(try part(&self)) } while isNext(",")
        try expect(end)
        return parts
    }

    /// The whole program.
    mutating func program() throws -> ([SmallFunction], SmallExpression?) {
        var functions: [SmallFunction] = []
        while isNext("def") {
            let start = place
            let name = try newName("a function")
            try expect("(")
            let parameters = try separated(until: ")") { parser in
                let name = try parser.newName("a parameter")
                try parser.expect(":")
                return SmallFunction.Parameter(name: name, type: try parser.type())
            }
            try expect(":")
            let result = try type()
            try expect("=")
            functions.append(SmallFunction(name: name, parameters: parameters, result: result, body: try expression().expression, place: start))
        }
        // Without a word between them, the expression could be read as more of the last function.
        let gives = isNext("give")
        if !gives, token != .end, !functions.isEmpty { try expect("give") }
        if token == .end, !gives {
            guard !functions.isEmpty else { throw CoreError.invalid("The program is empty; expected functions, an expression, or both") }
            return (functions, nil)
        }
        let main = try expression().expression
        guard token == .end else { throw SmallProgram.fault("Found \(token.shown) after the expression, expected an operator or the end", at: place) }
        return (functions, main)
    }

    private mutating func type() throws -> SmallType {
        try deeper { parser in
            if parser.isNext("[") {
                let member = try parser.type()
                try parser.expect("]")
                return .list(member)
            }
            for (word, type) in [("int", SmallType.int), ("bool", .bool), ("text", .text)] where parser.isNext(word) { return type }
            throw SmallProgram.fault("Found \(parser.token.shown), expected a type: int, bool, text, or one of them in brackets", at: parser.place)
        }
    }

    private mutating func deeper<Result>(_ body: (inout SmallParser) throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw SmallProgram.fault("The program is nested more than \(Self.deepest) deep", at: place) }
        return try body(&self)
    }

    /// An expression above others.
    private func node(_ expression: SmallExpression, over parts: [Node], at place: SmallPlace) throws -> Node {
        let height = 1 + (parts.map(\.height).max() ?? 0)
        guard height <= Self.deepest else { throw SmallProgram.fault("The program is nested more than \(Self.deepest) deep", at: place) }
        return Node(expression: expression, height: height)
    }

    private mutating func expression() throws -> Node {
        try deeper { parser in
            let start = parser.place
            if parser.isNext("if") {
                let condition = try parser.expression()
                try parser.expect("then")
                let yes = try parser.expression()
                try parser.expect("else")
                let no = try parser.expression()
                return try parser.node(
                    .choice(condition.expression, yes.expression, no.expression, at: start), over: [condition, yes, no], at: start)
            }
            if parser.isNext("let") {
                let name = try parser.newName("what is defined")
                try parser.expect("=")
                let value = try parser.expression()
                try parser.expect("in")
                let body = try parser.expression()
                return try parser.node(.binding(name, value.expression, in: body.expression, at: start), over: [value, body], at: start)
            }
            return try parser.operation(level: 0)
        }
    }

    private mutating func operation(level: Int) throws -> Node {
        guard level < Self.levels.count else { return try prefixed() }
        var left = try operation(level: level + 1)
        while true {
            let start = place
            guard let name = Self.levels[level].first(where: { isNext($0) }) else { return left }
            let right = try operation(level: level + 1)
            left = try node(.infix(name, left.expression, right.expression, at: start), over: [left, right], at: start)
            if level == 2, let next = Self.levels[2].first(where: { token == .sign($0) }) {
                throw SmallProgram.fault("“\(next)” follows another comparison; join the two by “and”", at: place)
            }
        }
    }

    private mutating func prefixed() throws -> Node {
        let start = place
        guard let name = ["-", "not"].first(where: { isNext($0) }) else { return try simple() }
        // The smallest number has no positive counterpart.
        if name == "-", case .number(let digits) = token {
            position += 1
            return Node(expression: .literal(.int(try Self.number("-" + digits, at: start))))
        }
        let inner = try deeper { try $0.prefixed() }
        return try node(.prefix(name, inner.expression, at: start), over: [inner], at: start)
    }

    private static func number(_ digits: String, at place: SmallPlace) throws -> Int {
        guard let number = Int(digits) else { throw SmallProgram.fault("\(digits.prefix(40)) is beyond 64 bits", at: place) }
        return number
    }

    private mutating func simple() throws -> Node {
        let start = place
        switch token {
        case .number(let digits):
            position += 1
            return Node(expression: .literal(.int(try Self.number(digits, at: start))))
        case .text(let text):
            position += 1
            return Node(expression: .literal(.text(text)))
        case .sign("("):
            position += 1
            let inner = try expression()
            try expect(")")
            return inner
        case .sign("["):
            position += 1
            let members = try separated(until: "]") { try $0.expression() }
            guard members.isEmpty else { return try node(.list(members.map(\.expression), empty: nil, at: start), over: members, at: start) }
            guard isNext("of") else { throw SmallProgram.fault("An empty list needs the type of its members, as in “[] of int”", at: start) }
            return Node(expression: .list([], empty: try type(), at: start))
        case .word("true"), .word("false"):
            defer { position += 1 }
            return Node(expression: .literal(.bool(token == .word("true"))))
        case .word(let name) where !Self.reserved.contains(name):
            position += 1
            guard isNext("(") else { return Node(expression: .name(name, at: start)) }
            let parts = try separated(until: ")") { try $0.expression() }
            return try node(.call(name, parts.map(\.expression), at: start), over: parts, at: start)
        default: throw SmallProgram.fault("Found \(token.shown), expected an expression", at: start)
        }
    }
}
