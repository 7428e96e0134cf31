import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

@Suite("Quantities")
struct QuantitiesTests {
    let problem = Problem(id: "p", world: "quantities", text: "c=6 d=b*2 a=4 b=a+3 e=d-1 d?")

    @Test("keeps what worlds promise, whatever its settings", arguments: [(2, 4, 3, 1, 9), (1, 1, 0, 1, 9), (5, 5, 3, 1, 9), (2, 4, 10, 10, 19), (8, 8, 10, 90, 99)])
    func promises(fewest: Int, most: Int, distractors: Int, smallest: Int, largest: Int) throws {
        var settings = Quantities.Settings()
        (settings.fewest, settings.most, settings.distractors, settings.smallest, settings.largest) = (fewest, most, distractors, smallest, largest)
        let world = try Quantities(settings)
        #expect(checkWorld(world, seed: Seed(3), problems: 100) == [])
        for index in 0..<100 {
            let problem = try #require(world.problem(index, seed: Seed(4)))
            let parsed = try #require(QuantityProblem(problem.text))
            #expect(parsed.statements.count == 1 + Int(problem.parameters[0]) + distractors && String(parsed.answer ?? -1) == problem.answer)
            #expect((fewest...most).contains((parsed.way(to: parsed.asked)?.count ?? 0) - 1))
        }
    }

    @Test("an answer is right where its last calculation comes to the number that is asked for", arguments: [
        ("d:b*;b:a+;4+3=7,7*2=14", true), ("d:b*;b:a+;4+3=7,7*2=14\n", true), ("7*2=14", true), ("d:b*;b:a+;4+3=7", false), ("d:b*;b:a+;", false), ("14", false),
        ("d:b*;b:a+;4+3=7,7*2=014", false), ("d:b*;b:a+;4+3=7,7*2=14,", false), ("", false),
    ])
    func verifier(answer: String, isRight: Bool) throws { #expect(try Quantities().check(answer, to: problem).correct == isRight) }

    @Test("steps are judged by what was said before them: a wrong step is one fault, and what follows from it is none", arguments: [
        ("d:b*;b:a+;4+3=7,7*2=14", [Int]()), ("d:b+;b:a+;4+3=7,7+2=9", [0]), ("d:c*;6*2=12", [0]), ("d:b*;b:a+;4+3=8,8*2=16", [2]), ("d:b*;4+3=7", [1]),
        ("e:d-;d:b*;b:a+;4+3=7,7*2=14,14-1=13", [0]), ("d:b*;b:a+;c:a+;", [2]), ("x;4+3=7", [0, 1]),
    ])
    func steps(answer: String, faults: [Int]) throws {
        let checks = try Quantities().checkSteps(of: answer, to: problem)
        #expect(checks.indices.filter { !checks[$0].isCorrect } == faults)
        #expect(checks.allSatisfy { $0.isCorrect == $0.reason.isEmpty })
    }

    @Test("a text is no problem where a quantity is unknown, said twice or follows from itself", arguments: [
        "", "a?", "a=4", "a=4 b?", "a=4 a=5 a?", "a=b+1 b=a+1 a?", "a=b+1 a?", "a=04 a?", "a=4  a?", "A=4 A?", "a=4 b=a/2 b?", "a=-4 a?",
    ])
    func noProblem(text: String) { #expect(QuantityProblem(text) == nil) }

    @Test("settings that cannot work are refused by name")
    func refusals() {
        func refusal(_ change: (inout Quantities.Settings) -> Void) -> String {
            var settings = Quantities.Settings()
            change(&settings)
            do {
                _ = try Quantities(settings)
                return ""
            } catch { return "\(error)" }
        }
        #expect(refusal { $0.fewest = 5 }.contains("“task.settings.fewest” is 5"))
        #expect(refusal { $0.distractors = 11 }.contains("“task.settings.distractors” is 11"))
        #expect(refusal { $0.smallest = 10 }.contains("“task.settings.smallest” is 10"))
        #expect(refusal { $0.operations = "/" }.contains("“task.settings.operations” is “/”"))
    }
}
