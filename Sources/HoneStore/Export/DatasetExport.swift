import HoneCore

/// Writes episodes as lines of a data set.
///
/// An answer is accepted where its reward is at least `threshold`; the reward is the solver's return. What the prompt was is taken from the
/// episode itself: the exact context of its first step.
public struct DatasetExport: Sendable {
    /// Gives the verdicts on the steps of an answer.
    public typealias StepReading = @Sendable (_ response: String, _ problem: Problem) -> [StepCheck]

    /// The form.
    public let form: DatasetForm
    /// The least reward of an accepted answer.
    public let threshold: Double
    private let steps: StepReading
    private var written: Set<String> = []

    /// An export; `steps` is asked in the stepwise form only.
    public init(_ form: DatasetForm, threshold: Double = 1, steps: @escaping StepReading = { _, _ in [] }) {
        self.form = form
        self.threshold = threshold
        self.steps = steps
    }

    /// The line before the first, where the form has one.
    public var heading: String? { form == .csv ? "iteration,problem,sample,prompt,response,reward,tokens,ending" : nil }

    /// The lines of an iteration's groups, in order.
    public mutating func lines(of groups: [EpisodeGroup], iteration: Int) -> [String] {
        groups.flatMap { lines(of: $0, iteration: iteration) }
    }

    private mutating func lines(of group: EpisodeGroup, iteration: Int) -> [String] {
        let answers = group.episodes.enumerated().compactMap { sample, episode -> Answer? in
            Answer(episode, sample: sample)
        }
        switch form {
        case .sft:
            return answers.filter { $0.reward >= threshold && written.insert("\($0.prompt)\u{0}\($0.response)").inserted }
                .map { Self.line(["prompt": .string($0.prompt), "completion": .string($0.response)]) }
        case .preference:
            guard let best = answers.max(by: { $0.reward < $1.reward }), let worst = answers.min(by: { $0.reward < $1.reward }),
                best.reward > worst.reward, best.response != worst.response
            else { return [] }
            return [Self.line(["prompt": .string(best.prompt), "chosen": .string(best.response), "rejected": .string(worst.response)])]
        case .unpaired:
            return answers.map {
                Self.line(["prompt": .string($0.prompt), "completion": .string($0.response), "label": .bool($0.reward >= threshold)])
            }
        case .stepwise:
            return answers.compactMap { answer in
                let checks = steps(answer.response, group.assignment.problem)
                guard !checks.isEmpty else { return nil }
                return Self.line([
                    "prompt": .string(answer.prompt), "completions": .array(checks.map { .string($0.text) }),
                    "labels": .array(checks.map { .bool($0.isCorrect) }),
                ])
            }
        case .jsonl:
            return answers.map { answer in
                Self.line([
                    "iteration": .integer(iteration), "problem": .string(group.assignment.problem.id), "sample": .integer(answer.sample),
                    "prompt": .string(answer.prompt), "response": .string(answer.response), "reward": .number(answer.reward),
                    "tokens": .array(answer.tokens.map { .integer(Int($0)) }),
                    "logProbs": .array(answer.logProbs.map { .number(Double($0)) }), "ending": .string(answer.ending),
                ])
            }
        case .csv:
            return answers.map { answer in
                [
                    String(iteration), group.assignment.problem.id, String(answer.sample), answer.prompt, answer.response, "\(answer.reward)",
                    String(answer.tokens.count), answer.ending,
                ].map(Self.field).joined(separator: ",")
            }
        }
    }

    /// What the solver answered in an episode.
    private struct Answer {
        let sample: Int
        let prompt: String
        let response: String
        let reward: Double
        let tokens: [TokenID]
        let logProbs: [Float]
        let ending: String

        init?(_ episode: Episode, sample: Int) {
            let moves = episode.steps.filter { $0.role == .solver }
            guard let first = moves.first else { return nil }
            self.sample = sample
            prompt = first.context.text
            response = episode.response(of: .solver)
            reward = episode.returns[.solver] ?? 0
            tokens = moves.flatMap(\.move.segments).flatMap { $0.tokens ?? [] }
            logProbs = moves.flatMap(\.move.segments).flatMap { $0.samplerLogProbs ?? [] }
            ending = episode.ending.map { "\($0)" } ?? "unfinished"
        }
    }

    private static func line(_ members: [String: JSONValue]) -> String { JSONValue.object(members).canonical }

    /// A field of a comma-separated file (RFC 4180): quoted where it holds a comma, a quote or a line break.
    static func field(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
