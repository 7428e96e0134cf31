import HoneCore

/// Which of two finished plays is better, with what was said of them.
public struct Preferred: Hashable, Sendable {
    /// How much is for the first, from 0 to 1; ½ is a tie.
    public var share: Double
    /// The verdicts it was made of, which count the first play as episode 0 and the second as 1.
    public var verdicts: [Verdict]

    /// A comparison.
    public init(_ share: Double, verdicts: [Verdict] = []) {
        self.share = share
        self.verdicts = verdicts
    }
}

/// Says which of two plays is better.
public protocol Preference: Part {
    /// The comparison of two plays; whatever is asked is charged to the scope.
    func compare<W: World>(
        _ first: Position<W>, _ second: Position<W>, for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> Preferred
}

/// The one that is worth more, by a valuation; of equal worth it is a tie.
public struct PreferredByWorth: Preference {
    public static let card = PartCard(name: "by-worth", summary: "of two plays the one that is worth more")

    /// What plays are worth.
    public var valuation: any Valuation

    /// The comparison.
    public init(_ valuation: any Valuation) { self.valuation = valuation }

    public func compare<W: World>(
        _ first: Position<W>, _ second: Position<W>, for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> Preferred {
        let found = try await valuation.values(
            of: [first, second], for: role, as: player, cast: cast, judge: judge, scopes: [scope.child("worth", 0), scope.child("worth", 1)])
        guard found.count == 2 else { throw CoreError.invalid("A valuation gave \(found.count) values for 2 plays") }
        return Preferred(found[0].value > found[1].value ? 1 : found[0].value < found[1].value ? 0 : 0.5)
    }
}

/// What a judge of pairs says of two plays: its last verdict of the kind on them, in either order.
public struct PreferredByJudge: Preference {
    public static let card = PartCard(name: "by-judge", summary: "a judge's verdict on the pair of plays")

    /// The judge; nil is the search's own.
    public var judge: (any Judge)?
    /// The kind of verdict that counts: on a pair, how much is for its first play, from 0 to 1.
    public var kind: VerdictKind

    /// The comparison.
    public init(_ judge: (any Judge)? = nil, kind: VerdictKind) {
        self.judge = judge
        self.kind = kind
    }

    public func compare<W: World>(
        _ first: Position<W>, _ second: Position<W>, for role: Role, as player: Player, cast: Cast, judge given: (any Judge)?, in scope: Scope
    ) async throws -> Preferred {
        guard let judge = judge ?? given else { throw CoreError.invalid("A search by preferences “\(kind)” was given no judge") }
        let group = try EpisodeGroup(of: [first, second], cast: cast, in: scope)
        let verdicts = try await judge.judge(group, in: scope.child("judge")).verdicts
        let share = verdicts.filter { $0.kind == kind }.compactMap { verdict -> Double? in
            switch verdict.on {
            case .pair(0, over: 1): verdict.value
            case .pair(1, over: 0): 1 - verdict.value
            default: nil
            }
        }.last
        guard let share else { throw CoreError.invalid("The judge gave no “\(kind)” verdict on a pair of plays; expected one, as judges of pairs give") }
        return Preferred(share, verdicts: verdicts)
    }
}

extension EpisodeGroup {
    /// Plays so far as a judge sees them: one episode for each position, all of the problem that the first was begun with.
    init<W: World>(of positions: [Position<W>], cast: Cast, in scope: Scope) throws {
        guard let problem = positions.first?.problem else {
            throw CoreError.unsupported("World “\(W.card.name)” does not tell its problem, so nothing in it can be judged on the way")
        }
        let episodes = positions.enumerated().map { index, position in
            Episode(
                id: positions.count == 1 ? scope.path : "\(scope.path)/play \(index)", steps: position.steps, returns: [:],
                ending: position.isOver ? .completed : nil, cast: cast)
        }
        self.init(assignment: Assignment(problem: problem, cast: cast), episodes: episodes)
    }
}
