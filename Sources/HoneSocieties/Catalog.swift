import HoneCore
import HoneText

/// The societies and policies, each with its default settings.
public enum SocietyCatalog {
    /// All societies, in alphabetical order.
    public static var parts: [any Society] { [Examination(), Recitation(), Rehearsal(), Revision(), SecondAnswerLesson(), Solo()] }
    /// All policies, in alphabetical order.
    public static var policies: [any Policy] { (chat.map { [$0] } ?? []) + [DirectPolicy(), GroundedMoves(DirectPolicy()), LatestView()] }

    /// The chat policy with a template that writes what is said and nothing else.
    private static var chat: ChatPolicy? {
        let template = try? ChatTemplate("{% for message in messages %}{{ message.content }}{% endfor %}")
        return template.map { ChatPolicy($0, tokenizer: CharacterTokenizer.nano, now: TemplateTime(year: 2025, month: 1, day: 1)) }
    }
}
