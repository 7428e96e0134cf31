import HoneCore
import HoneNumerics

/// Counts something in each response: habits, words, mistakes.
public struct ResponseCounter: Sendable {
    /// The name of the measure.
    public let name: String
    /// Its unit.
    public let unit: String
    /// How often it occurs in a response.
    public let count: @Sendable (String) -> Double

    /// A counter.
    public init(name: String, unit: String, count: @escaping @Sendable (String) -> Double) {
        self.name = name
        self.unit = unit
        self.count = count
    }

    /// The mean count over the solver's responses, with an interval over problems.
    public func estimate(over groups: [EpisodeGroup]) -> Estimate {
        Estimate.clustered(groups.map(counts), unit: unit)
    }

    /// The count in each of the solver's responses.
    public func counts(in group: EpisodeGroup) -> [Double] { group.episodes.map { count($0.response(of: .solver)) } }
}
