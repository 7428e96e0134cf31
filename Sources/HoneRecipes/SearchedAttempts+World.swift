import HoneCore
import HoneEngine
import HoneEvaluation
import HoneText
import HoneWorlds

extension SearchedAttempts {
    /// The measure of attempts that a world reads and checks.
    init(problems: [Problem], samples: Int, cast: Cast, checkedBy world: any QuestionWorld) {
        self.init(problems: problems, samples: samples, cast: cast) { response, problem in
            let verdict = world.check(response, to: problem)
            return Reading(answer: verdict.extracted, isRight: verdict.correct)
        }
    }
}
