import Foundation
import HoneNumerics

/// Ranks candidates by how well they do, how much refinement helps them, and what they cost.
///
/// After PeRFICS (Shashidhar et al. 2023, “Democratizing LLMs: An Exploration of Cost-Performance Trade-offs in Self-Refined Open-Source
/// Models”), which ranks by performance, refinement and inference cost. Its exact weights could not be confirmed; the form is ours:
/// score = (w₁ p̂ + w₂ Δ̂ + w₃ r̂) / ĉ^{w₄} with p the score before and r after refinement, Δ = r − p, each hat a min–max scaling over the
/// candidates (1 for all where they are equal), and ĉ = cost / least cost.
public struct CostAwareRanking: Hashable, Sendable, Codable {
    /// What is ranked.
    public struct Candidate: Hashable, Sendable, Codable {
        /// Its name.
        public let name: String
        /// Its score before refinement.
        public let first: Double
        /// Its score after refinement.
        public let refined: Double
        /// What an answer costs, above 0, in the same unit for all.
        public let cost: Double

        /// A candidate.
        public init(name: String, first: Double, refined: Double, cost: Double) {
            precondition(cost > 0 && cost.isFinite, "The cost of “\(name)” is not above 0")
            (self.name, self.first, self.refined, self.cost) = (name, first, refined, cost)
        }
    }

    /// How much each part counts.
    public struct Weights: Hashable, Sendable, Codable {
        /// The weight of the score before refinement.
        public var performance = 1.0
        /// The weight of what refinement adds.
        public var refinement = 1.0
        /// The weight of the score after refinement.
        public var refined = 1.0
        /// The exponent of the cost; 0 ignores it.
        public var cost = 0.5

        /// Equal weights, and the square root of the cost.
        public init() {}
    }

    /// One place of the ranking.
    public struct Place: Hashable, Sendable, Codable {
        /// Who holds it.
        public let candidate: Candidate
        /// Its score, from 0 up.
        public let score: Double
        /// Whether no other candidate costs at most as much and scores, refined, at least as well, one of them strictly.
        public let isOnFrontier: Bool
    }

    /// The candidates by falling score; equal ones by name, then as given.
    public let places: [Place]

    /// The ranking.
    public init(_ candidates: [Candidate], weights: Weights = Weights()) {
        func scaled(_ values: [Double]) -> [Double] {
            guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 1 } }
            return values.map { ($0 - low) / (high - low) }
        }
        let (first, refined) = (scaled(candidates.map(\.first)), scaled(candidates.map(\.refined)))
        let gain = scaled(candidates.map { $0.refined - $0.first })
        let cheapest = candidates.map(\.cost).min() ?? 1
        let frontier = Set(CostCurve.frontier(candidates.map { CostCurve.Point(cost: $0.cost, score: $0.refined) }))
        let scored = candidates.indices.map { index in
            let sum = weights.performance * first[index] + weights.refinement * gain[index] + weights.refined * refined[index]
            return Place(
                candidate: candidates[index], score: sum / pow(candidates[index].cost / cheapest, weights.cost),
                isOnFrontier: frontier.contains(index))
        }
        places = scored.indices.sorted { a, b in
            (-scored[a].score, scored[a].candidate.name, a) < (-scored[b].score, scored[b].candidate.name, b)
        }.map { scored[$0] }
    }
}
