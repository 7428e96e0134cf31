#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ItemTrading {
    /// How a play has ended.
    public struct Outcome: Hashable, Sendable, Codable {
        /// Whether an offer was accepted.
        public var isAgreement: Bool
        /// By seat: how many items of each kind it gets; none without agreement.
        public var shares: [[Int]]
        /// By seat: what its share is worth to it, discounted.
        public var values: [Double]
        /// Whether no division of all items gives one player more without giving the other less.
        ///
        /// Without agreement everything is thrown away, which is never Pareto optimal, as all items are worth something together.
        public var isParetoOptimal: Bool
        /// Whether both value their own share at least as highly as the other's. Two empty shares are free of envy.
        public var isEnvyFree: Bool
    }

    /// The outcome of a play that has ended; nil before its end.
    public func outcome(of state: State) -> Outcome? {
        guard turn(in: state) == .over else { return nil }
        let isAgreement = state.events.last == .accept
        var shares = [[Int]](repeating: settings.counts.map { _ in 0 }, count: 2)
        var factor = 1.0
        if isAgreement, let division = standing(in: State(values: state.values, events: state.events.dropLast())) {
            let taken = turnsTaken(in: state)
            // Who accepted took the last turn, so the other proposed.
            let proposer = taken % 2
            shares[proposer] = divisions[division]
            shares[1 - proposer] = rest(of: divisions[division])
            factor = pow(settings.discount, Double(taken - 2))
        }
        let vectors = state.values.map { valueVectors[$0] }
        return Outcome(
            isAgreement: isAgreement, shares: shares, values: (0...1).map { factor * Double(Self.worth(shares[$0], vectors[$0])) },
            isParetoOptimal: isAgreement && isParetoOptimal(shares, values: vectors),
            isEnvyFree: Self.isEnvyFree(shares, values: vectors))
    }

    /// What a share is worth: the items of each kind times their value.
    public static func worth(_ share: [Int], _ values: [Int]) -> Int { zip(share, values).map(*).reduce(0, +) }

    /// Whether no division of all items is better for one player and at least as good for the other.
    ///
    /// - Parameters:
    ///   - shares: by seat, items of each kind.
    ///   - values: by seat, the value of one item of each kind.
    public func isParetoOptimal(_ shares: [[Int]], values: [[Int]]) -> Bool {
        let own = Self.worth(shares[0], values[0])
        let other = Self.worth(shares[1], values[1])
        return !divisions.contains { division in
            let first = Self.worth(division, values[0])
            let second = Self.worth(rest(of: division), values[1])
            return first >= own && second >= other && (first > own || second > other)
        }
    }

    /// Whether both value their own share at least as highly as the other's.
    ///
    /// - Parameters:
    ///   - shares: by seat, items of each kind.
    ///   - values: by seat, the value of one item of each kind.
    public static func isEnvyFree(_ shares: [[Int]], values: [[Int]]) -> Bool {
        (0...1).allSatisfy { worth(shares[$0], values[$0]) >= worth(shares[1 - $0], values[$0]) }
    }
}
