/// An expression of a template.
indirect enum TemplateExpression: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(ExactText)
    case name(String)
    case list([TemplateExpression])
    case tuple([TemplateExpression])
    case mapping([(key: TemplateExpression, value: TemplateExpression)])
    case attribute(TemplateExpression, String)
    case item(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression?, TemplateExpression?, TemplateExpression?)
    case call(TemplateExpression, TemplateArguments)
    case filter(TemplateExpression?, String, TemplateArguments, line: Int)
    case test(TemplateExpression, String, TemplateArguments, line: Int)
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case positive(TemplateExpression)
    case binary(TemplateExpression, TemplateOperator, TemplateExpression)
    case comparison(TemplateExpression, [(TemplateComparison, TemplateExpression)])
    case and(TemplateExpression, TemplateExpression)
    case or(TemplateExpression, TemplateExpression)
    /// The parts joined as texts.
    case concatenation([TemplateExpression])
    /// The second when the first is true, else the third.
    case choice(TemplateExpression, TemplateExpression, TemplateExpression?)
}

/// What stands between the parentheses of a call.
struct TemplateArguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
    var rest: TemplateExpression?
    var namedRest: TemplateExpression?
}

enum TemplateOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
}

enum TemplateComparison: String, Sendable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case within = "in"
    case notWithin = "not in"
}

/// Where a value is put.
indirect enum TemplateTarget: Sendable {
    case name(String)
    case tuple([TemplateTarget])
    /// A place in a namespace.
    case member(String, String)
}

/// Statements with names of their own.
struct TemplateFrame: Sendable {
    /// Under which the names are kept that count as missing when the frame is entered.
    let number: Int
    let body: [TemplateStatement]
}

/// A statement of a template with the line it begins in.
struct TemplateStatement: Sendable {
    enum Kind: Sendable {
        case data(ExactText)
        case output(TemplateExpression)
        case choice([(condition: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
        case loop(TemplateLoopSyntax)
        case set(TemplateTarget, TemplateExpression)
        /// The body's text, through the filters from the inside out.
        case setBlock(TemplateTarget, filters: TemplateExpression?, body: TemplateFrame)
        case macro(TemplateMacroSyntax)
        case callBlock(TemplateExpression, caller: TemplateMacroSyntax)
        case filterBlock(TemplateExpression, body: TemplateFrame)
        case with([(target: TemplateTarget, value: TemplateExpression)], body: TemplateFrame)
        case generation(TemplateFrame)
        case leave
        case skip
    }

    let kind: Kind
    let line: Int
}

struct TemplateLoopSyntax: Sendable {
    let target: TemplateTarget
    let iterated: TemplateExpression
    let condition: TemplateExpression?
    let isRecursive: Bool
    let body: TemplateFrame
    let otherwise: TemplateFrame
}

struct TemplateMacroSyntax: Sendable {
    let name: String
    let parameters: [String]
    /// The standards of the last parameters.
    let standards: [TemplateExpression]
    let body: TemplateFrame
    /// Whether the body asks for arguments beyond the parameters.
    let takesRest: Bool
    let takesNamedRest: Bool
    let takesCaller: Bool
}
