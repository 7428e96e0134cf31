import HoneCore
import HoneText

/// A line of a file with problems, whichever of the field's forms it has.
///
/// GSM8K `{question, answer}` with `#### n`; MATH `{problem, solution}` with `\boxed{…}`; ProcessBench `{problem, steps, label}`; TRL's
/// `{prompt, completion}`, `{prompt, chosen, rejected}` and `{messages}`, plain or as conversations; `{prompt, answer}` and
/// `{problem, answer}`.
public struct ProblemRow: Hashable, Sendable {
    /// What is asked.
    public let question: String
    /// What is right, as short as the form gives it.
    public let answer: String
    /// A worked solution, where the form has one.
    public let solution: String?
    /// What else the form says: `level`, `type`, `faultyStep` of a ProcessBench solution, `rejected`.
    public let details: [String: String]

    private init(_ question: String, answer: String, solution: String? = nil, details: [String: String] = [:]) {
        self.question = question
        self.answer = answer
        self.solution = solution
        self.details = details
    }

    /// The row of a line; throws what is missing, without the place.
    public init(_ json: JSONValue) throws(CoreError) {
        guard case .object(let fields) = json else { throw .invalid("this line is not a JSON object") }
        if ["test_list", "entry_point", "input_output", "tests"].contains(where: { fields[$0] != nil }), fields["answer"] == nil {
            throw .invalid("this is a programming task; give --world code beside --problems")
        }
        func text(_ key: String) throws(CoreError) -> String? {
            guard let value = fields[key], value != .null else { return nil }
            guard let text = value.text ?? Self.spoken(value) else { throw .invalid("“\(key)” is neither text nor a list of messages") }
            return text
        }
        var details: [String: String] = [:]
        for key in ["level", "type", "generator", "rejected"] { details[key] = try text(key) }
        if let question = try text("question") {
            let answer = try Self.needed(try text("answer"), "“answer”")
            let final = AnnotatedCalculations.finalAnswer(of: answer)
            guard final != nil || !answer.contains("<<") else { throw .invalid("the answer has no “#### n” line, which the GSM8K form ends with") }
            self.init(question, answer: final ?? answer, solution: final == nil ? nil : answer, details: details)
        } else if let problem = try text("problem") {
            if case .array(let steps)? = fields["steps"] {
                // The label is the first wrong step, counted from 0, or −1 where all are right.
                guard let label = fields["label"]?.int, label >= -1, label < steps.count else {
                    throw .invalid("“label” is missing or is no step; ProcessBench gives the first wrong step, or −1")
                }
                let texts = steps.compactMap(\.text)
                guard texts.count == steps.count else { throw .invalid("“steps” holds something that is not text") }
                details["faultyStep"] = String(label)
                self.init(problem, answer: String(label), solution: texts.joined(separator: "\n"), details: details)
            } else if let solution = try text("solution") {
                let answer = try text("answer") ?? Self.boxed(in: solution)
                self.init(problem, answer: try Self.needed(answer, "“answer”, or \\boxed{…} in “solution”,"), solution: solution, details: details)
            } else {
                self.init(problem, answer: try Self.needed(try text("answer"), "“answer” or “solution”"), details: details)
            }
        } else if let prompt = try text("prompt") {
            let given = try text("answer")
            let (completed, chosen) = (try text("completion"), try text("chosen"))
            let written = completed ?? chosen
            let answer = given ?? written.map { AnnotatedCalculations.finalAnswer(of: $0) ?? Self.boxed(in: $0) ?? $0 }
            self.init(prompt, answer: try Self.needed(answer, "“answer”, “completion” or “chosen”"), solution: written, details: details)
        } else if case .array(let messages)? = fields["messages"], let last = messages.last, last["role"]?.text == "assistant",
            let said = last["content"]?.text, let asked = Self.spoken(.array(Array(messages.dropLast())))
        {
            self.init(asked, answer: AnnotatedCalculations.finalAnswer(of: said) ?? Self.boxed(in: said) ?? said, solution: said, details: details)
        } else {
            throw .invalid("“question”, “problem” or “prompt” is missing; each line needs a question and an answer")
        }
    }

    private static func needed(_ text: String?, _ what: String) throws(CoreError) -> String {
        guard let text else { throw .invalid("\(what) is missing; each line needs a question and an answer") }
        return text
    }

    /// What the last message of a conversation says; nil where a value is no conversation.
    private static func spoken(_ value: JSONValue) -> String? {
        guard case .array(let messages) = value, !messages.isEmpty, messages.allSatisfy({ $0["role"]?.text != nil }) else { return nil }
        return messages.last?["content"]?.text
    }

    /// What the last `\boxed{…}` of a solution holds; nil where none is closed.
    public static func boxed(in solution: String) -> String? {
        let scalars = Array(solution.unicodeScalars), mark = Array("\\boxed{".unicodeScalars)
        guard scalars.count > mark.count else { return nil }
        for start in stride(from: scalars.count - mark.count, through: 0, by: -1) where scalars[start..<start + mark.count].elementsEqual(mark) {
            var depth = 1
            for place in (start + mark.count)..<scalars.count {
                if scalars[place] == "{" { depth += 1 }
                if scalars[place] == "}" { depth -= 1 }
                if depth == 0 { return String(String.UnicodeScalarView(scalars[start + mark.count..<place])) }
            }
        }
        return nil
    }
}
