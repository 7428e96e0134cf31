import HoneCore
import HoneText
import HoneWorlds

// What README.md shows, word for word.
public struct Doubling: QuestionWorld {
    public static let card = PartCard(name: "doubling", summary: "twice a number")
    public var name: WorldName { "doubling" }
    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("doubling", index).generator
        let n = generator.integer(in: 1...499)
        return Problem(id: "\(n)", world: name, text: "2*\(n)=", answer: "\(2 * n)")
    }
    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        AnswerChecker().check(gold: problem.answer ?? "", response: response)
    }
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        [StepCheck(text: response, isCorrect: check(response, to: problem).correct, reason: "not twice the number")]
    }
    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let n = Int(problem.id) else { return nil }
        return withError
            ? Demonstration(text: "\(2 * n + 1)", faultyStep: 0, critique: "twice \(n) is even") : Demonstration(text: "\(2 * n)")
    }
}
