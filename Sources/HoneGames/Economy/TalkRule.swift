/// What players may say to each other beside the moves of a game.
public enum TalkRule: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The game's own list of speech acts.
    case listed
    /// The list, and `say: TEXT` in one's own words.
    case free
}

/// Something said in a game: one of a list, or own words.
public enum Speech: Hashable, Codable, Sendable {
    /// The place of a speech act in the game's list.
    case act(Int)
    /// Own words, without double quotes.
    case words(String)

    /// The own words in a text such as `say: hello`, made fit for being shown in quotes; nil where talk is not free or the text no utterance.
    static func read(_ text: String, rule: TalkRule, limit: Int) -> Speech? {
        guard rule == .free, let words = Utterance.read(text, limit: limit) else { return nil }
        // Double quotes are shown as apostrophes, so words that differ in these only are the same to all.
        return .words(words.replacing("\"", with: "'"))
    }

    /// How it is shown: the speech act's own text, or own words in quotes.
    func shown(_ acts: [String]) -> String {
        switch self {
        case .act(let place): acts.indices.contains(place) ? acts[place] : "act \(place)"
        case .words(let words): "says " + Utterance.quoted(words)
        }
    }

    /// The text of the move that says it.
    func text(_ acts: [String]) -> String {
        switch self {
        case .act(let place): acts.indices.contains(place) ? acts[place] : "act \(place)"
        case .words(let words): Utterance.prefix + words
        }
    }
}
