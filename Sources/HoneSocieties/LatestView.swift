import HoneCore

extension [Segment] {
    /// What a role has been shown since it last spoke; all of it where it has not.
    var sinceOwnWords: Transcript {
        guard let last = lastIndex(where: { $0.author != nil }) else { return self }
        return Array(self[(last + 1)...])
    }
}

/// Shows a model only what is new since it last moved: for worlds whose view tells all that matters, and models that read little.
public struct LatestView: Policy {
    public static let card = PartCard(
        name: "latest-view", summary: "what was shown since the last own move is the prompt, the completion is the move", gives: [.tokens])

    /// The policy.
    public init() {}

    public func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        let request = Completion.Request(context: view.transcript.sinceOwnWords, sampling: player.sampling, seed: scope.seed)
        guard let completion = try await scope.complete(player.model, [request]).first, let sample = completion.samples.first else {
            throw CoreError.invalid("Model “\(player.model)” gave no completion")
        }
        var segments = sample.segments
        for index in segments.indices { segments[index].author = view.role }
        return Move(segments: segments, context: completion.context, transcript: view.transcript)
    }

    public func prompt(for transcript: Transcript) throws -> Transcript { transcript.sinceOwnWords }
}

/// A search whose moves stand behind what a policy would show, so that a model can be taught by them: a teacher's seat.
public struct TaughtMoves: SearchMethod {
    public static let card = PartCard(name: "taught-moves", summary: "another search's move, behind the prompt that a policy would ask with", gives: [.tree])

    private let search: any SearchMethod
    private let policy: any Policy

    /// The moves of a search behind the prompts of a policy.
    public init(_ search: any SearchMethod, policy: any Policy) {
        self.search = search
        self.policy = policy
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        var tree = try await search.search(position, for: role, cast: cast, judge: judge, in: scope)
        let seen = position.view(for: role).transcript
        let prompt = try policy.prompt(for: seen)
        for index in tree.nodes.indices {
            tree.nodes[index].move.context = prompt
            tree.nodes[index].move.transcript = seen
        }
        return tree
    }
}
