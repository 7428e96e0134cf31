import HoneCore

/// Takes what another policy says as a move of the world: where it is none of the listed moves, the closest of them is played.
///
/// What was said stays in the move as a private part, so that learning speaks of the words that were drawn, and measures can count how often they
/// were no move. Closest is the longest listed move that the words contain, else the one that takes the fewest single-character changes; among
/// equals the first listed.
public struct GroundedMoves: Policy {
    public static let card = PartCard(
        name: "grounded-moves", summary: "another policy's words, replaced by the closest allowed move where they are none", gives: [.tokens])

    private let policy: any Policy

    /// The moves of another policy, made allowed.
    public init(_ policy: any Policy) { self.policy = policy }

    public func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        var move = try await policy.move(on: view, as: player, in: scope)
        guard let legal = view.legal, !legal.isEmpty, !legal.contains(Self.trimmed(move.text)), let closest = Self.closest(to: move.text, among: legal)
        else { return move }
        for index in move.segments.indices { move.segments[index].isPrivate = true }
        move.segments.append(.text(closest, from: .prompt, author: view.role))
        return move
    }

    public func prompt(for transcript: Transcript) throws -> Transcript { try policy.prompt(for: transcript) }

    /// The listed move closest to a text; nil where none is listed.
    public static func closest(to text: String, among legal: [String]) -> String? {
        let said = trimmed(text)
        let contained = legal.filter { !$0.isEmpty && said.contains($0) }
        if let longest = contained.map(\.utf8.count).max() { return contained.first { $0.utf8.count == longest } }
        let words = Array(said.utf8.prefix(400))
        let distances = legal.map { EditDistance.count(words, Array($0.utf8)) }
        return distances.min().flatMap { least in distances.firstIndex(of: least) }.map { legal[$0] }
    }

    private static func trimmed(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
}
