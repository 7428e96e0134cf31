import HoneCore

/// A penalty on every token of an n-gram that occurred before in the same move.
///
/// Dense, it is paid on those tokens under its own kind of verdict, so that a credit can give it its own discount and blame
/// stays near the repeated text; otherwise its sum is taken off the reward.
///
/// Source: Yeo et al. 2025, “Demystifying Long Chain-of-Thought Reasoning in LLMs”, section 4.3 and its algorithm in the
/// appendix. A token in several repeated n-grams pays once.
public struct RepetitionPenalty: RewardShaping {
    public static let card = PartCard(
        name: "repetition", summary: "a penalty on each token of an n-gram that was said before",
        source: "Yeo et al. 2025, section 4.3")

    /// The kind under which it is paid on tokens.
    public static let paidAs: VerdictKind = "repetition"

    /// n.
    public var size: Int
    /// What each repeated token costs.
    public var penalty: Double
    /// Whether it is paid on the tokens themselves, as verdicts of the kind `repetition`.
    public var isDense: Bool
    /// Which verdict is the reward, when it is not.
    public var kind: VerdictKind

    /// The shaping.
    public init(size: Int = 40, penalty: Double = 0.05, isDense: Bool = true, kind: VerdictKind = .worldReturn) {
        self.size = size
        self.penalty = penalty
        self.isDense = isDense
        self.kind = kind
    }

    /// Which of the tokens belong to an n-gram that occurred before.
    public static func repeated(_ tokens: [TokenID], size: Int) -> [Bool] {
        var isRepeated = [Bool](repeating: false, count: tokens.count)
        guard size > 0, tokens.count >= size else { return isRepeated }
        var seen: Set<ArraySlice<TokenID>> = []
        for start in 0...(tokens.count - size) where !seen.insert(tokens[start..<start + size]).inserted {
            for place in start..<start + size { isRepeated[place] = true }
        }
        return isRepeated
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        if isDense {
            return group.episodes.indices.flatMap { index in
                group.episodes[index].steps.enumerated().flatMap { step, made -> [Verdict] in
                    guard made.role == role else { return [] }
                    return places(in: made.move).map { Verdict(on: .span(index, step, $0...$0), kind: Self.paidAs, value: -penalty) }
                }
            }
        }
        return try replacing(kind, of: ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)) { play in
            let count = play.episode.steps.filter { $0.role == role }.reduce(0) { $0 + places(in: $1.move).count }
            return play.reward - penalty * Double(count)
        }
    }

    /// The repeated tokens that the one who moves wrote, counted from the first of the move.
    private func places(in move: Move) -> [Int] {
        let isWritten = move.segments.flatMap { segment in segment.tokens.map { $0.map { _ in segment.isWritten } } ?? [] }
        let isRepeated = Self.repeated(move.segments.flatMap { $0.tokens ?? [] }, size: size)
        return isRepeated.indices.filter { isRepeated[$0] && isWritten[$0] }
    }
}
