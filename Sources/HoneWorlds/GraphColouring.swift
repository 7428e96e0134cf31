import HoneCore
import HoneText

/// Give every vertex one of k colours so that no edge joins two of the same colour; a colouring exists by construction.
///
/// A problem reads `ab ac bc cd:3=`, edges in the order of their later vertex; an answer reads `a1b2c3d1`. The steps of an answer are the edges: each is right where its ends differ.
public struct GraphColouring: QuestionWorld {
    public static let card = PartCard(
        name: "graph-colouring", summary: "colour the vertices of a small random graph; the verifier names the edges that are bad",
        source: "after Stechly, Marquez and Kambhampati 2023, “GPT-4 Doesn't Know It's Wrong”",
        gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The fewest vertices; at least as many as colours.
        public var fewest = 6
        /// The most vertices; at most 12.
        public var most = 9
        /// How many colours, 2 to 5.
        public var colours = 3
        /// The share of the edges possible between vertices of different colour in the colouring a graph is built around, above 0 to 1.
        public var density = 0.5
        /// Whether no fewer colours suffice.
        public var isTight = true
        /// Whether demonstrations show their working: before each vertex its earlier neighbours with their colours.
        public var recites = false

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "graph-colouring" }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...5).contains(settings.colours) else {
            throw CoreError.invalid("“task.settings.colours” is \(settings.colours); it should be from 2 to 5")
        }
        guard settings.most <= 12, settings.fewest <= settings.most else {
            throw CoreError.invalid(
                "“task.settings.fewest” is \(settings.fewest) and “task.settings.most” \(settings.most); they should rise and end at 12 or less")
        }
        guard settings.fewest >= settings.colours else {
            throw CoreError.invalid(
                "“task.settings.fewest” is \(settings.fewest); it should be \(settings.colours) or more, one vertex for each colour")
        }
        guard settings.density > 0, settings.density <= 1 else {
            throw CoreError.invalid("“task.settings.density” is \(settings.density); it should be above 0 and at most 1")
        }
        self.settings = settings
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("graph-colouring", index).generator
        let vertices = generator.integer(in: settings.fewest...settings.most)
        for attempt in 0..<200 {
            // A last resort joins all vertices of different colour, which is tight and leaves no vertex alone.
            let isLast = attempt == 199
            let parts = (0..<vertices).map { isLast ? $0 % settings.colours : generator.integer(in: 0...(settings.colours - 1)) }
            var edges: [ColouringProblem.Edge] = []
            for high in 0..<vertices {
                for low in 0..<high where parts[low] != parts[high] {
                    if isLast || generator.chance(settings.density) { edges.append(.init(low: low, high: high)) }
                }
            }
            guard Set(edges.flatMap { [$0.low, $0.high] }).count == vertices else { continue }
            let graph = ColouringProblem(vertices: vertices, edges: edges, colours: settings.colours)
            guard !settings.isTight || !graph.isColourable(with: settings.colours - 1) else { continue }
            return Problem(id: graph.text, world: name, text: graph.text, parameters: [Double(vertices), Double(edges.count)])
        }
        return nil
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let graph = ColouringProblem(problem.text) else { return nil }
        for attempt in 0..<20 {
            guard let right = graph.solution(seed: seed.child("colouring", attempt)) else { return nil }
            guard withError else { return Demonstration(text: graph.text(of: right, recites: settings.recites)) }
            var candidates: [(colouring: [Int], edge: ColouringProblem.Edge)] = []
            for vertex in right.indices {
                for colour in 1...graph.colours where colour != right[vertex] {
                    var wrong = right
                    wrong[vertex] = colour
                    let bad = graph.badEdges(of: wrong)
                    if bad.count == 1 { candidates.append((wrong, bad[0])) }
                }
            }
            var generator = seed.child("error", attempt).generator
            guard let drawn = generator.element(of: candidates) else { continue }
            return Demonstration(
                text: graph.text(of: drawn.colouring, recites: settings.recites), faultyStep: graph.edges.firstIndex(of: drawn.edge),
                critique: reason(drawn.edge, drawn.colouring))
        }
        return nil
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        guard let graph = ColouringProblem(problem.text) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(problem.text)” is not a graph with a number of colours")
        }
        guard let colouring = graph.colouring(response) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: unreadable(response, graph))
        }
        let bad = graph.badEdges(of: colouring)
        let text = ColouringProblem.text(of: colouring)
        return AnswerVerdict(
            correct: bad.isEmpty, extracted: text,
            reason: bad.isEmpty ? "\(text) has no bad edge" : bad.map { reason($0, colouring) }.joined(separator: ", "))
    }

    /// One check for each edge, in the order of the problem; what cannot be read is one check without a text.
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        guard let graph = ColouringProblem(problem.text) else { return [] }
        guard let colouring = graph.colouring(response) else {
            return [StepCheck(text: "", isCorrect: false, reason: unreadable(response, graph))]
        }
        return graph.edges.map { edge in
            let isRight = colouring[edge.low] != colouring[edge.high]
            return StepCheck(text: edge.name, isCorrect: isRight, reason: isRight ? "" : reason(edge, colouring))
        }
    }

    private func reason(_ edge: ColouringProblem.Edge, _ colouring: [Int]) -> String {
        "\(edge.name) is bad: both ends are \(colouring[edge.low])"
    }

    private func unreadable(_ response: String, _ graph: ColouringProblem) -> String {
        "“\(response.prefix(40))” does not give each of the \(graph.vertices) vertices one colour from 1 to \(graph.colours), as in a1b2"
    }
}
