import HoneCore

/// Random values for property tests; what comes depends on the generator only.
enum RandomValues {
    typealias Generator = SeededGenerator

    static let letters = ["", "a", "b c", "\"", "\\", "\n", "\r\n", "\u{0}", "\u{1F}", "é", "e\u{301}", "😀", "/", "\u{2028}", "日本", "-1"]

    static func text(_ generator: inout Generator) -> String {
        (0..<generator.integer(in: 0...4)).map { _ in generator.element(of: letters) ?? "" }.joined()
    }

    static func json(_ generator: inout Generator, depth: Int) -> JSONValue {
        switch generator.integer(in: 0...(depth > 0 ? 7 : 5)) {
        case 0: return .null
        case 1: return .bool(generator.chance(0.5))
        case 2: return .integer(Int(truncatingIfNeeded: generator.next()) >> generator.integer(in: 0...63))
        case 3: return .number(generator.unit() + 0.25)
        case 4: return .number((generator.unit() + 1) * 1e-30)
        case 5: return .string(text(&generator))
        case 6: return .array((0..<generator.integer(in: 0...5)).map { _ in json(&generator, depth: depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<generator.integer(in: 0...5) {
                let name = text(&generator)
                members[name] = json(&generator, depth: depth - 1)
            }
            return .object(members)
        }
    }

    /// The value's JSON with its members shuffled and space put between the marks.
    static func spaced(_ value: JSONValue, _ generator: inout Generator) -> String {
        let space = generator.element(of: ["", " ", "\n", "\t\r\n "]) ?? ""
        switch value {
        case .array(let elements):
            return "[" + space + elements.map { spaced($0, &generator) }.joined(separator: space + "," + space) + "]" + space
        case .object(let members):
            let keys = generator.shuffled(members.keys.sorted())
            let rows = keys.map { JSONValue.string($0).canonical + space + ":" + spaced(members[$0] ?? .null, &generator) }
            return space + "{" + rows.joined(separator: "," + space) + space + "}"
        default: return space + value.canonical + space
        }
    }

    static func float(_ generator: inout Generator) -> Float { Float(-8 * generator.unit()) }

    static func maybe<T>(_ generator: inout Generator, _ make: (inout Generator) -> T) -> T? {
        generator.chance(0.5) ? make(&generator) : nil
    }

    static func list<T>(_ generator: inout Generator, upTo count: Int = 3, _ make: (inout Generator) -> T) -> [T] {
        (0..<generator.integer(in: 0...count)).map { _ in make(&generator) }
    }

    static func segment(_ generator: inout Generator) -> Segment {
        let origins: [Segment.Origin] = [
            .model(ModelRef("policy", snapshot: maybe(&generator, text)), update: generator.integer(in: 0...99)), .world, .tool, .prompt,
            .hint, .demonstration,
        ]
        let tokens = list(&generator, upTo: 5) { TokenID($0.integer(in: 0...50_000)) }
        let contents: [Segment.Content] = [
            .tokens(tokens, text: text(&generator)), .text(text(&generator)), .numbers([float(&generator), .infinity], shape: [2, 1]),
        ]
        return Segment(
            origin: generator.element(of: origins) ?? .world, author: maybe(&generator) { _ in Role("player 0") },
            content: generator.element(of: contents) ?? .text(""),
            samplerLogProbs: maybe(&generator) { generator in tokens.map { _ in float(&generator) } },
            entropies: maybe(&generator) { generator in tokens.map { _ in -float(&generator) } }, isTrained: generator.chance(0.5),
            weight: float(&generator), isPrivate: generator.chance(0.3))
    }

    static func move(_ generator: inout Generator, depth: Int = 1) -> Move {
        Move(
            segments: list(&generator, segment), context: maybe(&generator) { list(&$0, segment) },
            tree: depth > 0 ? maybe(&generator) { tree(&$0) } : nil)
    }

    static func tree(_ generator: inout Generator) -> SearchTree {
        let nodes = (0..<generator.integer(in: 1...4)).map { index in
            SearchTree.Node(
                parent: index == 0 ? nil : generator.integer(in: 0...(index - 1)), move: move(&generator, depth: 0),
                visits: generator.integer(in: 0...9), value: generator.unit(), prior: maybe(&generator) { $0.unit() },
                verdicts: list(&generator, verdict))
        }
        return SearchTree(nodes: nodes, chosen: generator.integer(in: 0...(nodes.count - 1)))
    }

    static func verdict(_ generator: inout Generator) -> Verdict {
        let subjects: [Verdict.Subject] = [
            .group, .episode(1), .role(0, "b"), .step(2, 3), .span(0, 1, 2...generator.integer(in: 2...9)), .pair(0, over: 1),
        ]
        return Verdict(
            on: generator.element(of: subjects) ?? .group, kind: generator.chance(0.5) ? .worldReturn : "helpful", value: generator.unit(),
            confidence: maybe(&generator) { $0.unit() }, critique: maybe(&generator, text), madeBy: maybe(&generator, text))
    }

    static func player(_ generator: inout Generator) -> Player {
        Player(
            model: ModelRef("policy", snapshot: maybe(&generator, text)), policy: "direct", search: maybe(&generator) { _ in "best" },
            sampling: Sampling(temperature: generator.unit(), topK: generator.integer(in: 0...9), topP: 0.5, limit: 7, stop: list(&generator, text)),
            memory: maybe(&generator) { _ in "notes" }, view: maybe(&generator, text))
    }

    static func episode(_ generator: inout Generator) -> Episode {
        let endings: [Ending] = [.completed, .illegal("a"), .budget, .failed(text(&generator))]
        return Episode(
            id: text(&generator),
            steps: list(&generator) { Step(role: "a", context: list(&$0, segment), move: move(&$0)) },
            returns: ["a": generator.unit(), "b": -.infinity], ending: maybe(&generator) { $0.element(of: endings) ?? .budget },
            cast: ["a": player(&generator)])
    }

    static func problem(_ generator: inout Generator) -> Problem {
        Problem(
            id: text(&generator), world: "w", text: text(&generator), answer: maybe(&generator, text),
            parameters: list(&generator) { $0.unit() }, details: ["k": text(&generator)], startsFrom: maybe(&generator, text),
            demonstrations: list(&generator, text), isHeldOut: generator.chance(0.5))
    }

    static func group(_ generator: inout Generator, depth: Int = 1) -> EpisodeGroup {
        let assignment = Assignment(problem: problem(&generator), samples: generator.integer(in: 1...4), cast: ["b": player(&generator)])
        return EpisodeGroup(
            assignment: assignment, episodes: list(&generator, episode), verdicts: list(&generator, verdict),
            children: depth > 0 ? list(&generator, upTo: 2) { group(&$0, depth: depth - 1) } : [])
    }
}
