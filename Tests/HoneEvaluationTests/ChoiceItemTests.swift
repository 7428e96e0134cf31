import HoneCore
import HoneEvaluation
import HoneTestSupport
import Testing

@Suite("Multiple-choice items")
struct ChoiceItemTests {
    private let item = ChoiceItem(id: "1", kind: "k", situation: "s", question: "q?", options: ["w", "x", "y", "z"], answer: 2)

    @Test("shuffling keeps the right option right, and every place comes up")
    func shuffled() {
        var places: Set<Int> = []
        for index in 0..<60 {
            let other = item.shuffled(Seed(1).child("order", index))
            #expect(other.options[other.answer] == "y" && Set(other.options) == Set(item.options))
            #expect(other.letter == ["a", "b", "c", "d"][other.answer])
            places.insert(other.answer)
        }
        #expect(places == [0, 1, 2, 3])
    }

    @Test("prompts have the situation, the question and lettered options")
    func prompts() {
        #expect(item.prompt(isTerse: true) == "s\nq? a)w b)x c)y d)z:")
        #expect(item.prompt(isTerse: false) == "s\n\nq?\na) w\nb) x\nc) y\nd) z\nAnswer with one letter.\n")
    }

    @Test("a letter that stands alone is the choice; words and other letters are none")
    func choices() {
        #expect(item.choice(in: "b") == 1 && item.choice(in: " (C) because") == 2 && item.choice(in: "The answer is d.") == 3)
        #expect(item.choice(in: "") == nil && item.choice(in: "e") == nil && item.choice(in: "cab") == nil)
    }

    @Test("the best constant answer is counted by question")
    func blind() {
        var other = item
        other.answer = 0
        var third = item
        third.question = "another?"
        // Of two items with one question one can be right, and the other question's only item.
        #expect(abs(ChoiceItem.blindAccuracy([item, other, third]) - 2.0 / 3) < 1e-12)
        #expect(ChoiceItem.blindAccuracy([]) == 0)
    }

    @Test("accuracy is averaged over items, over kinds, and corrected for chance")
    func findings() throws {
        var items = (0..<4).map { index -> ChoiceItem in
            var copy = item
            copy.id = "\(index)"
            return copy
        }
        items[3].kind = "rare"
        let right: [Double] = [1, 0.5, 0, 1]
        let shares = right.map { share -> [Double] in [0, 0, share, share == 0 ? 0.5 : 0] }
        let tally = ChoiceTally(items: items, shares: shares)
        let found = tally.findings(suffix: " of m")
        #expect(found.estimates["accuracy of m"]?.mean == 0.625 && found.estimates["accuracy: k of m"]?.mean == 0.5 && found.estimates["accuracy: rare of m"]?.mean == 1)
        #expect(abs((found.estimates["macro accuracy of m"]?.mean ?? 0) - 0.75) < 1e-12 && abs(tally.macroAccuracy - 0.75) < 1e-12)
        #expect(abs((found.estimates["corrected accuracy of m"]?.mean ?? 0) - 0.5) < 1e-12, "(0.625 − 0.25)/0.75")
        // Nothing, half of the second, half of the third: (0 + 0.5 + 0.5 + 0)/4.
        #expect(found.estimates["unanswered of m"]?.mean == 0.25 && found.values["accuracy of m"]?["1"] == 0.5)
        // (1 − 1)², (0.5 − 1)², (0 − 1)² + 0.5², 0.
        let briers = (0..<4).map { tally.brier($0) }
        #expect(briers == [0, 0.25, 1.25, 0])
    }

    @Test("answers by letter are put back in the item's order, moves are chosen by their probabilities")
    func asked() async throws {
        // It always says b, so each option is chosen as often as it stands second.
        let services = ScriptedServices(models: ["m": ScriptedModel(saying: "b")], policies: ["direct": DirectAnswers()])
        let letters = ChoiceAccuracy(items: [item], player: Player(model: "m"), decodes: 200, isTerse: true)
        let shares = try await letters.tally(in: services.scope()).shares[0]
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares.allSatisfy { $0 > 0.15 && $0 < 0.35 })
    }
}

/// A policy that shows the transcript as it is and cannot move.
private struct DirectAnswers: Policy {
    static let card = PartCard(name: "answers")
    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move { Move(text: "") }
}
