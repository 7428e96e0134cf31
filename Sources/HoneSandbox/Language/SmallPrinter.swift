/// Writes programs in one form, with no more parentheses than reading needs.
enum SmallPrinter {
    static func text(of program: SmallProgram) -> String {
        var lines = program.functions.map { function in
            let parameters = function.parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
            return "def \(function.name)(\(parameters)): \(function.result) = \(text(of: function.body))"
        }
        if let main = program.main { lines.append((lines.isEmpty ? "" : "give ") + text(of: main)) }
        return lines.joined(separator: "\n")
    }

    /// A text as it is written in a program.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// An expression, in parentheses where it binds more loosely than a place of this level takes.
    static func text(of expression: SmallExpression, level: Int = -1) -> String {
        let highest = SmallParser.levels.count
        func enclosed(_ text: String, _ own: Int) -> String { own < level ? "(\(text))" : text }
        switch expression {
        case .literal(let value): return value.description
        case .name(let name, _): return name
        case .list(let members, let empty, _):
            return empty.map { "[] of \($0)" } ?? "[" + members.map { text(of: $0) }.joined(separator: ", ") + "]"
        case .prefix(let name, let inner, _):
            // “-5” is the number itself, so a minus before a number keeps its parentheses.
            if name == "-", case .literal = inner { return "-(\(text(of: inner)))" }
            return (name == "not" ? "not " : "-") + text(of: inner, level: highest)
        case .infix(let name, let left, let right, _):
            let own = SmallParser.levels.firstIndex { $0.contains(name) } ?? 0
            // Comparisons do not follow one another.
            return enclosed("\(text(of: left, level: own == 2 ? own + 1 : own)) \(name) \(text(of: right, level: own + 1))", own)
        case .choice(let condition, let yes, let no, _):
            return enclosed("if \(text(of: condition)) then \(text(of: yes)) else \(text(of: no))", -1)
        case .binding(let name, let value, let body, _):
            return enclosed("let \(name) = \(text(of: value)) in \(text(of: body))", -1)
        case .call(let name, let arguments, _): return "\(name)(" + arguments.map { text(of: $0) }.joined(separator: ", ") + ")"
        }
    }
}
