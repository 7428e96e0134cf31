import HoneCore

extension Position {
    /// Throws a sentence unless moves are whole answers, the newest of which can be kept by saying it again.
    func requireRevisions() throws {
        guard hasAnswer != nil else {
            throw CoreError.unsupported("“\(W.card.name)” has no attempts to refine; wrap it in attempts, or search it by another method")
        }
    }
}

extension GrowingTree {
    /// The finished tree whose choice keeps an attempt: where the play is not over with it, it is said again by a node below it, which
    /// nobody learns from.
    func saidAgain(_ kept: Int, for role: Role, cast: Cast, in scope: Scope) async throws -> SearchTree {
        let reached = position(at: kept)
        guard !reached.isOver else { return finished(chosen: kept) }
        var segments = nodes[kept].move.segments
        for index in segments.indices { segments[index].isTrained = false }
        let again = Move(segments: segments, transcript: reached.view(for: role).transcript)
        let last = try await reached.following(again, of: role, cast: cast, in: scope)
        guard last.isOver else {
            throw CoreError.unsupported(
                "“\(W.card.name)” goes on after an attempt that is said again, so a search cannot keep one; let repeated attempts end the play")
        }
        var copy = self
        let end = copy.add(Candidate(move: again, prior: 1), leading: last, under: kept)
        copy.set(end, value: nodes[kept].value)
        return copy.finished(chosen: end)
    }
}

/// The world's return as it stands, whether or not the play is over: what the latest attempt is worth.
///
/// It asks for what only the world knows, so it is a verifier's search. Each look is charged as a judge's call.
public struct StandingReturn: Valuation {
    public static let card = PartCard(
        name: "standing-return", summary: "the world's return as it stands, over or not", source: "no paper: the verifier's word on an attempt")

    /// What the least return counts.
    public var lowest: Double
    /// What the largest return counts.
    public var highest: Double

    /// The valuation; returns between the world's least and largest become values between these in proportion.
    public init(lowest: Double = 0, highest: Double = 1) {
        self.lowest = lowest
        self.highest = highest
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        zip(positions, scopes).map { position, scope in
            var cost = Cost()
            cost.judgeCalls = 1
            scope.services.charge(cost)
            let range = position.world.rules.range
            let width = range.upperBound - range.lowerBound
            let share = width > 0 ? ((position.world.returns(of: position.state)[role] ?? 0) - range.lowerBound) / width : 0
            return Valued(lowest + share * (highest - lowest))
        }
    }
}

/// A whole number that a seat beside the play says of the position: self-reward by a score.
///
/// The seat's player is asked by its policy what its role is shown there. What it says is read as the first whole number in it; where there is
/// none, or one outside of `said`, it is asked again, up to `tries` times, and then the value is the lowest. Numbers become values in
/// proportion; values above `ceiling` are lowered by `damping`, so that nobody is thought perfect.
///
/// Source: Zhang et al. 2024 (MCTSr), section 3.3: prompt constraint, full-score suppression, repeated sampling.
public struct SeatScore: Valuation {
    public static let card = PartCard(
        name: "seat-score", summary: "a whole number that a seat beside the play says of the position", source: "Zhang et al. 2024 (MCTSr), section 3.3")

    /// The seat.
    public var seat: Role
    /// The numbers it may say.
    public var said: ClosedRange<Int>
    /// What they count as.
    public var values: ClosedRange<Double>
    /// Values above this are lowered.
    public var ceiling: Double
    /// By this much.
    public var damping: Double
    /// How often it is asked for a number that can be read.
    public var tries: Int

    /// The valuation.
    public init(
        seat: Role, said: ClosedRange<Int> = -100...100, values: ClosedRange<Double> = -100...100, ceiling: Double = 95, damping: Double = 5, tries: Int = 3
    ) {
        self.seat = seat
        self.said = said
        self.values = values
        self.ceiling = ceiling
        self.damping = damping
        self.tries = tries
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        let grader = try grader(in: cast)
        return try await Valued.each(positions, scopes) { position, scope in
            Valued(try await asked(grader, of: position, in: scope).map { value(of: $0.number) } ?? values.lowerBound)
        }
    }

    /// The seat's player.
    func grader(in cast: Cast) throws -> Player {
        guard let grader = cast[seat] else { throw CoreError.unknown(kind: "player for role", name: seat.text, known: cast.keys.map(\.text).sorted()) }
        return grader
    }

    /// What the seat says of a position, with `question` behind what it is shown, and the number in it; nil where no try had one that counts.
    func asked<W: World>(_ grader: Player, of position: Position<W>, behind question: String = "", in scope: Scope) async throws -> (number: Int, words: String)? {
        let policy = try scope.services.policy(grader.policy)
        // What the seat is shown is complete by itself; it was never asked before.
        var view = View(role: seat, transcript: position.world.observation(of: position.state, for: seat).news)
        if !question.isEmpty { view.transcript.append(.text(question, from: .prompt)) }
        for attempt in 0..<max(1, tries) {
            let words = try await policy.move(on: view, as: grader, in: scope.child("ask", attempt)).text
            if let number = Self.number(in: words), said.contains(number) { return (number, words) }
        }
        return nil
    }

    /// What a number that was said counts as.
    func value(of number: Int) -> Double {
        let width = Double(said.upperBound - said.lowerBound)
        let span = values.upperBound - values.lowerBound
        let value = values.lowerBound + (width > 0 ? Double(number - said.lowerBound) * span / width : span)
        return value > ceiling ? value - damping : value
    }

    /// The first whole number in a text, with its sign; nil where there is none or it has more than nine digits.
    static func number(in text: String) -> Int? {
        var (digits, isNegative) = ("", false)
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else if !digits.isEmpty {
                break
            } else {
                isNegative = character == "-" || character == "−"
            }
        }
        guard digits.count <= 9, let number = Int(digits) else { return nil }
        return isNegative ? -number : number
    }
}
