import HoneCore

/// What somebody can conclude about the roles: every assignment of roles that fits the hard facts, weighed by how likely it makes what all saw.
///
/// The weights come from a fixed model of behaviour (`likelihood`): wolves vote and accuse less against wolves, seers report what is so, villagers
/// hardly claim to be seers. Exact over assignments, without sampling.
public struct WerewolfBelief: Sendable {
    /// The probability that each seat is a wolf.
    public let wolf: [Double]
    /// The probability that each seat is the seer.
    public let seer: [Double]

    /// The belief of a seat, or of somebody who watches and knows only what all know (nil).
    ///
    /// With `isHeeding` off only hard facts count, and nothing that was said or voted.
    public init(of seat: Int?, in state: Werewolf.State, of game: Werewolf, isHeeding: Bool = true) {
        let players = state.kinds.count
        var wolfMass = [Double](repeating: 0, count: players)
        var seerMass = wolfMass
        var all = 0.0
        let facts = Facts(of: seat, in: state, of: game)
        Self.assignments(facts, state.kinds) { kinds in
            let weight = isHeeding ? Self.likelihood(of: kinds, in: state) : 1
            all += weight
            for other in 0..<players {
                if kinds[other] == .wolf { wolfMass[other] += weight }
                if kinds[other] == .seer { seerMass[other] += weight }
            }
        }
        let total = all
        wolf = wolfMass.map { total > 0 ? $0 / total : 0 }
        seer = seerMass.map { total > 0 ? $0 / total : 0 }
    }

    /// What cannot be otherwise.
    private struct Facts {
        var known: [Werewolf.Kind?]
        var isGood: [Bool]

        init(of seat: Int?, in state: Werewolf.State, of game: Werewolf) {
            known = [Werewolf.Kind?](repeating: nil, count: state.kinds.count)
            isGood = [Bool](repeating: false, count: state.kinds.count)
            for other in state.kinds.indices {
                let isTold = game.settings.showsRoles && !state.isAlive[other] || other == seat
                if isTold || seat.map({ state.kinds[$0] == .wolf && state.kinds[other] == .wolf }) == true { known[other] = state.kinds[other] }
            }
            // A wolf knows all wolves, so the others are none.
            if let seat, state.kinds[seat] == .wolf { for other in state.kinds.indices where state.kinds[other] != .wolf { isGood[other] = true } }
            for event in state.log {
                switch event {
                case .night(let choices):
                    guard let seat, state.kinds[seat] == .seer, choices[seat] >= 0 else { continue }
                    if state.kinds[choices[seat]] == .wolf { known[choices[seat]] = .wolf } else { isGood[choices[seat]] = true }
                case .dawn(let victim): if victim >= 0 { isGood[victim] = true }
                case .speech, .votes, .out: continue
                }
            }
        }
    }

    /// Calls for every assignment of the roles there are that fits the facts.
    private static func assignments(_ facts: Facts, _ truth: [Werewolf.Kind], _ use: ([Werewolf.Kind]) -> Void) {
        var left: [Werewolf.Kind: Int] = [:]
        for kind in truth { left[kind, default: 0] += 1 }
        var kinds = truth
        func place(_ seat: Int) {
            guard seat < truth.count else { return use(kinds) }
            for kind in Werewolf.Kind.allCases where (left[kind] ?? 0) > 0 {
                if let known = facts.known[seat], known != kind { continue }
                if facts.isGood[seat], kind == .wolf { continue }
                left[kind, default: 0] -= 1
                kinds[seat] = kind
                place(seat + 1)
                left[kind, default: 0] += 1
            }
        }
        place(0)
    }

    /// How likely an assignment makes what was said and voted, up to a factor that is the same for all.
    static func likelihood(of kinds: [Werewolf.Kind], in state: Werewolf.State) -> Double {
        var weight = 1.0
        func against(_ who: Int, _ target: Int) -> Double {
            kinds[who] == .wolf ? (kinds[target] == .wolf ? 0.3 : 1.3) : (kinds[target] == .wolf ? 1.6 : 0.8)
        }
        for event in state.log {
            switch event {
            case .votes(let votes):
                for (who, target) in votes.enumerated() where target >= 0 { weight *= against(who, target) }
            case .speech(let who, let speech):
                switch speech {
                case .accuse(let target): weight *= against(who, target)
                case .defend(let target) where target != who:
                    weight *= kinds[who] == .wolf ? (kinds[target] == .wolf ? 1.5 : 0.8) : (kinds[target] == .wolf ? 0.6 : 1.2)
                case .report(let target, let isWolf):
                    switch kinds[who] {
                    case .seer: weight *= (kinds[target] == .wolf) == isWolf ? 1 : 0.02
                    case .wolf: weight *= isWolf == (kinds[target] == .wolf) ? 0.1 : 0.35
                    case .villager, .doctor: weight *= 0.03
                    }
                case .claim(.seer): weight *= kinds[who] == .seer ? 1 : kinds[who] == .wolf ? 0.4 : 0.03
                case .claim, .defend, .pass, .words: continue
                }
            case .night, .dawn, .out: continue
            }
        }
        return weight
    }
}
