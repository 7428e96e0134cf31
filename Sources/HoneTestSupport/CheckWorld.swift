import HoneCore
import HoneText
import HoneWorlds

/// Checks what every question world promises: whoever is listed in the catalogue is proven by being listed.
///
/// Returns one sentence per broken promise, at most eight. Checked are: the same index and seed give the same problem, prompts
/// are not empty, a right demonstration is accepted with all its steps, one with an error put in is refused at just that step
/// and says why, and problems survive coding.
public func checkWorld(_ world: any QuestionWorld, seed: Seed, problems count: Int) -> [String] {
    var broken: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append(sentence()) }
    }
    var errors = 0
    for index in 0..<count {
        guard let problem = world.problem(index, seed: seed) else {
            require(index > 0, "there is no problem at all")
            break
        }
        require(world.problem(index, seed: seed) == problem, "problem \(index) is another one when asked for again")
        require(!problem.text.isEmpty, "problem \(index) has no text")
        require(!problem.isHeldOut, "problem \(index) is born held out")
        let copy = (try? JSONValue(encoding: problem)).flatMap { try? $0.decode(Problem.self) }
        require(copy == problem, "problem \(index) does not survive coding")
        require(!world.check("", to: problem).correct, "“\(problem.text)” accepts an empty answer")
        guard let right = world.demonstration(of: problem, withError: false, seed: seed) else { continue }
        require(world.check(right.text, to: problem).correct, "“\(problem.text)” refuses its demonstration “\(right.text)”")
        require(
            world.checkSteps(of: right.text, to: problem).allSatisfy(\.isCorrect), "a step of “\(right.text)” is refused")
        guard let wrong = world.demonstration(of: problem, withError: true, seed: seed.child("error", index)) else { continue }
        errors += 1
        let steps = world.checkSteps(of: wrong.text, to: problem)
        let faulty = steps.indices.filter { !steps[$0].isCorrect }
        require(faulty == [wrong.faultyStep ?? -1], "“\(wrong.text)” is faulty at \(faulty), not at \(wrong.faultyStep ?? -1)")
        require(!wrong.critique.isEmpty, "the error in “\(wrong.text)” has no critique")
    }
    require(errors > 0, "no demonstration with an error can be made")
    return broken
}
