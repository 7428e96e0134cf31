import HoneCore

/// How many moves a position is given in a tree search: more where it matters which is made.
///
/// With children of values v, as first valued, the importance is I = max |v − mean v|, and max(branches, min(⌊factor · I⌋, most)) children are
/// allowed. A new position has `branches` at once, further ones are drawn one by one as simulations come by.
///
/// Source: Tian et al. 2024, “Toward Self-Improvement of LLMs via Imagination, Searching, and Criticizing”, section 4.3 (adaptive branching).
/// Departures: the mean of the siblings stands where the paper has the position's own value, and new positions have their least number at once.
public struct Widening: Hashable, Sendable, Codable {
    /// Children for each unit of importance; α_w. Values between 0 and 1 are at most 1 from their mean.
    public var factor: Double
    /// The most that importance alone allows.
    public var most: Int
    /// Children of the root at first; 0 gives it as many as any other.
    public var root: Int

    /// The rule.
    public init(factor: Double = 2, most: Int = 10, root: Int = 0) {
        self.factor = factor
        self.most = most
        self.root = root
    }

    /// How many children a position may have whose children were first valued so.
    public func allowed(least: Int, values: [Double]) -> Int {
        guard !values.isEmpty else { return least }
        let mean = values.reduce(0, +) / Double(values.count)
        let importance = values.map { abs($0 - mean) }.max() ?? 0
        return max(least, Int(min(factor * importance, Double(most)).rounded(.down)))
    }

    /// Throws a sentence when the rule cannot work.
    func check() throws {
        guard factor >= 0, factor.isFinite, most >= 0, root >= 0 else {
            throw CoreError.invalid("A search widens by the factor \(factor) to at most \(most), from \(root) at the root; expected 0 or more of each")
        }
    }
}

/// What a tree search knows of the widths of its positions.
struct Widths {
    /// How they grow; nil where they do not.
    let rule: Widening?
    /// What a new position is given.
    let branches: Int
    /// What each node was worth when it was made.
    var first: [Int: Double] = [:]
    /// Positions where no move was found that was not there already.
    var exhausted: Set<Int?> = []
    /// Positions that were only played through: their one move is that of a play to the end.
    var played: Set<Int?> = []

    /// What a new position is given; the root is nil.
    private func least(_ node: Int?) -> Int {
        guard node == nil, let rule, rule.root > 0 else { return branches }
        return rule.root
    }

    /// How many moves are to be drawn at a position: all of a new one's, what one lacks that was played through, or one more.
    func wanted<W: World>(below node: Int?, in tree: GrowingTree<W>) -> Int {
        let count = tree.children(of: node).count
        return count == 0 || played.contains(node) ? max(1, least(node) - count) : 1
    }

    /// Whether a position that has children is allowed more.
    func isNarrow<W: World>(_ node: Int?, in tree: GrowingTree<W>) -> Bool {
        guard !exhausted.contains(node) else { return false }
        if played.contains(node) { return branches > 1 }
        guard let rule else { return false }
        let children = tree.children(of: node)
        // What chance found alike at first does not count as narrow: only importance widens.
        return children.count < rule.allowed(least: 0, values: children.map { first[$0] ?? 0 })
    }
}
