import HoneCore
import Testing

@Suite("Parts and their cards")
struct PartTests {
    @Test("a card holds what it was given and nothing by itself")
    func cards() throws {
        let plain = PartCard(name: "x")
        #expect(plain.summary == "" && plain.source == "" && plain.gives == [] && plain.needs == [])
        let card = PartCard(name: "x", summary: "s", source: "p", gives: [.pairs, .tree], needs: [.logProbs])
        #expect(try roundTrip(card) == card)
        #expect(card != plain)
        #expect(TinyCards.card.name == "tiny-cards")
    }

    @Test("traits are spelled as their names, so that listings and stored cards agree", arguments: HoneCore.Trait.allCases)
    func traits(trait: HoneCore.Trait) throws {
        #expect(try JSONValue(encoding: trait) == .string(trait.rawValue))
        #expect(HoneCore.Trait(rawValue: trait.rawValue) == trait)
        #expect(trait.rawValue == "\(trait)")
    }

    @Test("an unknown trait is refused")
    func unknownTrait() {
        #expect(throws: DecodingError.self) { try JSONValue.string("magic").decode(HoneCore.Trait.self) }
        #expect(Set(HoneCore.Trait.allCases.map(\.rawValue)).count == HoneCore.Trait.allCases.count)
    }

    @Test("a part that remembers can be put back from its memo through JSON")
    func stateful() async throws {
        var counter = Counter()
        let scope = BareServices().scope
        #expect(try await counter.next(3, in: scope).map(\.problem.id) == ["0", "1", "2"])
        try await counter.observe([EpisodeTests.group], in: scope)
        var resumed = Counter()
        resumed.memo = try roundTrip(counter.memo)
        let fresh = try await resumed.next(2, in: scope)
        let expected = try await counter.next(2, in: scope)
        #expect(fresh == expected)
        #expect(resumed.memo.seen == 1)
    }

    @Test("a credit needs no scores unless it says so")
    func credit() throws {
        var credit = NoCredit()
        #expect(credit.needs == [])
        #expect(try credit.batch(for: [.solver], from: [], scores: ScoreTable()).examples == [])
    }

    @Test("views, items of memory and tools hold what they are given")
    func plainValues() async throws {
        let view = View(role: .solver, transcript: [spelled([1])])
        #expect(view.legal == nil && view.informationState == nil && view.transcript.tokens == [1])
        let item = MemoryItem(text: "note", group: EpisodeTests.group, value: 0.5)
        #expect(try roundTrip(item) == item)
        #expect(MemoryItem(text: "note").group == nil && MemoryItem(text: "note").value == nil)
        let tool: any Tool = Upper()
        #expect(try await tool.call("abc", in: BareServices().scope) == "ABC")
    }
}

/// Counts up and remembers where it is.
private struct Counter: Curriculum {
    static let card = PartCard(name: "counter")
    struct Memo: Codable, Sendable {
        var place = 0
        var seen = 0
    }
    var memo = Memo()

    mutating func next(_ count: Int, in scope: Scope) async throws -> [Assignment] {
        let first = memo.place
        memo.place += count
        return (first..<memo.place).map { Assignment(problem: Problem(id: "\($0)", world: "w")) }
    }

    mutating func observe(_ groups: [EpisodeGroup], in scope: Scope) async throws { memo.seen += groups.count }
}

private struct NoCredit: Credit {
    static let card = PartCard(name: "none")
    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch { TrainingBatch() }
}

private struct Upper: Tool {
    static let card = PartCard(name: "upper")
    func call(_ input: String, in scope: Scope) async throws -> String { input.uppercased() }
}
