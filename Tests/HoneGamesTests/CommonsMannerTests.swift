import HoneCore
import HoneGames
import Testing

@Suite("Manners, speech and questions of the commons")
struct CommonsMannerTests {
    private func takes(_ manner: CommonsManner, _ known: CommonsManner.Knowledge) -> Set<Int> {
        Set((0..<300).map { number in
            var generator = Seed(2).child("take", number).generator
            return manner.take(known, using: &generator)
        })
    }

    @Test("limits are kept by all but the greedy, and a share that is told is not misjudged by who sustains")
    func takes() {
        let limited = CommonsManner.Knowledge(stock: 100, share: 10, own: 10, others: 11, note: 8)
        for manner in [CommonsManner.sustainer, .reciprocator, .copier] { #expect(takes(manner, limited) == [8]) }
        #expect(takes(.greedy, limited) == Set(20...40))
        let told = CommonsManner.Knowledge(stock: 100, share: 10, isTold: true)
        #expect(takes(.sustainer, told) == [10])
        #expect(takes(.sustainer, CommonsManner.Knowledge(stock: 100, share: 10)) == Set([10] + (15...20)), "half as much again, up to twice as much")
    }

    @Test("who is taken advantage of takes as much; who copies takes what others took; and nobody takes more than there is")
    func reactions() {
        // 13 is above six fifths of 10, and 12 is not.
        #expect(takes(.reciprocator, CommonsManner.Knowledge(stock: 100, share: 10, own: 10, others: 13, isTold: true)) == [13])
        #expect(takes(.reciprocator, CommonsManner.Knowledge(stock: 100, share: 10, own: 10, others: 12, isTold: true)) == [10])
        #expect(takes(.copier, CommonsManner.Knowledge(stock: 100, share: 10, own: 3, others: 17)) == [17])
        #expect(takes(.copier, CommonsManner.Knowledge(stock: 9, share: 0, own: 3, others: 17)) == [9])
    }

    @Test("sustainers propose the largest limit that keeps the stock, the deceived blame who took most, the greedy say nothing")
    func speech() {
        let limits = [0, 5, 10, 15, 20]
        #expect(CommonsManner.sustainer.speech(share: 9, own: 9, others: [9, 9], limit: nil, limits: limits) == .limit(5))
        #expect(CommonsManner.sustainer.speech(share: 9, own: 9, others: [9, 9], limit: 5, limits: limits) == .agree)
        #expect(CommonsManner.sustainer.speech(share: 9, own: 9, others: [9, 9], limit: 10, limits: limits) == .limit(5))
        #expect(CommonsManner.reciprocator.speech(share: 9, own: 8, others: [9, 20, 9], limit: nil, limits: limits) == .blame(1))
        #expect(CommonsManner.greedy.speech(share: 9, own: 30, others: [9], limit: 5, limits: limits) == .pass)
        #expect(CommonsManner.copier.note([10, 5, 15]) == 5 && CommonsManner.greedy.note([5]) == nil && CommonsManner.copier.note([]) == nil)
    }

    @Test("speech has a short text each, and becomes the game's action seen from the speaker's seat")
    func texts() throws {
        let game = try Commons()
        #expect(game.limits == [0, 5, 10, 15, 20])
        for speech in [CommonsSpeech.limit(10), .blame(3), .agree, .pass] { #expect(CommonsSpeech(short: speech.short) == speech) }
        for text in ["", "x", "l", "b-1", "ab", "p1"] { #expect(CommonsSpeech(short: text) == nil, "\(text)") }
        #expect(Commons.others(of: 3, among: 5) == [4, 0, 1, 2])
        let state = game.playing(["catch 10", "catch 10", "catch 30", "catch 10", "catch 10"])
        // Seat 0 speaks first after the first round; its second other is seat 2.
        let blame = try #require(game.action(for: .blame(1), by: 0, among: 5))
        #expect(game.text(of: blame, in: state) == "blame 2" && game.actions(in: state).contains(blame))
        #expect(game.action(for: .blame(4), by: 0, among: 5) == nil && game.action(for: .limit(7), by: 0, among: 5) == nil)
        let talked = game.playing(["limit 10", "agree", "limit 5", "pass", "blame 0"], from: state)
        #expect(game.limitsSaid(after: talked.rounds[0]) == [10, 5] && talked.stock == 60 && game.grown(30) == 60)
    }

    @Test("answers to questions are those of the rules")
    func skills() throws {
        let game = try Commons()
        for number in 0..<200 {
            let dynamics = CommonsSkill(.dynamics, of: game, seed: Seed(1).child("d", number))
            let left = dynamics.numbers[0] - dynamics.numbers[1]
            #expect(dynamics.answer == (left < 5 ? 0 : min(100, 2 * left)) && dynamics.short == "d\(dynamics.numbers[0]) \(dynamics.numbers[1])=")
            let share = CommonsSkill(.share, of: game, seed: Seed(1).child("s", number))
            #expect(share.answer == share.numbers[0] / 2 / 5 && share.short.hasPrefix("f"))
            let threshold = CommonsSkill(.threshold, of: game, seed: Seed(1).child("t", number))
            let rest = threshold.numbers[0] - threshold.answer
            #expect(game.grown(rest) >= threshold.numbers[0] && game.grown(rest - 1) < threshold.numbers[0], "one more would be too much")
        }
        #expect(CommonsSkill.mean([10, 11]) == 11 && CommonsSkill.mean([10, 10, 11]) == 10 && CommonsSkill.mean([]) == 0)
    }
}
