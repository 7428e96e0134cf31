import HoneCore
import HoneGames
import HoneSocieties

/// Writes what is asked of those who write strategies for the donor game and of those who follow them, short for small models and in words for others.
struct DonorPrompt: Sendable {
    /// Whether prompts are short and strategies are rules.
    let isShort: Bool
    /// The game.
    let game: DonorGame

    /// A strategy that others can read, with what it brought.
    struct Read: Hashable, Sendable {
        var text: String
        var score: Double
    }

    private var levels: Int { game.settings.shares.count }

    /// Asks for a strategy after reading those that survived, best first; for the first generation there are none.
    func author(_ read: [Read]) -> String {
        if isShort { return "w\(read.map { " " + $0.text }.joined())=" }
        var text = "\(game.instructions)\nYou write a strategy that a player follows through the whole game.\n"
        for one in read { text += "A strategy of the last generation that ended with \(Int(one.score.rounded())) units, among the best half: \(one.text)\n" }
        return text + "Think step by step about what a good strategy is" + (read.isEmpty ? "" : ", and what can be learned from these") + ". End with one line that begins with “My strategy:”."
    }

    /// The strategy in a text; nil where a short text holds no rule.
    func strategy(_ text: String) -> String? {
        if isShort {
            let line = text.firstLine
            return rule(line) == nil ? nil : line
        }
        let marked = text.split { $0.isNewline }.last { $0.contains("My strategy:") }.map(String.init)
        let line = marked ?? text.split { $0.isNewline }.last.map(String.init) ?? ""
        return String(line.replacing("My strategy:", with: "").drop { $0 == " " }.prefix(1000))
    }

    /// The rule of a short strategy; nil for one in words.
    func rule(_ strategy: String) -> DonorRule? {
        guard isShort, let rule = DonorRule(strategy, levels: levels), !rule.punishes || game.settings.allowsPunishment else { return nil }
        return rule
    }

    /// Asks a donor what its strategy gives now.
    func donor(_ seat: Int, to recipient: Int, following strategy: String, in state: DonorGame.State) -> String {
        guard isShort else {
            let moves = game.actions(in: state).map { game.text(of: $0, in: state) }.joined(separator: "; ")
            return "\(game.instructions)\nYou follow this strategy: \(strategy)\n\(game.view(of: state, for: seat))\nYou are the donor to player \(recipient) now. Think briefly, and end with one line that is "
                + "one of: \(moves)."
        }
        return donor(following: strategy, past: game.pastShares(of: recipient, in: state).first)
    }

    /// The short question, by what the recipient gave last.
    func donor(following strategy: String, past: Int?) -> String {
        let place = past.map { share in share < 0 ? "p" : String(game.settings.shares.firstIndex(of: share) ?? 0) } ?? "-"
        return "f\(strategy)|\(place)="
    }

    /// How a share is written in short answers: its place, behind `p` where it punishes.
    func short(_ share: Int) -> String { (share < 0 ? "p" : "") + String(game.settings.shares.firstIndex(of: abs(share)) ?? 0) }

    /// The share a text gives; nil where it gives none that is allowed.
    func share(_ text: String, in state: DonorGame.State) -> Int? {
        let allowed = game.actions(in: state)
        guard isShort else {
            let last = text.split { $0.isNewline }.last.map { $0.lowercased() } ?? ""
            let texts = allowed.map { game.text(of: $0, in: state) }
            guard let closest = GroundedMoves.closest(to: last, among: texts), let place = texts.firstIndex(of: closest), case .give(let share) = allowed[place] else { return nil }
            return share
        }
        let line = text.firstLine
        let isPunishing = line.hasPrefix("p")
        guard let place = Int(isPunishing ? String(line.dropFirst()) : line), game.settings.shares.indices.contains(place) else { return nil }
        let share = isPunishing ? -game.settings.shares[place] : game.settings.shares[place]
        return allowed.contains(.give(share)) ? share : nil
    }
}
