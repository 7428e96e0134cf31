import HoneCore

extension WebShop {
    /// The next command of a customer who knows the catalogue: the shortest way to what is wanted; nil where a play is over.
    public func customer(in state: State) -> String? {
        guard case .moves = turn(in: state), let goal = ShopCatalogue.Goal(state.problem.text) else { return nil }
        let search = "search(\(goal.colour) \(goal.kind))"
        switch state.page {
        case .home: return search
        case .results(let found, let from):
            let left = found.dropFirst(from)
            if let id = left.prefix(settings.listed).first(where: { goal.admits(catalogue.items[$0]) }) { return "click(\(id))" }
            // What was found for other words may hold it far down; a search for the right ones is never farther.
            return found == catalogue.found("\(goal.colour) \(goal.kind)") && left.contains { goal.admits(catalogue.items[$0]) } ? "next" : search
        case .item(let id, let size, let found, let from):
            guard goal.admits(catalogue.items[id]) else {
                return found.dropFirst(from).contains { goal.admits(catalogue.items[$0]) } ? "back" : search
            }
            return size == goal.size ? "buy" : "option(\(goal.size))"
        }
    }

    /// How many commands that customer needs from here to the purchase, as if there were no limit; nil where the wrong thing was bought already.
    public func distance(from state: State) -> Int? {
        if let isRight = state.isRight { return isRight ? 0 : nil }
        var (ahead, count) = (state, 0)
        while ahead.isRight == nil, count < 60 {
            ahead.commands = 0
            guard let command = customer(in: ahead) else { return nil }
            apply(command, to: &ahead)
            count += 1
        }
        return ahead.isRight == true ? count : nil
    }
}
