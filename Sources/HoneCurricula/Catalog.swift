import HoneCore

/// The curricula, each with its default settings.
public enum CurriculumCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Curriculum] { [
            Matchmaking(tables: [], learner: Player(model: "policy"), scheme: .mirror), ProblemStream(problems: [], samples: 1),
        ] }
}
