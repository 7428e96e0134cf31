import HoneCore
import HoneSearch
import HoneSocieties

/// Backward questions about chains of sums and differences: `3+8-5+7=` with the answer 13 becomes `3+x-5+7=13?`.
///
/// A worked answer takes the terms behind the hidden number back from the told result, adds those before it up, and ends with the hidden number: here
/// `6,11,8` (13 − 7, 6 + 5, and what 3 lacks to 11). It has as many numbers as the forward answer has totals.
struct MaskedChains: BackwardQuestions {
    static let card = PartCard(
        name: "masked-chains", summary: "hides one number of a chain of sums and asks for it, given the result", source: "Jiang et al. 2024, section 3.2")

    func questions(of problem: Problem, given answer: String) -> [BackwardQuestion] {
        guard let chain = Chain(problem.text), Int(answer) != nil else { return [] }
        return chain.numbers.indices.map { BackwardQuestion(text: chain.text(hiding: $0, result: answer), hidden: String(chain.numbers[$0])) }
    }

    func recovers(_ response: String, _ question: BackwardQuestion) -> Bool {
        let text = response.hasSuffix("\n") ? String(response.dropLast()) : response
        return text.split(separator: ",", omittingEmptySubsequences: false).last.map(String.init) == question.hidden
    }

    /// A chain of sums and differences taken apart.
    struct Chain: Hashable, Sendable {
        /// Its numbers.
        let numbers: [Int]
        /// Whether each number is taken away; never the first.
        let isTaken: [Bool]

        /// Reads `3+8-5+7=`; nil for anything else, products among it: they cannot be undone in whole numbers.
        init?(_ text: String) {
            guard text.hasSuffix("=") else { return nil }
            var numbers: [Int] = []
            var isTaken = [false]
            var digits = ""
            for character in text.dropLast() {
                if character.isASCII, character.isNumber {
                    digits.append(character)
                } else if character == "+" || character == "-", let number = Int(digits) {
                    numbers.append(number)
                    isTaken.append(character == "-")
                    digits = ""
                } else {
                    return nil
                }
            }
            guard let last = Int(digits), !numbers.isEmpty else { return nil }
            self.numbers = numbers + [last]
            self.isTaken = isTaken
        }

        /// The chain with one number hidden and its result told.
        func text(hiding place: Int, result: String) -> String {
            numbers.indices.map { (($0 == 0) ? "" : isTaken[$0] ? "-" : "+") + ($0 == place ? "x" : String(numbers[$0])) }.joined() + "=\(result)?"
        }

        /// The worked answer to the question that hides a place, given a result; from step `at` on moved by `shift`.
        func answer(hiding place: Int, result: Int, shift: Int = 0, at: Int = -1) -> [Int] {
            var steps: [Int] = []
            func say(_ value: Int) -> Int {
                let said = value + (steps.count == at ? shift : 0)
                steps.append(said)
                return said
            }
            var behind = result
            for later in numbers.indices.reversed() where later > place { behind = say(isTaken[later] ? behind + numbers[later] : behind - numbers[later]) }
            guard place > 0 else { return steps }
            var before = numbers[0]
            for earlier in 1..<max(1, place) { before = say(isTaken[earlier] ? before - numbers[earlier] : before + numbers[earlier]) }
            _ = say(isTaken[place] ? before - behind : behind - before)
            return steps
        }

        /// The result.
        var result: Int { zip(numbers, isTaken).reduce(0) { $1.1 ? $0 - $1.0 : $0 + $1.0 } }
    }

    /// Problems with written answers to be rehearsed: the chains as the world demonstrates them, and one backward question of each of the first ones, with the right
    /// result told. An error is in the given share of the answers of either kind: one step is moved by up to 3, and the later ones go on from it.
    static func lessons(_ demonstrated: [Problem], backward: Int, errorRate: Double, seed: Seed) throws -> [Problem] {
        var lessons: [Problem] = []
        for problem in demonstrated {
            lessons.append(try Script(answers: [problem.demonstrations.first ?? ""]).given(to: problem))
        }
        for index in 0..<(demonstrated.isEmpty ? 0 : backward) {
            let problem = demonstrated[index % demonstrated.count]
            guard let chain = Chain(problem.text) else { continue }
            var generator = seed.child("backward", index).generator
            let place = generator.integer(in: 0...(chain.numbers.count - 1))
            let isWrong = generator.chance(errorRate)
            let shift = (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3)
            let at = isWrong ? generator.integer(in: 0...(chain.numbers.count - 2)) : -1
            let steps = chain.answer(hiding: place, result: chain.result, shift: shift, at: at)
            let question = chain.text(hiding: place, result: String(chain.result))
            let lesson = Problem(id: "\(problem.id) backward \(index)", world: problem.world, text: question)
            lessons.append(try Script(answers: [steps.map(String.init).joined(separator: ",")]).given(to: lesson))
        }
        return lessons
    }
}
