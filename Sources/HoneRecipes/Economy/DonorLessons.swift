import HoneCore
import HoneGames

/// What authors of a temperament write after reading rules, and what donors give who follow one, written as a small model is asked.
struct DonorLessons {
    /// How prompts are written.
    let prompt: DonorPrompt
    /// Whose strategies are learned.
    let temperament: DonorTemperament
    /// How likely an author changes each part of a rule.
    let mutation: Double
    /// The share of lessons that are gifts.
    let gifts: Double

    /// The share of authors' lessons that read nothing.
    private static let beginnings = 0.25

    private var game: DonorGame { prompt.game }
    private var levels: Int { game.settings.shares.count }

    /// So many lessons.
    func problems(_ count: Int, seed: Seed) throws -> [Problem] {
        try (0..<count).map { number in
            var generator = seed.child("lesson", number).generator
            let (question, answer) = generator.chance(gifts) ? gift(&generator) : writing(&generator)
            return try WrittenTurns.lesson(number, question, answer)
        }
    }

    private func anyRule(_ generator: inout SeededGenerator) -> DonorRule {
        func place(_ generator: inout SeededGenerator) -> Int { generator.integer(in: 0...levels - 1) }
        var rule = DonorRule(give: place(&generator), threshold: place(&generator), otherwise: place(&generator))
        rule.punishes = game.settings.allowsPunishment && generator.chance(0.3)
        return rule
    }

    private func gift(_ generator: inout SeededGenerator) -> (String, String) {
        let rule = anyRule(&generator)
        var known: [Int?] = [nil] + game.settings.shares.map { Optional($0) }
        if game.settings.allowsPunishment { known.append(-game.settings.shares[1]) }
        let past = generator.element(of: known) ?? nil
        return (prompt.donor(following: rule.text, past: past), prompt.short(rule.share(after: past, of: game)))
    }

    private func writing(_ generator: inout SeededGenerator) -> (String, String) {
        var read: [DonorRule] = []
        if !generator.chance(Self.beginnings) {
            // Survivors are alike as they have common forebears; some sets are of all kinds.
            let centre = anyRule(&generator)
            let isMixed = generator.chance(0.3)
            for _ in 0..<game.settings.players / 2 {
                read.append(
                    isMixed
                        ? anyRule(&generator)
                        : DonorTemperament.imitator.rule(
                            reading: [centre], levels: levels, mutation: 0.3, allowsPunishment: game.settings.allowsPunishment, using: &generator))
            }
        }
        let rule = temperament.rule(reading: read, levels: levels, mutation: mutation, allowsPunishment: game.settings.allowsPunishment, using: &generator)
        return (prompt.author(read.map { DonorPrompt.Read(text: $0.text, score: 0) }), rule.text)
    }
}
