import HoneCore
import HoneSearch
import HoneWorlds

/// Writes what a model is taught that repairs, values repairs and compares them: each lesson is what a seat is shown and what it says.
///
/// How often each of them is right is put in by chance, so it is known by construction.
struct RepairLessons: Codable, Hashable, Sendable {
    /// The share of edits in which something is wrong.
    var noise = 0.6
    /// The share of moves lessons in which the player is told of one to three moves that were tried.
    var told = 0.5
    /// How often somebody who was told makes another move than those.
    var heeds = 0.9
    /// The share of marks that say what is so; others are any.
    var marks = 0.75
    /// The share of explanations that name the file with the bug; others name any.
    var suspects = 0.75
    /// The share of votes for a repair that is right, where there is one; others are for any.
    var votes = 0.75

    /// The marks a value agent gives, of which 7 and 8 are for states that are right.
    static let said = 0...8
    /// What an explanation says where nothing is wrong.
    static let nothing = "-"

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        let shares = [("noise", noise), ("told", told), ("heeds", heeds), ("marks", marks), ("suspects", suspects), ("votes", votes)]
        return shares.compactMap { (0...1).contains($1) ? nil : "“\(key).\($0)” is \($1); it should be between 0 and 1" }
    }

    /// So many lessons about training problems: of four, two are moves, one is a mark with its explanation, one a vote.
    func problems(_ training: [Problem], of world: RepoRepair, count: Int, seed: Seed) throws -> [Problem] {
        try (0..<(training.isEmpty ? 0 : count)).map { index in
            let problem = training[index / 4 % training.count]
            var generator = seed.child("lesson", index).generator
            let (shown, said): (String, String)
            switch index % 4 {
            case 0, 1: (shown, said) = try move(problem, world, &generator)
            case 2: (shown, said) = try mark(problem, world, &generator)
            default: (shown, said) = try vote(problem, world, &generator)
            }
            return try WrittenTurns.lesson(index, shown, said)
        }
    }

    private func text(_ state: RepoRepair.State, _ role: Role, _ world: RepoRepair) -> String { world.observation(of: state, for: role).news.text }

    /// A state on the way of somebody who repairs imperfectly, not over.
    private func walked(_ problem: Problem, _ world: RepoRepair, _ generator: inout SeededGenerator) throws -> RepoRepair.State {
        var state = try world.start(of: problem)
        for _ in 0..<generator.integer(in: 0...(world.settings.moves - 2)) {
            var next = state
            world.play(repair(state, nil, world, &generator), in: &next)
            if next.isOver { break }
            state = next
        }
        return state
    }

    /// What somebody does next who repairs imperfectly: tests after every edit, finishes when the tests shown pass, else makes the expert's move, with
    /// something wrong in an edit as often as is said. A wrong edit is in the file that is suspected, where one is named.
    private func repair(_ state: RepoRepair.State, _ suspect: String?, _ world: RepoRepair, _ generator: inout SeededGenerator) -> String {
        guard let report = state.report else { return "test" }
        if zip(state.tests, report).allSatisfy({ $0.expected == $1 }) { return "finish" }
        let right = world.expertMove(in: state)
        guard right.hasPrefix("edit"), generator.chance(noise) else { return right }
        let named = suspect.flatMap { state.repository.place(of: $0) }
        let seen = state.viewed.indices.filter { state.viewed[$0] }
        guard let file = named ?? generator.element(of: seen) else { return right }
        let tokens = state.repository.files[file].tokens
        let places = tokens.indices.filter { PostfixRepository.operands.contains(tokens[$0]) || PostfixRepository.operators.contains(tokens[$0]) }
        guard let place = generator.element(of: places) else { return right }
        let kind = PostfixRepository.operators.contains(tokens[place]) ? PostfixRepository.operators : PostfixRepository.operands
        return "edit \(state.repository.files[file].name) \(place + 1) \(generator.element(of: kind.filter { $0 != tokens[place] }) ?? tokens[place])"
    }

    /// A mark and an explanation, as often right as is said.
    private func judgement(_ state: RepoRepair.State, _ world: RepoRepair, _ generator: inout SeededGenerator) -> (mark: Int, words: String) {
        let left = world.differences(in: state)
        let isRight = left.isEmpty || world.isResolved(state)
        let mark: Int
        switch left.count {
        case _ where isRight: mark = state.report == nil ? 7 : 8
        case _ where state.isOver: mark = 0
        case 1: mark = state.viewed[left[0].file] ? 5 : 4
        default: mark = left.count == 2 ? 2 : 1
        }
        let suspect = isRight ? Self.nothing : left.first.map { state.repository.files[$0.file].name } ?? Self.nothing
        let any = generator.element(of: state.repository.files.map(\.name)) ?? Self.nothing
        return (generator.chance(marks) ? mark : generator.integer(in: Self.said), generator.chance(suspects) ? suspect : any)
    }

    /// What a mark counts, as a value agent's.
    static func value(of mark: Int) -> Double { Double(mark) * 200 / Double(said.upperBound) - 100 }

    private func move(_ problem: Problem, _ world: RepoRepair, _ generator: inout SeededGenerator) throws -> (String, String) {
        let state = try walked(problem, world, &generator)
        var tried: [Tried] = []
        if generator.chance(told) {
            for _ in 0..<generator.integer(in: 1...3) {
                let text = repair(state, nil, world, &generator)
                guard !tried.contains(where: { $0.move == text }) else { continue }
                var reached = state
                world.play(text, in: &reached)
                let (mark, words) = judgement(reached, world, &generator)
                tried.append(Tried(move: text, value: Self.value(of: mark), words: words))
            }
        }
        let kinds = HindsightMoves.Told.allCases.filter { $0 != .nothing }
        let kind = generator.element(of: kinds) ?? .explanations
        let suspect = kind == .explanations ? tried.last { $0.words != Self.nothing }?.words : nil
        var said = repair(state, suspect, world, &generator)
        if generator.chance(heeds) {
            for _ in 0..<20 where tried.contains(where: { $0.move == said }) { said = repair(state, suspect, world, &generator) }
            // Where only one move is sensible, another one is a look at something new.
            let looks = state.viewed.indices.filter { !state.viewed[$0] }.map { "view \(state.repository.files[$0].name)" }
            let fresh = looks.filter { look in !tried.contains { $0.move == look } }
            if tried.contains(where: { $0.move == said }) { said = generator.element(of: fresh) ?? said }
        }
        return (text(state, .solver, world) + HindsightMoves(told: kind).text(after: tried), said)
    }

    private func mark(_ problem: Problem, _ world: RepoRepair, _ generator: inout SeededGenerator) throws -> (String, String) {
        var state = try walked(problem, world, &generator)
        // States are valued when a move has led there, the last one among them.
        if generator.chance(0.5) { world.play(repair(state, nil, world, &generator), in: &state) }
        let (mark, words) = judgement(state, world, &generator)
        return (text(state, RepoRepair.value, world) + SWESearch.question, "\(mark) \(words)")
    }

    private func vote(_ problem: Problem, _ world: RepoRepair, _ generator: inout SeededGenerator) throws -> (String, String) {
        var (right, plays): ([Int], [(text: String, words: String?)]) = ([], [])
        for place in 0..<generator.integer(in: 2...4) {
            var state = try walked(problem, world, &generator)
            while !state.isOver { world.play(generator.chance(0.3) ? "finish" : repair(state, nil, world, &generator), in: &state) }
            let (mark, words) = judgement(state, world, &generator)
            if world.isResolved(state) { right.append(place) }
            plays.append((text(state, RepoRepair.debater, world), "\(Int(Self.value(of: mark).rounded())) \(words)"))
        }
        func drawn(_ generator: inout SeededGenerator) -> Int {
            generator.chance(votes) ? generator.element(of: right) ?? 0 : generator.integer(in: 0...(plays.count - 1))
        }
        let others = generator.chance(0.5) ? (0..<2).map { _ in drawn(&generator) } : []
        return (Debate(seat: RepoRepair.debater).question(of: plays, others: others), "\(drawn(&generator) + 1)")
    }
}
