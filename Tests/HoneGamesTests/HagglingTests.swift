import HoneCore
import HoneGames
import Testing

@Suite("Hagglers by tactics")
struct HagglingTests {
    private func balloon() throws -> BuyerSeller {
        var settings = BuyerSeller.Settings()
        settings.costs = [8, 8]
        settings.values = [20, 20]
        settings.prices = [10, 20]
        return try BuyerSeller(settings)
    }

    private func offers(_ state: BuyerSeller.State) -> [Int] {
        state.events.compactMap { if case .offer(let price, _) = $0 { price } else { nil } }
    }

    @Test("without a tactic both give way by two until the next offer would be no better than the other's")
    func plain() throws {
        let game = try balloon()
        let end = Haggler.play([Haggler(), Haggler()], game, seed: Seed(1))
        // 20 10 18 12 16 14, and then 14 is what the seller would ask for next.
        #expect(offers(end) == [20, 10, 18, 12, 16, 14] && game.price(in: end) == 14)
    }

    @Test("small steps and an anchor move the price to one's own side")
    func steps() throws {
        let game = try balloon()
        #expect(game.price(in: Haggler.play([Haggler([.slow]), Haggler()], game, seed: Seed(1))) ?? 0 > 14)
        #expect(game.price(in: Haggler.play([Haggler([.anchor, .slow]), Haggler()], game, seed: Seed(1))) ?? 0 >= 16)
        #expect(game.price(in: Haggler.play([Haggler(), Haggler([.slow])], game, seed: Seed(1))) ?? 20 < 14)
        #expect(game.price(in: Haggler.play([Haggler([.middle]), Haggler()], game, seed: Seed(1))) == 14 || game.price(in: Haggler.play([Haggler([.middle]), Haggler()], game, seed: Seed(1))) == 15)
    }

    @Test("two who stay put have no deal where one would rather leave")
    func walking() throws {
        let game = try balloon()
        let end = Haggler.play([Haggler([.hold, .slow, .walk]), Haggler([.hold, .slow, .walk])], game, seed: Seed(1))
        #expect(game.price(in: end) == nil && end.events.last == .reject)
    }

    @Test("every move of every haggler is allowed, and the talks end")
    func allowed() throws {
        let game = try balloon()
        for (number, tactics) in (Haggler.advice + [[], [.better]]).enumerated() {
            for seat in 0...1 {
                var hagglers = [Haggler([], noise: 0.5), Haggler([.slow], noise: 0.5)]
                hagglers[seat] = Haggler(Set(tactics), noise: 0.5)
                var state = game.start
                while case .seat(let mover) = game.turn(in: state) {
                    let action = hagglers[mover].action(in: state, for: mover, of: game, seed: Seed(UInt64(number)).child("turn", state.events.count))
                    #expect(game.actions(of: mover, in: state).contains(action))
                    game.apply(action, to: &state)
                }
                #expect(game.turn(in: state) == .over)
            }
        }
    }

    @Test("the best advice against somebody who gives way is firm, and it is the best by its own replays")
    func advice() throws {
        let game = try balloon()
        let best = Haggler.bestAdvice(for: 0, against: [[.fast]], game, replays: 1, noise: 0, seed: Seed(3))
        func price(_ tactics: [HagglingTactic]) -> Int {
            game.price(in: Haggler.play([Haggler(Set(tactics)), Haggler([.fast])], game, seed: Seed(3))) ?? 10
        }
        #expect(Haggler.advice.allSatisfy { price($0) <= price(best) } && price(best) > price([.fast]))
    }
}
