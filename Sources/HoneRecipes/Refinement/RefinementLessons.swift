import HoneCore
import HoneEngine
import HoneWorlds

/// Writes what a model is taught that answers, criticises, refines and grades: each lesson is what a seat is shown and what it says.
///
/// Errors, and how often critiques, grades and refinements are right, are put in by chance, so they are known by construction.
struct RefinementLessons: Codable, Hashable, Sendable {
    /// The share of answers with an error.
    var errors = 0.5
    /// The share of refinements of a wrong attempt that are right.
    var repairs = 0.5
    /// The share of refinements of a right attempt that leave it right.
    var keeps = 0.9
    /// The share of critiques that say what is so.
    var critiques = 0.85
    /// The share of marks on the side of the scale where they belong.
    var grades = 0.75

    /// The marks a grader gives, of which 6 and more are for right attempts, 2 and less for wrong ones.
    static let marks = 0...8
    /// What a critique begins with that accepts, and one that does not.
    static let (accepting, refusing) = ("y", "n")

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        [("errors", errors), ("repairs", repairs), ("keeps", keeps), ("critiques", critiques), ("grades", grades)].compactMap { name, share in
            (0...1).contains(share) ? nil : "“\(key).\(name)” is \(share); it should be between 0 and 1"
        }
    }

    /// So many lessons about training problems, in turn answers, refinements, critiques and marks; refinements with a critique where
    /// `isCriticised`, else behind the attempt alone. None where the world cannot demonstrate errors.
    func problems(_ training: [Problem], of world: any QuestionWorld, count: Int, isCriticised: Bool, wording: AttemptWording, seed: Seed) -> [Problem] {
        var lessons: [Problem] = []
        for index in 0..<(training.isEmpty ? 0 : count) {
            let problem = training[index / 4 % training.count]
            let own = seed.child("lesson", index)
            var generator = own.generator
            func attempt(right chance: Double, _ label: String) -> Demonstration? {
                world.demonstration(of: problem, withError: !generator.chance(chance), seed: own.child(label))
            }
            func critique(_ attempt: Demonstration) -> String {
                let isRight = attempt.faultyStep == nil
                guard generator.chance(critiques) == isRight else {
                    // A wrong word on a right attempt names any step.
                    let steps = max(1, world.checkSteps(of: attempt.text, to: problem).count)
                    return "\(Self.refusing) \((attempt.faultyStep ?? generator.integer(in: 0...(steps - 1))) + 1)"
                }
                return Self.accepting
            }
            let (kind, shown, said): (String, String, String)
            switch index % 4 {
            case 0:
                guard let answer = attempt(right: 1 - errors, "answer") else { continue }
                (kind, shown, said) = ("answer", "", answer.text)
            case 1:
                guard let latest = attempt(right: 1 - errors, "latest") else { continue }
                let words = isCriticised ? critique(latest) : nil
                guard let next = attempt(right: latest.faultyStep == nil ? keeps : repairs, "next") else { continue }
                (kind, shown, said) = ("refinement", wording.refining(latest.text, critique: words), next.text)
            case 2:
                guard let latest = attempt(right: 0.5, "latest") else { continue }
                (kind, shown, said) = ("critique", wording.criticising(latest.text), critique(latest))
            default:
                guard let latest = attempt(right: 0.5, "latest") else { continue }
                let isHigh = generator.chance(grades) == (latest.faultyStep == nil)
                (kind, shown, said) = ("mark", wording.grading(latest.text), "\(generator.integer(in: isHigh ? 6...8 : 0...2))")
            }
            var lesson = problem
            lesson.id = "\(problem.id) \(kind) \(index)"
            lesson.text = problem.text + shown
            lesson.demonstrations = [said]
            lessons.append(lesson)
        }
        return lessons
    }
}

extension Workshop {
    /// The model, taught to recite lessons before anything else; runs with the same lessons share it.
    func models(reciting lessons: [Problem]) throws -> [ModelName: ModelPlan] {
        guard !isEndpoint else { return [:] }
        let base = settings.base
        guard base.passes > 0, base.demonstrations > 0 else { return [Self.policy: ModelPlan(source)] }
        guard !lessons.isEmpty else {
            throw CoreError.invalid("World “\(world.name)” cannot demonstrate answers with and without errors, so nothing can be taught; use another world")
        }
        let steps = base.passes * ((lessons.count + base.miniBatch - 1) / max(1, base.miniBatch))
        let stage = teaching(
            lessons, name: "teach", passes: base.passes,
            rate: .warmupCosine(peak: base.rate, to: base.rate / 10, warmup: min(20, steps), over: steps), measured: false)
        let written = lessons.map { $0.text + "\n" + $0.demonstrations.joined(separator: "\n") }.joined(separator: "\n")
        let fingerprint = JSONValue.object([
            "base": try JSONValue(encoding: base), "task": try JSONValue(encoding: settings.task), "clip": .number(settings.learner.clip),
            "weightDecay": .number(settings.learner.weightDecay), "lessons": .string(SHA256.hex(written)),
        ])
        return [Self.policy: ModelPlan(source, base: Base(stages: [stage], fingerprint: fingerprint))]
    }
}
