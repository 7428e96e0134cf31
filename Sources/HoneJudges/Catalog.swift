import HoneCore
import HoneText

/// The judges, by the names users write.
public enum JudgeCatalog {
    /// One judge: its card, its settings' defaults, and how it is made of them.
    public struct Entry: Sendable {
        /// Its name, summary and traits.
        public let card: PartCard
        /// Whether it asks the world that poses the problem.
        public let asksWorld: Bool
        /// What can be set, with defaults.
        public let defaults: JSONValue
        /// Makes it of resolved settings.
        public let make: @Sendable (JSONValue) throws -> any Judge
    }

    /// All of them.
    public static var entries: [Entry] {
        [
            Entry(card: AnswerJudge.card, asksWorld: false, defaults: AnswerJudge.defaults, make: { try AnswerJudge(settings: $0) }),
            Entry(card: EachAnswer.card, asksWorld: true, defaults: .object([:]), make: { _ in EachAnswer() }),
            Entry(
                card: SelfReward.card, asksWorld: false,
                defaults: .object(["certainty": .string(SelfReward.Certainty.likelihood.rawValue), "model": .string("policy"), "snapshot": .string("base")]),
                make: { settings in
                    let name = settings["certainty"]?.text ?? ""
                    guard let certainty = SelfReward.Certainty(rawValue: name) else {
                        throw CoreError.unknown(kind: "certainty", name: name, known: SelfReward.Certainty.allCases.map(\.rawValue))
                    }
                    let snapshot = settings["snapshot"]?.text ?? ""
                    return SelfReward(
                        scorer: ModelRef(ModelName(settings["model"]?.text ?? "policy"), snapshot: snapshot.isEmpty ? nil : snapshot), certainty: certainty)
                }),
            Entry(
                card: StepLikelihood.card, asksWorld: false, defaults: .object(["model": .string("policy"), "snapshot": .string("")]),
                make: { settings in
                    let snapshot = settings["snapshot"]?.text ?? ""
                    return StepLikelihood(scorer: ModelRef(ModelName(settings["model"]?.text ?? "policy"), snapshot: snapshot.isEmpty ? nil : snapshot))
                }),
            Entry(card: StepVerifier.card, asksWorld: true, defaults: .object([:]), make: { _ in StepVerifier() }),
            Entry(card: WorldReturns.card, asksWorld: true, defaults: .object([:]), make: { _ in WorldReturns() }),
        ] + verdictEntries
    }

    /// The judge of this name; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        guard let entry = entries.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "judge", name: name, known: entries.map(\.card.name))
        }
        return entry
    }

    /// The judge of this name with its default settings.
    public static func make(_ name: String) throws -> any Judge {
        let entry = try entry(name)
        return try entry.make(entry.defaults)
    }
}
