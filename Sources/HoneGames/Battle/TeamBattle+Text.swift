import HoneCore

extension TeamBattle {
    public var instructions: String {
        "Team battle, two against two. Each side chooses three of its sheet of four in secret: two lead, one is in reserve. Each turn both sides give all orders at once. "
            + "Orders: strike SLOT (own element, power 8), cover SLOT (second element, power 7), sweep (own element, both foes, power 5), guard (not hurt this turn; not twice running), switch (change with the reserve). "
            + "Fire beats grass, grass beats water, water beats fire: double damage one way, half the other. Damage = power x attack x effect / 10. Switches first, then guards, then attacks, the faster first. "
            + "A side with none left loses; after turn \(settings.turns) the side with less health in all."
    }

    private func describe(_ kind: Int) -> String {
        let creature = Creature.all[kind]
        return "\(creature.name) (\(creature.element), covers \(creature.cover), health \(creature.health), attack \(creature.attack), speed \(creature.speed))"
    }

    private func text(of order: Order) -> String {
        switch order {
        case .strike(let slot): "strike \(slot + 1)"
        case .cover(let slot): "cover \(slot + 1)"
        case .sweep: "sweep"
        case .guard: "guard"
        case .switch: "switch"
        }
    }

    private func text(of orders: [Order?]) -> String { orders.compactMap { $0.map(text) }.joined(separator: " + ") }

    /// Orders with who carries them out.
    func text(of orders: [Order?], _ side: Side) -> String {
        zip(orders, side.field).compactMap { order, place in order.map { "\(Creature.all[side.team[place]].name) \(text(of: $0))" } }.joined(separator: ", ")
    }

    /// What a seat knows that the log does not tell: the own reserve and choices, and the foe's reserve once it was seen.
    public func informationState(of state: State, for seat: Int) -> String {
        var text = "\(seat)|"
        guard state.given == 2 else { return text + "sheets" }
        text += state.sides.map { String($0.sheet) }.joined(separator: " ")
        if seat == 0, let pick = state.pendingPick { text += "|\(pick)" }
        guard !state.sides[0].team.isEmpty else { return text }
        for (other, side) in state.sides.enumerated() {
            text += "|" + side.team.prefix(other == seat || side.isReserveSeen ? 3 : 2).map(String.init).joined(separator: " ")
        }
        text += "|" + state.log.joined(separator: "/")
        if seat == 0, let orders = state.pendingOrders { text += "|\(self.text(of: orders))" }
        return text
    }

    public func view(of state: State, for seat: Int) -> String {
        if settings.isTerse { return terseView(of: state, for: seat) }
        guard state.given == 2 else { return "You are player \(seat). The sheets are being drawn." }
        var lines = ["You are player \(seat). Turns left: \(settings.turns - state.turn)."]
        for other in [seat, 1 - seat] {
            let side = state.sides[other]
            let owner = other == seat ? "Your" : "The foe's"
            guard !side.team.isEmpty else {
                lines.append("\(owner) sheet: \(Creature.sheets[side.sheet].enumerated().map { "\($0 + 1) \(describe($1))" }.joined(separator: ", "))")
                continue
            }
            for slot in 0...1 {
                let place = side.field[slot]
                guard place >= 0 else {
                    lines.append("\(owner) slot \(slot + 1): empty")
                    continue
                }
                lines.append(
                    "\(owner) slot \(slot + 1): \(describe(side.team[place])), health now \(side.health[place])\(side.hasGuarded[slot] ? ", guarded last turn" : "")"
                )
            }
            if other == seat || side.isReserveSeen {
                lines.append("\(owner) reserve: \(side.reserve.map { "\(describe(side.team[$0])), health now \(side.health[$0])" } ?? "none")")
            } else {
                let hidden = Creature.sheets[side.sheet].filter { !side.team.prefix(2).contains($0) }
                lines.append("\(owner) reserve: one of \(hidden.map(describe).joined(separator: ", "))")
            }
        }
        if let last = state.log.last { lines.append("Last turn, player 0 against player 1: \(last)") }
        return lines.joined(separator: "\n")
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .sheet(let number): "sheet \(number + 1)"
        case _ where settings.isTerse: terseText(of: action)
        case .pick(let pick): "lead \(pick[0] + 1) \(pick[1] + 1) reserve \(pick[2] + 1)"
        case .orders(let one, let two): text(of: [one, two])
        }
    }
}
