import HoneCore
import HoneEvaluation
import HoneGames

extension WerewolfPlayer {
    /// How often this player chooses each option of an item, over so many answers.
    func shares(of item: WerewolfItem, decodes: Int, game: Werewolf, seed: Seed) -> [Double] {
        var shares = [Double](repeating: 0, count: item.item.options.count)
        let belief = WerewolfBelief(of: item.seat, in: item.state, of: game, isHeeding: isHeeding)
        for decode in 0..<decodes {
            var generator = seed.child("decode", decode).generator
            var choice: Int?
            if !generator.chance(noise) {
                switch item.probe {
                case .moves(let moves):
                    let scores = scores(of: moves, in: item.state, for: item.seat, of: game)
                    choice = generator.element(of: scores.indices.filter { scores[$0] == scores.max() })
                case .wolf(let seats):
                    let chances = seats.map { belief.wolf[$0] }
                    choice = generator.element(of: chances.indices.filter { chances[$0] == chances.max() })
                case .kind(let who, let kinds):
                    let chances = kinds.map { kind in
                        kind == .wolf ? belief.wolf[who] : kind == .seer ? belief.seer[who] : kind == .villager ? 1 - belief.wolf[who] - belief.seer[who] : 0
                    }
                    choice = generator.element(of: chances.indices.filter { chances[$0] == chances.max() })
                case .anyone: choice = item.item.answer
                }
            }
            shares[choice ?? generator.integer(in: 0...shares.count - 1)] += 1 / Double(decodes)
        }
        return shares
    }
}
