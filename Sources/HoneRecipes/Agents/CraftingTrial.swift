import HoneCore
import HoneCredit
import HoneEvaluation
import HoneSocieties
import HoneText
import HoneWorlds

/// How often a player of crafting succeeds, also after a wrong move that it was made to make, and how it notices.
///
/// Each problem is played twice, by the likeliest moves: plainly, and with one of the second to fourth moves, or the next
/// where there is one, replaced by a drawn wrong one that changes what is held, behind the thought of a right one. A move reflects
/// that waits, or says words in front of what it does; recipes that are being followed are no reflection.
///
/// | measure | of |
/// |---|---|
/// | `success`, `return` | plain plays |
/// | `loops` | the share of plain plays with the same move three times in a row |
/// | `recovery` | the share of disturbed plays that succeed |
/// | `reflects` | the share of disturbed plays with a reflection after the wrong move |
/// | `revision delay` | moves from the wrong one to the first reflection, or to the end where there is none |
/// | `needless reflections` | the share of moves of plain plays that reflect or wait though the move before was helpful |
/// | `judged rightly` | the share of moves of disturbed plays of which the reviewer says what is so |
public struct CraftingTrial: Measure {
    public static let card = PartCard(
        name: "crafting-trial", summary: "success in crafting, recovery after a wrong move that was put in, loops and reflections",
        source: "Yuan et al. 2025 (Agent-R), section 4: success and revision; the delay is ours")

    /// The world.
    let world: Crafting
    /// The problems.
    let problems: [Problem]
    /// Who plays, and who says whether moves are good.
    let player: Player
    let reviewer: Player
    /// Writes moves as the model itself would.
    let tokenizer: any Tokenizer

    /// The measure of these problems, played by `player` and judged by `reviewer`.
    public init(world: Crafting, problems: [Problem], player: Player, reviewer: Player, tokenizer: any Tokenizer) {
        self.world = world
        self.problems = problems
        self.player = player
        self.reviewer = reviewer
        self.tokenizer = tokenizer
    }

    /// What happened in a play.
    public struct Log: Sendable {
        /// The moves.
        public var moves: [String]
        /// Which of them were helpful.
        public var isHelpful: [Bool]
        /// Which of them the reviewer took for good, nil where it said nothing that can be read; empty where it was not asked.
        public var isTakenForGood: [Bool?]
        /// The number of the move that was put in, from 0.
        public var wrong: Int?
        /// What the play came to, 0 to 1.
        public var worth: Double

        /// What happened.
        public init(moves: [String] = [], isHelpful: [Bool] = [], isTakenForGood: [Bool?] = [], wrong: Int? = nil, worth: Double = 0) {
            self.moves = moves
            self.isHelpful = isHelpful
            self.isTakenForGood = isTakenForGood
            self.wrong = wrong
            self.worth = worth
        }
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let logs = try await problems.concurrently { index, problem in
            let own = scope.child("problem", index)
            return (
                problem: problem.id, plain: try await played(problem, disturbed: false, in: own.child("plain")),
                disturbed: try await played(problem, disturbed: true, in: own.child("disturbed"))
            )
        }
        return Self.findings(logs)
    }

