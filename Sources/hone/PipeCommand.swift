import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneText
import HoneWorlds

/// `hone pipe <part>`: one JSON object per line in, one out, in order.
struct PipeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipe", abstract: "Serve a part over JSON lines: verify, tokenize, logits, loss, problems, judge.",
        discussion: """
            One JSON object per line on standard input, one per line on standard output, in order; `id` is echoed. A line that \
            cannot be answered gets {"id", "error": {"message", "where"}} and the next one is served; the exit status is 1 if any \
            line failed. A line may have 4 MiB and nest 64 deep.
            """)

    @Argument(help: "verify, tokenize, logits, loss <objective>, problems <world>, judge <name>.") var part: String
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
                guard let json = try? JSONValue(parsing: line), case .object = json else {
                    throw CoreError.invalid("The line is not a JSON object")
                }
                id = json["id"]
                for answer in try await port.answers(json) { write(answer, id: id) }
            } catch {
                failed = true
                write(
                    .object(["error": .object(["message": .string("\(error)"), "where": .string("line \(number)")])]), id: id)
            }
        }
        if failed { throw Exit.failed }
    }

    private func write(_ answer: JSONValue, id: JSONValue?) {
        guard case .object(var members) = answer else { return printResult(answer.canonical) }
        if let id { members["id"] = id }
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
        case "problems": return try ProblemsPort(world: try named("a world"))
        case "judge": return try JudgePort(judge: try named("a judge"))
        default:
            throw CoreError.unknown(kind: "part for `hone pipe`", name: part, known: ["verify", "tokenize", "logits", "loss", "problems", "judge"])
        }
    }
}

/// Answers one line.
protocol Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue]
}

extension JSONValue {
    /// The text at a key, or a sentence that says what is missing.
    func requiredText(_ key: String) throws -> String {
        guard let value = self[key]?.text else { throw CoreError.invalid("The line needs “\(key)” with a text") }
        return value
    }

    /// A table of numbers at a key; nil where there is none.
    func table(_ key: String) throws -> [[Double]]? {
        guard let value = self[key] else { return nil }
        guard let rows = value.elements else { throw CoreError.invalid("“\(key)” should be a list of rows of numbers") }
        return try rows.map { row in
            guard let numbers = row.elements else { throw CoreError.invalid("“\(key)” should be a list of rows of numbers") }
            return try numbers.map { number in
                guard let value = number.double, value.isFinite else {
                    throw CoreError.invalid("“\(key)” holds \(number.canonical), where a finite number was expected")
                }
                return value
            }
        }
    }
}

struct VerifyPort: Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let name = line["kind"]?.text ?? "number"
        guard let kind = AnswerChecker.Kind(rawValue: name) else {
            throw CoreError.unknown(kind: "kind of answer", name: name, known: AnswerChecker.Kind.allCases.map(\.rawValue))
        }
        let verdict = AnswerChecker(kind: kind).check(
            gold: try line.requiredText("gold"), response: try line.requiredText("response"), problem: line["problem"]?.text)
        return [
            .object([
                "correct": .bool(verdict.correct), "extracted": verdict.extracted.map { .string($0) } ?? .null,
                "reason": .string(verdict.reason),
            ])
        ]
    }
}

struct TokenizePort: Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let path = line["tokenizer"]?.text ?? "nano"
        let tokenizer: CharacterTokenizer
        if path == "nano" {
            tokenizer = .nano
        } else {
            guard let data = FileManager.default.contents(atPath: path) else { throw CoreError.invalid("There is no file \(path)") }
            tokenizer = try CharacterTokenizer(json: try JSONValue(parsing: String(decoding: data, as: UTF8.self)))
        }
        if let ids = line["ids"]?.elements {
            let tokens = try ids.map { id in
                guard let value = id.int, value >= 0, value < tokenizer.vocabularySize else {
                    throw CoreError.invalid("\(id.canonical) is not a token of this tokenizer, which has 0..<\(tokenizer.vocabularySize)")
                }
                return TokenID(value)
            }
            return [.object(["text": .string(tokenizer.decode(tokens))])]
        }
        let text = try line.requiredText("text")
        let ids = try tokenizer.encode(text)
        return [
            .object([
                "ids": .array(ids.map { .integer(Int($0)) }),
                "offsets": .array(ids.indices.map { .array([.integer($0), .integer($0 + 1)]) }),
            ])
        ]
    }
}

struct LogitsPort: Port {
    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let host = try await ModelMaker.open(folder: try line.requiredText("model"), as: "model")
        guard let rows = try line.table("tokens") else { throw CoreError.invalid("The line needs “tokens”, a list of rows") }
        let tokens = rows.map { $0.map { TokenID($0) } }
        let logits = try await host.logits(of: tokens)
        func numbers(_ values: [Float]) -> JSONValue { .array(values.map { .number(Double($0)) }) }
        guard line["return"]?.text == "logProbs" else {
            return [.object(["logits": .array(logits.map { .array($0.map(numbers)) })])]
        }
        let logProbs = zip(logits, tokens).map { table, row in
            zip(table, row.dropFirst()).map { values, token in
                let top = Double(values.max() ?? 0)
                let sum = values.reduce(0) { $0 + exp(Double($1) - top) }
                return Float(Double(values[Int(token)]) - top - log(sum))
            }
        }
        return [.object(["logProbs": .array(logProbs.map(numbers))])]
    }
}

struct ProblemsPort: Port {
    let entry: WorldCatalog.Entry
    init(world: String) throws { entry = try WorldCatalog.entry(world) }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let count = line["count"]?.int ?? 1
        guard (1...100_000).contains(count) else { throw CoreError.invalid("“count” is \(count); it should be from 1 to 100000") }
        let entries = ShowCommand.flat(line["settings"] ?? .object([:]), "").filter { !$0.0.isEmpty }.map {
            SettingsOverlay.Entry(path: $0.0.split(separator: ".").map(String.init), value: $0.1, place: "settings")
        }
        let world = try entry.make(try SettingsOverlay(defaults: entry.defaults).resolve(entries))
        let seed = Seed(UInt64(max(0, line["seed"]?.int ?? 0)))
        return (0..<count).compactMap { world.problem($0, seed: seed) }.map { problem in
            let answer = problem.answer ?? world.demonstration(of: problem, withError: false, seed: seed)?.text ?? ""
            return .object([
                "id": .string(problem.id), "prompt": .string(problem.text), "answer": .string(answer),
                "meta": .object(problem.details.mapValues { .string($0) }),
            ])
        }
    }
}
