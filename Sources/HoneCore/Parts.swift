/// What a part can do, or needs of others: checked when a plan is made.
public enum Trait: String, Hashable, Sendable, Codable, CaseIterable {
    case branches, pairs, onPolicyLogProbs, tree, stepVerdicts, weights, tokens, logProbs, perfectInformation
    case groups, demonstrations, training
}

/// How a part introduces itself in listings and checks.
public struct PartCard: Hashable, Sendable, Codable {
    /// The name users write.
    public var name: String
    /// One line that says what it does.
    public var summary: String
    /// The paper or book it is from, with the equation where one is meant.
    public var source: String
    /// What it gives to others.
    public var gives: Set<Trait>
    /// What it needs of others.
    public var needs: Set<Trait>

    /// A card.
    public init(name: String, summary: String = "", source: String = "", gives: Set<Trait> = [], needs: Set<Trait> = []) {
        self.name = name
        self.summary = summary
        self.source = source
        self.gives = gives
        self.needs = needs
    }
}

/// Anything a plan is composed of: a value with a card.
public protocol Part: Sendable {
    /// Its introduction.
    static var card: PartCard { get }
}

/// A part that remembers something between calls.
///
/// `memo` is all that a resumed run has to put back into the part which its recipe has built anew.
public protocol Stateful: Part {
    associatedtype Memo: Codable & Sendable
    /// What it remembers.
    var memo: Memo { get set }
}

/// What a policy decides upon.
public struct View: Sendable {
    /// Who is to move.
    public var role: Role
    /// All it has seen.
    public var transcript: Transcript
    /// The moves allowed, where they can be listed.
    public var legal: [String]?
    /// A text equal for all states it cannot tell apart.
    public var informationState: String?

    /// A view.
    public init(role: Role, transcript: Transcript, legal: [String]? = nil, informationState: String? = nil) {
        self.role = role
        self.transcript = transcript
        self.legal = legal
        self.informationState = informationState
    }
}

/// Turns what a role has seen into its move: prompt style, tools, hints.
public protocol Policy: Part {
    /// The move of the player at this view.
    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move
    /// What the policy shows the model of a transcript, so that written examples are learned behind the same prompt; the transcript
    /// itself unless the policy puts it in other words.
    func prompt(for transcript: Transcript) throws -> Transcript
}

extension Policy {
    public func prompt(for transcript: Transcript) throws -> Transcript { transcript }
}

/// Something a model may call.
public protocol Tool: Part {
    /// The tool's answer to a call.
    func call(_ input: String, in scope: Scope) async throws -> String
}

/// Decides who speaks when, and so plays an episode.
public protocol Society: Part {
    /// Plays on from the position to the end.
    ///
    /// An error that only concerns this episode should become its `Ending.failed`; what is thrown ends the run.
    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode
}

/// Looks ahead before a move.
public protocol SearchMethod: Part {
    /// The tree searched for the role at this position; its `chosen` node holds the move.
    func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree
}

/// Says what a group's episodes are worth. It may play, search and score; what it played becomes the group's children.
public protocol Judge: Part {
    /// The verdicts on a group.
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement
}

/// What a judge hands back.
public struct Judgement: Hashable, Sendable, Codable {
    /// The verdicts.
    public var verdicts: [Verdict]
    /// What was played to reach them.
    public var children: [EpisodeGroup]

    /// A judgement.
    public init(_ verdicts: [Verdict], children: [EpisodeGroup] = []) {
        self.verdicts = verdicts
        self.children = children
    }
}

/// Chooses what is played next.
public protocol Curriculum: Stateful {
    /// The next assignments; fewer than asked for when the supply has ended.
    mutating func next(_ count: Int, in scope: Scope) async throws -> [Assignment]
    /// Learns from what was played, in canonical order.
    mutating func observe(_ groups: [EpisodeGroup], in scope: Scope) async throws
}

/// Something recalled from a memory.
public struct MemoryItem: Hashable, Sendable, Codable {
    /// The text of a note.
    public var text: String
    /// The group it replays, for replay memories.
    public var group: EpisodeGroup?
    /// How much it is worth.
    public var value: Double?

    /// An item.
    public init(text: String, group: EpisodeGroup? = nil, value: Double? = nil) {
        self.text = text
        self.group = group
        self.value = value
    }
}

/// Keeps things between iterations: notes, skills, replay.
public protocol Memory: Stateful {
    /// The items nearest to the query, best first.
    func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem]
    /// Takes in what was played. Only the run calls it, between iterations, in canonical order.
    mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws
}

/// Turns judged groups into what an objective learns from.
public protocol Credit: Part {
    /// Scores it wants on the episodes before it is called.
    var needs: [Score] { get }
    /// The training batch for these roles.
    ///
    /// Only segments marked `isTrained` become trained tokens, unless the credit makes demonstrations of others.
    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch
}

extension Credit {
    public var needs: [Score] { [] }
}

/// Measures something about the models of a run.
public protocol Measure: Part {
    /// Named estimates, with each problem's values where problems are what is measured on.
    func measure(in scope: Scope) async throws -> Findings
}
