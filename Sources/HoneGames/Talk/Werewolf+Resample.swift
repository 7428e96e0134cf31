import HoneCore

extension Werewolf {
    /// Other roles and other hidden choices that fit all the player knows: its own role and what that told it, who died and when, which roles
    /// were told, and that the play went on.
    ///
    /// Role assignments are equally likely, as chance deals them; what others did at night is drawn from what they could do.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.phase != .dealing, state.phase != .over else { return nil }
        let own = state.kinds[seat]
        let isKnown = state.kinds.indices.map { other in
            other == seat || (settings.showsRoles && !state.isAlive[other]) || (own == .wolf && state.kinds[other] == .wolf)
        }
        let hidden = isKnown.indices.filter { !isKnown[$0] }
        for _ in 0..<400 {
            var kinds = state.kinds
            for (place, kind) in zip(hidden, generator.shuffled(hidden.map { state.kinds[$0] })) { kinds[place] = kind }
            if let other = retell(state, with: kinds, for: seat, &generator) { return other }
        }
        return state
    }

    /// The same story with other roles; nil where these do not fit it.
    private func retell(_ state: State, with kinds: [Kind], for seat: Int, _ generator: inout SeededGenerator) -> State? {
        var other = state
        other.kinds = kinds
        var isAlive = [Bool](repeating: true, count: settings.players)
        var lastProtected = -1
        for (place, event) in state.log.enumerated() {
            switch event {
            case .night(let choices):
                guard case .dawn(let dead) = state.log[place + 1],
                    let told = night(choices, dead, state, kinds, isAlive, lastProtected, seat, &generator)
                else { return nil }
                other.log[place] = .night(told)
                if let doctor = kinds.firstIndex(of: .doctor) { lastProtected = told[doctor] }
            case .dawn(let gone), .out(let gone):
                guard gone >= 0 else { continue }
                isAlive[gone] = false
                guard goesOn(kinds: kinds, isAlive: isAlive) else { return nil }
            case .speech, .votes: break
            }
        }
        for chooser in isAlive.seats where chooser != seat && state.choices[chooser] != -2 {
            if state.phase == .night {
                guard let choice = generator.element(of: targets(of: chooser, kinds: kinds, isAlive: isAlive, lastProtected: lastProtected)) else {
                    return nil
                }
                other.choices[chooser] = choice
            } else {
                let votes = isAlive.seats.filter { $0 != chooser } + (settings.mayAbstain ? [-1] : [])
                other.choices[chooser] = generator.element(of: votes) ?? -1
            }
        }
        return other
    }

    /// Choices of a night in which this seat chose as it did and this player was found dead; nil where there are none with these roles.
    private func night(
        _ choices: [Int], _ dead: Int, _ state: State, _ kinds: [Kind], _ isAlive: [Bool], _ lastProtected: Int, _ seat: Int,
        _ generator: inout SeededGenerator
    ) -> [Int]? {
        let own = kinds[seat]
        let wolves = isAlive.seats.filter { kinds[$0] == .wolf }
        let doctor = kinds.firstIndex(of: .doctor).flatMap { isAlive[$0] ? $0 : nil }
        let knowsWolves = own == .wolf && isAlive[seat]
        if own == .seer, choices[seat] >= 0, (kinds[choices[seat]] == .wolf) != (state.kinds[choices[seat]] == .wolf) { return nil }
        var told = [Int](repeating: -1, count: kinds.count)
        for chooser in isAlive.seats where chooser != seat {
            let all = targets(of: chooser, kinds: kinds, isAlive: isAlive, lastProtected: lastProtected)
            // A guard without a choice would have had one: these roles with this past are none.
            guard let choice = generator.element(of: all) else { return nil }
            told[chooser] = choice
        }
        told[seat] = choices[seat]
        var victim = dead
        if knowsWolves {
            for wolf in wolves { told[wolf] = choices[wolf] }
            victim = self.victim(of: told, kinds: kinds)
        } else {
            if dead < 0 {
                guard let doctor else { return nil }
                let all = targets(of: doctor, kinds: kinds, isAlive: isAlive, lastProtected: lastProtected).filter { kinds[$0] != .wolf }
                guard let saved = doctor == seat ? choices[seat] : generator.element(of: all) else { return nil }
                victim = saved
            }
            guard victim >= 0, isAlive[victim], kinds[victim] != .wolf else { return nil }
            for _ in 0..<8 where self.victim(of: told, kinds: kinds) != victim {
                for wolf in wolves { told[wolf] = generator.element(of: targets(of: wolf, kinds: kinds, isAlive: isAlive, lastProtected: -1)) ?? victim }
            }
            if self.victim(of: told, kinds: kinds) != victim { for wolf in wolves { told[wolf] = victim } }
        }
        guard let doctor else { return dead < 0 ? nil : told }
        let allowed = targets(of: doctor, kinds: kinds, isAlive: isAlive, lastProtected: lastProtected)
        if doctor != seat {
            guard let choice = generator.element(of: allowed.filter { ($0 == victim) == (dead < 0) }) else { return nil }
            told[doctor] = choice
        }
        return (told[doctor] == victim) == (dead < 0) ? told : nil
    }
}
