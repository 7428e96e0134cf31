import HoneCore

extension AscendingAuction {
    /// Whether chance has drawn what there is to draw before the first bid.
    func isDrawn(_ state: State) -> Bool {
        state.values.count == settings.items.count && (settings.spread == 0 || state.errors.count == settings.items.count * settings.bidders)
    }

    /// The highest bid for this thing; nil before the first.
    public func price(in state: State) -> Int? {
        state.leader == nil && state.tied.isEmpty ? nil : state.rounds.joined().max()
    }

    /// The smallest bid that is allowed now.
    public func smallestBid(in state: State) -> Int {
        price(in: state).map { $0 + settings.increment } ?? max(1, settings.startPrice >> state.discounts)
    }

    /// Who chooses in this round, those included who have chosen.
    func choosers(in state: State) -> [Int] {
        let least = smallestBid(in: state)
        return (0..<settings.bidders).filter { $0 != state.leader && !state.withdrawn.contains($0) && state.budgets[$0] >= least }
    }

    public func turn(in state: State) -> GameTurn {
        if !isDrawn(state) { return .chance }
        if state.sales.count == settings.items.count { return .over }
        return state.tied.isEmpty ? .together(Array(choosers(in: state).dropFirst(state.pending.count))) : .chance
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            if state.values.count < settings.items.count {
                actions += (settings.values[0]...settings.values[1]).map { .value($0) }
            } else if !state.tied.isEmpty {
                actions += state.tied.map { .leader($0) }
            } else {
                actions += (-settings.spread...settings.spread).map { .error($0) }
            }
        case .together(let seats): appendActions(of: seats[0], in: state, to: &actions)
        case .seat, .over: break
        }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Action]) {
        let least = smallestBid(in: state)
        actions.append(.out)
        for step in 0..<settings.choices where least + step * settings.increment <= state.budgets[seat] {
            actions.append(.bid(least + step * settings.increment))
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .value(let value):
            state.values.append(value)
            if state.values.count == settings.items.count {
                if settings.order != .random { state.values.sort(by: settings.order == .ascending ? { $0 < $1 } : { $0 > $1 }) }
                if settings.spread == 0 { goOn(&state) }
            }
        case .error(let error):
            state.errors.append(error)
            if isDrawn(state) { goOn(&state) }
        case .leader(let seat):
            state.leader = seat
            state.tied = []
            goOn(&state)
        case .bid(let bid):
            state.pending.append(bid)
            endRound(&state)
        case .out:
            state.pending.append(0)
            endRound(&state)
        }
    }

    /// Counts the bids of a round when all have chosen.
    private func endRound(_ state: inout State) {
        let seats = choosers(in: state)
        guard state.pending.count == seats.count else { return }
        var round = [Int](repeating: -1, count: settings.bidders)
        for (seat, choice) in zip(seats, state.pending) {
            round[seat] = choice
            if choice == 0 { state.withdrawn.append(seat) }
        }
        state.withdrawn.sort()
        state.rounds.append(round)
        state.pending = []
        let most = round.max() ?? 0
        guard most > 0 else { return goOn(&state) }
        let highest = seats.filter { round[$0] == most }
        if highest.count > 1, settings.tie == .chance {
            state.tied = highest
            // Until it is drawn, nobody is ahead of the others.
            state.leader = nil
        } else {
            state.leader = highest[0]
            goOn(&state)
        }
    }

    /// Lets the hammer fall, and offers the next thing, until somebody has to choose.
    private func goOn(_ state: inout State) {
        while state.sales.count < settings.items.count, choosers(in: state).isEmpty {
            var isDone = false
            if let winner = state.leader, let price = price(in: state) {
                state.budgets[winner] -= price
                state.sales.append(Sale(winner: winner, price: price, rounds: state.rounds))
                isDone = true
            } else if state.discounts < settings.discounts {
                state.discounts += 1
            } else {
                state.sales.append(Sale(winner: nil, price: 0, rounds: state.rounds))
                isDone = true
            }
            if isDone {
                state.rounds = []
                state.discounts = 0
            }
            state.withdrawn = []
            state.leader = nil
        }
    }

    /// What a seat takes the true value of a thing for.
    public func estimate(of item: Int, for seat: Int, in state: State) -> Int {
        let error = settings.spread == 0 ? 0 : state.errors[item * settings.bidders + seat]
        return estimate(of: state.values[item], error: error)
    }

    private func estimate(of value: Int, error: Int) -> Int { max(0, (value * (100 + settings.overestimate) + 50) / 100 + error) }

    /// Draws true values and others' errors among those that fit the seat's estimates and what has been told, and the others' hidden
    /// choices evenly; nil where ten thousand draws do not find an order of values that fits.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard isDrawn(state), state.tied.isEmpty else { return nil }
        var other = state
        let errors = -settings.spread...settings.spread
        let candidates = settings.items.indices.map { item in
            let seen = estimate(of: item, for: seat, in: state)
            let values = item < state.sales.count ? state.values[item]...state.values[item] : settings.values[0]...settings.values[1]
            return values.flatMap { value in errors.filter { estimate(of: value, error: $0) == seen }.map { (value: value, error: $0) } }
        }
        var isFound = false
        for _ in 0..<10_000 where !isFound {
            for (item, all) in candidates.enumerated() {
                guard let drawn = generator.element(of: all) else { return nil }
                other.values[item] = drawn.value
                guard settings.spread > 0 else { continue }
                for place in 0..<settings.bidders {
                    other.errors[item * settings.bidders + place] = place == seat ? drawn.error : generator.integer(in: errors)
                }
            }
            isFound = isOrdered(other.values, using: &generator)
        }
        guard isFound else { return nil }
        for (place, chooser) in choosers(in: state).prefix(state.pending.count).enumerated() where chooser != seat {
            switch generator.element(of: actions(of: chooser, in: state)) {
            case .bid(let bid)?: other.pending[place] = bid
            default: other.pending[place] = 0
            }
        }
        return other
    }

    /// Whether values can stand in this order, and are kept: sorting makes one order of many, so equal values have come about in fewer ways.
    private func isOrdered(_ values: [Int], using generator: inout SeededGenerator) -> Bool {
        guard settings.order != .random else { return true }
        let pairs = zip(values, values.dropFirst())
        guard pairs.allSatisfy({ settings.order == .ascending ? $0 <= $1 : $0 >= $1 }) else { return false }
        var ways = 1
        var equal = 1
        for (one, next) in pairs {
            equal = one == next ? equal + 1 : 1
            ways *= equal
        }
        return generator.integer(in: 1...ways) == 1
    }
}
