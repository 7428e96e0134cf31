import HoneCore
import HoneEvaluation
import HoneJudges
import HoneSearch
import HoneWorlds

/// The judges of the recipe, as a model made here was taught to be asked, or in sentences.
struct TICKJudge {
    let settings: TICK.Settings.Particular
    let asked: Player
    let isGiven: Bool

    /// The judge by a checklist.
    var checklist: Checklist {
        Checklist(
            VerdictAsker(asked, words: isGiven ? VerdictWords() : ConstraintLessons.words, votes: settings.votes),
            asking: isGiven ? "\nWrite a checklist for a response to this instruction: one short question a line, each answered by yes where the response does "
                + "what is asked. Write nothing else.\n" : ConstraintLessons.asking,
            limit: settings.questions, isSoft: settings.isSoft, prompt: prompt(ConstraintLessons.item, ask: "\nAnswer yes or no: "))
    }

    /// The judge by a mark.
    private var score: DirectScore {
        DirectScore(
            asked, marks: ConstraintLessons.marks, votes: settings.votes, isSoft: settings.isSoft,
            prompt: prompt(ConstraintLessons.score, ask: "\nHow well does the response follow the instruction, from 0 to 9? Mark: "))
    }

    private var pairwise: PairwiseJudge {
        PairwiseJudge(
            VerdictAsker(asked, words: .pair, votes: settings.votes),
            prompt: prompt(ConstraintLessons.pair, ask: "\nWhich response follows the instruction better, 1 or 2? "))
    }

    /// The judge of the settings.
    var judge: any Judge {
        switch settings.judge {
        case .checklist: checklist
        case .score: score
        case .pairwise: pairwise
        }
    }

    /// What of its verdicts says which answer it prefers.
    var kind: PreferenceAgreement.Kind {
        switch settings.judge {
        case .checklist: .answers(Checklist.kind)
        case .score: .answers(DirectScore.kind)
        case .pairwise: .pairs(PairwiseJudge.kind)
        }
    }

    private func prompt(_ taught: VerdictPrompt, ask: String) -> VerdictPrompt {
        guard isGiven else { return taught }
        var prompt = VerdictPrompt()
        (prompt.opening, prompt.answer, prompt.between, prompt.item, prompt.ask) = ("Instruction: ", "\nResponse: ", "\n", "\nQuestion: ", ask)
        return prompt
    }
}

extension TICK.Settings.Particular {
    /// The search; nil where the model answers without.
    func search(_ judge: TICKJudge, critic yes: String, isGiven: Bool) -> (any SearchMethod)? {
        switch method {
        case .single, .chain: nil
        case .best:
            AnswerSearch(samples: samples, choice: .best, valuation: Judged(judge.judge, kind: self.judge == .score ? DirectScore.kind : Checklist.kind))
        case .stick:
            // All of several questions answered by yes is more than this.
            RepairSearch(branches: 1, width: 1, depth: rounds, threshold: 1 - 1e-9, valuation: CheckedShare(yes: isGiven ? VerdictWords().yes : yes))
        }
    }

    /// How many attempts there is room for; nil where an instruction is answered once.
    ///
    /// `stick` makes a first answer and `rounds` refinements, and for each of them asks for a checklist and answers its questions, of which there
    /// are as many as constraints, on average; `self-refine` has one critique between two attempts, and as many attempts as make as many calls.
    func attempts(_ common: CommonSettings) -> Int? {
        switch method {
        case .single, .best: return nil
        case .stick: return rounds + 2
        case .chain:
            let task = try? common.task.settings.decode(Constraints.Settings.self)
            let asked = task.map { ($0.fewest + $0.most + 1) / 2 } ?? questions
            return ((rounds + 1) * (2 + asked) + 1) / 2
        }
    }

    /// What cannot work, as sentences with the key in front.
    func faults(_ common: CommonSettings) -> [String] {
        var faults = lessons.faults("tick.lessons")
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        for (key, value) in [("samples", samples), ("rounds", rounds), ("questions", questions), ("taught", taught)] {
            require(value >= 1, "tick." + key, value, "1 or more")
        }
        require(votes >= 0, "tick.votes", votes, "0 (the words are scored) or more")
        require(pairs >= 0, "tick.pairs", pairs, "0 (no agreement is measured) or more")
        require(
            judge != .pairwise || method == .single, "tick.judge", judge.rawValue,
            "checklist or score: only they say what one answer is worth; or set tick.method to single")
        require(common.iterations == 0, "iterations", common.iterations, "0, as nothing is learned here")
        guard !ModelSettings.isGiven(common.model.size) else {
            require(common.base.passes == 0, "base.passes", common.base.passes, "0 for a model that is given: only models made here are taught lessons")
            return faults
        }
        require(common.task.world == "constraints", "task.world", common.task.world, "constraints, which a model made here is taught to answer and judge")
        return faults
    }
}
