import HoneCore

/// Positions and orders in a few characters.
///
/// A kind is a letter from a to l in the order of ``Creature/all``. `aeif/fejb` are the own and the foe's sheet before teams are chosen;
/// `7a26e30!+i24/b22-+jk` is a position with 7 turns left: the own slots with kind and health (`!` guarded last turn, `-` empty), behind `+` the
/// reserve (the foe's unseen one as the two kinds it can be, or as whatever else its sheet has), then the foe. A team is `124`: two leads and
/// the reserve, as places in the sheet. Orders are `s1`, `c2` (strike, cover and the slot), `w` (sweep), `g` (guard), `x` (switch), first slot
/// first.
extension TeamBattle {
    private static let letters = Array("abcdefghijkl")

    private func letter(_ kind: Int) -> String { String(Self.letters[kind]) }

    func terseView(of state: State, for seat: Int) -> String {
        guard state.given == 2 else { return "-" }
        let order = [seat, 1 - seat]
        guard !state.sides[seat].team.isEmpty else {
            return order.map { Creature.sheets[state.sides[$0].sheet].map(letter).joined() }.joined(separator: "/")
        }
        return "\(settings.turns - state.turn)" + order.map { terse(state.sides[$0], isOpen: $0 == seat) }.joined(separator: "/")
    }

    private func terse(_ side: Side, isOpen: Bool) -> String {
        func one(_ place: Int) -> String { letter(side.team[place]) + String(side.health[place]) }
        var text = ""
        for slot in 0...1 {
            let place = side.field[slot]
            text += place < 0 ? "-" : one(place) + (side.hasGuarded[slot] ? "!" : "")
        }
        if isOpen || side.isReserveSeen { return text + "+" + (side.reserve.map(one) ?? "") }
        return text + "+" + Creature.sheets[side.sheet].filter { !side.team.prefix(2).contains($0) }.map(letter).joined()
    }

    private func terse(_ order: Order) -> String {
        switch order {
        case .strike(let slot): "s\(slot + 1)"
        case .cover(let slot): "c\(slot + 1)"
        case .sweep: "w"
        case .guard: "g"
        case .switch: "x"
        }
    }

    func terseText(of action: Action) -> String {
        switch action {
        case .sheet(let number): "\(number + 1)"
        case .pick(let pick): pick.map { String($0 + 1) }.joined()
        case .orders(let one, let two): [one, two].compactMap { $0.map(terse) }.joined()
        }
    }
}