    /// The measures of plays.
    public static func findings(_ logs: [(problem: String, plain: Log, disturbed: Log)]) -> Findings {
        var found = Findings()
        func add(_ name: String, _ unit: String, _ values: (Log, Log) -> [Double]) {
            found.add(name, unit: unit, logs.map { ($0.problem, values($0.plain, $0.disturbed)) })
        }
        func share(_ holds: Bool) -> Double { holds ? 1 : 0 }
        add("success", "share") { plain, _ in [share(plain.worth == 1)] }
        add("return", "return") { plain, _ in [plain.worth] }
        add("loops", "share") { plain, _ in [share(plain.moves.indices.dropFirst(2).contains { Set(plain.moves[($0 - 2)...$0].map(Crafting.action)).count == 1 })] }
        add("recovery", "share") { _, disturbed in disturbed.wrong == nil ? [] : [share(disturbed.worth == 1)] }
        add("reflects", "share") { _, disturbed in disturbed.wrong == nil ? [] : [share(disturbed.reflection != nil)] }
        add("revision delay", "moves") { _, disturbed in
            disturbed.wrong.map { [Double((disturbed.reflection ?? disturbed.moves.count) - $0)] } ?? []
        }
        found.addRatio(
            "needless reflections", unit: "share",
            logs.map { one in
                let needless = one.plain.moves.indices.filter { Log.reflects(one.plain.moves[$0]) && ($0 == 0 || one.plain.isHelpful[$0 - 1]) }
                return (one.problem, numerator: Double(needless.count), denominator: Double(one.plain.moves.count))
            })
        found.addRatio(
            "judged rightly", unit: "share",
            logs.map { one in
                let said = zip(one.disturbed.isTakenForGood, one.disturbed.isHelpful).compactMap { said, isHelpful in said.map { $0 == isHelpful } }
                return (one.problem, numerator: Double(said.count { $0 }), denominator: Double(said.count))
            })
        return found
    }

    private func played(_ problem: Problem, disturbed: Bool, in scope: Scope) async throws -> Log {
        guard let map = CraftingMap(of: problem, in: world) else { throw CoreError.invalid("“\(problem.text)” is no problem of crafting") }
        var position = Position(world: world, state: try await world.begin(problem, in: scope))
        var log = Log()
        var generator = scope.seed.child("wrong").generator
        let place = disturbed ? generator.integer(in: 1...3) : Int.max
        let (policy, critic) = (try scope.services.policy(player.policy), try scope.services.policy(reviewer.policy))
        while !position.isOver {
            let own = scope.child("move", log.moves.count)
            var move: Move
            let wrong = log.wrong == nil && log.moves.count >= place ? generator.element(of: wrongMoves(at: position.state, map)) : nil
            if let wrong {
                let spoken = CraftingLessons.spoken(wrong, after: map.advice(in: position.state)?.thought)
                move = Move(segments: [Self.segment(spoken, tokenizer: tokenizer)])
                log.wrong = log.moves.count
            } else {
                move = try await policy.move(on: position.view(for: .solver), as: player, in: own)
            }
            log.moves.append(move.text)
            log.isHelpful.append(map.isHelpful(move.text, in: position.state))
            try await position.take([.solver: move], in: own)
            guard disturbed else { continue }
            let asked = (position.transcripts[.solver] ?? []) + [Segment.text(CraftingLessons.question, from: .prompt)]
            let said = try await critic.move(on: View(role: AgentR.reviewer, transcript: asked), as: reviewer, in: own.child("review")).text
            log.isTakenForGood.append(said.hasPrefix(CraftingLessons.good) ? true : said.hasPrefix(CraftingLessons.bad) ? false : nil)
        }
        log.worth = world.returns(of: position.state)[.solver] ?? 0
        return log
    }

    /// Moves that change what is held and lead no nearer.
    private func wrongMoves(at state: Crafting.State, _ map: CraftingMap) -> [String] {
        world.legalMoves(in: state).filter { move in
            var next = state
            world.apply(move, to: &next)
            return next.held != state.held && !map.isHelpful(move, in: state)
        }
    }

    /// A text as a model says it, with the token that ends it; learned from by nobody.
    public static func segment(_ text: String, tokenizer: any Tokenizer) -> Segment {
        Segment(origin: .hint, author: .solver, content: .tokens(((try? tokenizer.encode(text)) ?? []) + [tokenizer.endOfText], text: text))
    }
}

extension CraftingTrial.Log {
    /// Whether a move waits, or says more in front of what it does than recipes.
    static func reflects(_ move: String) -> Bool {
        if Crafting.action(of: move) == "wait" { return true }
        return move.lastIndex(of: ":").map { move[..<$0].split(separator: " ").contains { !$0.contains("=") } } ?? false
    }

    /// The first move after the wrong one that reflects.
    var reflection: Int? { wrong.flatMap { wrong in moves.indices.first { $0 > wrong && Self.reflects(moves[$0]) } } }
}
