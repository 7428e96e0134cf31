import HoneCore

/// The curricula, each with its default settings.
public enum CurriculumCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Curriculum] { [ProblemStream(problems: [], samples: 1)] }
}
