import Foundation
import HoneCore
import HoneJudges
import HoneObjectives
import HoneText

/// An objective over a pipe: its value and gradient on given log-probabilities, in float64.
struct ObjectivePort: Port {
    let port: LossPort
    init(objective: String) throws { port = try LossPort(objective) }
    func answers(_ line: JSONValue) async throws -> [JSONValue] { [try port.answerLoss(line)] }
}

/// A judge over a pipe, on responses to one problem.
struct JudgePort: Port {
    let judge: String
    init(judge: String) throws {
        _ = try JudgeCatalog.make(judge)
        self.judge = judge
    }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        guard judge == "answer" else {
            throw CoreError.unsupported("Over a pipe, “\(judge)” has no world to ask; `answer` judges responses to a problem with an answer")
        }
        let problem = line["problem"]
        let gold = problem?["answer"]?.text ?? line["gold"]?.text
        guard let gold else { throw CoreError.invalid("The line needs “problem” with an “answer”") }
        guard let responses = line["responses"]?.elements?.compactMap(\.text) else {
            throw CoreError.invalid("The line needs “responses”, a list of texts")
        }
        let checker = AnswerChecker()
        let verdicts = responses.enumerated().map { index, response in
            let verdict = checker.check(gold: gold, response: response, problem: problem?["prompt"]?.text ?? problem?.text)
            return JSONValue.object([
                "on": .string("episode \(index)"), "kind": .string("correct"), "value": .integer(verdict.correct ? 1 : 0),
                "critique": .string(verdict.reason),
            ])
        }
        return [.object(["verdicts": .array(verdicts)])]
    }
}
