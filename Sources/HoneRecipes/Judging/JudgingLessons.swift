import HoneCore
import HoneJudges
import HoneWorlds

/// Writes what a model is taught that answers and names first wrong steps: answers with errors, and some answers with a verdict on them.
///
/// A verdict is the number of the first wrong step, from 1, or 0 where there is none. Before some verdicts stands an own answer, with errors as often as
/// any other.
struct JudgingLessons: Codable, Hashable, Sendable {
    /// The share of lessons that are verdicts.
    var share = 0.15
    /// The share of verdicts before which an own answer stands.
    var references = 0.4
    /// The share of verdicts that are right; the others name any other step, or none.
    var right = 0.9

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        [("share", share), ("references", references), ("right", right)].compactMap { name, value in
            (0...1).contains(value) ? nil : "“\(key).\(name)” is \(value); it should be between 0 and 1"
        }
    }

    /// So many lessons about training problems, in turn; answers have an error at the given rate, answers under judgement half of the time.
    func problems(_ training: [Problem], of world: any QuestionWorld, count: Int, errorRate: Double, prompt: VerdictPrompt, seed: Seed) -> [Problem] {
        (0..<(training.isEmpty ? 0 : count)).compactMap { index in
            let problem = training[index % training.count]
            let own = seed.child("lesson", index)
            var generator = own.generator
            func answer(wrong chance: Double, _ label: String) -> Demonstration? {
                world.demonstration(of: problem, withError: generator.chance(chance), seed: own.child(label))
            }
            var lesson = problem
            guard generator.chance(share) else {
                guard let said = answer(wrong: errorRate, "answer") else { return nil }
                lesson.id = "\(problem.id) answer \(index)"
                lesson.demonstrations = [said.text]
                return lesson
            }
            guard let judged = answer(wrong: 0.5, "judged") else { return nil }
            var shown = [judged.text]
            if generator.chance(references), let reference = answer(wrong: errorRate, "reference") { shown.append(reference.text) }
            let truth = judged.faultyStep.map { $0 + 1 } ?? 0
            let steps = world.checkSteps(of: judged.text, to: problem).count
            let others = (0...max(1, steps)).filter { $0 != truth }
            let said = generator.chance(right) ? truth : generator.element(of: others) ?? truth
            lesson.id = "\(problem.id) verdict \(index)"
            lesson.text = prompt.text(problem: problem.text, answers: shown)
            lesson.demonstrations = ["\(said)"]
            return lesson
        }
    }
}
