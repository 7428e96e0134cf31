import HoneCore
import HoneGames
import Testing

@Suite("What a donor does not know")
struct DonorHiddenTests {
    /// All states with as many gifts made that the seat cannot tell from this one and in which the same players are to move.
    private func alike(_ state: DonorGame.State, for seat: Int, of game: DonorGame) -> Set<DonorGame.State> {
        let seen = game.informationState(of: state, for: seat)
        let past = seen.split(separator: "|").dropFirst().dropLast()
        var all: Set<DonorGame.State> = []
        func walk(_ other: DonorGame.State) {
            if other.gifts.map(\.count) == state.gifts.map(\.count), other.coins.map(\.count) == state.coins.map(\.count), other.places.count == 4 {
                if game.turn(in: other) == game.turn(in: state), game.informationState(of: other, for: seat) == seen { all.insert(other) }
                return
            }
            // A finished round has to be remembered as it was.
            if other.gifts.count > 0, other.gifts.count == other.resources.count - 1 {
                let own = game.informationState(of: other, for: seat).split(separator: "|").dropFirst().dropLast()
                if !past.starts(with: own) { return }
            }
            if other.gifts.count > state.gifts.count || game.isOver(other) { return }
            for action in game.actions(in: other) { walk(game.applying(action, to: other)) }
        }
        walk(game.start)
        return all
    }

    @Test("every state that looks the same is drawn, none that does not, and each about as often", arguments: [0, 1, 5])
    func even(trial: Int) throws {
        var settings = DonorGame.Settings()
        (settings.players, settings.rounds, settings.shares, settings.trace) = (4, 3, [0, 50], trial % 2 == 0 ? 3 : 1)
        let game = try DonorGame(settings)
        var generator = Seed(40).child("trial", trial).generator
        var scratch: [DonorGame.Action] = []
        var state = game.start
        var count = 0
        // Into the second or third round, to a player's turn.
        while count < (trial < 3 ? 10 : 15) || game.turn(in: state).mover == nil, let action = game.drawAction(in: state, using: &generator, scratch: &scratch) {
            game.apply(action, to: &state)
            count += 1
        }
        guard case .together(let seats) = game.turn(in: state), let seat = seats.last else { return }
        let all = alike(state, for: seat, of: game)
        var counts: [DonorGame.State: Int] = [:]
        let draws = 40 * all.count
        for _ in 0..<draws {
            let drawn = try #require(game.resample(state, for: seat, using: &generator))
            counts[drawn, default: 0] += 1
        }
        #expect(Set(counts.keys) == all, "\(counts.count) of \(all.count)")
        // Half the sum of the differences of shares; exact draws give about 0.06.
        let distance = all.map { abs(Double(counts[$0] ?? 0) / Double(draws) - 1 / Double(all.count)) }.reduce(0, +) / 2
        #expect(distance < 0.2, "\(distance) over \(all.count) states")
    }
}
