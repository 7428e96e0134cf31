import HoneCore

/// A command line, taken apart without a shell.
///
/// Words are parted by white space. Inside '…' every character stands for itself; inside "…" a backslash takes the quotation mark or
/// backslash behind it as it is; elsewhere a backslash takes the next character as it is. There are no variables, wildcards, `~`, pipes or
/// redirections: where they are wanted, the command is a shell, as in `sh -c 'python3 env.py | tee log'`.
public struct ProgramCommand: Hashable, Sendable, CustomStringConvertible {
    /// What stands in front of a command line where a name is expected.
    public static let prefix = "cmd:"

    /// The program, by its path or as found in PATH, and its arguments; never empty.
    public let words: [String]

    /// The command of a line, with or without `cmd:` in front; throws a sentence for an empty line and for quotation marks without an end.
    public init(_ line: String) throws {
        let text = Self.isCommand(line) ? String(line.dropFirst(Self.prefix.count)) : line
        let words = try Self.split(text)
        guard let first = words.first, !first.isEmpty else {
            throw CoreError.invalid("“\(line)” names no program; expected a command line such as “cmd: python3 my_env.py”")
        }
        guard !text.unicodeScalars.contains("\0") else { throw CoreError.invalid("The command line has a NUL character, which no program can be given") }
        self.words = words
    }

    /// Whether a name is a command line.
    public static func isCommand(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// The command, shortened for sentences.
    public var description: String {
        let whole = words.joined(separator: " ")
        return whole.count > 60 ? "\(whole.prefix(57))…" : whole
    }

    private static func split(_ text: String) throws -> [String] {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var rest = Substring(text).unicodeScalars[...]
        func add(_ scalar: Unicode.Scalar) {
            var grown = word ?? String.UnicodeScalarView()
            grown.append(scalar)
            word = grown
        }
        while let scalar = rest.popFirst() {
            if let open = quote {
                if scalar == open {
                    quote = nil
                } else if open == "\"", scalar == "\\", let next = rest.first, next == "\"" || next == "\\" {
                    add(next)
                    rest.removeFirst()
                } else {
                    add(scalar)
                }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
                word = word ?? String.UnicodeScalarView()
            } else if scalar == "\\" {
                guard let next = rest.popFirst() else { throw CoreError.invalid("The command line ends with a backslash; write \\\\ for one that is meant") }
                add(next)
            } else if scalar.properties.isWhitespace {
                if let done = word { words.append(String(done)) }
                word = nil
            } else {
                add(scalar)
            }
        }
        if let quote { throw CoreError.invalid("The command line has a \(quote) without its end: \(text.prefix(80))") }
        if let done = word { words.append(String(done)) }
        return words
    }
}
