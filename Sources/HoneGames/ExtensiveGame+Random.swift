import HoneCore

extension ExtensiveGame {
    /// An action of chance, drawn with its probability; nil where chance cannot do anything.
    public func drawChance(in state: State, using generator: inout SeededGenerator) -> Action? {
        var scratch: [Action] = []
        return drawAction(in: state, using: &generator, scratch: &scratch)
    }

    public func drawAction(in state: State, using generator: inout SeededGenerator, scratch: inout [Action]) -> Action? {
        scratch.removeAll(keepingCapacity: true)
        appendActions(in: state, to: &scratch)
        guard !scratch.isEmpty else { return nil }
        guard !isChanceUniform, turn(in: state) == .chance else { return scratch[generator.integer(in: 0...scratch.count - 1)] }
        let probabilities = chanceProbabilities(in: state)
        var left = generator.unit()
        for (place, probability) in probabilities.enumerated() {
            left -= probability
            if left < 0 { return scratch[place] }
        }
        // Rounding can leave a little; it belongs to the last that can happen.
        return probabilities.lastIndex { $0 > 0 }.map { scratch[$0] }
    }

    /// Plays on at random to the end and gives the returns.
    public func randomReturns(from state: State, using generator: inout SeededGenerator, scratch: inout [Action]) -> [Double] {
        var state = state
        while let action = drawAction(in: state, using: &generator, scratch: &scratch) { apply(action, to: &state) }
        return returns(of: state)
    }
}
