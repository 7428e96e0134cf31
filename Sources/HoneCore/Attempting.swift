/// A world in which each of a role's moves is a whole answer to one question, made after what came of the answer before.
///
/// Saying the newest answer again ends the play with it; so a search can keep any answer it has looked at.
public protocol RevisableAnswer: StepChecking {
    /// Whether an answer has been given that can be refined.
    func hasAnswer(in state: State) -> Bool
}

/// A world in which a role's own moves alone decide what it sees next, so that what a search looked at beforehand comes true.
///
/// A search's choice is then played on to its end: nothing else can be seen on the way.
public protocol PredictableWorld: World {}

extension Position {
    /// Whether an answer has been given that can be refined; nil where the world has no such answers.
    public var hasAnswer: Bool? {
        func read<R: RevisableAnswer>(_ world: R) -> Bool? { (state as? R.State).map { world.hasAnswer(in: $0) } }
        return (world as? any RevisableAnswer).flatMap { read($0) }
    }

    /// Whether the role has seen exactly what the maker of a move had seen.
    ///
    /// By tokens where all of the transcript has them. Where answers are revised, or the world is predictable, its words are news without tokens, which
    /// read the same wherever the same was said before; there texts are compared.
    func isExpected(by move: Move, for role: Role) -> Bool {
        let seen = view(for: role).transcript
        if let tokens = seen.tokens, move.context?.tokens == tokens { return true }
        guard world is any RevisableAnswer || world is any PredictableWorld, let known = move.transcript ?? move.context else { return false }
        return Array(known.text.utf8) == Array(seen.text.utf8)
    }
}

extension VerdictKind {
    /// What an attempt in a search tree was valued at; an attempt that was valued several times has several verdicts.
    public static var worth: VerdictKind { "worth" }
}
