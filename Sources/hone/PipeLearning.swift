import Foundation
import HoneCore
import HoneJudges
import HoneObjectives
import HoneWorlds

/// An objective over a pipe: its value and gradient on given log-probabilities, in float64.
struct ObjectivePort: Port {
    let port: LossPort
    init(objective: String) throws { port = try LossPort(objective) }
    func answers(_ line: JSONValue) async throws -> [JSONValue] { [try port.answerLoss(line)] }
}

/// A judge over a pipe, on responses to one problem.
struct JudgingPort: Port {
    let port: JudgePort
    init(judge: String) throws { port = try JudgePort(judge) { try Self.world($0, $1) } }
    func answers(_ line: JSONValue) async throws -> [JSONValue] { [try await port.answer(line)] }

    /// The world of a name, as a line's `worldSettings`, `corpus` and `corpusSettings` have it.
    private static func world(_ name: String, _ settings: JSONValue) throws -> any World {
        func laid(_ key: String, over defaults: JSONValue) throws -> JSONValue {
            guard let given = settings[key], given != .null else { return defaults }
            return try given.laid(over: defaults, place: "settings.\(key)")
        }
        let entry = try WorldCatalog.entry(name)
        let world = try entry.make(try laid("worldSettings", over: entry.defaults))
        guard let corpus = try settings.optionalText("corpus") else { return world }
        let defaults = try CorpusCatalog.entry(corpus).defaults
        let made = try CorpusCatalog.make(corpus, settings: try laid("corpusSettings", over: defaults), world: name)
        return made.map { ThinkingWorld(world, corpus: $0) } ?? world
    }
}
