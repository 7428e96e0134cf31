import Foundation
import HoneCore

/// A question that hides a part of a problem and tells an answer to it.
public struct BackwardQuestion: Hashable, Sendable, Codable {
    /// What is asked.
    public var text: String
    /// What was hidden: the answer, if the answer that was told is right.
    public var hidden: String

    /// A question.
    public init(text: String, hidden: String) {
        self.text = text
        self.hidden = hidden
    }
}

/// Writes questions that ask back from an answer to parts of its problem.
public protocol BackwardQuestions: Part {
    /// The questions about a problem, one for each part that can be hidden, given an answer; empty where none can be asked.
    func questions(of problem: Problem, given answer: String) -> [BackwardQuestion]
    /// Whether a response finds what was hidden.
    func recovers(_ response: String, _ question: BackwardQuestion) -> Bool
}

/// Votes of whole answers, weighed by how often each answer leads back to what the problem says.
///
/// `samples` answers are drawn; each conclusion A has the forward probability of its share of the votes. Of every conclusion each backward
/// question is asked `chains` times; Z counts what is recovered over all questions, and the backward probability is
/// (Z + ε) / Σ (Z + ε) over the conclusions. Kept is the conclusion with the largest P_forward^α · P_backward^(1−α), normalised; of equals
/// the earliest. The leaves of the tree have that probability as value, and both parts as verdicts of kinds `forward` and `backward`.
///
/// Source: Jiang et al. 2024, “Forward-Backward Reasoning in Large Language Models for Mathematical Verification”, equations 1 to 3.
/// Departures: answers without a conclusion do not vote, and the others share the probability; a single conclusion is kept unasked, as it would win anyway.
public struct ForwardBackward: SearchMethod {
    public static let card = PartCard(
        name: "forward-backward", summary: "votes weighed by how often an answer leads back to parts of the problem that were hidden",
        source: "Jiang et al. 2024, FOBAR", gives: [.tree], needs: [.branches])

    /// What is drawn after the first answers.
    public enum Spending: String, Hashable, Sendable, Codable, CaseIterable {
        /// Backward chains.
        case backward
        /// As many further forward answers as there would be backward chains, which vote too: the comparison at equal samples.
        case forward
        /// Nothing.
        case nothing
    }

    /// How many answers are drawn first.
    public var samples: Int
    /// How often each backward question is asked.
    public var chains: Int
    /// The weight of the vote, 0 (backward alone) to 1 (vote alone).
    public var alpha: Double
    /// What is drawn after the first answers.
    public var spending: Spending
    /// Writes backward questions.
    public var asking: any BackwardQuestions

    /// The search.
    public init(samples: Int = 40, chains: Int = 8, alpha: Double = 0.5, spending: Spending = .backward, asking: any BackwardQuestions) {
        self.samples = samples
        self.chains = chains
        self.alpha = alpha
        self.spending = spending
        self.asking = asking
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard samples >= 1, chains >= 0, (0...1).contains(alpha) else {
            throw CoreError.invalid(
                "A forward-backward search with \(samples) answers, \(chains) chains and α \(alpha) cannot search; expected 1 or more, 0 or more, and 0 to 1")
        }
        guard let problem = position.problem else {
            throw CoreError.unsupported("World “\(W.card.name)” does not tell its problem, so nothing in it can be asked back from an answer")
        }
        try position.requireBranches()
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        var leaves = try await tree.draw(0..<samples, of: samples, for: role, as: player, cast: cast, in: scope)
        let first = leaves.map { tree.position(at: $0).conclusion }
        let candidates = AnswerSearch.sums(first, first.map { _ in 1 })
        let asked = spending == .nothing || candidates.count < 2 ? [] : candidates.map { asking.questions(of: problem, given: $0.conclusion) }
        let further = asked.reduce(0) { $0 + $1.count * chains }
        var found = [Int](repeating: 0, count: candidates.count)
        if spending == .backward, further > 0 {
            found = try await recovered(asked, for: role, as: player, in: scope)
        } else if further > 0 {
            leaves += try await tree.draw(samples..<(samples + further), of: samples, for: role, as: player, cast: cast, in: scope)
        }
        let conclusions = leaves.map { tree.position(at: $0).conclusion }
        let votes = AnswerSearch.sums(conclusions, conclusions.map { _ in 1 })
        // Further answers may bring conclusions of their own, which nobody asked back from.
        let counts = votes.map { vote in candidates.firstIndex { $0.conclusion == vote.conclusion }.map { found[$0] } ?? 0 }
        let isAsked = spending == .backward && further > 0
        let parts = Self.probabilities(votes: votes.map(\.sum), recovered: counts, alpha: isAsked ? alpha : 1)
        for (leaf, conclusion) in zip(leaves, conclusions) {
            guard let place = votes.firstIndex(where: { $0.conclusion == conclusion }) else { continue }
            let part = parts[place]
            for node in tree.ancestry(of: leaf) { tree.set(node, value: part.together) }
            var verdicts = [Verdict(on: .role(0, role), kind: "forward", value: part.forward)]
            if isAsked { verdicts.append(Verdict(on: .role(0, role), kind: "backward", value: part.backward)) }
            tree.note(verdicts, at: leaf)
        }
        guard let chosen = leaves.max(by: { (tree.nodes[$0].value, -$0) < (tree.nodes[$1].value, -$1) }) else {
            throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: the play is over")
        }
        return tree.finished(chosen: chosen)
    }

    /// What each candidate's probability is made of.
    public struct Probability: Hashable, Sendable {
        /// The share of the votes.
        public var forward: Double
        /// The share of what was recovered.
        public var backward: Double
        /// Both together, normalised over the candidates.
        public var together: Double
    }

    /// The probabilities of candidates with these votes and counts of recovered parts; ε is 1e-8.
    public static func probabilities(votes: [Double], recovered: [Int], alpha: Double) -> [Probability] {
        let epsilon = 1e-8
        let (allVotes, allFound) = (votes.reduce(0, +), recovered.reduce(0) { $0 + Double($1) + epsilon })
        guard allVotes > 0 else { return votes.map { _ in Probability(forward: 0, backward: 0, together: 0) } }
        let parts = zip(votes, recovered).map { (forward: $0 / allVotes, backward: (Double($1) + epsilon) / allFound) }
        let joint = parts.map { pow($0.forward, alpha) * pow($0.backward, 1 - alpha) }
        let sum = joint.reduce(0, +)
        return zip(parts, joint).map { Probability(forward: $0.forward, backward: $0.backward, together: sum > 0 ? $1 / sum : 0) }
    }

    /// How often what each candidate's questions hide is recovered, over all its questions and chains.
    private func recovered(_ asked: [[BackwardQuestion]], for role: Role, as player: Player, in scope: Scope) async throws -> [Int] {
        let policy = try scope.services.policy(player.policy)
        return try await withThrowingTaskGroup(of: (Int, Bool).self) { tasks in
            for (candidate, questions) in asked.enumerated() {
                for (number, question) in questions.enumerated() {
                    let own = scope.child("candidate", candidate).child("hidden", number)
                    let view = View(role: role, transcript: [.text(question.text, from: .prompt)])
                    for chain in 0..<chains {
                        tasks.addTask {
                            let move = try await policy.move(on: view, as: player, in: own.child("chain", chain))
                            return (candidate, asking.recovers(move.text, question))
                        }
                    }
                }
            }
            var counts = [Int](repeating: 0, count: asked.count)
            for try await (candidate, isFound) in tasks where isFound { counts[candidate] += 1 }
            return counts
        }
    }
}
