import HoneCore

/// A manner of taking from a commons, speaking and keeping notes, by rule: what a small model is taught a mixture of.
///
/// The manners are those that the literature on commons names (Ostrom 1990; Fischbacher, Gächter and Fehr 2001); their rules are ours.
public enum CommonsManner: String, Codable, Hashable, Sendable, CaseIterable {
    /// Takes what it holds for sustainable, proposes limits and keeps to them.
    case sustainer
    /// Takes two to four sustainable shares, whatever is said.
    case greedy
    /// Keeps to limits as long as the others do not take clearly more than itself; then it takes as much as they do.
    case reciprocator
    /// Takes what the others took, or what they agreed on.
    case copier

    /// What somebody knows who decides on a catch.
    public struct Knowledge: Hashable, Sendable {
        /// The stock now.
        public var stock: Int
        /// The sustainable share of it.
        public var share: Int
        /// What it took in the last round; nil before the first.
        public var own: Int?
        /// What the others took in the last round on average, rounded; nil before the first.
        public var others: Int?
        /// The limit it has noted.
        public var note: Int?
        /// Whether it is told what happens if all take more than their share.
        public var isTold: Bool

        /// Knowledge.
        public init(stock: Int, share: Int, own: Int? = nil, others: Int? = nil, note: Int? = nil, isTold: Bool = false) {
            self.stock = stock
            self.share = share
            self.own = own
            self.others = others
            self.note = note
            self.isTold = isTold
        }
    }

    /// A catch. Whoever is not told the sustainable share, and keeps to no limit, misjudges it half of the time by up to as much again.
    public func take(_ known: Knowledge, using generator: inout SeededGenerator) -> Int {
        let judged = known.isTold || generator.chance(0.5) ? known.share : known.share + generator.integer(in: known.share / 2...max(1, known.share))
        let wanted: Int
        switch self {
        case .sustainer: wanted = known.note ?? judged
        case .greedy: wanted = known.share == 0 ? generator.integer(in: 0...max(0, known.stock)) : generator.integer(in: 2 * known.share...4 * known.share)
        case .reciprocator:
            let kept = known.note ?? judged
            if let others = known.others, 5 * others > 6 * max(kept, known.own ?? 0) { wanted = others } else { wanted = kept }
        case .copier: wanted = known.note ?? (known.isTold && generator.chance(0.5) ? known.share : known.others ?? judged + judged / 2)
        }
        return max(0, min(wanted, known.stock))
    }

    /// What it says after a round.
    ///
    /// - Parameters:
    ///   - share: The sustainable share of the next round's stock.
    ///   - own: What it took.
    ///   - others: What the others took, in the order in which they are numbered.
    ///   - limit: The limit that was last proposed in these talks.
    ///   - limits: The limits that can be proposed, ascending from 0.
    public func speech(share: Int, own: Int, others: [Int], limit: Int?, limits: [Int]) -> CommonsSpeech {
        let proposal = CommonsSpeech.limit(limits.last { $0 <= share } ?? 0)
        switch self {
        case .sustainer: return limit.map { $0 <= share } == true ? .agree : proposal
        case .greedy: return .pass
        case .reciprocator:
            let most = others.max() ?? 0
            if 2 * most > 3 * own + 2, let place = others.firstIndex(of: most) { return .blame(place) }
            return limit == nil ? proposal : .agree
        case .copier: return limit == nil ? .pass : .agree
        }
    }

    /// The limit it notes after talks in which these were proposed: the lowest, but a greedy player none.
    public func note(_ heard: [Int]) -> Int? { self == .greedy ? nil : heard.min() }
}

/// A speech act of the commons, told apart from where others sit.
public enum CommonsSpeech: Hashable, Sendable {
    /// Nobody should take more.
    case limit(Int)
    /// Somebody took too much: its place among the others.
    case blame(Int)
    /// What was said is right.
    case agree
    /// Nothing.
    case pass

    /// The shortest text: `l10`, `b2` (the third of the others), `a`, `p`.
    public var short: String {
        switch self {
        case .limit(let amount): "l\(amount)"
        case .blame(let place): "b\(place)"
        case .agree: "a"
        case .pass: "p"
        }
    }

    /// The speech act of a short text.
    public init?(short text: String) {
        switch (text.first ?? " ", Int(text.dropFirst())) {
        case ("l", let amount?) where amount >= 0: self = .limit(amount)
        case ("b", let place?) where place >= 0: self = .blame(place)
        case ("a", nil) where text.count == 1: self = .agree
        case ("p", nil) where text.count == 1: self = .pass
        default: return nil
        }
    }
}

extension Commons {
    /// The limits that can be proposed, ascending from 0.
    public var limits: [Int] { acts.compactMap { $0.hasPrefix("limit ") ? Int($0.dropFirst(6)) : nil } }

    /// The stock at the beginning of the next round, when so much is left after this one.
    public func grown(_ left: Int) -> Int { min(settings.capacity, left * settings.growth / 100) }

    /// The others of a seat, in the order in which they are numbered from it.
    public static func others(of seat: Int, among count: Int) -> [Int] { (1..<max(1, count)).map { (seat + $0) % count } }

    /// The speech act of a player as the game's action; nil where the game does not have it.
    public func action(for speech: CommonsSpeech, by seat: Int, among count: Int) -> Action? {
        let text: String
        switch speech {
        case .limit(let amount): text = "limit \(amount)"
        case .blame(let place):
            let others = Self.others(of: seat, among: count)
            guard others.indices.contains(place) else { return nil }
            text = "blame \(others[place])"
        case .agree: text = "agree"
        case .pass: text = "pass"
        }
        return acts.firstIndex(of: text).map { .speak(.act($0)) }
    }

    /// The limits that were proposed after a round, in order.
    public func limitsSaid(after round: Round) -> [Int] {
        round.said.compactMap { speech in
            guard case .act(let place) = speech, acts.indices.contains(place), acts[place].hasPrefix("limit ") else { return nil }
            return Int(acts[place].dropFirst(6))
        }
    }
}
