import HoneCore

/// What a solver is told between two of its answers.
public enum Reply: Hashable, Sendable, Codable {
    /// Nothing: each answer is a new one to the question alone.
    case nothing
    /// The question again, behind these words.
    case question(after: String)
    /// That the answer is wrong.
    case verdict
    /// The first of its steps that is wrong.
    case firstFault
    /// All its steps that are wrong.
    case allFaults
    /// Wrong advice: steps that are right, drawn at random, as many as there are wrong ones, told as if they were wrong.
    case soundSteps
    /// Whatever a critic, played by a model, says of it.
    case critic

    /// The steps that the reply names, of an answer's checks; a step without a text cannot be named.
    ///
    /// Drawn steps come in the order of the answer, as wrong ones do.
    func named(of checks: [StepCheck], seed: Seed) -> [String] {
        let faults = checks.filter { !$0.isCorrect && !$0.text.isEmpty }.map(\.text)
        switch self {
        case .nothing, .question, .verdict, .critic: return []
        case .firstFault: return Array(faults.prefix(1))
        case .allFaults: return faults
        case .soundSteps:
            var generator = seed.generator
            let sound = checks.indices.filter { checks[$0].isCorrect && !checks[$0].text.isEmpty }
            return generator.shuffled(sound).prefix(faults.count).sorted().map { checks[$0].text }
        }
    }

    /// Whether it needs a world that checks steps.
    var namesSteps: Bool {
        switch self {
        case .firstFault, .allFaults, .soundSteps: true
        case .nothing, .question, .verdict, .critic: false
        }
    }
}
