import HoneCore
import HoneCredit
import HoneJudges
import HoneSearch

/// Who says in a search what answers and their beginnings are worth.
public enum SearchJudge: String, Hashable, Sendable, Codable, CaseIterable {
    /// The world's own return, after plays to the end where an answer is not over: a verifier.
    case exact
    /// The world's check of each step.
    case steps
    /// The model's own certainty: the mean log-probability of what it said.
    case own = "self"
    /// A head that was taught how often steps lead to right answers (a process reward).
    case process
}

/// What is composed, by catalogue names.
public struct CompositionSettings: Hashable, Sendable, Codable {
    /// Who judges in the search.
    public var judge = SearchJudge.exact
    /// Whether an answer is a step a move: yes, no, or auto (where the search looks at beginnings, or the judge at steps).
    public var stepwise = "auto"
    /// What makes rows of what was played (`hone list credits`); none learns nothing.
    public var credit = "none"
    /// What is learned of rows (`hone list objectives`).
    public var objective = "cross-entropy"
    /// Whether training plays are searched, or drawn directly.
    public var searchesToLearn = true

    /// The defaults.
    public init() {}
}

/// Why parts cannot be composed, though each is all right.
public struct DoesNotApply: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason.
    public let reason: String

    init(_ reason: String) { self.reason = reason }

    public var description: String { "does not apply, because \(reason)" }
}

extension CompositionSettings {
    /// The credit; nil where nothing is learned.
    func madeCredit() throws -> (any Credit)? {
        guard credit != "none" else { return nil }
        guard let found = CreditCatalog.parts.first(where: { type(of: $0).card.name == credit }) else {
            throw CoreError.unknown(kind: "credit", name: credit, known: ["none"] + CreditCatalog.parts.map { type(of: $0).card.name })
        }
        return found
    }

    /// Throws where search, judge, credit and objective make no sense together.
    func check(_ search: SearchCatalog.Entry, samples: Int, credit: (any Credit)?, needs: Set<Trait>) throws {
        let name = search.card.name
        if !search.asksJudge, judge != .exact { throw DoesNotApply("“\(name)” asks no judge what an answer is worth") }
        guard let credit else { return }
        let card = type(of: credit).card
        let isSearched = searchesToLearn && search.card.gives.contains(.tree)
        if card.needs.contains(.tree), !isSearched {
            throw DoesNotApply("credit “\(card.name)” learns from the siblings in a search tree, and plays \(searchesToLearn ? "by “\(name)”" : "drawn directly") have none")
        }
        if card.needs.contains(.tree), !search.valuesSiblings { throw DoesNotApply("“\(name)” does not say what siblings are worth") }
        if card.needs.contains(.groups), samples < 2 {
            throw DoesNotApply("credit “\(card.name)” compares the samples of a problem, and play.samples is \(samples)")
        }
        if card.needs.contains(.groups), searchesToLearn, name == "greedy" {
            throw DoesNotApply("credit “\(card.name)” compares the samples of a problem, and greedy ones are all the same")
        }
        if needs.contains(.onPolicyLogProbs), isSearched, !card.needs.contains(.tree) {
            throw DoesNotApply("a policy gradient needs answers as the policy draws them, and the answers a search keeps are chosen; use credit “tree-backup”")
        }
    }
}
