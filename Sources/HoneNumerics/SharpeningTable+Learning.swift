import Foundation
import HoneCore

/// A way of sharpening a table, by the number of its sample-and-evaluate queries.
public enum SharpeningForm: String, Hashable, Sendable, Codable, CaseIterable {
    /// Maximum likelihood on the best of N draws from the base.
    case sft
    /// Regression of implicit rewards on all pairs of N draws from the base.
    case rlhf
    /// The same regression on answers of the policy of each round, which is optimistic about answers not yet seen; every answer is
    /// paired with the prompt's first one, which comes from the base.
    case exploration
    /// As `exploration`, but paired each round with a new answer from the base, which is a query too: algorithm 1 to the letter.
    case explorationWithFreshPairs = "exploration-fresh"
}

extension SharpeningTable {
    /// The policy that regression reaches from the base when these answers were seen and compared with each other, all connected.
    ///
    /// Minimising Σ (β·log π(y)/π_base(y) − β·log π(y′)/π_base(y′) − (r(y) − r(y′)))² over a table by gradient flow from π_base fits
    /// every difference and leaves the mean logit of the seen answers where it was, and unseen answers as they were:
    /// log π/π_base = (r − mean of r over seen answers)/β on seen answers and 0 elsewhere, before normalising (equation 4).
    public func regressed(on seen: [Int], beta: Double) -> [Double] {
        let rewards = seen.map { log(probabilities[$0]) }
        let centre = Statistics.mean(rewards)
        var logits = probabilities.map { log($0) }
        for (place, reward) in zip(seen, rewards) { logits[place] += (reward - centre) / beta }
        return Self.softmax(logits)
    }

    /// The policy of the next round of exploration when these answers were seen.
    ///
    /// Algorithm 1 of the paper (XPO with rewards) adds α·Σ log π(y′) over base answers y′ to the regression, which is to be
    /// minimised. This is its minimiser as α falls to 0, over implicit rewards that are log-probabilities of a policy which agrees with what was
    /// seen: seen answers keep r, and every unseen answer has the largest reward it may have, the logarithm of all unseen mass.
    public func optimistic(seen: [Int], beta: Double) -> [Double] {
        var isSeen = [Bool](repeating: false, count: probabilities.count)
        for place in seen { isSeen[place] = true }
        let unseen = zip(probabilities, isSeen).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
        return Self.softmax(
            zip(probabilities, isSeen).map { own, isSeen in
                let reward = isSeen ? log(own) : own > 0 ? log(unseen) : -.infinity
                return log(own) + reward / beta
            })
    }

    /// How many queries a form needs until its policy gives y* a probability of 1 − `delta` or more for the first time; nil when
    /// more than `limit`. Every answer that is drawn and evaluated is one query; 0 where the base is sharpened already.
    public func queries(of form: SharpeningForm, beta: Double, delta: Double, limit: Int, seed: Seed) -> Int? {
        if modeProbability >= 1 - delta { return 0 }
        var generator = seed.generator
        var seen: [Int] = []
        var isSeen = [Bool](repeating: false, count: probabilities.count)
        var count = 0
        /// Files an answer, and tells whether the policy learned from all so far is sharpened.
        func take(_ answer: Int) -> Bool {
            count += 1
            let isNew = !isSeen[answer]
            if isNew {
                isSeen[answer] = true
                seen.append(answer)
            }
            // Nothing that was learned changes without a new answer, and no policy here is sharpened before y* was seen.
            guard isNew, isSeen[mode] else { return false }
            switch form {
            case .sft: return true
            case .rlhf, .exploration, .explorationWithFreshPairs: return regressed(on: seen, beta: beta)[mode] >= 1 - delta
            }
        }
        while count < limit {
            switch form {
            case .sft, .rlhf:
                if take(Self.draw(probabilities, &generator)) { return count }
            case .exploration:
                let policy = seen.isEmpty ? probabilities : optimistic(seen: seen, beta: beta)
                if take(Self.draw(policy, &generator)) { return count }
            case .explorationWithFreshPairs:
                let policy = seen.isEmpty ? probabilities : optimistic(seen: seen, beta: beta)
                let isThere = take(Self.draw(policy, &generator))
                // The pair is one purchase: its second answer is paid for also where the first would have done.
                if take(Self.draw(probabilities, &generator)) || isThere { return count }
            }
        }
        return nil
    }

    private static func draw(_ policy: [Double], _ generator: inout SeededGenerator) -> Int {
        var rest = generator.unit()
        for place in policy.indices {
            rest -= policy[place]
            if rest < 0 { return place }
        }
        return policy.lastIndex { $0 > 0 } ?? 0
    }
}
