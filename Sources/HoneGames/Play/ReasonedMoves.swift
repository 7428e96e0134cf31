import HoneCore

/// An agent for playing together in modules: memory, an inference about the partner, a proposed move, and a check that can ask for another.
///
/// The model is asked anew for each module. Long-term memory is the rules and conventions before everything; working memory the position as it is
/// shown; episodic memory the last events. The inference is a line on what the partner meant and needs, and stands before the proposal. What is
/// proposed is grounded in the closest allowed move. A check, by the model or by the rules, accepts or refuses it; the last of so many proposals
/// is played whatever is said of it. Whether the move that is played is sound by the rules stays with it as a private note.
///
/// After the cognitive architecture for coordination of Agashe et al. 2023.
public struct ReasonedMoves<Rules: ExtensiveGame>: SearchMethod {
    public static var card: PartCard {
        PartCard(
            name: "reasoned-moves", summary: "memory, an inference about the partner, a proposal, and a check of it, each a question to the model",
            source: "Agashe, Fan, Reyna and Wang 2023", gives: [.tree])
    }

    /// Who checks proposals.
    public enum Verification: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody.
        case none
        /// The model, by one more question.
        case model
        /// The rules, exactly.
        case rules
    }

    /// The words of the modules.
    public struct Words: Hashable, Sendable {
        /// Long-term memory: rules and conventions, before everything.
        public var opening: String
        /// What asks for the inference about the partner.
        public var partner: String
        /// What asks for a move; `MOVES` stands for those that are allowed.
        public var move: String
        /// What asks whether a move is acceptable; `MOVE` stands for it.
        public var check: String
        /// What a refusal contains.
        public var refusal: String

        /// Words.
        public init(opening: String, partner: String, move: String, check: String, refusal: String) {
            self.opening = opening
            self.partner = partner
            self.move = move
            self.check = check
            self.refusal = refusal
        }
    }

    /// Whether the last events are told.
    public let remembers: Bool
    /// Whether a line about the partner stands before the proposal.
    public let infers: Bool
    /// Who checks proposals.
    public let verification: Verification
    /// The most proposals.
    public let tries: Int
    /// The words of the modules.
    public let words: Words
    private let history: @Sendable (Rules, Rules.State) -> String
    private let isSound: @Sendable (Rules, Rules.State, Int, String) -> Bool
    private let ground: @Sendable (String, [String]) -> String?

    /// What the note on a move says that is not sound.
    public static var unsoundNote: String { " [not sound]" }

    /// An agent; `history` tells the last events, `isSound` whether a seat's move follows the rules and is safe by what it can know, `ground` the
    /// allowed move that words mean.
    public init(
        remembers: Bool, infers: Bool, verification: Verification, tries: Int, words: Words, history: @escaping @Sendable (Rules, Rules.State) -> String,
        isSound: @escaping @Sendable (Rules, Rules.State, Int, String) -> Bool, ground: @escaping @Sendable (String, [String]) -> String?
    ) {
        self.remembers = remembers
        self.infers = infers
        self.verification = verification
        self.tries = max(1, tries)
        self.words = words
        self.history = history
        self.isSound = isSound
        self.ground = ground
    }

    /// What the model is shown before any question, for a seat.
    public func opening(_ game: Rules, _ state: Rules.State, for seat: Int) -> String {
        let past = remembers ? history(game, state) : ""
        return words.opening + (past.isEmpty ? "" : past + "\n") + game.view(of: state, for: seat) + "\n"
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard let world = position.world as? GameWorld<Rules>, let state = (position.state as? GameWorld<Rules>.State)?.position else {
            throw CoreError.unsupported("This agent plays “\(Rules.card.name)”, not “\(W.card.name)”")
        }
        guard let seat = world.seat(of: role), let player = cast[role] else { throw CoreError.invalid("Nobody plays “\(role)” in “\(world.name)”") }
        let game = world.game
        let view = position.view(for: role)
        let shown = opening(game, state, for: seat)
        var prompt = shown
        if infers {
            let thought = try await ask(prompt + words.partner, player, in: scope.child("partner"))
            prompt += words.partner + thought.segments.text.trimmed + "\n"
        }
        var nodes: [SearchTree.Node] = []
        for index in 0..<tries {
            let own = scope.child("proposal", index)
            let legal = view.legal ?? []
            let question = words.move.replacing("MOVES", with: legal.joined(separator: "; "))
            let answer = try await ask(prompt + question, player, in: own)
            let text = answer.segments.text.trimmed
            let isListed = legal.contains(text)
            guard let move = isListed ? text : ground(text, legal) else { throw CoreError.invalid("There is no move to choose in “\(world.name)”") }
            let sound = isListed && isSound(game, state, seat, move)
            var segments: [Segment] = []
            if isListed, answer.segments.text == move {
                segments += answer.segments
            } else {
                for segment in answer.segments {
                    var hidden = segment
                    hidden.isPrivate = true
                    segments.append(hidden)
                }
                segments.append(.text(move, from: isListed ? .tool : .prompt))
            }
            if !sound { segments.append(Segment(origin: .hint, content: .text(Self.unsoundNote), isPrivate: true)) }
            for place in segments.indices { segments[place].author = role }
            nodes.append(
                SearchTree.Node(parent: nil, move: Move(segments: segments, context: answer.context, transcript: view.transcript), visits: 1, value: sound ? 1 : 0))
            if index == tries - 1 { break }
            switch verification {
            case .none: return SearchTree(nodes: nodes, chosen: nodes.count - 1)
            case .rules: if sound { return SearchTree(nodes: nodes, chosen: nodes.count - 1) }
            case .model:
                let verdict = try await ask(shown + words.check.replacing("MOVE", with: move), player, in: own.child("check"))
                if !verdict.segments.text.lowercased().contains(words.refusal) { return SearchTree(nodes: nodes, chosen: nodes.count - 1) }
            }
        }
        return SearchTree(nodes: nodes, chosen: nodes.count - 1)
    }

    private func ask(_ text: String, _ player: Player, in scope: Scope) async throws -> (segments: [Segment], context: Transcript) {
        let context = try scope.services.policy(player.policy).prompt(for: [.text(text, from: .world)])
        let request = Completion.Request(context: context, sampling: player.sampling, seed: scope.seed)
        guard let completion = try await scope.complete(player.model, [request]).first, let sample = completion.samples.first else {
            throw CoreError.invalid("Model “\(player.model)” gave no completion")
        }
        return (sample.segments, completion.context)
    }
}
