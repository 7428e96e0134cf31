/// What played episodes are written as, for other tools to learn from.
public enum DatasetForm: String, Hashable, Sendable, Codable, CaseIterable {
    /// TRL's supervised form: `{prompt, completion}` of accepted answers, each once a problem.
    case sft
    /// TRL's preferences: `{prompt, chosen, rejected}`, one pair of the best and the worst answer a problem and iteration.
    case preference
    /// TRL's unpaired preferences: `{prompt, completion, label}`.
    case unpaired
    /// TRL's stepwise supervision: `{prompt, completions, labels}`, with the world's verdicts on steps.
    case stepwise
    /// Everything, one episode a line.
    case jsonl
    /// Everything but what a table cannot hold, one episode a row.
    case csv

    /// What it holds, in a line.
    public var summary: String {
        switch self {
        case .sft: "TRL: accepted answers, {prompt, completion}"
        case .preference: "TRL: pairs, {prompt, chosen, rejected}"
        case .unpaired: "TRL: answers with a verdict, {prompt, completion, label}"
        case .stepwise: "TRL: answers by step, {prompt, completions, labels}"
        case .jsonl: "one episode a line, with rewards, verdicts and tokens"
        case .csv: "one episode a row"
        }
    }
}
