import ArgumentParser
import Foundation
import HoneCore
import HoneText
import HoneWorlds

/// `hone pipe <part>`: one JSON object per line in, one out, in order.
struct PipeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipe", abstract: "Serve a part over JSON lines: verify, tokenize, logits, loss, world, problems, judge.",
        discussion: """
            One JSON object per line on standard input, one per line on standard output, in order; `id` is echoed. A line that \
            cannot be answered gets {"id", "error": {"message", "where"}} and the next one is served; the exit status is 1 if any \
            line failed.

            verify            {"gold", "response", "kind"?, "problem"?}
            tokenize          {"tokenizer", "text" | "ids" | "messages", "addSpecialTokens"?, "tools"?, "addGenerationPrompt"?}
            logits            {"model", "tokens", "return"?: "logits" | "logProbs"}
            loss <objective>  {"logProbs", "mask", "advantages"?, "rewards"?, "groups"?, "settings"?, …}
            world <name>      {"op": "reset" | "step" | "chance" | "state" | "restore" | "close" | "card", "session"?, …}; games and worlds
            problems <world>  {"seed"?, "count"?, "settings"?}; each answer has the problem's own id
            judge <name>      {"problem", "responses" | "episodes", "settings"?}

            Limits: a line may have 4 MiB and nest 64 deep; numbers are finite. A line may take as long as it takes: it is answered \
            before the next one is read. Up to four models and tokenizers stay loaded; one whose files have changed is read anew.
            """)

    @Argument(help: "verify, tokenize, logits, loss <objective>, world <name>, problems <world>, judge <name>.") var part: String
    @Argument(help: "The objective, world or judge, for the parts that take one.") var name: String?

    static let longestLine = 4 << 20

    func run() async throws {
        let port: any Port
        do { port = try Self.port(part, name) } catch { throw fail(error, json: false) }
        var failed = false
        var number = 0
        while let line = readLine(strippingNewline: true) {
            number += 1
            if line.allSatisfy(\.isWhitespace) { continue }
            var id: JSONValue?
            do {
                guard line.utf8.count <= Self.longestLine else {
                    throw CoreError.invalid("The line has \(line.utf8.count) bytes; up to \(Self.longestLine) are read")
                }
                try Self.checkNesting(line)
                let json: JSONValue
                do { json = try JSONValue(parsing: line) } catch { throw CoreError.invalid("The line is not JSON: \(error)") }
                guard case .object = json else { throw CoreError.invalid("The line is \(json.kind); expected a JSON object") }
                id = json["id"]
                for answer in try await port.answers(json, written: line) { write(answer, id: id) }
            } catch {
                failed = true
                var members: [String: JSONValue] = ["message": .string("\(error)"), "where": .string("line \(number)")]
                members["illegal"] = (error as? RefusedMove).map { .integer($0.seat) }
                write(.object(["error": .object(members)]), id: id)
            }
        }
        if failed { throw Exit.failed }
    }

    private func write(_ answer: JSONValue, id: JSONValue?) {
        guard case .object(var members) = answer else { return printResult(answer.canonical) }
        // Problems have ids of their own.
        if let id, members["id"] == nil { members["id"] = id }
        printResult(JSONValue.object(members).canonical)
    }

    private static func checkNesting(_ line: String) throws {
        var depth = 0
        var isText = false
        var isEscaped = false
        for byte in line.utf8 {
            if isText {
                if isEscaped { isEscaped = false } else if byte == 92 { isEscaped = true } else if byte == 34 { isText = false }
            } else if byte == 34 {
                isText = true
            } else if byte == 123 || byte == 91 {
                depth += 1
                if depth > 64 { throw CoreError.invalid("The line nests more than 64 deep") }
            } else if byte == 125 || byte == 93 {
                depth -= 1
            }
        }
    }

    private static func port(_ part: String, _ name: String?) throws -> any Port {
        func named(_ what: String) throws -> String {
            guard let name else { throw CoreError.invalid("`hone pipe \(part)` needs the name of \(what) behind it") }
            return name
        }
        switch part {
        case "verify": return VerifyPort()
        case "tokenize": return TokenizePort()
        case "logits": return LogitsPort()
        case "loss": return try ObjectivePort(objective: try named("an objective"))
        case "world": return try WorldPort(world: try named("a world"))
        case "problems": return try ProblemsPort(world: try named("a world"))
        case "judge": return try JudgingPort(judge: try named("a judge"))
        default:
            throw CoreError.unknown(kind: "part for `hone pipe`", name: part, known: ["verify", "tokenize", "logits", "loss", "world", "problems", "judge"])
        }
    }
}

