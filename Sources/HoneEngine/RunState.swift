import Foundation
import HoneCore

/// Where a run stands, beside its weights: all that a checkpoint's `state.json` holds.
struct RunState: Codable, Sendable {
    /// The format of this file.
    var version = 1
    /// The index of the stage in the plan.
    var stage = 0
    /// The next iteration in that stage.
    var indexInStage = 0
    /// The next iteration in the run.
    var index = 0
    /// What was spent on improving.
    var cost = Cost()
    /// What was spent on measuring.
    var measuringCost = Cost()
    /// The memos of stateful parts, by their place in the plan.
    var memos: [String: JSONValue] = [:]
    /// Whether all stages are done.
    var isFinished = false
    /// Whether it ended because its budget was spent; nil in states of earlier versions.
    var isBudgetSpent: Bool?
    /// Seconds spent on improving, kept only under a budget of seconds.
    var seconds: Double?
    /// What was measured last.
    var measures: [String: Estimate] = [:]

    static let file = "state.json"

    func data() throws -> Data { Data(try JSONValue(encoding: self).canonical.utf8) }

    init() {}

    init(_ data: Data) throws {
        self = try JSONValue(parsing: String(decoding: data, as: UTF8.self)).decode(RunState.self)
    }
}

/// The memo of a stateful part as JSON.
func memo<S: Stateful>(of part: S) throws -> JSONValue { try JSONValue(encoding: part.memo) }

/// Puts a memo back into a part that the recipe has built anew.
func putBack<S: Stateful>(_ memo: JSONValue?, into part: inout S) throws {
    guard let memo else { return }
    part.memo = try memo.decode(S.Memo.self)
}
