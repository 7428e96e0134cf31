import HoneCore
import HoneJudges
import HoneSearch
import HoneWorlds

/// Criticises an attempt by a checklist: the critique is each question with its verdict.
///
/// For the critic of `Attempts`: what it was shown last is the instruction, then the attempt in the world's words.
///
/// Source: Cook et al. 2024 (TICK), section 5: STICK, whose refiner reads the checklist with its verdicts.
struct ChecklistCritic: Policy {
    static let card = PartCard(
        name: "checklist-critic", summary: "criticises an attempt by a checklist with a verdict on each question", source: "Cook et al. 2024, section 5")

    /// The judge.
    let checklist: Checklist
    /// The words around attempts.
    let wording: AttemptWording

    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        guard view.transcript.count >= 2 else { throw CoreError.invalid("A checklist was asked for without an instruction and an attempt at it") }
        let (problem, shown) = (view.transcript[view.transcript.count - 2].text, view.transcript[view.transcript.count - 1].text)
        guard shown.hasPrefix(wording.beforeAttempt), shown.hasSuffix(wording.askCritique) else {
            throw CoreError.invalid("“\(shown.prefix(40))” is no attempt in the words that a critic is shown")
        }
        let attempt = String(shown.dropFirst(wording.beforeAttempt.count).dropLast(wording.askCritique.count))
        let step = Step(role: .solver, context: [.text(problem, from: .prompt)], move: Move(text: attempt))
        let group = EpisodeGroup(
            assignment: Assignment(problem: Problem(id: problem, world: WrittenItems.name, text: problem)), episodes: [Episode(id: scope.path, steps: [step])])
        let verdict = try await checklist.judge(group, in: scope).verdicts.first
        return Move(text: verdict?.critique ?? "", origin: .tool)
    }

    func prompt(for transcript: Transcript) throws -> Transcript { transcript }
}

/// The share of lines of the latest attempt's critique that end with yes: what a checklist critic found, read once more at no cost.
struct CheckedShare: Valuation {
    static let card = PartCard(name: "checked-share", summary: "the share of yes in the critique of the latest attempt", source: "Cook et al. 2024, section 3")

    /// The word for yes.
    let yes: String

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { position in
            let lines = ((position.state as? Attempts.State)?.critique ?? "").split(whereSeparator: \.isNewline)
            return Valued(lines.isEmpty ? 0 : Double(lines.count { $0.hasSuffix(": " + yes) }) / Double(lines.count))
        }
    }
}
