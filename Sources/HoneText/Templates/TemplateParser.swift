/// Reads the statements of a template; the grammar is that of Jinja 3.1 without inheritance, inclusion and translation.
struct TemplateParser {
    /// The deepest nesting of blocks and expressions.
    static let depthLimit = 100

    private let tokens: [TemplateToken]
    private var at = 0
    private var depth = 0
    /// Whether an unknown filter or test is only found out when it is run: inside conditions, as in Jinja.
    var isLenient = false
    /// The unknown filters and tests outside conditions.
    var unknown: [TemplateFailure] = []
    /// The names that have been read, to know what a macro asks for.
    var names: Set<String> = []
    private var loops = 0
    /// How many expressions are open, and how many operations the outermost of them has so far.
    private var open = 0
    private var operations = 0

    /// The most operations of one expression: each holds the one before it, so long chains are deep.
    static let longestChain = 1000

    /// The statements of a template.
    static func parse(_ text: String) throws(TemplateFailure) -> TemplateProgram {
        var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: text))
        let frame = parser.frame(try parser.statements(until: []))
        if let first = parser.unknown.first { throw first }
        return TemplateProgram(frame)
    }

    private var frames = 0

    private mutating func frame(_ body: [TemplateStatement]) -> TemplateFrame {
        frames += 1
        return TemplateFrame(number: frames, body: body)
    }

    private init(tokens: [TemplateToken]) { self.tokens = tokens }

    // MARK: Tokens

    var current: TemplateToken.Kind? { at < tokens.count ? tokens[at].kind : nil }
    var line: Int { at < tokens.count ? tokens[at].line : tokens.last?.line ?? 1 }
    func look(_ offset: Int = 1) -> TemplateToken.Kind? { at + offset < tokens.count ? tokens[at + offset].kind : nil }
    mutating func next() { at += 1 }

    func failure(_ sentence: String) -> TemplateFailure { TemplateFailure(sentence, line: line) }

    /// What stands here, for a sentence.
    var found: String {
        switch current {
        case .name(let name): "“\(name)”"
        case .sign(let sign): "“\(sign)”"
        case .string: "a text"
        case .integer, .number: "a number"
        case .variableEnd: "“}}”"
        case .blockEnd: "“%}”"
        case .data, .variableBegin, .blockBegin: "text"
        case nil: "the end of the template"
        }
    }

    func isSign(_ sign: String) -> Bool { current == .sign(sign) }
    func isName(_ name: String) -> Bool { current == .name(name) }

    mutating func skip(sign: String) -> Bool {
        guard isSign(sign) else { return false }
        next()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        next()
        return true
    }

    mutating func expect(sign: String) throws(TemplateFailure) {
        guard skip(sign: sign) else { throw failure("“\(sign)” was expected, but \(found) was found") }
    }

    mutating func expectName() throws(TemplateFailure) -> String {
        guard case .name(let name)? = current else { throw failure("A name was expected, but \(found) was found") }
        next()
        return name
    }

    private mutating func expectBlockEnd() throws(TemplateFailure) {
        guard current == .blockEnd else { throw failure("“%}” was expected, but \(found) was found") }
        next()
    }

    /// Runs a part one level deeper.
    mutating func deeper<T>(_ body: (inout TemplateParser) throws(TemplateFailure) -> T) throws(TemplateFailure) -> T {
        guard depth < Self.depthLimit else { throw failure("Blocks and expressions are nested more than \(Self.depthLimit) deep") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    /// Runs a part of an expression; the outermost part counts operations anew.
    mutating func chained<T>(_ body: (inout TemplateParser) throws(TemplateFailure) -> T) throws(TemplateFailure) -> T {
        if open == 0 { operations = 0 }
        open += 1
        defer { open -= 1 }
        return try body(&self)
    }

    /// Counts an operation on what has been read.
    mutating func link() throws(TemplateFailure) {
        operations += 1
        guard operations <= Self.longestChain else {
            throw failure("An expression has more than \(Self.longestChain) operations, so it would be that many levels deep")
        }
    }

    // MARK: Statements

    /// Statements up to a block whose name is listed, which stays to be read; without names, up to the end.
    private mutating func statements(until ends: Set<String>) throws(TemplateFailure) -> [TemplateStatement] {
        var list: [TemplateStatement] = []
        while let kind = current {
            let line = line
            switch kind {
            case .data(let text):
                next()
                list.append(TemplateStatement(kind: .data(ExactText(bytes: text)), line: line))
            case .variableBegin:
                next()
                let value = try expressionOrTuple()
                guard current == .variableEnd else { throw failure("“}}” was expected, but \(found) was found") }
                next()
                list.append(TemplateStatement(kind: .output(value), line: line))
            case .blockBegin:
                next()
                guard case .name(let name)? = current else { throw failure("The name of a block was expected, but \(found) was found") }
                if ends.contains(name) { return list }
                list += try deeper { (parser) throws(TemplateFailure) in try parser.block(name, line: line) }
            default: throw failure("Text was expected, but \(found) was found")
            }
        }
        guard ends.isEmpty else { throw failure("“{% \(ends.sorted().last ?? "") %}” was expected, but the template ends") }
        return list
    }

    private mutating func block(_ name: String, line: Int) throws(TemplateFailure) -> [TemplateStatement] {
        next()
        let kind: TemplateStatement.Kind
        switch name {
        case "if": kind = try condition()
        case "for": kind = try loop()
        case "set": kind = try assignment()
        case "macro": kind = try macro()
        case "call": kind = try callBlock()
        case "filter": kind = try filterBlock()
        case "with": kind = try with()
        case "generation":
            try expectBlockEnd()
            let outer = loops
            loops = 0
            kind = .generation(frame(try body("endgeneration")))
            loops = outer
        case "break", "continue":
            guard loops > 0 else { throw failure("“{% \(name) %}” stands outside a loop") }
            kind = name == "break" ? .leave : .skip
        case "print":
            let values = try list(until: .blockEnd)
            try expectBlockEnd()
            return values.map { TemplateStatement(kind: .output($0), line: line) }
        default:
            let known = ["extends", "include", "import", "from", "block", "autoescape", "trans"].contains(name)
            throw TemplateFailure(known ? "“{% \(name) %}” is not supported in a chat template" : "There is no block called “\(name)”", line: line)
        }
        try expectBlockEnd()
        return [TemplateStatement(kind: kind, line: line)]
    }

    private mutating func list(until end: TemplateToken.Kind) throws(TemplateFailure) -> [TemplateExpression] {
        var values: [TemplateExpression] = []
        while current != end {
            if !values.isEmpty { try expect(sign: ",") }
            values.append(try expression())
        }
        return values
    }

    /// A body up to its end, whose name is read; the end of that block stays.
    private mutating func body(_ end: String, isLoop: Bool = false, isScope: Bool = true) throws(TemplateFailure) -> [TemplateStatement] {
        let (lenient, outer) = (isLenient, loops)
        if isScope { isLenient = false }
        if isLoop { loops += 1 }
        let list = try statements(until: [end])
        (isLenient, loops) = (lenient, outer)
        next()
        return list
    }

    private mutating func condition() throws(TemplateFailure) -> TemplateStatement.Kind {
        var branches: [(condition: TemplateExpression, body: [TemplateStatement])] = []
        var otherwise: [TemplateStatement] = []
        let lenient = isLenient
        while true {
            let test = try expressionOrTuple(withChoice: false)
            try expectBlockEnd()
            isLenient = true
            branches.append((test, try statements(until: ["elif", "else", "endif"])))
            isLenient = lenient
            if skip(name: "elif") { continue }
            if skip(name: "else") {
                try expectBlockEnd()
                isLenient = true
                otherwise = try statements(until: ["endif"])
                isLenient = lenient
            }
            next()
            return .choice(branches, otherwise: otherwise)
        }
    }

    private mutating func loop() throws(TemplateFailure) -> TemplateStatement.Kind {
        let target = try target(isLoop: true)
        guard skip(name: "in") else { throw failure("“in” was expected, but \(found) was found") }
        let iterated = try expressionOrTuple(withChoice: false, ends: ["recursive"])
        let condition = skip(name: "if") ? try expression() : nil
        let isRecursive = skip(name: "recursive")
        try expectBlockEnd()
        let (lenient, outer) = (isLenient, loops)
        (isLenient, loops) = (false, loops + 1)
        let inside = try statements(until: ["else", "endfor"])
        loops = outer
        var otherwise: [TemplateStatement] = []
        if skip(name: "else") {
            try expectBlockEnd()
            otherwise = try statements(until: ["endfor"])
        }
        isLenient = lenient
        next()
        return .loop(
            TemplateLoopSyntax(
                target: target, iterated: iterated, condition: condition, isRecursive: isRecursive, body: frame(inside), otherwise: frame(otherwise)))
    }

    private mutating func target(isLoop: Bool = false) throws(TemplateFailure) -> TemplateTarget {
        var targets: [TemplateTarget] = []
        var isTuple = false
        while true {
            if skip(sign: "(") {
                targets.append(try deeper { (parser) throws(TemplateFailure) in try parser.target() })
                try expect(sign: ")")
            } else {
                let name = try expectName()
                guard !["true", "false", "none", "True", "False", "None"].contains(name) else { throw failure("“\(name)” cannot be given a value") }
                if !isLoop, skip(sign: ".") { targets.append(.member(name, try expectName())) } else { targets.append(.name(name)) }
            }
            guard skip(sign: ",") else { break }
            isTuple = true
            if isName("in") || isSign("=") || isSign(")") { break }
        }
        return isTuple ? .tuple(targets) : targets[0]
    }

    private mutating func assignment() throws(TemplateFailure) -> TemplateStatement.Kind {
        let target = try target()
        if skip(sign: "=") { return .set(target, try expressionOrTuple()) }
        let filters = try chained { (parser) throws(TemplateFailure) in
            var filters: TemplateExpression?
            while parser.isSign("|") { filters = try parser.filter(of: filters) }
            return filters
        }
        try expectBlockEnd()
        return .setBlock(target, filters: filters, body: frame(try body("endset")))
    }

    private mutating func signature() throws(TemplateFailure) -> (parameters: [String], standards: [TemplateExpression]) {
        var parameters: [String] = []
        var standards: [TemplateExpression] = []
        try expect(sign: "(")
        while !isSign(")") {
            if !parameters.isEmpty { try expect(sign: ",") }
            let name = try expectName()
            guard parameters.count < 255 else { throw failure("A macro has more than 255 parameters") }
            guard !parameters.contains(name) else { throw failure("The parameter “\(name)” is there twice") }
            parameters.append(name)
            if skip(sign: "=") {
                standards.append(try expression())
            } else if !standards.isEmpty {
                throw failure("A parameter without a standard follows one that has one")
            }
        }
        next()
        return (parameters, standards)
    }

    private mutating func macro() throws(TemplateFailure) -> TemplateStatement.Kind {
        let name = try expectName()
        let (parameters, standards) = try signature()
        try expectBlockEnd()
        return .macro(try macro(name, parameters, standards, end: "endmacro"))
    }

    private mutating func macro(
        _ name: String, _ parameters: [String], _ standards: [TemplateExpression], end: String
    ) throws(TemplateFailure) -> TemplateMacroSyntax {
        var outer = names
        let outerLoops = loops
        (names, loops) = ([], 0)
        let inside = try body(end)
        let own = names
        outer.formUnion(own)
        (names, loops) = (outer, outerLoops)
        return TemplateMacroSyntax(
            name: name, parameters: parameters, standards: standards, body: frame(inside), takesRest: own.contains("varargs"),
            takesNamedRest: own.contains("kwargs"), takesCaller: own.contains("caller"))
    }

    private mutating func callBlock() throws(TemplateFailure) -> TemplateStatement.Kind {
        let (parameters, standards) = isSign("(") ? try signature() : ([], [])
        let call = try expression()
        guard case .call = call else { throw failure("A call was expected behind “call”") }
        try expectBlockEnd()
        return .callBlock(call, caller: try macro("caller", parameters, standards, end: "endcall"))
    }

    private mutating func filterBlock() throws(TemplateFailure) -> TemplateStatement.Kind {
        let filters = try chained { (parser) throws(TemplateFailure) in
            var filters = try parser.filter(of: nil, isFirst: true)
            while parser.isSign("|") { filters = try parser.filter(of: filters) }
            return filters
        }
        try expectBlockEnd()
        return .filterBlock(filters, body: frame(try body("endfilter")))
    }

    private mutating func with() throws(TemplateFailure) -> TemplateStatement.Kind {
        var values: [(target: TemplateTarget, value: TemplateExpression)] = []
        while current != .blockEnd {
            if !values.isEmpty { try expect(sign: ",") }
            let name = try expectName()
            try expect(sign: "=")
            values.append((.name(name), try expression()))
        }
        try expectBlockEnd()
        return .with(values, body: frame(try body("endwith")))
    }
}
