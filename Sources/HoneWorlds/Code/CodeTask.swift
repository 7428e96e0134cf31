import HoneCore

/// A programming task of a line of a file, in one of the field's forms.
///
/// MBPP `{text or prompt, test_list, code, test_setup_code, test_imports}` (Austin et al. 2021); HumanEval `{prompt, test, entry_point, canonical_solution}` (Chen
/// et al. 2021); APPS `{question, input_output}`, with `input_output` as an object or as its text (Hendrycks et al. 2021); and `{prompt, tests}` with tests
/// `{input, output}`. Of MBPP's tests the first is shown, as its text does not say what the function is called; the others are not.
public struct CodeTask: Hashable, Sendable, Codable {
    /// What a program reads, and what it should write then.
    public struct Pair: Hashable, Sendable, Codable {
        /// Standard input.
        public var input: String
        /// Standard output; blanks at the ends of lines and empty lines at its end make no difference.
        public var output: String
    }

    /// What the model is asked.
    public var question: String
    /// Statements that fail where an answer is wrong; empty where programs are judged by what they write.
    public var tests: [String] = []
    /// What goes before the tests.
    public var setup = ""
    /// The functions that an answer has to define; empty where the tests tell.
    public var functions: [String] = []
    /// Program text that an answer may go on from, as HumanEval's prompts are.
    public var beginning = ""
    /// What programs read and write, where they are judged by that.
    public var pairs: [Pair] = []
    /// A right answer, where the form has one.
    public var solution: String?

    /// The task of a line; throws what is missing, without the place.
    public init(_ json: JSONValue) throws(CoreError) {
        guard case .object(let fields) = json else { throw .invalid("this line is not a JSON object") }
        func text(_ key: String) throws(CoreError) -> String? {
            guard let value = fields[key], value != .null else { return nil }
            guard let text = value.text else { throw .invalid("“\(key)” is not text") }
            return text
        }
        func texts(_ key: String) throws(CoreError) -> [String]? {
            guard let value = fields[key], value != .null else { return nil }
            guard case .array(let elements) = value else { throw .invalid("“\(key)” is not a list of texts") }
            let texts = elements.compactMap(\.text)
            guard texts.count == elements.count else { throw .invalid("“\(key)” holds something that is not text") }
            return texts
        }
        let (asked, told) = (try text("prompt"), try text("text"))
        let questioned = try text("question")
        guard let prompt = asked ?? told ?? questioned else { throw .invalid("“prompt”, “text” or “question” is missing; each line needs what is asked") }
        question = ""
        if let list = try texts("test_list") {
            guard let first = list.first else { throw .invalid("“test_list” is empty; each task needs at least one test") }
            tests = list + (try texts("challenge_test_list") ?? [])
            setup = ((try texts("test_imports") ?? []) + [try text("test_setup_code") ?? ""]).joined(separator: "\n")
            solution = try text("code")
            question = "\(prompt)\nAnswer with Python that passes such tests:\n\(first)\n"
        } else if let test = try text("test") {
            guard let entry = try text("entry_point") else { throw .invalid("“entry_point” is missing; HumanEval's form names the function to be written") }
            tests = ["\(test)\ncheck(\(entry))"]
            (setup, beginning, functions) = (prompt + "\n    pass\n", prompt, [entry])
            solution = try text("canonical_solution").map { prompt + $0 }
            question = "Complete this Python function:\n\(prompt)"
        } else if let value = fields["input_output"] ?? fields["tests"] {
            pairs = try Self.pairs(of: value)
            solution = try text("solution")
            question = "\(prompt)\nAnswer with a Python program that reads standard input and writes standard output.\n"
        } else {
            throw .invalid("“test_list”, “test” with “entry_point”, “input_output” or “tests” is missing; a programming task needs tests")
        }
    }

    private static func pairs(of value: JSONValue) throws(CoreError) -> [Pair] {
        var found: [Pair] = []
        let parsed = value.text.flatMap { try? JSONValue(parsing: $0) } ?? value
        if case .array(let tests) = parsed {
            for test in tests {
                guard let input = test["input"]?.text, let output = test["output"]?.text else {
                    throw .invalid("“tests” holds something else than {\"input\": text, \"output\": text}")
                }
                found.append(Pair(input: input, output: output))
            }
        } else if case .array(let inputs)? = parsed["inputs"], case .array(let outputs)? = parsed["outputs"], inputs.count == outputs.count {
            guard parsed["fn_name"] == nil else { throw .invalid("“input_output” names a function (fn_name); only tasks of standard input and output can be read in this form") }
            for (input, output) in zip(inputs, outputs) {
                guard let input = input.text, let output = output.text else { throw .invalid("“input_output” holds something that is not text") }
                found.append(Pair(input: input, output: output))
            }
        } else {
            throw .invalid("“input_output” has no “inputs” and “outputs” of the same length")
        }
        guard !found.isEmpty else { throw .invalid("the task has no test") }
        return found
    }

    /// The program in a response: its last fenced block that defines what is asked for, else its last fenced block, else all of it.
    ///
    /// Where the task's text is the beginning of a program and the answer goes on from it, both together; what begins a new
    /// statement at the left edge ends such an answer (Chen et al. 2021, section 2.2, the stop sequences).
    public func program(in said: String) -> String {
        // Swift takes a carriage return and a line feed for one character, which is no line feed.
        let response = String(said.map { $0 == "\r\n" ? "\n" : $0 })
        let blocks = Self.blocks(of: response)
        func defines(_ code: String) -> Bool { functions.allSatisfy { code.contains("def \($0)(") } }
        let code = (functions.isEmpty ? nil : blocks.last(where: defines)) ?? blocks.last ?? response
        guard !beginning.isEmpty else { return code }
        // What the beginning imports and helps with is there for whole answers too; a definition that comes later wins.
        guard !defines(code) else { return beginning + "\n    pass\n\n" + code }
        var kept: [Substring] = []
        for line in code.split(separator: "\n", omittingEmptySubsequences: false) {
            if let first = line.unicodeScalars.first, first != " ", first != "\t", !kept.isEmpty { break }
            kept.append(line)
        }
        return beginning + kept.joined(separator: "\n") + "\n"
    }

    /// What stands between lines of three backticks; the last may be open.
    private static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var open: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                if let lines = open { blocks.append(lines.joined(separator: "\n") + "\n") }
                open = open == nil ? [] : nil
            } else {
                open?.append(line)
            }
        }
        if let lines = open, !lines.isEmpty { blocks.append(lines.joined(separator: "\n") + "\n") }
        return blocks
    }
}
