import HoneCore
import HoneEvaluation
import Testing

/// A judge that nobody asks.
private struct Unasked: Judge {
    static let card = PartCard(name: "unasked")
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement { Judgement([]) }
}

/// Answers with returns, and what was said of them.
private func group(_ id: String, returns: [Double], _ verdicts: [Verdict]) -> EpisodeGroup {
    EpisodeGroup(
        assignment: Assignment(problem: Problem(id: id, world: "w"), samples: returns.count),
        episodes: returns.enumerated().map { Episode(id: "\(id)\($0)", returns: [.solver: $1], ending: .completed) }, verdicts: verdicts)
}

private func said(_ values: [Double]) -> [Verdict] { values.enumerated().map { Verdict(on: .role($0, .solver), kind: "score", value: $1) } }

private func means(_ kind: PreferenceAgreement.Kind, _ groups: [EpisodeGroup]) -> [String: Double] {
    PreferenceAgreement(problems: [], cast: [:], judge: Unasked(), kind: kind).findings(of: groups).estimates.mapValues(\.mean)
}

@Suite("Agreement of preferences")
struct PreferenceAgreementTests {
    @Test("win, tie and loss of the judge are held against those of the returns, pair by pair")
    func answers() {
        let found = means(.answers("score"), [
            // Agreed win, missed tie, tie where there is a better one, agreed tie.
            group("a", returns: [1, 0.5], said([0.9, 0.1])), group("b", returns: [0.5, 0.5], said([0.2, 0.3])),
            group("c", returns: [0, 1], said([0.1 + 0.2, 0.3])), group("d", returns: [0, 0], said([1, 1])),
            // An opposite one.
            group("e", returns: [0, 1], said([1, 0])),
        ])
        #expect(found["judge.agreement"] == 0.4)
        // Of the three with a better answer: right, tie, wrong.
        #expect(found["judge.order agreement"] == 0.5)
        #expect(found["judge.ties"] == 0.4 && found["judge.true ties"] == 0.4)
    }

    @Test("verdicts on pairs prefer their first above ½; a pair that nothing is said of is left out")
    func pairs() {
        let verdicts = [Verdict(on: .pair(0, over: 1), kind: "better", value: 1), Verdict(on: .pair(0, over: 2), kind: "better", value: 0.5)]
        let found = means(.pairs("better"), [group("a", returns: [1, 0, 0], verdicts)])
        #expect(found["judge.agreement"] == 0.5 && found["judge.order agreement"] == 0.75 && found["judge.true ties"] == 0)
    }
}
