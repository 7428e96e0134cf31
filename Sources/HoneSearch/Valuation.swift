import HoneCore

/// What a position is worth, with what was said of it.
public struct Valued: Hashable, Sendable {
    /// The worth, as returns count it where nothing else is said.
    public var value: Double
    /// The verdicts it was made of.
    public var verdicts: [Verdict]

    /// A value.
    public init(_ value: Double, verdicts: [Verdict] = []) {
        self.value = value
        self.verdicts = verdicts
    }
}

/// Says what positions in a search are worth.
public protocol Valuation: Part {
    /// The values of positions, in their order; whatever is asked is charged to the scopes, one for each position.
    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued]
}

/// The world's own return where a play is over; before that the mean return of plays to the end by the player itself.
///
/// It asks for what only the world knows, so it is a verifier's search. Each look at a return is charged as a judge's call.
public struct PlayedOut: Valuation {
    public static let card = PartCard(
        name: "played-out", summary: "the world's return, after plays to the end where it is not over", source: "Abramson 1990")

    /// Plays from each position that is not over; with none such positions are worth `unknown`.
    public var plays: Int
    /// What a position is worth that was not played on.
    public var unknown: Double

    /// The valuation.
    public init(plays: Int = 1, unknown: Double = 0) {
        self.plays = plays
        self.unknown = unknown
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        try await Valued.each(positions, scopes) { position, scope in
            func look(_ end: Position<W>) -> Double {
                var cost = Cost()
                cost.judgeCalls = 1
                scope.services.charge(cost)
                return end.world.returns(of: end.state)[role] ?? 0
            }
            if position.isOver { return Valued(look(position)) }
            guard plays > 0 else { return Valued(unknown) }
            var sum = 0.0
            for play in 0..<plays {
                let ends = try await Rollout.line(from: position, for: role, as: player, cast: cast, in: scope.child("play", play))
                sum += ends.last.map { look($0.position) } ?? 0
            }
            return Valued(sum / Double(plays))
        }
    }
}

/// What a judge says of the play so far.
///
/// The judge sees one episode: the steps up to the position. Its verdicts of the kind become one number: that on the episode or the role,
/// else of those on steps or spans the least, the product, the mean or the last.
public struct Judged: Valuation {
    public static let card = PartCard(
        name: "judged", summary: "a judge's verdicts on the play so far, steps taken together by least, product, mean or last",
        source: "Lightman et al. 2023, section on how step scores become one; Snell et al. 2024")

    /// How verdicts on steps become one number.
    public enum Together: String, Hashable, Sendable, Codable, CaseIterable {
        case least, product, mean, last
    }

    /// The judge; nil is the search's own.
    public var judge: (any Judge)?
    /// The kind of verdict that counts.
    public var kind: VerdictKind
    /// How verdicts on steps become one.
    public var together: Together

    /// The valuation.
    public init(_ judge: (any Judge)? = nil, kind: VerdictKind, together: Together = .last) {
        self.judge = judge
        self.kind = kind
        self.together = together
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge given: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        guard let judge = judge ?? given else { throw CoreError.invalid("A search by verdicts “\(kind)” was given no judge") }
        return try await Valued.each(positions, scopes) { position, scope in
            let group = try EpisodeGroup(of: [position], cast: cast, in: scope)
            let verdicts = try await judge.judge(group, in: scope.child("judge")).verdicts.filter { $0.kind == kind }
            return Valued(Self.one(verdicts, for: role, together), verdicts: verdicts)
        }
    }

    /// One number of verdicts on an episode; 0 where there is none.
    static func one(_ verdicts: [Verdict], for role: Role, _ together: Together) -> Double {
        let whole = verdicts.last { verdict in
            switch verdict.on {
            case .episode: true
            case .role(_, let who): who == role
            default: false
            }
        }
        if let whole { return whole.value }
        let steps = verdicts.filter { verdict in
            switch verdict.on {
            case .step, .span: true
            default: false
            }
        }.map(\.value)
        guard let last = steps.last else { return 0 }
        switch together {
        case .least: return steps.min() ?? last
        case .product: return steps.reduce(1, *)
        case .mean: return steps.reduce(0, +) / Double(steps.count)
        case .last: return last
        }
    }
}

extension Valued {
    /// One value for each position, all asked for at once.
    static func each<W: World>(
        _ positions: [Position<W>], _ scopes: [Scope], _ value: @escaping @Sendable (Position<W>, Scope) async throws -> Valued
    ) async throws -> [Valued] {
        try await positions.concurrently { index, position in try await value(position, scopes[index]) }
    }
}
