import HoneCore
import HoneText
import HoneWorlds
import Testing

private func world(_ change: (inout ErrorChains.Settings) -> Void = { _ in }, terms: Int = 4, digits: Int = 1, operations: String = "+-") throws -> ThinkingWorld {
    var settings = ErrorChains.Settings()
    change(&settings)
    var task = Arithmetic.Settings()
    (task.terms, task.digits, task.operations) = (terms, digits, operations)
    return ThinkingWorld(try Arithmetic(task), corpus: try ErrorChains(settings))
}

private func written(_ world: ThinkingWorld, _ count: Int, withError: Bool) -> [(problem: Problem, demonstration: Demonstration)] {
    (0..<count).compactMap { index in
        guard let problem = world.problem(index, seed: Seed(8)) else { return nil }
        return world.demonstration(of: problem, withError: withError, seed: Seed(9).child("d", index)).map { (problem, $0) }
    }
}

/// The first step that departs from the problem, judged by this file's own reading.
private func firstFault(_ steps: [String], of problem: Problem) -> Int? {
    let signs = problem.text.filter { "+-*".contains($0) }
    let numbers = problem.text.split { !$0.isNumber }.map(String.init)
    var before = numbers[0]
    for (index, step) in steps.enumerated() {
        let sign = signs[signs.index(signs.startIndex, offsetBy: index)]
        let asked = "\(before)\(sign)\(numbers[index + 1])"
        let sides = step.split(separator: "=").map(String.init)
        if sides[0] != asked || exact(asked) != exact(sides[1]) { return index }
        before = sides[1]
    }
    return nil
}

@Suite("Chains with injected errors")
struct ErrorChainTests {
    @Test("without an error: right steps, a critique that says so, the answer")
    func sound() throws {
        for (problem, demonstration) in written(try world(), 200, withError: false) {
            let halves = demonstration.text.split(separator: "#ok|").map(String.init)
            #expect(halves.count == 2, "\(demonstration.text)")
            #expect(firstFault(halves[0].split(separator: ";").map(String.init), of: problem) == nil)
            #expect(halves[1] == problem.answer)
            #expect(demonstration.faultyStep == nil)
            #expect(ErrorChains.critique(in: demonstration.text) == ErrorChains.Critique(step: nil, correction: ""))
        }
    }

    @Test("the critique names the true first error and corrects it; the repair is right and answers", arguments: [(4, 1, "+-"), (6, 2, "+-"), (3, 2, "+-*"), (2, 3, "+")])
    func critiques(terms: Int, digits: Int, operations: String) throws {
        let found = written(try world({ $0.longest = 400 }, terms: terms, digits: digits, operations: operations), 300, withError: true)
        #expect(found.count == 300)
        for (problem, demonstration) in found {
            let body = demonstration.text.split(separator: "|").map(String.init)
            let parts = body[0].split(separator: "#").map(String.init)
            #expect(parts.count == 3, "\(demonstration.text)")
            let steps = parts[0].split(separator: ";").map(String.init)
            let fault = try #require(firstFault(steps, of: problem))
            #expect(demonstration.faultyStep == fault)
            #expect(demonstration.critique.hasPrefix("step \(fault + 1) is wrong: "))
            let said = try #require(ErrorChains.critique(in: demonstration.text))
            #expect(said.step == fault)
            let sides = said.correction.split(separator: "=").map(String.init)
            #expect(exact(sides[0]) == exact(sides[1]))
            let repaired = parts[2].split(separator: ";").map(String.init)
            #expect(firstFault(repaired, of: problem) == nil)
            #expect(repaired[fault] == said.correction)
            #expect(body[1] == problem.answer)
        }
    }

    @Test("steps after the error go on from it, so that exactly one is at fault")
    func oneFault() throws {
        let world = try world()
        for (problem, demonstration) in written(world, 300, withError: true) {
            let checks = world.checkSteps(of: demonstration.text, to: problem)
            #expect(checks.indices.filter { !checks[$0].isCorrect } == [try #require(demonstration.faultyStep)])
        }
    }

