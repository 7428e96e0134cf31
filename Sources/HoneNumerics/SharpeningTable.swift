import Foundation
import HoneCore

/// A base policy over a finite set of answers to one prompt, so that everything about sharpening it can be computed exactly.
///
/// Self-reward r(y) = log π_base(y); the mode y* is the likeliest answer. Source: Huang et al. 2024, “Self-Improvement in Language
/// Models: The Sharpening Mechanism”, sections 3.1 and 3.3.
public struct SharpeningTable: Hashable, Sendable {
    /// π_base(y), adding up to 1.
    public let probabilities: [Double]
    /// The place of y*, the first of equals.
    public let mode: Int

    /// The table of these weights, scaled to add up to 1; they must be finite, not below 0, and not all 0.
    public init(weights: [Double]) {
        let total = weights.reduce(0, +)
        precondition(total > 0 && total.isFinite && weights.allSatisfy { $0 >= 0 }, "A policy needs weights of 0 or more that add up to something")
        let shares = weights.map { $0 / total }
        probabilities = shares
        mode = shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    }

    /// A random table whose mode has probability 1/`coverage` and is at least 1 + `margin` times as likely as any other answer.
    ///
    /// The others share the rest in proportion to draws from an exponential distribution; what would exceed the margin is cut off
    /// and shared among those below it. Throws where no such table exists: an answer can only be likeliest with a probability of
    /// at least 1/`answers`, so the coverage must be smaller than the number of answers.
    public init(answers: Int, coverage: Double, margin: Double, seed: Seed) throws {
        guard answers >= 1, coverage >= 1, margin >= 0, coverage.isFinite, margin.isFinite else {
            throw CoreError.invalid("A table has \(answers) answers, coverage \(coverage) and margin \(margin); give 1, 1 and 0 or more")
        }
        let rest = 1 - 1 / coverage
        let limit = 1 / (coverage * (1 + margin))
        guard Double(answers - 1) * limit >= rest else {
            throw CoreError.invalid(
                "No table of \(answers) answers has a likeliest one of probability 1/\(coverage) with margin \(margin); give at least "
                    + "\(Int(((coverage - 1) * (1 + margin)).rounded(.up)) + 1) answers")
        }
        var generator = seed.generator
        let weights = (1..<max(2, answers)).prefix(answers - 1).map { _ in -log(1 - generator.unit()) + 1e-12 }
        var isCapped = [Bool](repeating: false, count: weights.count)
        var shares = weights
        while true {
            let free = zip(weights, isCapped).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
            let left = rest - limit * Double(isCapped.filter { $0 }.count)
            shares = zip(weights, isCapped).map { $1 ? limit : free > 0 ? max(0, left) * $0 / free : 0 }
            let over = shares.indices.filter { !isCapped[$0] && shares[$0] > limit }
            if over.isEmpty { break }
            for place in over { isCapped[place] = true }
        }
        self.init(weights: [1 / coverage] + shares)
    }

    /// π_base(y*).
    public var modeProbability: Double { probabilities[mode] }

    /// C_cov, the mean over prompts of 1/π_base(y*) (equation 6); 0 for no prompts.
    public static func coverage(_ tables: [SharpeningTable]) -> Double { Statistics.mean(tables.map { 1 / $0.modeProbability }) }

    /// The share of prompts whose policy gives y* a probability of 1 − `delta` or more: a policy is (ε, δ)-sharpened where this
    /// is at least 1 − ε (definition 3.1).
    public static func sharpened(_ modeProbabilities: [Double], delta: Double) -> Double {
        Statistics.mean(modeProbabilities.map { $0 >= 1 - delta ? 1 : 0 })
    }

    /// The exact distribution of the answer with the largest self-reward among `count` draws; equals share it evenly.
    ///
    /// With F the probability of all answers no better than y and P of those equal to y, the best is one of the latter with
    /// probability Fᴺ − (F − P)ᴺ.
    public func bestOf(_ count: Int) -> [Double] {
        precondition(count >= 1, "The best of \(count) draws does not exist")
        return probabilities.map { own in
            guard own > 0 else { return 0 }
            let below = probabilities.reduce(0) { $0 + ($1 < own ? $1 : 0) }
            let equal = probabilities.filter { $0 == own }
            let all = min(1, below + own * Double(equal.count))
            return (pow(all, Double(count)) - pow(below, Double(count))) / Double(equal.count)
        }
    }

    /// The smallest N at which N draws hold y* with at least this probability, over the mean of some prompts; nil when more than `limit`.
    public static func drawsNeeded(_ tables: [SharpeningTable], share: Double, limit: Int) -> Int? {
        func found(_ count: Int) -> Double { Statistics.mean(tables.map { 1 - pow(1 - $0.modeProbability, Double(count)) }) }
        guard limit >= 1, found(limit) >= share else { return nil }
        var (low, high) = (0, limit)
        while high - low > 1 {
            let middle = (low + high) / 2
            if found(middle) >= share { high = middle } else { low = middle }
        }
        return high
    }

    /// The optimum of E_π[r] − β·KL(π ‖ π_base): proportional to π_base^(1 + 1/β).
    public func tilted(beta: Double) -> [Double] { Self.softmax(probabilities.map { (1 + 1 / beta) * log($0) }) }

    /// β at which the optimum is sharpened whatever the table: margin / (2·log(2·answers/δ)) (theorem 4.3).
    public static func beta(answers: Int, margin: Double, delta: Double) -> Double { margin / (2 * log(2 * Double(answers) / delta)) }

    static func softmax(_ logits: [Double]) -> [Double] {
        let total = Statistics.logSumExp(logits)
        return logits.map { exp($0 - total) }
    }
}
