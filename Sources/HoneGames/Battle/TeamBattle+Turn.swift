import HoneCore

extension TeamBattle {
    private struct Attack {
        var seat: Int
        var place: Int
        var order: Order
        var speed: Int
    }

    /// What an attack takes from its target; at least 1.
    public static func damage(power: Int, of attacker: Creature, as element: Creature.Element, to target: Creature) -> Int {
        max(1, power * attacker.attack * element.effect(on: target.element) / 20)
    }

    /// One turn, by the orders of both sides.
    func fight(_ orders: [[Order?]], _ state: inout State) {
        let before = state.sides
        var isGuarding = [[false, false], [false, false]]
        for seat in 0...1 {
            state.sides[seat].hasGuarded = [false, false]
            for slot in 0...1 {
                if orders[seat][slot] == .switch, let reserve = before[seat].reserve {
                    state.sides[seat].field[slot] = reserve
                    if reserve == 2 { state.sides[seat].isReserveSeen = true }
                } else if orders[seat][slot] == .guard {
                    isGuarding[seat][slot] = true
                    state.sides[seat].hasGuarded[slot] = true
                }
            }
        }
        var attacks: [Attack] = []
        for seat in 0...1 {
            for slot in 0...1 {
                guard let order = orders[seat][slot], order != .switch, order != .guard else { continue }
                let place = state.sides[seat].field[slot]
                attacks.append(Attack(seat: seat, place: place, order: order, speed: Creature.all[state.sides[seat].team[place]].speed))
            }
        }
        for speed in Set(attacks.map(\.speed)).sorted(by: >) {
            let standing = state.sides
            for attack in attacks where attack.speed == speed && standing[attack.seat].health[attack.place] > 0 {
                hit(attack, standing, isGuarding, &state)
            }
        }
        for seat in 0...1 { replace(seat, &state) }
        state.turn += 1
        let told = orders.enumerated().map { seat, some in text(of: some, before[seat]) }
        state.log.append(told.joined(separator: " against "))
    }

    private func hit(_ attack: Attack, _ standing: [Side], _ isGuarding: [[Bool]], _ state: inout State) {
        let attacker = Creature.all[standing[attack.seat].team[attack.place]]
        let foe = standing[1 - attack.seat]
        func isUp(_ slot: Int) -> Bool { foe.field[slot] >= 0 && foe.health[foe.field[slot]] > 0 }
        let slots: [Int]
        var power = 5
        var element = attacker.element
        switch attack.order {
        case .sweep: slots = (0...1).filter(isUp)
        case .strike(let slot), .cover(let slot):
            // Where the target has fallen before, the attack goes to the other.
            slots = isUp(slot) ? [slot] : isUp(1 - slot) ? [1 - slot] : []
            power = 8
            if case .cover = attack.order { (power, element) = (7, attacker.cover) }
        case .guard, .switch: slots = []
        }
        for slot in slots where !isGuarding[1 - attack.seat][slot] {
            let place = foe.field[slot]
            let damage = Self.damage(power: power, of: attacker, as: element, to: Creature.all[foe.team[place]])
            state.sides[1 - attack.seat].health[place] = max(0, state.sides[1 - attack.seat].health[place] - damage)
        }
    }

    /// Takes the fallen from the field and sends the reserve in.
    private func replace(_ seat: Int, _ state: inout State) {
        for slot in 0...1 where state.sides[seat].field[slot] >= 0 && state.sides[seat].health[state.sides[seat].field[slot]] == 0 {
            let reserve = state.sides[seat].reserve
            state.sides[seat].field[slot] = reserve ?? -1
            state.sides[seat].hasGuarded[slot] = false
            if reserve == 2 { state.sides[seat].isReserveSeen = true }
        }
    }
}
