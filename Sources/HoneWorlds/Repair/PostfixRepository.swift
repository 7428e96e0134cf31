import HoneCore
import HoneSandbox

/// Small functions in files, each one token after another for a stack: `f x2*` gives twice its argument.
///
/// Read from the left, `x` (the argument) and the digits put a value on the stack; `+`, `-` and `*` take two off and put the result on; `<` puts on
/// whether the second from the top is below the top; `?` takes three and leaves the second where the first is true, else the third; the name of a
/// file takes one and leaves what its function gives. What is left in the end, exactly one, is the value. A file becomes a function of the small
/// language, so that one checker reads its types and one interpreter runs it under a budget of steps.
public struct PostfixRepository: Hashable, Sendable, Codable {
    /// One function.
    public struct File: Hashable, Sendable, Codable {
        /// Its name: a letter.
        public var name: String
        /// Its tokens.
        public var tokens: [String]

        /// A file.
        public init(name: String, tokens: [String]) {
            self.name = name
            self.tokens = tokens
        }

        /// As it is written: `x2*`.
        public var text: String { tokens.joined() }
    }

    /// The names that files have, in order.
    public static let names = ["f", "g", "h", "k", "m", "n"]
    /// What puts a value on the stack.
    public static let operands = ["x"] + (0...9).map(String.init)
    /// What takes two numbers and leaves one.
    public static let operators = ["+", "-", "*"]
    /// What is there for choices.
    public static let choosers = ["<", "?"]

    /// The files, in order.
    public var files: [File]

    /// A repository.
    public init(files: [File]) { self.files = files }

    /// Reads `f x2*;g x3+`; nil for anything else.
    public init?(_ text: String) {
        var files: [File] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let sides = part.split(separator: " ", omittingEmptySubsequences: false)
            guard sides.count == 2, Self.names.contains(String(sides[0])), !sides[1].isEmpty else { return nil }
            files.append(File(name: String(sides[0]), tokens: sides[1].map(String.init)))
        }
        guard Set(files.map(\.name)).count == files.count, files.allSatisfy({ Set($0.tokens).isSubset(of: Self.tokens(beside: files)) }) else { return nil }
        self.files = files
    }

    /// As it is written: `f x2*;g x3+`.
    public var text: String { files.map { "\($0.name) \($0.text)" }.joined(separator: ";") }

    /// The tokens that a file may have.
    public var tokens: [String] { Self.tokens(beside: files) }

    private static func tokens(beside files: [File]) -> [String] { operands + operators + choosers + files.map(\.name) }

    /// The place of a file; nil where there is none of the name.
    public func place(of name: String) -> Int? { files.firstIndex { $0.name == name } }

    /// What a file's function gives for an argument, and in how many steps.
    ///
    /// Throws a sentence where the file, or one that it calls, leaves no single number, or where the budget is spent: a call of itself never ends.
    public func run(_ name: String, _ argument: Int, budget: SmallBudget = SmallBudget()) throws -> (value: Int, steps: Int) {
        let result = try program(of: name).call(name, [.int(argument)], budget: budget)
        guard case .int(let value) = result.value else { throw CoreError.invalid("“\(name)” gives \(result.value), no number") }
        return (value, result.steps)
    }

    /// The functions that a file needs, in the small language. What is broken elsewhere does not matter.
    func program(of name: String) throws -> SmallProgram {
        var needed = [name]
        var next = 0
        while next < needed.count {
            guard let place = place(of: needed[next]) else { throw CoreError.unknown(kind: "file", name: needed[next], known: files.map(\.name)) }
            for token in files[place].tokens where self.place(of: token) != nil && !needed.contains(token) { needed.append(token) }
            next += 1
        }
        let functions = try files.filter { needed.contains($0.name) }.map { "def \($0.name)(x: int): int = \(try Self.expression(of: $0))" }
        return try SmallProgram(functions.joined(separator: "\n"))
    }

    /// A file's tokens as one expression, every part in parentheses.
    private static func expression(of file: File) throws -> String {
        var stack: [String] = []
        func pop(_ count: Int, for token: String) throws -> [String] {
            guard stack.count >= count else {
                throw CoreError.invalid("In “\(file.name) \(file.text)” the token “\(token)” takes \(count) off a stack that has \(stack.count)")
            }
            defer { stack.removeLast(count) }
            return Array(stack.suffix(count))
        }
        for token in file.tokens {
            switch token {
            case _ where operands.contains(token): stack.append(token)
            case "?":
                let parts = try pop(3, for: token)
                stack.append("(if \(parts[0]) then \(parts[1]) else \(parts[2]))")
            case _ where operators.contains(token) || token == "<":
                let parts = try pop(2, for: token)
                stack.append("(\(parts[0]) \(token) \(parts[1]))")
            default: stack.append("\(token)(\(try pop(1, for: token)[0]))")
            }
        }
        guard stack.count == 1 else { throw CoreError.invalid("“\(file.name) \(file.text)” leaves \(stack.count) values on the stack, expected 1") }
        return stack[0]
    }
}

/// A test of one function: `f3=6`.
public struct RepairTest: Hashable, Sendable, Codable {
    /// The file.
    public var file: String
    /// The argument, a digit.
    public var argument: Int
    /// What the function should give.
    public var expected: Int

    /// A test.
    public init(file: String, argument: Int, expected: Int) {
        self.file = file
        self.argument = argument
        self.expected = expected
    }

    /// Reads `f3=6`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let file = sides[0].first, let argument = Int(sides[0].dropFirst()), let expected = Int(sides[1]) else { return nil }
        self.init(file: String(file), argument: argument, expected: expected)
    }

    /// As it is written.
    public var text: String { "\(file)\(argument)=\(expected)" }

    /// What a repository gives in tests, in their order; nil where it gives nothing within the budget. A file's functions are read once.
    public static func values(_ tests: [RepairTest], in repository: PostfixRepository, budget: SmallBudget) -> [Int?] {
        var programs: [String: SmallProgram?] = [:]
        return tests.map { test in
            let program: SmallProgram?
            if let known = programs[test.file] {
                program = known
            } else {
                program = try? repository.program(of: test.file)
                programs[test.file] = .some(program)
            }
            guard case .int(let value)? = try? program?.call(test.file, [.int(test.argument)], budget: budget).value else { return nil }
            return value
        }
    }

    /// Whether a repository passes all tests.
    public static func pass(_ tests: [RepairTest], in repository: PostfixRepository, budget: SmallBudget) -> Bool {
        zip(tests, values(tests, in: repository, budget: budget)).allSatisfy { $0.expected == $1 }
    }
}
