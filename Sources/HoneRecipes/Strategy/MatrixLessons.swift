import HoneCore
import HoneGames
import HoneSocieties

/// The 144 games parted into those that are taught and those that are kept, and questions written about them.
struct MatrixLessons {
    /// Games that may be taught.
    let taught: [OrdinalGame]
    /// Games that are kept for measuring.
    let kept: [OrdinalGame]

    /// Stories that may be taught, and those that are kept.
    static let taughtStories = Array(Story.all.prefix(10))
    /// Stories that are kept for measuring.
    static let keptStories = Array(Story.all.dropFirst(10))

    /// Parts the games so that a share is kept; a game and the one with the seats changed stay together.
    init(keptShare: Double) {
        let pairs = Dictionary(grouping: OrdinalGame.all) { min($0.name, $0.mirrored.name) }
        var generator = Seed(0x324D).child("kept games").generator
        var kept: Set<OrdinalGame> = []
        for name in generator.shuffled(pairs.keys.sorted()) where Double(kept.count) < keptShare * 144 { kept.formUnion(pairs[name] ?? []) }
        self.kept = OrdinalGame.all.filter(kept.contains)
        taught = OrdinalGame.all.filter { !kept.contains($0) }
    }

    /// The four tables of a game: as it is, with its columns, its rows, and both in the other order.
    static func tables(of game: OrdinalGame) -> [OrdinalTable] {
        let table = OrdinalTable(game)
        return [(false, false), (false, true), (true, false), (true, true)].map { table.exchanged(rows: $0.0, columns: $0.1) }
    }

    /// One table of one of the games.
    static func draw(_ games: [OrdinalGame], using generator: inout SeededGenerator) -> OrdinalTable {
        let table = OrdinalTable(games[generator.integer(in: 0...games.count - 1)])
        return table.exchanged(rows: generator.chance(0.5), columns: generator.chance(0.5))
    }

    /// A game in front of the one that is given, such that both together have one solution; nil where none is found.
    static func nested(before table: OrdinalTable, _ games: [OrdinalGame], using generator: inout SeededGenerator) -> NestedGame? {
        for _ in 0..<200 {
            let game = NestedGame(before: table, core: draw(games, using: &generator), bans: NestedGame.usual)
            if game.solution != nil { return game }
        }
        return nil
    }

    /// So many worked short questions about taught games: half of them about one game, the others about stories and about several games, in all formats.
    func lessons(_ count: Int, seed: Seed) throws -> [Problem] {
        guard !taught.isEmpty else { return [] }
        return try (0..<count).map { number in
            var generator = seed.child("lesson", number).generator
            let prompt = MatrixPrompt(isShort: true, format: AnswerFormat.allCases[number % 4])
            let table = Self.draw(taught, using: &generator)
            var (answers, between): ([String], [String]) = ([], [])
            var question = prompt.single(table, story: nil)
            switch number / 4 % 8 {
            case 4:
                let story = generator.element(of: Self.taughtStories)
                question = prompt.single(table, story: story)
                answers = [prompt.worked([table])]
            case 5:
                let other = Self.draw(taught, using: &generator)
                answers = [prompt.worked([table]), prompt.worked([other])]
                between = ["\n" + prompt.single(other, story: nil).text]
            case 6:
                let tables = [table, Self.draw(taught, using: &generator)]
                question = prompt.games(tables, stories: nil)
                answers = [prompt.worked(tables)]
            case 7:
                if let game = Self.nested(before: table, taught, using: &generator), let asked = prompt.nested(game), let worked = prompt.worked(game) {
                    question = asked
                    answers = [worked]
                } else {
                    answers = [prompt.worked([table])]
                }
            default: answers = [prompt.worked([table])]
            }
            let problem = try MatrixQuestions.problem(id: "lesson \(number)", [question])
            return try Script(answers: answers, between: between).given(to: problem)
        }
    }

    /// What is measured on: each game in one table or in all four, as a question of the form.
    static func items(
        _ games: [OrdinalGame], form: GameForm, isStory: Bool, depth: Int, exchanges: Bool, prompt: MatrixPrompt
    ) throws -> [EquilibriumTrial.Item] {
        var items: [EquilibriumTrial.Item] = []
        for (number, game) in games.enumerated() {
            for (place, table) in tables(of: game).prefix(exchanges ? 4 : 1).enumerated() {
                // What is asked is a property of the game, not of the run, so that runs can be compared.
                var generator = Seed(0x324D).child(game.name, place).generator
                let stories = isStory ? (0..<depth).map { keptStories[(number + place + $0) % keptStories.count] } : nil
                let tables = [table] + (1..<max(2, depth)).map { _ in draw(games, using: &generator) }
                var questions: [MatrixQuestion]
                switch form {
                case .single: questions = [prompt.single(table, story: stories?.first, wording: place % Story.wordings)]
                case .sequential:
                    questions = tables.prefix(depth).enumerated().map { prompt.single($1, story: stories?[$0], wording: place % Story.wordings) }
                case .parallel: questions = [prompt.games(Array(tables.prefix(depth)), stories: stories, wording: place % Story.wordings)]
                case .nested: questions = nested(before: table, games, using: &generator).flatMap { prompt.nested($0) }.map { [$0] } ?? []
                }
                guard !questions.isEmpty else { continue }
                var problem = try MatrixQuestions.problem(id: "\(game.name) \(place)", questions)
                problem.isHeldOut = true
                items.append(EquilibriumTrial.Item(game: game.name, table: table, problem: problem))
            }
        }
        return items
    }
}
