/// Counts of what can be played: the usual test of rules.
extension ExtensiveGame {
    /// How many sequences of this many actions there are from a state, those that end the play on their last action counted.
    public func perft(_ state: State, depth: Int) -> Int {
        if depth == 0 { return 1 }
        let all = actions(in: state)
        if depth == 1 { return all.count }
        var count = 0
        for action in all { count += perft(applying(action, to: state), depth: depth - 1) }
        return count
    }

    /// How many different states there are after each number of actions, from 0 to the depth.
    public func distinctStates(from state: State, depth: Int) -> [Int] {
        var layer: Set<State> = [state]
        var counts = [1]
        for _ in 0..<depth {
            var next: Set<State> = []
            for state in layer { for action in actions(in: state) { next.insert(applying(action, to: state)) } }
            counts.append(next.count)
            layer = next
        }
        return counts
    }
}