    @Test("each kind of error occurs, and only the kinds that were asked for", arguments: ["digit", "carry", "operator", "operand"])
    func kinds(kind: String) throws {
        var ofKind = 0
        let found = written(try world({ $0.kinds = [kind] }, digits: 2), 300, withError: true)
        for (_, demonstration) in found {
            let steps = demonstration.text.prefix { $0 != "#" }.split(separator: ";").map(String.init)
            let wrong = steps[try #require(demonstration.faultyStep)]
            let right = try #require(ErrorChains.critique(in: demonstration.text)).correction
            let (wrongSides, rightSides) = (wrong.split(separator: "="), right.split(separator: "="))
            let shift = abs((Int(wrongSides[1]) ?? 0) - (Int(rightSides[1]) ?? 0))
            switch kind {
            case "operand":
                #expect(wrongSides[0] != rightSides[0])
                #expect(exact(wrongSides[0]) == exact(wrongSides[1]))
                ofKind += 1
            case "operator":
                #expect(wrongSides[0] == rightSides[0])
                let signs = ["+", "-", "*"].map { sign in rightSides[0].replacing(/(\d)[-+*]/) { "\($0.1)\(sign)" } }
                if signs.contains(where: { exact($0) == exact(wrongSides[1]) }) { ofKind += 1 }
            case "carry": if shift == 10 { ofKind += 1 }
            default: if wrongSides[1].count == rightSides[1].count { ofKind += 1 }
            }
        }
        // A slip of the carry needs a carry; where there is none a digit slips.
        #expect(ofKind >= (kind == "carry" ? 60 : 295), "\(ofKind) of \(found.count) are of kind \(kind)")
    }

    @Test("critiques occur, and are wrong, at the rates that were set", arguments: [0, 0.25, 0.6, 1], [0, 0.3, 1])
    func rates(critiques: Double, errors: Double) throws {
        let world = try world { ($0.critiques, $0.critiqueErrors) = (critiques, errors) }
        for withError in [false, true] {
            let found = written(world, 600, withError: withError)
            let said = found.compactMap { pair in ErrorChains.critique(in: pair.demonstration.text).map { (pair.demonstration, $0) } }
            #expect(chiSquare(said.count, of: 600, rate: critiques) < onceInAThousand)
            let wrong = said.filter { $0.0.faultyStep != $0.1.step }.count
            if !said.isEmpty { #expect(chiSquare(wrong, of: said.count, rate: errors) < onceInAThousand, "\(wrong) of \(said.count)") }
        }
    }

    @Test("without repairs a faulty chain ends in its own wrong total")
    func unrepaired() throws {
        let world = try world { $0.repairs = false }
        for (problem, demonstration) in written(world, 200, withError: true) {
            #expect(!world.check(demonstration.text, to: problem).correct)
            let last = demonstration.text.prefix { $0 != "#" }.split(separator: "=").last.map(String.init)
            #expect(demonstration.text.hasSuffix("|" + (last ?? "?")))
        }
    }

    @Test("steps are checked against the problem, with the reason", arguments: [
        ("3+8=11;11-5=6;6+7=13|13", ["", "", ""]), ("3+8=11;11-5=7;7+7=14|14", ["", "11-5 is 6, not 7", ""]),
        ("3+8=11;11-6=5;5+7=12", ["", "11-5 is asked there, not 11-6", ""]), ("3+8=12#ok|12", ["3+8 is 11, not 12"]),
        ("3+8=11;11-5=6;6+7=13;13+1=14", ["", "", "", "there is no such step"]), ("3+8=x", ["“3+8=x” is not a calculation"]),
        ("3+8=011", ["“3+8=011” is not a calculation"]), ("11", ["“11” is not a calculation"]), ("|13", []),
    ])
    func stepChecks(text: String, reasons: [String]) throws {
        let problem = Problem(id: "p", world: "arithmetic", text: "3+8-5+7=")
        let checks = try ErrorChains().checkSteps(of: text, to: problem)
        #expect(checks.map(\.reason) == reasons)
        #expect(checks.map(\.isCorrect) == reasons.map(\.isEmpty))
    }

    @Test("a stated critique is read, and nothing else is taken for one", arguments: [
        ("3+8=11#ok|11", ErrorChains.Critique(step: nil, correction: "")), ("3+8=12#bad 1,3+8=11#3+8=11|11", ErrorChains.Critique(step: 0, correction: "3+8=11")),
        ("3+8=12#bad 12,x|1", ErrorChains.Critique(step: 11, correction: "x")), ("3+8=11|11", nil), ("3+8=11|11#ok", nil), ("a#bad 0,x|1", nil),
        ("a#bad one,x|1", nil), ("a#bad 1|1", nil), ("a#fine|1", nil), ("#", nil),
    ])
    func reading(text: String, critique: ErrorChains.Critique?) {
        #expect(ErrorChains.critique(in: text) == critique)
    }

    @Test("nothing is written for texts that are no chain", arguments: ["3+8", "=", "a+b=", "7=", ""])
    func otherTexts(text: String) throws {
        let problem = Problem(id: "p", world: "arithmetic", text: text)
        #expect(try ErrorChains().demonstration(of: problem, withError: true, seed: Seed(1)) == nil)
        #expect(try ArithmeticHabits().demonstration(of: problem, withError: true, seed: Seed(1)) == nil)
    }
}
