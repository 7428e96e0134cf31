import HoneCore
import Testing

@Suite("Episodes and groups")
struct EpisodeTests {
    static let group = EpisodeGroup(
        assignment: Assignment(problem: Problem(id: "p", world: "w")), episodes: [Episode(id: "e"), Episode(id: "f")],
        verdicts: [
            Verdict(on: .role(0, "a"), kind: "return", value: 1), Verdict(on: .episode(0), kind: "return", value: 2),
            Verdict(on: .episode(0), kind: "helpful", value: 3), Verdict(on: .episode(1), kind: "return", value: 4),
            Verdict(on: .episode(1), kind: "return", value: 5), Verdict(on: .step(1, 0), kind: "return", value: 6),
            Verdict(on: .group, kind: "return", value: 7), Verdict(on: .pair(1, over: 0), kind: "better", value: 8),
            Verdict(on: .role(1, "b"), kind: "helpful", value: 9), Verdict(on: .role(1, "b"), kind: "helpful", value: 10),
            Verdict(on: .span(0, 0, 1...2), kind: "span", value: 11),
        ])

    @Test("the role's verdict goes before the episode's, and the last of equals counts", arguments: [
        ("return", 0, "a", 1), ("return", 0, "b", 2), ("return", 0, nil, 2), ("helpful", 0, "a", 3), ("return", 1, "a", 5),
        ("return", 1, nil, 5), ("helpful", 1, "b", 10), ("helpful", 1, "a", nil), ("helpful", 1, nil, nil), ("return", 2, nil, nil),
        ("better", 1, nil, nil), ("span", 0, nil, nil), ("unknown", 0, "a", nil),
    ] as [(VerdictKind, Int, Role?, Double?)])
    func values(kind: VerdictKind, episode: Int, role: Role?, expected: Double?) {
        #expect(Self.group.value(of: kind, episode: episode, role: role) == expected)
    }

    @Test("a verdict on the role counts wherever it stands among those on the episode")
    func valueOrder() {
        var generator = Seed(1).generator
        let verdicts = [
            Verdict(on: .role(0, "a"), kind: "return", value: 1), Verdict(on: .episode(0), kind: "return", value: 2),
            Verdict(on: .role(0, "b"), kind: "return", value: 3), Verdict(on: .episode(1), kind: "return", value: 4),
        ]
        for _ in 0..<24 {
            let group = EpisodeGroup(assignment: Self.group.assignment, episodes: [Episode(id: "e")], verdicts: generator.shuffled(verdicts))
            #expect(group.value(of: .worldReturn, episode: 0, role: "a") == 1)
            #expect(group.value(of: .worldReturn, episode: 0) == 2)
        }
    }

    @Test("a role's response is the readable text of its own moves, a line each")
    func responses() {
        var hidden = Segment.text("hm", from: .world)
        hidden.isPrivate = true
        let steps = [
            Step(role: "a", context: [.text("question", from: .prompt)], move: Move(text: "one")),
            Step(role: "b", context: [], move: Move(text: "two")),
            Step(role: "a", context: [], move: Move(segments: [hidden, .text("three\nfour", from: .world)])),
        ]
        let episode = Episode(id: "e", steps: steps)
        #expect(episode.response(of: "a") == "one\nthree\nfour")
        #expect(episode.response(of: "b") == "two")
        #expect(episode.response(of: "c") == "")
    }

    @Test("a new problem is for learning, an assignment one play, an episode unfinished")
    func defaults() {
        let problem = Problem(id: "p", world: "w")
        #expect(!problem.isHeldOut && problem.answer == nil && problem.text == "" && problem.startsFrom == nil)
        #expect(problem.parameters == [] && problem.details == [:] && problem.demonstrations == [])
        #expect(Assignment(problem: problem).samples == 1 && Assignment(problem: problem).cast == [:])
        #expect(Episode(id: "e").ending == nil && Episode(id: "e").steps == [] && Episode(id: "e").returns == [:])
    }

    @Test("groups with their children, trees and verdicts survive JSON and keep their spelling", arguments: 0..<40)
    func coding(number: Int) throws {
        var generator = Seed(2).child("group", number).generator
        let group = RandomValues.group(&generator, depth: 2)
        let again = try roundTrip(group)
        #expect(again == group)
        #expect(try JSONValue(encoding: again).canonical == JSONValue(encoding: group).canonical)
    }

    @Test("endings, subjects of verdicts and origins survive JSON, every case")
    func cases() throws {
        for ending in [Ending.completed, .illegal("player 0"), .budget, .failed("“x” broke")] { #expect(try roundTrip(ending) == ending) }
        let subjects: [Verdict.Subject] = [
            .group, .episode(0), .role(0, "a"), .step(1, 2), .span(1, 2, 3...3), .span(1, 2, 3...9), .pair(0, over: 1), .pair(1, over: 0),
        ]
        #expect(Set(subjects).count == subjects.count)
        for subject in subjects { #expect(try roundTrip(subject) == subject) }
        for origin in [Segment.Origin.model("m", update: 2), .world, .tool, .prompt, .hint, .demonstration] {
            #expect(try roundTrip(origin) == origin)
        }
    }

    @Test("what a record lacks is refused and named", arguments: ["id", "steps", "returns", "cast"])
    func missing(key: String) throws {
        guard case .object(var members) = try JSONValue(encoding: Episode(id: "e", ending: .completed)) else {
            Issue.record("an episode is no object")
            return
        }
        members[key] = nil
        let json = JSONValue.object(members)
        #expect(sentence { _ = try json.decode(Episode.self) }?.contains(key) == true)
        members["ending"] = nil
        #expect(try JSONValue(encoding: Episode(id: "e"))["ending"] == nil)
    }

    @Test("a judgement holds verdicts and what was played to reach them")
    func judgements() throws {
        let judgement = Judgement(Self.group.verdicts, children: [Self.group])
        #expect(try roundTrip(judgement) == judgement)
        #expect(Judgement([]).children == [])
    }

    @Test("search trees keep which node came from which", arguments: 0..<10)
    func trees(number: Int) throws {
        var generator = Seed(3).child("tree", number).generator
        let tree = RandomValues.tree(&generator)
        let again = try roundTrip(tree)
        #expect(again.nodes.map(\.parent) == tree.nodes.map(\.parent))
        #expect(again == tree)
        let node = SearchTree.Node(parent: nil, move: Move(text: "x"))
        #expect(node.visits == 0 && node.value == 0 && node.prior == nil && node.verdicts == [])
    }
}
