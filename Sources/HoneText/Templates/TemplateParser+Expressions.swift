extension TemplateParser {
    /// An expression, or several with commas between.
    mutating func expressionOrTuple(withChoice: Bool = true, ends: Set<String> = []) throws(TemplateFailure) -> TemplateExpression {
        try tuple(withChoice: withChoice, ends: ends, isInParentheses: false)
    }

    private mutating func tuple(withChoice: Bool, ends: Set<String>, isInParentheses: Bool) throws(TemplateFailure) -> TemplateExpression {
        var values: [TemplateExpression] = []
        var isTuple = false
        while true {
            if !values.isEmpty {
                guard skip(sign: ",") else { break }
                isTuple = true
            }
            if isTupleEnd(ends) { break }
            values.append(try expression(withChoice: withChoice))
        }
        if !isTuple {
            if let only = values.first { return only }
            guard isInParentheses else { throw failure("An expression was expected, but \(found) was found") }
        }
        return .tuple(values)
    }

    private func isTupleEnd(_ ends: Set<String>) -> Bool {
        switch current {
        case .variableEnd, .blockEnd, .sign(")"): true
        case .name(let name): ends.contains(name)
        default: false
        }
    }

    /// One expression; without a choice, `if` behind it belongs to something else.
    mutating func expression(withChoice: Bool = true) throws(TemplateFailure) -> TemplateExpression {
        try deeper { (parser) throws(TemplateFailure) in
            try parser.chained { (parser) throws(TemplateFailure) in try parser.choice(withChoice: withChoice) }
        }
    }

    private mutating func choice(withChoice: Bool) throws(TemplateFailure) -> TemplateExpression {
        guard withChoice else { return try or() }
        let unknown = self.unknown.count
        var value = try or()
        while skip(name: "if") {
            try link()
            let condition = try or()
            let otherwise = skip(name: "else") ? try expression() : nil
            value = .choice(condition, value, otherwise)
            self.unknown.removeSubrange(unknown...)
        }
        return value
    }

    private mutating func or() throws(TemplateFailure) -> TemplateExpression {
        var value = try and()
        while skip(name: "or") {
            try link()
            value = .or(value, try and())
        }
        return value
    }

    private mutating func and() throws(TemplateFailure) -> TemplateExpression {
        var value = try not()
        while skip(name: "and") {
            try link()
            value = .and(value, try not())
        }
        return value
    }

    private mutating func not() throws(TemplateFailure) -> TemplateExpression {
        guard skip(name: "not") else { return try comparison() }
        return .not(try deeper { (parser) throws(TemplateFailure) in try parser.not() })
    }

    private mutating func comparison() throws(TemplateFailure) -> TemplateExpression {
        let first = try sum()
        var rest: [(TemplateComparison, TemplateExpression)] = []
        while true {
            if case .sign(let sign)? = current, let comparison = TemplateComparison(rawValue: sign) {
                next()
                rest.append((comparison, try sum()))
            } else if skip(name: "in") {
                rest.append((.within, try sum()))
            } else if isName("not"), look() == .name("in") {
                next()
                next()
                rest.append((.notWithin, try sum()))
            } else {
                return rest.isEmpty ? first : .comparison(first, rest)
            }
        }
    }

    private mutating func sum() throws(TemplateFailure) -> TemplateExpression {
        var value = try concatenation()
        while isSign("+") || isSign("-") {
            let sign: TemplateOperator = isSign("+") ? .add : .subtract
            next()
            try link()
            value = .binary(value, sign, try concatenation())
        }
        return value
    }

    private mutating func concatenation() throws(TemplateFailure) -> TemplateExpression {
        let first = try product()
        guard isSign("~") else { return first }
        var parts = [first]
        while skip(sign: "~") { parts.append(try product()) }
        return .concatenation(parts)
    }

    private mutating func product() throws(TemplateFailure) -> TemplateExpression {
        var value = try power()
        while case .sign(let sign)? = current, ["*", "/", "//", "%"].contains(sign), let operation = TemplateOperator(rawValue: sign) {
            next()
            try link()
            value = .binary(value, operation, try power())
        }
        return value
    }

    private mutating func power() throws(TemplateFailure) -> TemplateExpression {
        var value = try unary()
        while skip(sign: "**") {
            try link()
            value = .binary(value, .power, try unary())
        }
        return value
    }

    private mutating func unary(withFilters: Bool = true) throws(TemplateFailure) -> TemplateExpression {
        var value: TemplateExpression
        if skip(sign: "-") {
            value = .negative(try deeper { (parser) throws(TemplateFailure) in try parser.unary(withFilters: false) })
        } else if skip(sign: "+") {
            value = .positive(try deeper { (parser) throws(TemplateFailure) in try parser.unary(withFilters: false) })
        } else {
            value = try primary()
        }
        value = try postfix(value)
        return withFilters ? try filtered(value) : value
    }

    private mutating func primary() throws(TemplateFailure) -> TemplateExpression {
        guard let kind = current else { throw failure("An expression was expected, but the template ends") }
        switch kind {
        case .name(let name):
            next()
            switch name {
            case "true", "True": return .bool(true)
            case "false", "False": return .bool(false)
            case "none", "None": return .none
            default:
                names.insert(name)
                return .name(name)
            }
        case .string(let text):
            next()
            var text = text
            while case .string(let more)? = current {
                text += more
                next()
            }
            return .string(ExactText(bytes: text))
        case .integer(let value):
            next()
            return .integer(value)
        case .number(let value):
            next()
            return .number(value)
        case .sign("("):
            next()
            let value = try deeper { (parser) throws(TemplateFailure) in
                try parser.tuple(withChoice: true, ends: [], isInParentheses: true)
            }
            try expect(sign: ")")
            return value
        case .sign("["):
            next()
            var values: [TemplateExpression] = []
            while !isSign("]") {
                if !values.isEmpty { try expect(sign: ",") }
                if isSign("]") { break }
                values.append(try expression())
            }
            next()
            return .list(values)
        case .sign("{"):
            next()
            var entries: [(key: TemplateExpression, value: TemplateExpression)] = []
            while !isSign("}") {
                if !entries.isEmpty { try expect(sign: ",") }
                if isSign("}") { break }
                let key = try expression()
                try expect(sign: ":")
                entries.append((key, try expression()))
            }
            next()
            return .mapping(entries)
        default: throw failure("An expression was expected, but \(found) was found")
        }
    }

    private mutating func postfix(_ value: TemplateExpression) throws(TemplateFailure) -> TemplateExpression {
        var value = value
        while true {
            if isSign(".") || isSign("[") {
                try link()
                value = try subscripted(value)
            } else if isSign("(") {
                try link()
                value = .call(value, try arguments())
            } else {
                return value
            }
        }
    }

    private mutating func subscripted(_ value: TemplateExpression) throws(TemplateFailure) -> TemplateExpression {
        if skip(sign: ".") {
            switch current {
            case .name(let name):
                next()
                return .attribute(value, name)
            case .integer(let place):
                next()
                return .item(value, .integer(place))
            default: throw failure("A name or a number was expected behind the point, but \(found) was found")
            }
        }
        next()
        var places: [TemplateExpression] = []
        while !isSign("]") {
            if !places.isEmpty { try expect(sign: ",") }
            places.append(try place())
        }
        next()
        return .item(value, places.count == 1 ? places[0] : .tuple(places))
    }

    /// A place in brackets, or a slice.
    private mutating func place() throws(TemplateFailure) -> TemplateExpression {
        var parts: [TemplateExpression?] = [nil, nil, nil]
        if !isSign(":") {
            let value = try expression()
            guard isSign(":") else { return value }
            parts[0] = value
        }
        next()
        if !isSign(":"), !isSign("]"), !isSign(",") { parts[1] = try expression() }
        if skip(sign: ":"), !isSign("]"), !isSign(",") { parts[2] = try expression() }
        return .slice(parts[0], parts[1], parts[2])
    }

    mutating func arguments() throws(TemplateFailure) -> TemplateArguments {
        var list = TemplateArguments()
        try expect(sign: "(")
        var isFirst = true
        while !isSign(")") {
            if !isFirst {
                try expect(sign: ",")
                if isSign(")") { break }
            }
            isFirst = false
            guard list.positional.count + list.named.count < 1000 else { throw failure("A call has more than 1000 arguments") }
            if skip(sign: "*") {
                guard list.rest == nil, list.namedRest == nil else { throw failure("These arguments are in an order that is not allowed") }
                list.rest = try expression()
            } else if skip(sign: "**") {
                guard list.namedRest == nil else { throw failure("These arguments are in an order that is not allowed") }
                list.namedRest = try expression()
            } else if case .name(let name)? = current, look() == .sign("=") {
                guard list.namedRest == nil else { throw failure("These arguments are in an order that is not allowed") }
                next()
                next()
                list.named.append((name, try expression()))
            } else {
                guard list.named.isEmpty, list.rest == nil, list.namedRest == nil else {
                    throw failure("These arguments are in an order that is not allowed")
                }
                list.positional.append(try expression())
            }
        }
        next()
        return list
    }

    /// Filters, tests and calls behind a value.
    private mutating func filtered(_ value: TemplateExpression) throws(TemplateFailure) -> TemplateExpression {
        var value = value
        while true {
            if isSign("|") {
                value = try filter(of: value)
            } else if isName("is") {
                value = try test(of: value)
            } else if isSign("(") {
                try link()
                value = .call(value, try arguments())
            } else {
                return value
            }
        }
    }

    private mutating func dottedName() throws(TemplateFailure) -> String {
        var name = try expectName()
        while skip(sign: ".") { name += "." + (try expectName()) }
        return name
    }

    /// A filter of a value, or of the text of a block.
    mutating func filter(of value: TemplateExpression?, isFirst: Bool = false) throws(TemplateFailure) -> TemplateExpression {
        if !isFirst { next() }
        try link()
        let line = line
        let name = try dottedName()
        if !isLenient, !TemplateFilters.names.contains(name) { unknown.append(TemplateFailure("There is no filter called “\(name)”", line: line)) }
        return .filter(value, name, isSign("(") ? try arguments() : TemplateArguments(), line: line)
    }

    private mutating func test(of value: TemplateExpression) throws(TemplateFailure) -> TemplateExpression {
        next()
        try link()
        let isNegated = skip(name: "not")
        let line = line
        let name = try dottedName()
        if !isLenient, !TemplateTests.names.contains(name) { unknown.append(TemplateFailure("There is no test called “\(name)”", line: line)) }
        var list = TemplateArguments()
        if isSign("(") {
            list = try arguments()
        } else if startsArgument {
            guard !isName("is") else { throw failure("Tests with “is” cannot follow each other") }
            list.positional = [try postfix(try primary())]
        }
        let test = TemplateExpression.test(value, name, list, line: line)
        return isNegated ? .not(test) : test
    }

    private var startsArgument: Bool {
        switch current {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .number, .sign("["), .sign("{"): true
        default: false
        }
    }
}
