import HoneCore

/// The societies and policies, each with its default settings.
public enum SocietyCatalog {
    /// All societies, in alphabetical order.
    public static var parts: [any Society] { [Examination(), Recitation(), Rehearsal(), Revision(), SecondAnswerLesson(), Solo()] }
    /// All policies, in alphabetical order.
    public static var policies: [any Policy] { [DirectPolicy()] }
}
