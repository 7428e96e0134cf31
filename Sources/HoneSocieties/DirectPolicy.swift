import HoneCore

/// Sends what a role has seen to its model, as it is, and takes the completion as its move.
public struct DirectPolicy: Policy {
    public static let card = PartCard(name: "direct", summary: "the transcript is the prompt, the completion is the move", gives: [.tokens])

    /// The policy.
    public init() {}

    public func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        let request = Completion.Request(context: view.transcript, sampling: player.sampling, seed: scope.seed)
        guard let completion = try await scope.complete(player.model, [request]).first, let sample = completion.samples.first else {
            throw CoreError.invalid("Model “\(player.model)” gave no completion")
        }
        var segments = sample.segments
        for index in segments.indices { segments[index].author = view.role }
        return Move(segments: segments, context: completion.context)
    }
}
