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
    /// The probability that a model gives to the word for right, which it was taught to say of answers and their beginnings.
    case probability = "true"
    /// The share of yes among several verdicts drawn of that model.
    case votes
    /// Which of two answers is better, as a model was taught to say; asked in both orders. For searches that compare pairs.
    case pairs
    /// A mark that the model gives the latest attempt, as it was taught to or is asked in words. For searches over attempts.
    case marks

    /// Whether it says what the latest of several attempts is worth; votes are then critiques that accept it.
    var valuesAttempts: Bool { self == .exact || self == .votes || self == .marks }

    /// Whether it asks a model for a verdict word.
    var asksForWord: Bool { self == .probability || self == .votes || self == .pairs }
}

/// What is composed, by catalogue names.
public struct CompositionSettings: Hashable, Sendable, Codable {
    /// Who judges in the search.
    public var judge = SearchJudge.exact
    /// A second judge, whose worth is added to the first one's with its share; none asks one judge.
    public var second = "none"
    /// The second judge's share of the worth, from 0 to 1.
    public var share = 0.5
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

/// How a model is taught to say a verdict word before anything else learns, and how it is asked.
public struct VerdictTeachingSettings: Hashable, Sendable, Codable {
    /// Iterations of playing and imitating the world's verdicts; with 0 nothing is taught and the policy itself is asked.
    public var iterations = 12
    /// Problems of each.
    public var problems = 64
    /// Samples of each problem; where pairs are judged, pairs.
    public var samples = 8
    /// The learning rate.
    public var rate = 3e-4
    /// The word for right.
    public var yes = "yes"
    /// The word for wrong.
    public var no = "no"
    /// The word for the first of a pair.
    public var first = "1"
    /// The word for the second of a pair.
    public var second = "2"
    /// How many verdicts `votes` draws on each answer.
    public var votes = 5
    /// The most tokens of a drawn verdict.
    public var limit = 16
    /// How the question is laid out.
    public var prompt = VerdictPrompt()

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults: [String] = []
        if iterations < 0 { faults.append("“verdict.iterations” is \(iterations); it should be 0, to ask the policy untaught, or more") }
        for (key, value) in [("problems", problems), ("samples", samples), ("votes", votes), ("limit", limit)] where value < 1 {
            faults.append("“verdict.\(key)” is \(value); it should be 1 or more")
        }
        return faults
    }
}

/// What a model made here is taught beside answers, where its search asks for more than answers.
public struct SearchLessonSettings: Hashable, Sendable, Codable {
    /// How many answers, refinements, critiques and marks in turn, for searches over attempts; they take the place of `base.demonstrations`.
    public var attempts = 12_000
    /// How they are made.
    var refinement = RefinementLessons()
    /// How many backward questions beside `base.demonstrations` answers, for forward-backward.
    public var backward = 4000

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        [("attempts", attempts), ("backward", backward)].filter { $0.1 < 1 }.map { "“lessons.\($0.0)” is \($0.1); it should be 1 or more" }
            + refinement.faults("lessons.refinement")
    }
}

/// Why parts cannot be composed, though each is all right.
public struct DoesNotApply: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason.
    public let reason: String

    init(_ reason: String) { self.reason = reason }

    public var description: String { "does not apply, because \(reason)" }
}

extension CompositionSettings {
    /// Those who judge in the search: one, or two whose worth is added; throws with the nearest names.
    func judges() throws -> [SearchJudge] {
        guard second != "none" else { return [judge] }
        guard let other = SearchJudge(rawValue: second) else {
            throw CoreError.unknown(kind: "judge of a search", name: second, known: ["none"] + SearchJudge.allCases.map(\.rawValue))
        }
        guard (0...1).contains(share) else { throw CoreError.invalid("“compose.share” is \(share); it should be from 0 to 1") }
        guard judge != other else { throw DoesNotApply("judge “\(second)” cannot be added to itself") }
        guard judge != .pairs, other != .pairs else { throw DoesNotApply("judge “pairs” says which of two is better and has no worth to add to another's") }
        return [judge, other]
    }

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
        if !search.asksJudge, judge != .exact || second != "none" { throw DoesNotApply("“\(name)” asks no judge what an answer is worth") }
        let asked = second == "none" ? [judge] : [judge] + (SearchJudge(rawValue: second).map { [$0] } ?? [])
        if search.refines, search.asksJudge, let other = asked.first(where: { !$0.valuesAttempts }) {
            throw DoesNotApply("“\(name)” asks what the latest attempt is worth, which judge “\(other.rawValue)” does not say; use exact, marks or votes")
        }
        if !search.refines, asked.contains(.marks) {
            throw DoesNotApply("judge “marks” is about the latest of several attempts, and “\(name)” makes none; use refinement-tree or repair-tree")
        }
        if judge == .pairs, !search.comparesPairs {
            throw DoesNotApply("“\(name)” asks what one answer is worth, and judge “pairs” says which of two is better; use knock-out")
        }
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
