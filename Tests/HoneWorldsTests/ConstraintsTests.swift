import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

@Suite("Constraints")
struct ConstraintsTests {
    @Test("keeps what worlds promise, whatever its settings", arguments: [(1, 7, 10, 4, 0), (2, 4, 5, 2, 0), (3, 6, 20, 6, 2), (1, 1, 10, 4, 4)])
    func promises(fewest: Int, most: Int, letters: Int, words: Int, content: Int) throws {
        var settings = Constraints.Settings()
        (settings.fewest, settings.most, settings.letters, settings.words, settings.content) = (fewest, most, letters, words, content)
        #expect(checkWorld(try Constraints(settings), seed: Seed(3), problems: 100) == [])
    }

    @Test("every kind of constraint is met by just the answers it describes", arguments: [
        ("w2", "ab c", true), ("w2", "abc", false), ("f=a", "ab c", true), ("f=a", "ba a", false), ("z=c", "a bc", true), ("z=c", "c b", false),
        ("no=q", "ab c", true), ("no=q", "ab q", false), ("has=c", "ab c", true), ("has=c", "ab d", false), ("a*2", "ab a", true), ("a*2", "a", false),
        ("a*2", "aa a", false), ("2:3", "a bcd", true), ("2:3", "abc d", false), ("2:3", "abc", false),
    ])
    func kinds(text: String, answer: String, isMet: Bool) throws {
        let constraint = try #require(Constraint(text))
        #expect(constraint.text == text && constraint.isMet(by: answer.split(separator: " ").map(String.init)) == isMet)
    }

    @Test("the grade is the share of constraints met, and an answer is right where all are", arguments: [
        ("bad cab fae", 1.0), ("bad cab fae\n", 1), ("bad cab fad", 0.75), ("bad cab", 0.5), ("cad caq", 0), ("", 0), ("bad  cab fae", 0), ("Bad cab fae", 0),
        ("bad cab fae\n\n", 0), ("bad,cab fae", 0), ("bad cab fáe", 0), (" bad cab fae", 0),
    ])
    func grades(answer: String, grade: Double) async throws {
        let world = try Constraints()
        let problem = Problem(id: "p", world: "constraints", text: "w3 z=e no=q f=b>")
        #expect(ConstraintProblem(problem.text)?.grade(answer) == grade)
        #expect(world.check(answer, to: problem).correct == (grade == 1))
        #expect(world.checkSteps(of: answer, to: problem).map(\.text) == ["w3", "z=e", "no=q", "f=b"])
        #expect(world.checkSteps(of: answer, to: problem).count { $0.isCorrect } == Int(grade * 4))
        let services = ScriptedServices()
        var state = try await world.begin(problem, in: services.scope())
        try await world.advance(&state, by: [.solver: Move(text: answer)], in: services.scope())
        #expect(world.returns(of: state) == [.solver: grade])
    }

    @Test("what is no instruction is none", arguments: ["", ">", "w3", "w0>", "w10>", "w3  z=e>", "w3 z=E>", "w3 y=e>", "ab w3>", "ab : w3>", "w3 >", "2:>", "é*2>"])
    func noInstruction(text: String) { #expect(ConstraintProblem(text) == nil) }

    @Test("an instruction's own words stand before it, are read back, and make no difference to what is right")
    func content() throws {
        let asked = try #require(ConstraintProblem("dabi go: w2 2:1 a*1>"))
        #expect(asked.content == ["dabi", "go"] && asked.constraints == [.words(2), .length(word: 2, 1), .exactly("a", 1)])
        #expect(asked.text == "dabi go: w2 2:1 a*1>" && asked.met(by: "bab d") == [true, true, true])
        var settings = Constraints.Settings()
        settings.content = 2
        let world = try Constraints(settings)
        var used = 0
        for index in 0..<200 {
            let problem = try #require(world.problem(index, seed: Seed(1)))
            let words = try #require(ConstraintProblem(problem.text)?.content)
            let answer = try #require(world.answer(to: problem, seed: Seed(2).child("a", index)))
            if answer.split(separator: " ").contains(where: { words.contains(String($0)) }) { used += 1 }
        }
        #expect(used > 80, "demonstrations use what the instruction offers")
    }

    @Test("an answer is broken in as many constraints as are asked for by edits that each break something, and answers of seeds differ")
    func damage() throws {
        let world = try Constraints()
        var reached = 0
        for index in 0..<200 {
            let problem = try #require(world.problem(index, seed: Seed(1)))
            let asked = try #require(ConstraintProblem(problem.text))
            #expect(asked.text == problem.text && (2...4).contains(asked.constraints.count))
            let answers = try (0..<3).map { try #require(world.answer(to: problem, seed: Seed(4).child("a", $0))) }
            #expect(Set(answers).count > 1 && answers.allSatisfy { world.check($0, to: problem).correct })
            let damaged = world.damaged(answers[0], to: problem, faults: 2, seed: Seed(7).child("d", index))
            let unmet = asked.met(by: damaged).count { !$0 }
            #expect(unmet <= 2 && ConstraintProblem.words(of: damaged) != nil)
            if unmet == 2 { reached += 1 }
        }
        #expect(reached > 180)
        let problem = Problem(id: "p", world: "constraints", text: "w2 a*1>")
        #expect(world.damaged("ab c", to: problem, faults: 0, seed: Seed(0)) == "ab c")
    }

    @Test("settings that cannot work are refused with key, value and what is expected", arguments: [
        (0, 4, 10, 4, 0, "fewest"), (5, 4, 10, 4, 0, "fewest"), (1, 8, 10, 4, 0, "most"), (2, 4, 4, 4, 0, "letters"), (2, 4, 21, 4, 0, "letters"),
        (2, 4, 10, 1, 0, "words"), (2, 4, 10, 4, 5, "content"),
    ])
    func refusals(fewest: Int, most: Int, letters: Int, words: Int, content: Int, key: String) throws {
        var settings = Constraints.Settings()
        (settings.fewest, settings.most, settings.letters, settings.words, settings.content) = (fewest, most, letters, words, content)
        let error = #expect(throws: CoreError.self) { try Constraints(settings) }
        #expect(error?.description.contains("task.settings.\(key)") == true)
    }
}
