import HoneCore

/// Quantities with a question about one of them, as a problem's text shows them: `c=6 d=b*2 a=4 b=a+3 d?`.
///
/// A letter names a quantity. A number is told of some; each other follows from one that is told or follows itself, by a sign and a number.
public struct QuantityProblem: Hashable, Sendable {
    /// What is said of a quantity.
    public struct Statement: Hashable, Sendable {
        /// The quantity it follows from; nil where its number is told.
        public let source: Character?
        /// `+`, `-` or `*`; meaningless where the number is told.
        public let sign: Character
        /// The number behind the sign, or the told one.
        public let number: Int

        /// A statement.
        public init(source: Character? = nil, sign: Character = "+", number: Int) {
            self.source = source
            self.sign = sign
            self.number = number
        }

        /// As it is written of a quantity: `b=a+3`.
        func text(of name: Character) -> String { "\(name)=" + (source.map { "\($0)\(sign)" } ?? "") + "\(number)" }
    }

    /// What is said, by quantity.
    public let statements: [Character: Statement]
    /// The quantity that is asked for.
    public let asked: Character

    /// The problem of a text; nil where it is none: where a quantity is unknown, said twice, or follows from itself.
    public init?(_ text: String) {
        guard text.hasSuffix("?") else { return nil }
        var parts = text.dropLast().split(separator: " ", omittingEmptySubsequences: false)
        guard let question = parts.popLast(), question.count == 1, let asked = question.first else { return nil }
        var statements: [Character: Statement] = [:]
        for part in parts {
            guard let (name, statement) = Self.statement(part), statements.updateValue(statement, forKey: name) == nil else { return nil }
        }
        self.statements = statements
        self.asked = asked
        guard statements[asked] != nil, statements.keys.allSatisfy({ way(to: $0) != nil }) else { return nil }
    }

    private static func statement(_ text: Substring) -> (Character, Statement)? {
        let signs = text.dropFirst(2)
        guard let name = text.first, isName(name), text.dropFirst().first == "=", let first = signs.first else { return nil }
        func number(_ digits: Substring) -> Int? { Int(digits).flatMap { String($0) == digits && $0 >= 0 ? $0 : nil } }
        guard isName(first) else { return number(signs).map { (name, Statement(number: $0)) } }
        let rest = signs.dropFirst()
        guard let sign = rest.first, "+-*".contains(sign), let count = number(rest.dropFirst()) else { return nil }
        return (name, Statement(source: first, sign: sign, number: count))
    }

    private static func isName(_ character: Character) -> Bool { ("a"..."z").contains(character) }

    /// The quantities one after another from this one to the told one it follows from; nil where there is no such end.
    public func way(to name: Character) -> [Character]? {
        var way = [name]
        while way.count <= statements.count {
            guard let statement = statements[way[way.count - 1]] else { return nil }
            guard let source = statement.source else { return way }
            way.append(source)
        }
        return nil
    }

    /// What is asked for.
    public var answer: Int? {
        way(to: asked)?.reversed().reduce(nil as Int?) { value, name in
            statements[name].map { said in value.map { Arithmetic.apply(said.sign, $0, said.number) } ?? said.number }
        }
    }
}

/// An answer of a plan and a calculation: `d:b*;b:a+;4+3=7,7*2=14`.
///
/// A plan goes back from what is asked for: to know d take b and multiply, to know b take a and add. The calculation then goes forth, one calculation for each
/// step of the plan, the last one first.
struct PlannedAnswer: Hashable, Sendable {
    /// The steps of the plan, as they are written.
    let plan: [Substring]
    /// The calculations, as they are written.
    let calculations: [Substring]

    /// The answer of a response, of which a line break at its end does not count; everything behind the last `;` is the calculation.
    init(_ response: String) {
        let text = response.hasSuffix("\n") ? response.dropLast() : response[...]
        var sections = text.split(separator: ";", omittingEmptySubsequences: false)
        let last = sections.popLast() ?? ""
        plan = sections
        calculations = last.isEmpty ? [] : last.split(separator: ",", omittingEmptySubsequences: false)
    }

    /// What the last calculation comes to; nil where there is none that can be read.
    var result: Int? { calculations.last.flatMap { Self.sides($0)?.result } }

    /// A step of a plan taken apart: `b:a+`.
    static func step(_ text: Substring) -> (name: Character, source: Character, sign: Character)? {
        let parts = Array(text)
        guard parts.count == 4, parts[1] == ":", "+-*".contains(parts[3]) else { return nil }
        return (parts[0], parts[2], parts[3])
    }

    /// A calculation taken apart: `4+3=7`.
    static func sides(_ text: Substring) -> (left: Substring, result: Int)? {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let result = Int(sides[1]), String(result) == sides[1] else { return nil }
        return (sides[0], result)
    }
}
