import HoneCore
import HoneJudges
import HoneWorlds

/// Writes what a model of `constraints` is taught: each lesson is what a seat is shown and what it says.
///
/// Wrong attempts are right answers in which edits broke something, so a repair is the answer before the edits and differs in little else. How
/// often answers, critiques and repairs are right is put in by chance, so it is known by construction.
struct ConstraintLessons: Codable, Hashable, Sendable {
    /// The share of written answers with one to three constraints broken.
    var errors = 0.5
    /// The share of critiques that say what is so.
    var critiques = 1.0
    /// The share of repairs of wrong attempts that mend all; the others break something again.
    var repairs = 0.9

    /// What is taught.
    enum Seat: String, CaseIterable, Sendable {
        /// An answer to the instruction.
        case answer
        /// The checklist of the instruction: one constraint a line.
        case checklist
        /// Whether an attempt meets one constraint: y or n.
        case item
        /// A mark for an attempt: the share it meets, from 0 to 9.
        case score
        /// Which of two attempts meets more: 1 or 2.
        case pair
        /// What is wrong with an attempt: y, or n and the constraints it does not meet.
        case critique
        /// The attempt again, behind a critique.
        case refinement
        /// The attempt again, behind the checklist with a verdict on each line.
        case checked
    }

    /// What a critique begins with that accepts, and one that does not; also the verdict words.
    static let words = VerdictWords(yes: "y", no: "n")
    /// The marks.
    static let marks = 0...9
    /// What stands behind an instruction where its checklist is asked for.
    static let asking = "?"
    /// How one item is asked about.
    static let item: VerdictPrompt = {
        var prompt = VerdictPrompt()
        prompt.item = "/"
        return prompt
    }()
    /// How a mark is asked for.
    static let score: VerdictPrompt = {
        var prompt = VerdictPrompt()
        prompt.ask = "#"
        return prompt
    }()
    /// How two attempts are compared.
    static let pair = VerdictPrompt()

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        [("errors", errors), ("critiques", critiques), ("repairs", repairs)].compactMap { name, share in
            (0...1).contains(share) ? nil : "“\(key).\(name)” is \(share); it should be between 0 and 1"
        }
    }

    /// So many lessons about training problems, the seats in turn.
    func problems(_ training: [Problem], of world: Constraints, seats: [Seat], count: Int, wording: AttemptWording, seed: Seed) -> [Problem] {
        guard !training.isEmpty, !seats.isEmpty else { return [] }
        return (0..<count).compactMap { index in
            let problem = training[index / seats.count % training.count]
            let seat = seats[index % seats.count]
            guard let (shown, said) = lesson(seat, on: problem, of: world, wording: wording, seed: seed.child("lesson", index)) else { return nil }
            var lesson = problem
            lesson.id = "\(problem.id) \(seat.rawValue) \(index)"
            lesson.text = shown
            lesson.demonstrations = [said]
            return lesson
        }
    }

    /// What a seat is shown of a problem, and what it says; nil where the problem is no instruction.
    private func lesson(_ seat: Seat, on problem: Problem, of world: Constraints, wording: AttemptWording, seed: Seed) -> (shown: String, said: String)? {
        guard let asked = ConstraintProblem(problem.text), let right = world.answer(to: problem, seed: seed.child("answer")) else { return nil }
        var generator = seed.generator
        func broken(_ faults: Int, _ label: String) -> String { world.damaged(right, to: problem, faults: faults, seed: seed.child(label)) }
        let attempt = broken(generator.integer(in: 0...3), "attempt")
        switch seat {
        case .answer: return (problem.text, generator.chance(errors) ? broken(generator.integer(in: 1...3), "error") : right)
        case .checklist: return (problem.text + Self.asking, asked.constraints.map(\.text).joined(separator: "\n"))
        case .item:
            // Half of the questions, where there is one, are about what is not met.
            let met = asked.met(by: attempt)
            let isUnmet = generator.chance(0.5) && met.contains(false)
            guard let place = generator.element(of: met.indices.filter { !isUnmet || !met[$0] }) else { return nil }
            let question = asked.constraints[place].text
            return (Self.item.text(problem: problem.text, answers: [attempt], item: question), met[place] ? Self.words.yes : Self.words.no)
        case .score:
            return (Self.score.text(problem: problem.text, answers: [attempt]), String(Self.mark(asked.grade(attempt))))
        case .pair:
            var other = attempt
            for number in 0..<8 where asked.grade(other) == asked.grade(attempt) {
                // Another answer, so that pairs are not told apart by what is the same in both.
                guard let fresh = world.answer(to: problem, seed: seed.child("other", number)) else { return nil }
                other = world.damaged(fresh, to: problem, faults: generator.integer(in: 0...3), seed: seed.child("broken", number))
            }
            let isFirst = asked.grade(attempt) == asked.grade(other) ? generator.chance(0.5) : asked.grade(attempt) > asked.grade(other)
            return (Self.pair.text(problem: problem.text, answers: [attempt, other]), isFirst ? VerdictWords.pair.yes : VerdictWords.pair.no)
        case .critique: return (problem.text + wording.criticising(attempt), critique(of: attempt, asked, using: &generator))
        case .refinement:
            let words = critique(of: attempt, asked, using: &generator)
            let mended = words == Self.words.yes ? attempt : repaired(right, attempt, world, problem, seed, &generator)
            return (problem.text + wording.refining(attempt, critique: words), mended)
        case .checked:
            return (problem.text + wording.refining(attempt, critique: Self.checked(attempt, asked)), repaired(right, attempt, world, problem, seed, &generator))
        }
    }

    /// The answer before it was broken, or at times one that is broken elsewhere; a right attempt is said again.
    private func repaired(
        _ right: String, _ attempt: String, _ world: Constraints, _ problem: Problem, _ seed: Seed, _ generator: inout SeededGenerator
    ) -> String {
        guard attempt != right, !generator.chance(repairs) else { return right }
        return world.damaged(right, to: problem, faults: 1, seed: seed.child("repair"))
    }

    /// What is wrong with an attempt; at times the opposite of it.
    private func critique(of attempt: String, _ asked: ConstraintProblem, using generator: inout SeededGenerator) -> String {
        let unmet = zip(asked.constraints, asked.met(by: attempt)).filter { !$0.1 }.map(\.0.text)
        guard !generator.chance(critiques) else { return Self.critique(unmet) }
        return unmet.isEmpty ? Self.critique(asked.constraints.prefix(1).map(\.text)) : Self.words.yes
    }

    /// The critique that names these constraints as not met.
    static func critique(_ unmet: [String]) -> String { unmet.isEmpty ? words.yes : ([words.no] + unmet).joined(separator: " ") }

    /// The checklist of an instruction with the true verdicts on an attempt, as the checklist judge writes it.
    static func checked(_ attempt: String, _ asked: ConstraintProblem) -> String {
        zip(asked.constraints, asked.met(by: attempt)).map { "\($0.text): \($1 ? words.yes : words.no)" }.joined(separator: "\n")
    }

    /// The mark for a share of constraints.
    static func mark(_ share: Double) -> Int { Int((share * Double(marks.upperBound)).rounded()) }
}
