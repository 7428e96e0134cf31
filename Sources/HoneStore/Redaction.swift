import Foundation
import HoneCore

/// Takes out of records everything that was said: texts, tokens, log-probabilities, answers, the words of judges and errors.
///
/// Numbers stay: rewards, verdicts, measures, costs. Problems are numbered in the order in which they come, so that what belongs to one
/// problem still does, and nothing of it can be read from its name.
public struct Redaction {
    /// What stands where a text was.
    public static let mark = "[removed]"
    private var names: [String: String] = [:]

    /// A redaction in which no problem has a number yet.
    public init() {}

    /// The record without what was said.
    public mutating func redacted(_ record: IterationRecord) -> IterationRecord {
        var record = record
        for index in record.groups.indices { redact(&record.groups[index]) }
        if var answers = record.answers {
            for index in answers.indices { redact(&answers[index]) }
            record.answers = answers
        }
        record.decisions = record.decisions.map { _ in Self.mark }
        return record
    }

    private mutating func redact(_ group: inout EpisodeGroup) {
        redact(&group.assignment.problem)
        for index in group.episodes.indices {
            for step in group.episodes[index].steps.indices {
                Self.redact(&group.episodes[index].steps[step].context)
                Self.redact(&group.episodes[index].steps[step].move)
            }
            if case .failed = group.episodes[index].ending { group.episodes[index].ending = .failed(Self.mark) }
        }
        for index in group.verdicts.indices { Self.redact(&group.verdicts[index]) }
        for index in group.children.indices { redact(&group.children[index]) }
    }

    private mutating func redact(_ problem: inout Problem) {
        let name = names[problem.id] ?? "problem \(names.count)"
        names[problem.id] = name
        problem.id = name
        problem.text = problem.text.isEmpty ? "" : Self.mark
        problem.answer = problem.answer.map { _ in Self.mark }
        problem.parameters = []
        problem.details = [:]
        problem.demonstrations = []
    }

    private static func redact(_ transcript: inout Transcript) {
        for index in transcript.indices {
            transcript[index].content = .text(mark)
            transcript[index].samplerLogProbs = nil
            transcript[index].entropies = nil
        }
    }

    private static func redact(_ move: inout Move) {
        redact(&move.segments)
        if var context = move.context {
            redact(&context)
            move.context = context
        }
        move.transcript = nil
        guard var tree = move.tree else { return }
        for index in tree.nodes.indices {
            redact(&tree.nodes[index].move)
            for verdict in tree.nodes[index].verdicts.indices { redact(&tree.nodes[index].verdicts[verdict]) }
        }
        move.tree = tree
    }

    private static func redact(_ verdict: inout Verdict) { verdict.critique = verdict.critique.map { _ in mark } }
}

extension RunFolder {
    /// Writes a copy of the run without what was said in it, into a folder that is not there yet.
    ///
    /// Weights stay, and with them what a model has learned by heart. What curricula and memories remember is left out, so the copy can be
    /// measured, exported as a model and looked at, but not gone on with. Reports and kept answers of endpoints are not copied.
    public func redactedCopy(at path: String, warning: (String) -> Void) throws -> RunFolder {
        var manifest = manifest
        manifest.isRedacted = true
        let copy = try RunFolder.create(at: path, manifest)
        let source = try SQLiteRunStore(self)
        let target = try SQLiteRunStore(copy, for: .writing)
        var redaction = Redaction()
        for bare in try source.iterations() {
            var record = bare
            record.groups = try source.groups(of: bare.index)
            let answers = try source.answers(of: bare.index)
            record.answers = answers.isEmpty ? nil : answers
            try target.append(redaction.redacted(record))
        }
        if var checkpoint = try source.latestCheckpoint(warning: warning) {
            if let state = checkpoint.files["state.json"] {
                guard case .object(var members) = try JSONValue(parsing: String(decoding: state, as: UTF8.self)) else {
                    throw StoreError("The checkpoint of \(self.path) has a state.json that is no object; it was changed or damaged")
                }
                members["memos"] = .object([:])
                checkpoint.files["state.json"] = Data(JSONValue.object(members).canonical.utf8)
            }
            try target.keep(checkpoint)
        }
        return copy
    }
}
