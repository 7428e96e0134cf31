import Foundation
import HoneCore

/// What a head of a model says of the last token: a process or outcome reward it was trained for.
public struct HeadValue: Valuation {
    public static let card = PartCard(name: "head", summary: "a trained head's value at the last token", source: "Cobbe et al. 2021; Wang et al. 2024 (Math-Shepherd)")

    /// The model with the head.
    public var model: ModelRef
    /// The head's name.
    public var head: HeadName
    /// Whether the head gives log-odds, which become a probability.
    public var isLogit: Bool

    /// The valuation.
    public init(model: ModelRef, head: HeadName = "step", isLogit: Bool = true) {
        self.model = model
        self.head = head
        self.isLogit = isLogit
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        try await Valued.each(positions, scopes) { position, scope in
            let seen = position.transcripts[role] ?? []
            guard let value = try await scope.score(model, [seen], .head(head)).first?.values.last else {
                throw CoreError.invalid("Head “\(head)” of “\(model)” gave no value")
            }
            return Valued(isLogit ? 1 / (1 + exp(-Double(value))) : Double(value))
        }
    }
}
