import Foundation
import FoundationXML
import HoneCore
import HoneReport

/// An element of a page, as an XML parser sees it.
final class Element {
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    /// Its own text and that of everything in it, in order.
    var text = ""

    init(_ name: String, _ attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// All elements in it, outermost first, itself included.
    var all: [Element] { [self] + children.flatMap(\.all) }

    /// All elements of a name in it.
    func every(_ name: String) -> [Element] { all.filter { $0.name == name } }

    /// All elements of a class in it.
    func classed(_ kind: String) -> [Element] { all.filter { ($0.attributes["class"] ?? "").split(separator: " ").contains(Substring(kind)) } }
}

/// What is wrong with a page.
struct NotWellFormed: Error, CustomStringConvertible { let description: String }

private final class Reader: NSObject, XMLParserDelegate {
    var stack = [Element("document", [:])]

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        let element = Element(name, attributes)
        stack[stack.count - 1].children.append(element)
        stack.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        let done = stack.removeLast()
        stack[stack.count - 1].text += done.text
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { stack[stack.count - 1].text += string }
}

/// The page as a tree; throws where it is not well-formed XML.
func parsed(_ page: String) throws -> Element {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = Reader()
    parser.delegate = reader
    guard parser.parse(), let root = reader.stack.first else {
        throw NotWellFormed(description: "line \(parser.lineNumber), column \(parser.columnNumber): \(parser.parserError.map { "\($0)" } ?? "?")")
    }
    return root
}

/// An estimate with an interval of ± `half`.
func estimate(_ mean: Double, _ half: Double = 0.05, count: Int = 200, unit: String = "share") -> Estimate {
    Estimate(mean: mean, low: mean - half, high: mean + half, count: count, unit: unit)
}

/// A curve through values at 0, 1, 2, ….
func curve(
    _ name: String, _ values: [Double], kind: RunReport.Curve.Kind = .measured, half: Double = 0.05, unit: String = "share"
) -> RunReport.Curve {
    RunReport.Curve(name: name, kind: kind, points: values.enumerated().map { (x: Double($0), y: estimate($1, half, unit: unit)) })
}

/// A chart of curves.
func chart(_ curves: [RunReport.Curve], title: String = "A chart", countsWhole: Bool = true) -> RunReport.Chart {
    RunReport.Chart(title: title, xLabel: "iteration", yLabel: "", countsWhole: countsWhole, curves: curves)
}

/// The page of one chart.
func page(_ chart: RunReport.Chart) throws -> Element { try parsed(RunReport(title: "t", charts: [chart]).html()) }

/// The numbers of a path's drawing commands, in pairs.
func places(_ path: Element) -> [(x: Double, y: Double)] {
    let numbers = (path.attributes["d"] ?? "").split { !"0123456789.-+eEna".contains($0) }.map { Double($0) ?? .nan }
    return stride(from: 0, to: numbers.count - 1, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
}

/// An episode of the solver saying something.
func episode(_ id: String, _ text: String, paid: Double?) -> Episode {
    let step = Step(role: .solver, context: [.text("?", from: .prompt)], move: Move(text: text))
    return Episode(id: id, steps: [step], returns: paid.map { [.solver: $0] } ?? [:], ending: .completed)
}

/// A held-out group whose samples say these things; `at` begins the episodes' paths.
func group(_ id: String, _ answers: [(String, Double?)], text: String? = nil, answer: String? = nil, at path: String = "m") -> EpisodeGroup {
    let problem = Problem(id: id, world: "arithmetic", text: text ?? "\(id)=", answer: answer, isHeldOut: true)
    let episodes = answers.enumerated().map { episode("\(path)/\(id)/sample \($0)", $1.0, paid: $1.1) }
    return EpisodeGroup(assignment: Assignment(problem: problem, samples: answers.count), episodes: episodes)
}

/// A record with these numbers.
func record(
    _ index: Int, stage: StageName = "improve", updates: [String: Double] = [:], training: [String: Estimate] = [:],
    measures: [String: Estimate] = [:], sampled: Int = 0, before: Cost = Cost(), decisions: [String] = [], seconds: Double = 1
) -> IterationRecord {
    var cost = Cost()
    cost.sampledTokens = sampled
    var spent = before
    spent += cost
    return IterationRecord(
        index: index, stage: stage, indexInStage: index, updates: updates, training: training,
        measures: measures.sorted { $0.key < $1.key }.map { MeasureRecord(name: $0.key, estimate: $0.value, cost: spent) },
        cost: cost, decisions: decisions, seconds: seconds)
}
