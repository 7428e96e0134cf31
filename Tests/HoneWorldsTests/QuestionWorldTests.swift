import Foundation
import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

@Suite("Question worlds")
struct QuestionWorldTests {
    @Test(
        "every world of the catalogue keeps what worlds promise",
        arguments: ["arithmetic", "constraints", "countdown", "graph-colouring", "quantities", "word-problems"])
    func catalogue(name: String) throws {
        let world = try WorldCatalog.make(name: name, settings: try WorldCatalog.entry(name).defaults)
        #expect(checkWorld(world, seed: Seed(11), problems: 200) == [])
    }

    @Test("a chain's totals are worked from left to right and checked step by step")
    func arithmetic() throws {
        let world = try Arithmetic()
        let problem = Problem(id: "p", world: "arithmetic", text: "3+8-5+7=")
        #expect(world.demonstration(of: problem, withError: false, seed: Seed(0))?.text == "11,6,13")
        #expect(world.check("11,6,13", to: problem).correct)
        #expect(world.check("11,6,13\n", to: problem).correct)
        for wrong in ["11,6,12", "13,13,13,13", "11,6,13,", "", "11,6,+13", "11,6,013", "x"] {
            #expect(!world.check(wrong, to: problem).correct, "accepted \(wrong)")
        }
        #expect(world.checkSteps(of: "11,7,14", to: problem).map(\.isCorrect) == [true, false, true])
    }

    @Test("countdown accepts each number once and nothing else", arguments: [
        ("3*2+7", true), ("7+3*2", true), ("7+6", false), ("3*2+7+7", false), ("13", false), ("3*2", false), ("7+3^2", false),
        ("3 2+7", false), ("(3*2)+7", true), ("3*2+7=13", false),
    ])
    func countdown(answer: String, isRight: Bool) throws {
        let problem = Problem(id: "p", world: "countdown", text: "3 7 2:13=")
        #expect(try Countdown().check(answer, to: problem).correct == isRight)
    }

    @Test("training and held-out problems have no text in common, whatever the seeds")
    func split() throws {
        let split = ProblemSplit(world: try Arithmetic(), heldOutShare: 0.2)
        let held = Set(try split.heldOutProblems(500, seed: Seed(1)).map(\.text))
        let training = Set(try split.trainProblems(2000, seed: Seed(2)).map(\.text))
        #expect(held.count == 500)
        #expect(training.count == 2000)
        #expect(held.isDisjoint(with: training))
        #expect(try split.heldOutProblems(5, seed: Seed(1)).allSatisfy(\.isHeldOut))
    }

    @Test("a file's mistakes are told together with their lines")
    func fileMistakes() throws {
        let path = NSTemporaryDirectory() + "/hone-\(UUID().uuidString).jsonl"
        try "{\"question\": \"a\", \"answer\": \"b #### 1\"}\n{\"question\": \"a\"}\n[1]\n".write(toFile: path, atomically: true, encoding: .utf8)
        var settings = ProblemFile.Settings()
        settings.path = path
        do {
            _ = try ProblemFile(settings)
            Issue.record("the file was accepted")
        } catch let error as CoreError {
            #expect(error.description.contains(":2: “answer” is missing"))
            #expect(error.description.contains(":3: this line is not a JSON object"))
        }
    }

    @Test("a file's equations become problems, once each and only where they hold")
    func equations() throws {
        let path = NSTemporaryDirectory() + "/hone-\(UUID().uuidString).jsonl"
        try "{\"question\": \"q\", \"answer\": \"<<48/2=24>>24 <<48/2=24>> <<1+1=3>>\\n#### 24\"}\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        var settings = ProblemFile.Settings()
        settings.path = path
        settings.view = "equations"
        let world = try ProblemFile(settings)
        #expect(world.problems.map(\.text) == ["48/2="])
        #expect(world.check("24", to: world.problems[0]).correct)
        #expect(world.check("24.0", to: world.problems[0]).correct)
        #expect(!world.check("42", to: world.problems[0]).correct)
    }
}
