import HoneCore
import HoneCurricula
import HoneTestSupport
import Testing

private let roles: [Role] = ["player 0", "player 1"]

private func matchmaking(_ scheme: OpponentScheme, other: Player? = nil, keepEvery: Int = 2, pool: Int = 3, hardness: Double = 1) -> Matchmaking {
    Matchmaking(
        tables: [Matchmaking.Table(problem: Problem(id: "g", world: "g"), roles: roles)], learner: Player(model: "policy"), scheme: scheme,
        other: other, keepEvery: keepEvery, pool: pool, hardness: hardness, trials: 8)
}

/// The opponent's name in an assignment; `policy` is the learner itself.
private func opponent(_ assignment: Assignment) -> String {
    let others = assignment.cast.filter { $0.value.learns == false }
    return others.values.first.map { $0.model.snapshot ?? $0.model.name.text } ?? "policy"
}

private func met(_ curriculum: inout Matchmaking, iterations: Int, count: Int = 40, in services: ScriptedServices = ScriptedServices()) async throws -> [[String]] {
    var all: [[String]] = []
    for iteration in 0..<iterations {
        all.append(try await curriculum.next(count, in: services.scope(seed: UInt64(iteration))).map(opponent))
    }
    return all
}

/// A group in which the learner, on the first seat, got so much against a snapshot.
private func group(_ learner: Double, against name: String) -> EpisodeGroup {
    let cast: Cast = [
        roles[0]: Player(model: "policy"), roles[1]: Player(model: ModelRef("policy", snapshot: name), learns: false),
    ]
    let episode = Episode(id: "e", steps: [], returns: [roles[0]: learner, roles[1]: -learner], ending: .completed)
    return EpisodeGroup(assignment: Assignment(problem: Problem(id: "g", world: "g"), cast: cast), episodes: [episode])
}

@Suite("Who is met")
struct MatchmakingTests {
    @Test("in the mirror the learner sits on all seats and learns on all")
    func mirror() async throws {
        var curriculum = matchmaking(.mirror)
        let assignments = try await curriculum.next(4, in: ScriptedServices().scope())
        #expect(assignments.allSatisfy { $0.cast.count == 2 && $0.cast.values.allSatisfy { $0.learns != false && $0.model == "policy" } })
        #expect(curriculum.operations.isEmpty)
    }

    @Test("the learner sits on every seat equally often", arguments: OpponentScheme.allCases.filter { $0 != .mirror && $0 != .oracle })
    func seats(scheme: OpponentScheme) async throws {
        var curriculum = matchmaking(scheme, other: Player(model: "other"), keepEvery: 1)
        _ = try await curriculum.next(2, in: ScriptedServices().scope())
        let assignments = try await curriculum.next(60, in: ScriptedServices().scope(seed: 1))
        let seats = assignments.compactMap { assignment -> Role? in
            let learning = assignment.cast.filter { $0.value.learns != false }.map(\.key)
            return learning.count == 1 ? learning[0] : nil
        }
        #expect(abs(seats.count { $0 == roles[0] } - seats.count { $0 == roles[1] }) <= (scheme == .league ? 14 : 0))
        #expect(!seats.isEmpty)
    }

    @Test("the latest is the newest snapshot, and before there is one, oneself")
    func latest() async throws {
        var curriculum = matchmaking(.latest)
        let all = try await met(&curriculum, iterations: 10, count: 2).map { Set($0) }
        #expect(all == [["policy"], ["policy"], ["past 0"], ["past 0"], ["past 1"], ["past 1"], ["past 2"], ["past 2"], ["past 0"], ["past 0"]])
        #expect(curriculum.operations == [.every(2, .keepInTurn("policy", prefix: "past ", limit: 3))])
    }

