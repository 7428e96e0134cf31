import HoneCore

/// Scripted players of team battles, after the usual yardsticks of battle benchmarks: the one that hits hardest, and one of simple rules.
///
/// Both choose the joint order of largest score. Damage counts up to the target's health, and felling a target counts `fellingBonus` more. The
/// rules also guard a creature that could fall this turn, and switch it where its reserve would be hurt less. Only what a seat may know
/// is looked at.
public struct BattlePlayer: GamePlayer {
    public typealias Rules = TeamBattle

    /// How it plays.
    public enum Style: String, Codable, Hashable, Sendable, CaseIterable {
        /// The most damage now; never guards nor switches.
        case maxDamage = "max-damage"
        /// Damage, guards and switches by simple rules; chooses its team by the foe's sheet.
        case rules
    }

    /// How it plays.
    public let style: Style
    /// How often it does anything that is allowed instead, 0 to 1.
    public let noise: Double

    /// A player.
    public init(_ style: Style, noise: Double = 0) {
        self.style = style
        self.noise = noise
    }

    private static let fellingBonus = 8.0

    public func action(in state: TeamBattle.State, for seat: Int, of game: TeamBattle, seed: Seed) -> TeamBattle.Action? {
        var generator = seed.generator
        let all = game.actions(of: seat, in: state)
        if generator.chance(noise) { return generator.element(of: all) }
        var best: [TeamBattle.Action] = []
        var most = -Double.infinity
        for action in all {
            let score = score(of: action, state.sides[seat], against: state.sides[1 - seat])
            if score > most {
                most = score
                best = [action]
            } else if score == most {
                best.append(action)
            }
        }
        return generator.element(of: best)
    }

    /// What an action is worth to a side; more is better.
    func score(of action: TeamBattle.Action, _ side: TeamBattle.Side, against foe: TeamBattle.Side) -> Double {
        switch action {
        case .sheet: 0
        case .pick(let pick): style == .rules ? worth(pick.map { Creature.sheets[side.sheet][$0] }, Creature.sheets[foe.sheet]) : 0
        case .orders(let one, let two): score(of: [one, two], side, foe)
        }
    }

    /// How much more of the foes' health the leads take in a turn than they lose, the reserve counting half.
    private func worth(_ team: [Int], _ foes: [Int]) -> Double {
        var sum = 0.0
        for (place, kind) in team.enumerated() {
            for foe in foes {
                let (own, other) = (Creature.all[kind], Creature.all[foe])
                let taken = Double(Self.hardest(own, to: other)) / Double(other.health) - Double(Self.hardest(other, to: own)) / Double(own.health)
                sum += place == 2 ? taken / 2 : taken
            }
        }
        return sum
    }

    private func score(of orders: [TeamBattle.Order?], _ side: TeamBattle.Side, _ foe: TeamBattle.Side) -> Double {
        var dealt = [0, 0]
        var score = 0.0
        for slot in side.slots {
            guard let order = orders[slot] else { continue }
            let own = Creature.all[side.team[side.field[slot]]]
            func hit(_ target: Int, _ power: Int, _ element: Creature.Element) {
                guard foe.field[target] >= 0 else { return }
                dealt[target] += TeamBattle.damage(power: power, of: own, as: element, to: Creature.all[foe.team[foe.field[target]]])
            }
            switch order {
            case .strike(let target): hit(target, 8, own.element)
            case .cover(let target): hit(target, 7, own.cover)
            case .sweep: for target in 0...1 { hit(target, 5, own.element) }
            case .guard, .switch: score += style == .rules ? shelter(order, slot, side, foe) : -1
            }
        }
        for target in foe.slots {
            let health = foe.health[foe.field[target]]
            score += Double(min(health, dealt[target])) + (dealt[target] >= health ? Self.fellingBonus : 0)
        }
        return score
    }

    /// What guarding or switching saves: half of what the foes could do to the one in the slot, all of it and the bonus where it could fall
    /// before it moves.
    private func shelter(_ order: TeamBattle.Order, _ slot: Int, _ side: TeamBattle.Side, _ foe: TeamBattle.Side) -> Double {
        let place = side.field[slot]
        let foes = foe.slots.map { Creature.all[foe.team[foe.field[$0]]] }
        func threat(_ kind: Int) -> Int { foes.reduce(0) { $0 + Self.hardest($1, to: Creature.all[kind]) } }
        let own = Creature.all[side.team[place]]
        let incoming = threat(side.team[place])
        let canFall = incoming >= side.health[place] && foes.contains { $0.speed > own.speed }
        if order == .guard { return canFall ? Double(min(incoming, side.health[place])) + Self.fellingBonus / 2 : Double(incoming) / 4 }
        guard let reserve = side.reserve else { return 0 }
        let spared = Double(incoming - threat(side.team[reserve])) / 2
        return canFall && side.health[reserve] > threat(side.team[reserve]) ? spared + Self.fellingBonus : spared
    }

    /// The most damage one creature can do to another with an attack on it alone.
    static func hardest(_ attacker: Creature, to target: Creature) -> Int {
        max(
            TeamBattle.damage(power: 8, of: attacker, as: attacker.element, to: target),
            TeamBattle.damage(power: 7, of: attacker, as: attacker.cover, to: target))
    }
}