/// Answers one line.
protocol Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue]
    /// The same, with the line as it was written, for parts to which the order of keys matters.
    func answers(_ line: JSONValue, written text: String) async throws -> [JSONValue]
}

extension Port {
    func answers(_ line: JSONValue, written text: String) async throws -> [JSONValue] { try await answers(line) }
}

extension JSONValue {
    /// The text at a key, or a sentence that says what is missing.
    func requiredText(_ key: String) throws -> String {
        guard let value = self[key]?.text else { throw CoreError.invalid("The line needs “\(key)” with a text") }
        return value
    }

    /// The text at a key, nil where there is none, or a sentence where something else stands.
    func optionalText(_ key: String) throws -> String? {
        guard let value = self[key], value != .null else { return nil }
        guard let text = value.text else { throw CoreError.invalid("“\(key)” is \(value.kind); expected a text") }
        return text
    }

    /// Whether a key says so; the default where it is missing, a sentence where something else stands.
    func flag(_ key: String, default standard: Bool) throws -> Bool {
        guard let value = self[key], value != .null else { return standard }
        guard case .bool(let holds) = value else { throw CoreError.invalid("“\(key)” is \(value.kind); expected true or false") }
        return holds
    }

    /// The whole number at a key; the default where it is missing, a sentence where something else stands.
    func whole(_ key: String, default standard: Int) throws -> Int {
        guard let value = self[key], value != .null else { return standard }
        guard let number = value.int else { throw CoreError.invalid("“\(key)” is \(value.canonical); expected a whole number") }
        return number
    }

    /// Token numbers of a list; a sentence where one is not from 0 to 2³¹ − 1.
    func tokens(_ key: String) throws -> [TokenID] {
        guard let values = elements else { throw CoreError.invalid("“\(key)” should hold token numbers, but has \(kind)") }
        return try values.map { value in
            guard let number = value.int, let token = TokenID(exactly: number), token >= 0 else {
                throw CoreError.invalid("“\(key)” holds \(value.canonical), which is no token number")
            }
            return token
        }
    }

    /// Settings laid over defaults.
    func laid(over defaults: JSONValue, place: String) throws -> JSONValue {
        guard case .object = self else { throw CoreError.invalid("“\(place)” is \(kind); expected a group of settings") }
        let entries = ShowCommand.flat(self, "").filter { !$0.0.isEmpty }.map {
            SettingsOverlay.Entry(path: $0.0.split(separator: ".").map(String.init), value: $0.1, place: place)
        }
        return try SettingsOverlay(defaults: defaults).resolve(entries)
    }
}

struct VerifyPort: Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let name = try line.optionalText("kind") ?? "number"
        guard let kind = AnswerChecker.Kind(rawValue: name) else {
            throw CoreError.unknown(kind: "kind of answer", name: name, known: AnswerChecker.Kind.allCases.map(\.rawValue))
        }
        let verdict = AnswerChecker(kind: kind).check(
            gold: try line.requiredText("gold"), response: try line.requiredText("response"), problem: try line.optionalText("problem"))
        return [
            .object([
                "correct": .bool(verdict.correct), "extracted": verdict.extracted.map { .string($0) } ?? .null,
                "reason": .string(verdict.reason),
            ])
        ]
    }
}

struct ProblemsPort: Port {
    let entry: WorldCatalog.Entry
    init(world: String) throws { entry = try WorldCatalog.entry(world) }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let count = try line.whole("count", default: 1)
        guard (1...100_000).contains(count) else { throw CoreError.invalid("“count” is \(count); it should be from 1 to 100000") }
        let number = try line.whole("seed", default: 0)
        guard number >= 0 else { throw CoreError.invalid("“seed” is \(number); it should be 0 or more") }
        let given = line["settings"] ?? .null
        let settings = given == .null ? entry.defaults : try given.laid(over: entry.defaults, place: "settings")
        let world = try entry.playable(settings)
        let seed = Seed(UInt64(number))
        return (0..<count).compactMap { world.problem($0, seed: seed) }.map { problem in
            let answer = problem.answer ?? (world as? any QuestionWorld)?.demonstration(of: problem, withError: false, seed: seed)?.text ?? ""
            return .object([
                "id": .string(problem.id), "prompt": .string(problem.text), "answer": .string(answer),
                "meta": .object(problem.details.mapValues { .string($0) }),
            ])
        }
    }
}