    @Test("the past is drawn evenly")
    func past() async throws {
        var curriculum = matchmaking(.past, keepEvery: 1)
        let last = try await met(&curriculum, iterations: 4, count: 600)[3]
        for name in ["past 0", "past 1", "past 2"] { #expect((150...250).contains(last.count { $0 == name })) }
    }

    @Test("who beats the learner is met more often: p = (1 + wins) / (2 + plays), weights (1 − p)ᵏ")
    func prioritised() async throws {
        var curriculum = matchmaking(.prioritised, keepEvery: 1, hardness: 2)
        _ = try await met(&curriculum, iterations: 3, count: 1)
        // Of six plays each: all won, and all lost; the third was never met.
        try await curriculum.observe((0..<6).map { _ in group(1, against: "past 0") } + (0..<6).map { _ in group(-1, against: "past 1") }, in: ScriptedServices().scope())
        #expect(curriculum.memo.fared["past 0"]?.smoothed == 7.0 / 8 && curriculum.memo.fared["past 1"]?.smoothed == 1.0 / 8)
        let drawn = try await curriculum.next(2000, in: ScriptedServices().scope(seed: 5)).map(opponent)
        // Snapshot 2 is new in this iteration; weights 1/64, 49/64, 1/4.
        let shares = ["past 0", "past 1", "past 2"].map { name in Double(drawn.count { $0 == name }) / 2000 }
        for (share, expected) in zip(shares, [1.0 / 66, 49.0 / 66, 16.0 / 66]) { #expect(abs(share - expected) < 0.04) }
    }

    @Test("a snapshot that replaces an older one has no past of its own")
    func replaced() async throws {
        var curriculum = matchmaking(.prioritised, keepEvery: 1, pool: 2)
        _ = try await met(&curriculum, iterations: 3, count: 1)
        try await curriculum.observe([group(1, against: "past 0"), group(1, against: "past 1")], in: ScriptedServices().scope())
        _ = try await met(&curriculum, iterations: 1, count: 1)
        #expect(curriculum.memo.fared["past 0"] == nil && curriculum.memo.fared["past 1"] != nil)
    }

    @Test("the league: a third of the plays is the exploiter's, against the learner as it is")
    func league() async throws {
        var curriculum = matchmaking(.league, other: Player(model: "exploiter"), keepEvery: 1)
        _ = try await curriculum.next(3, in: ScriptedServices().scope())
        let assignments = try await curriculum.next(300, in: ScriptedServices().scope(seed: 2))
        let own = assignments.filter { $0.cast.values.contains { $0.model == "exploiter" && $0.learns != false } }
        #expect(own.count == 100 && own.allSatisfy { $0.cast.values.contains { $0.model == "policy" && $0.learns == false } })
        let main = assignments.filter { !$0.cast.values.contains { $0.model == "exploiter" && $0.learns != false } }.map(opponent)
        #expect((45...95).contains(main.count { $0 == "policy" }) && (15...55).contains(main.count { $0 == "exploiter" }))
    }

    @Test("the oracle meets the equilibrium of its snapshots' game: rock, paper and scissors alike, and never who is beaten by all")
    func oracle() async throws {
        // Snapshot 0 beats 1, 1 beats 2, 2 beats 0; all beat 3.
        let services = ScriptedServices { assignment, scope in
            let number = { (role: Role) in Int(assignment.cast[role]?.model.snapshot?.suffix(1) ?? "") ?? 0 }
            let (first, second) = (number(roles[0]), number(roles[1]))
            let wins = first == 3 ? -1.0 : second == 3 ? 1 : (first + 1) % 3 == second ? 1 : first == second ? 0 : -1
            let episode = Episode(id: "e", steps: [], returns: [roles[0]: wins, roles[1]: -wins], ending: .completed)
            return EpisodeGroup(assignment: assignment, episodes: Array(repeating: episode, count: assignment.samples))
        }
        var curriculum = matchmaking(.oracle, keepEvery: 1, pool: 4)
        _ = try await met(&curriculum, iterations: 5, count: 2, in: services)
        let mixture = curriculum.memo.mixture
        for name in ["past 0", "past 1", "past 2"] { #expect(abs((mixture[name] ?? 0) - 1.0 / 3) < 1e-9) }
        #expect(abs(mixture["past 3"] ?? 1) < 1e-9)
        #expect(curriculum.memo.between["past 0"]?["past 1"] == PointCount(points: 8, plays: 8))
    }

    @Test("a memo put back draws the same opponents", arguments: [OpponentScheme.prioritised, .past, .fictitious])
    func resumes(scheme: OpponentScheme) async throws {
        var whole = matchmaking(scheme)
        _ = try await met(&whole, iterations: 5, count: 3)
        try await whole.observe([group(1, against: "past 0")], in: ScriptedServices().scope())
        var resumed = matchmaking(scheme)
        resumed.memo = try JSONValue(parsing: try JSONValue(encoding: whole.memo).canonical).decode(Matchmaking.Memo.self)
        let scope = ScriptedServices().scope(seed: 9)
        #expect(try await whole.next(50, in: scope) == resumed.next(50, in: scope))
    }
}
