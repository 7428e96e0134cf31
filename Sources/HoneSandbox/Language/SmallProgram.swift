import HoneCore

/// A type of the small language.
public indirect enum SmallType: Hashable, Sendable, CustomStringConvertible {
    /// Whole numbers of 64 bits.
    case int
    /// True and false.
    case bool
    /// Texts.
    case text
    /// Lists whose members are all of one type.
    case list(SmallType)

    public var description: String {
        switch self {
        case .int: "int"
        case .bool: "bool"
        case .text: "text"
        case .list(let member): "[\(member)]"
        }
    }
}

/// A value of the small language.
public enum SmallValue: Hashable, Sendable, CustomStringConvertible {
    /// A whole number.
    case int(Int)
    /// True or false.
    case bool(Bool)
    /// A text.
    case text(String)
    /// A list.
    case list([SmallValue])

    /// As it is written in a program.
    public var description: String {
        switch self {
        case .int(let number): String(number)
        case .bool(let flag): String(flag)
        case .text(let text): SmallPrinter.quoted(text)
        case .list(let members): "[" + members.map(\.description).joined(separator: ", ") + "]"
        }
    }
}

/// An expression with the place where it begins, counted in lines and characters from 1.
public indirect enum SmallExpression: Hashable, Sendable {
    /// A value as it stands.
    case literal(SmallValue)
    /// A name of a parameter or of `let`.
    case name(String, at: SmallPlace)
    /// `[a, b]`; the type is that of the members where there are none, as in `[] of int`.
    case list([SmallExpression], empty: SmallType?, at: SmallPlace)
    /// `-a`, `not a`.
    case prefix(String, SmallExpression, at: SmallPlace)
    /// `a + b` and all other operators between two.
    case infix(String, SmallExpression, SmallExpression, at: SmallPlace)
    /// `if a then b else c`.
    case choice(SmallExpression, SmallExpression, SmallExpression, at: SmallPlace)
    /// `let n = a in b`.
    case binding(String, SmallExpression, in: SmallExpression, at: SmallPlace)
    /// `f(a, b)`: a function of the program or of the language.
    case call(String, [SmallExpression], at: SmallPlace)
}

/// A place in a program's text.
public struct SmallPlace: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The character in the line, from 1.
    public var column: Int
    public var description: String { "line \(line), column \(column)" }
}

/// A function: `def f(a: int, b: [text]): bool = …`.
public struct SmallFunction: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its parameters in order.
    public var parameters: [Parameter]
    /// The type of what it gives.
    public var result: SmallType
    /// What it gives.
    public var body: SmallExpression
    /// Where its name stands.
    public var place: SmallPlace

    /// A parameter.
    public struct Parameter: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its type.
        public var type: SmallType
    }
}

/// A program that was read and whose types fit: functions, and an expression at the end that may use them.
public struct SmallProgram: Sendable, CustomStringConvertible {
    /// The functions in order.
    public let functions: [SmallFunction]
    /// The expression at the end; nil in a program that only defines functions.
    public let main: SmallExpression?
    /// The type of the expression at the end.
    public let type: SmallType?
    let table: [String: SmallFunction]

    /// Reads a program and checks its types. Throws a `CoreError` whose sentence names line and column.
    public init(_ text: String) throws {
        var parser = try SmallParser(text)
        (functions, main) = try parser.program()
        let checker = try SmallChecker(functions)
        table = checker.functions
        for function in functions { try checker.check(function) }
        type = try main.map { try checker.type(of: $0, [:]) }
    }

    /// The program in the one form that the printer gives; reading it gives the same program but for places.
    public var description: String { SmallPrinter.text(of: self) }

    /// A fault of the program, as a sentence with its place.
    static func fault(_ sentence: String, at place: SmallPlace) -> CoreError { CoreError.invalid("\(sentence) (\(place))") }
}
