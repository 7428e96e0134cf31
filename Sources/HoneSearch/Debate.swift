import HoneCore

/// Several agents say which of a search's finished plays is best, read what the others said, and say again; the vote of the last round decides.
///
/// Each agent is asked by the policy of the seat's player, under a scope of its own. It is shown every play by its number from 1, with what the world
/// shows the seat of its end and, where `showsWords`, its last state's value and what was said of it; from the second round on, also what the others said last. The first
/// number in what it says is its vote; one that names no play is none. The debate ends early when all agree. A tie, and a debate without a vote, goes
/// to the play whose last state is valued most. Of one play nobody is asked.
///
/// Source: Du et al. 2023, “Improving Factuality and Reasoning in Language Models through Multiagent Debate”; Antoniades et al. 2024, “SWE-Search”,
/// section 3.4. Departure: a vote, where the paper has a last speaker sum the debate up.
public struct Debate: FinalChoice {
    public static let card = PartCard(
        name: "debate", summary: "agents say which finished play is best, read each other, and vote",
        source: "Du et al. 2023; Antoniades et al. 2024 (SWE-Search), section 3.4")

    /// The words around plays and votes.
    public struct Wording: Codable, Hashable, Sendable {
        /// Before everything.
        public var beginning: String
        /// Between a play's number and what is shown of it.
        public var afterNumber: String
        /// Between that and what was said of it.
        public var beforeWords: String
        /// Behind each play.
        public var afterPlay: String
        /// Before what the others said, with blanks between.
        public var beforeOthers: String
        /// Behind it.
        public var afterOthers: String
        /// The question.
        public var question: String

        /// Words.
        public init(
            beginning: String = "", afterNumber: String, beforeWords: String, afterPlay: String = "\n", beforeOthers: String, afterOthers: String = "\n",
            question: String
        ) {
            self.beginning = beginning
            self.afterNumber = afterNumber
            self.beforeWords = beforeWords
            self.afterPlay = afterPlay
            self.beforeOthers = beforeOthers
            self.afterOthers = afterOthers
            self.question = question
        }

        /// Single signs of the nano alphabet, for models that are taught what they mean.
        public static let short = Wording(afterNumber: ":", beforeWords: ",", beforeOthers: "@", question: "#")

        /// Sentences, for models that follow instructions.
        public static let sentences = Wording(
            beginning: "Several attempts at one task have finished.\n", afterNumber: ". ", beforeWords: "\n   A reviewer says: ",
            beforeOthers: "Others would keep number: ",
            question: "Which attempt should be kept? Begin your reply with its number.\n")
    }

    /// The seat.
    public var seat: Role
    /// How many agents.
    public var agents: Int
    /// How many rounds.
    public var rounds: Int
    /// Whether agents are shown what plays were valued at, and what was said of them.
    public var showsWords: Bool
    /// In which words.
    public var wording: Wording

    /// The choice.
    public init(seat: Role, agents: Int = 3, rounds: Int = 2, showsWords: Bool = true, wording: Wording = .short) {
        self.seat = seat
        self.agents = agents
        self.rounds = rounds
        self.showsWords = showsWords
        self.wording = wording
    }

    public func choose<W: World>(among plays: [FinishedPlay<W>], cast: Cast, in scope: Scope) async throws -> Int {
        guard agents >= 1, rounds >= 1 else {
            throw CoreError.invalid("A debate of \(agents) agents and \(rounds) rounds decides nothing; expected 1 or more of each")
        }
        guard plays.count > 1 else { return 0 }
        guard let player = cast[seat] else { throw CoreError.unknown(kind: "player for role", name: seat.text, known: cast.keys.map(\.text).sorted()) }
        let policy = try scope.services.policy(player.policy)
        let shown = plays.map { play in
            (text: play.position.world.observation(of: play.position.state, for: seat).news.text, words: showsWords ? play.said : nil)
        }
        var votes: [Int?] = []
        for round in 0..<rounds {
            let before = votes
            votes = try await (0..<agents).concurrently { _, agent in
                let others = before.enumerated().filter { $0.offset != agent }.compactMap(\.element)
                let view = View(role: seat, transcript: [.text(question(of: shown, others: others), from: .prompt)])
                let said = try await policy.move(on: view, as: player, in: scope.child("round", round).child("agent", agent)).text
                return SeatScore.number(in: said).flatMap { (1...plays.count).contains($0) ? $0 - 1 : nil }
            }
            if let first = votes[0], votes.allSatisfy({ $0 == first }) { break }
        }
        return Self.winner(of: votes, among: plays)
    }

    /// What an agent is asked, where others have voted for these places.
    public func question(of plays: [(text: String, words: String?)], others: [Int]) -> String {
        let lines = plays.enumerated().map { number, play in
            let words = play.words.flatMap { $0.isEmpty ? nil : wording.beforeWords + $0 } ?? ""
            return "\(number + 1)" + wording.afterNumber + play.text + words + wording.afterPlay
        }
        let said = others.isEmpty ? "" : wording.beforeOthers + others.map { String($0 + 1) }.joined(separator: " ") + wording.afterOthers
        return wording.beginning + lines.joined() + said + wording.question
    }

    /// The place with the most votes; of equals, and where nobody voted, the one whose last state is valued most.
    static func winner<W: World>(of votes: [Int?], among plays: [FinishedPlay<W>]) -> Int {
        let counts = plays.indices.map { place in votes.count { $0 == place } }
        let leaders = plays.indices.filter { counts[$0] == counts.max() }
        return leaders[KeptByValue(.best).place(among: leaders.map { plays[$0] })]
    }
}
