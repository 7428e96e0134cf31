import HoneCore
import HoneNumerics

/// Measures of groups of samples, one group per problem; an episode is correct when the solver's return is 1 or more.
///
/// Intervals are taken over problems: samples of one problem are not independent.
public enum SampleMeasures {
    /// Whether an episode is correct.
    public static func isCorrect(_ episode: Episode) -> Bool { (episode.returns[.solver] ?? 0) >= 1 }

    /// How many episodes of a group are correct.
    public static func correct(_ group: EpisodeGroup) -> Int { group.episodes.filter(isCorrect).count }

    /// The share of correct episodes: pass@1 without bias.
    public static func passAt1(_ groups: [EpisodeGroup]) -> Estimate {
        Estimate.clustered(groups.map { $0.episodes.map { isCorrect($0) ? 1 : 0 } }, unit: "share")
    }

    /// pass@k without bias; problems with fewer than k samples are left out.
    public static func passAtK(_ groups: [EpisodeGroup], k: Int) -> Estimate {
        Estimate.clustered(
            groups.map { group in
                RepeatedSamples.passAtK(samples: group.episodes.count, correct: correct(group), k: k).map { [$0] } ?? []
            }, unit: "share")
    }

    /// Takes the answer of a play to a problem; nil where there is none.
    public typealias Reading = @Sendable (_ episode: Episode, _ problem: Problem) -> String?

    /// The final line of the response as the answer, where nothing better is known.
    public static let lastLine: Reading = { episode, _ in finalLine(episode.response(of: .solver)) }

    /// The answer as it is read in all that the solver said.
    public static func response(_ read: @escaping @Sendable (_ response: String, _ problem: Problem) -> String?) -> Reading {
        { episode, problem in read(episode.response(of: .solver), problem) }
    }

    /// The share of problems whose most frequent answer is right; responses without an answer do not vote, and where none has one the problem
    /// counts as missed.
    public static func majority(_ groups: [EpisodeGroup], reading: Reading = lastLine) -> Estimate {
        Estimate.clustered(groups.map { majority(of: $0, reading: reading).map { [$0] } ?? [] }, unit: "share")
    }

    private static func majority(of group: EpisodeGroup, reading: Reading) -> Double? {
        guard !group.episodes.isEmpty else { return nil }
        let votes = group.episodes.compactMap { episode in
            reading(episode, group.assignment.problem).map { (answer: $0, isRight: isCorrect(episode)) }
        }
        return RepeatedSamples.majority(answers: votes.map(\.answer), isCorrect: votes.map(\.isRight)) ?? 0
    }

    /// How many different correct responses a problem has; responses are compared byte by byte.
    public static func uniqueCorrect(_ groups: [EpisodeGroup]) -> Estimate {
        Estimate.clustered(groups.filter { !$0.episodes.isEmpty }.map { [uniqueCorrect($0)] }, unit: "answers")
    }

    private static func uniqueCorrect(_ group: EpisodeGroup) -> Double {
        Double(Set(group.episodes.filter(isCorrect).map { Array($0.response(of: .solver).utf8) }).count)
    }

    /// The mean entropy over sampled tokens, in nats.
    public static func entropy(_ groups: [EpisodeGroup]) -> Estimate {
        Estimate.clustered(groups.map(entropies), unit: "nats")
    }

    private static func entropies(_ group: EpisodeGroup) -> [Double] {
        said(in: group).flatMap { ($0.entropies ?? []).map(Double.init) }
    }

    /// The mean count of the solver's tokens in an episode.
    public static func length(_ groups: [EpisodeGroup]) -> Estimate {
        Estimate.clustered(groups.map(lengths), unit: "tokens")
    }

    private static func lengths(_ group: EpisodeGroup) -> [Double] {
        group.episodes.map { episode in
            Double(episode.steps.filter { $0.role == .solver }.flatMap(\.move.segments).reduce(0) { $0 + ($1.tokens?.count ?? 0) })
        }
    }

    /// All measures of the groups, by name, with each problem's values; empty without any episode. `n` in a name is the smallest
    /// count of samples.
    public static func findings(of groups: [EpisodeGroup], reading: Reading = lastLine) -> Findings {
        let filled = groups.filter { !$0.episodes.isEmpty }
        guard let n = filled.map(\.episodes.count).min() else { return Findings() }
        var found = Findings()
        func add(_ name: String, _ unit: String, _ values: (EpisodeGroup) -> [Double]) {
            found.add(name, unit: unit, filled.map { ($0.assignment.problem.id, values($0)) })
        }
        add("pass@1", "share") { $0.episodes.map { isCorrect($0) ? 1 : 0 } }
        add("length", "tokens", lengths)
        if n > 1 {
            add("pass@\(n)", "share") { group in
                RepeatedSamples.passAtK(samples: group.episodes.count, correct: correct(group), k: n).map { [$0] } ?? []
            }
            add("majority@\(n)", "share") { majority(of: $0, reading: reading).map { [$0] } ?? [] }
            add("unique correct", "answers") { [uniqueCorrect($0)] }
        }
        add("entropy", "nats", entropies)
        return found
    }

    /// Estimates of all measures of the groups.
    public static func estimates(of groups: [EpisodeGroup]) -> [String: Estimate] { findings(of: groups).estimates }

    /// The last line of a response that is not blank, without the white space around it.
    public static func finalLine(_ response: String) -> String {
        let lines = response.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" })
        guard let kept = lines.last(where: { $0.contains { !$0.properties.isWhitespace } }),
            let start = kept.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = kept.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(kept[start...end]))
    }

    private static func said(in group: EpisodeGroup) -> [Segment] {
        group.episodes.flatMap { $0.steps.filter { $0.role == .solver }.flatMap(\.move.segments) }
    }
}
