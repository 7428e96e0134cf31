import HoneCore

/// A belief about a player's skill: a normal distribution.
public struct Skill: Hashable, Sendable, Codable {
    /// Its mean.
    public let mean: Double
    /// Its standard deviation, above 0.
    public let deviation: Double

    /// A belief; throws for a deviation that is not above 0.
    public init(mean: Double, deviation: Double) throws {
        guard mean.isFinite, deviation > 0, deviation.isFinite else {
            throw CoreError.invalid("A skill needs a finite mean and a deviation above 0, but \(mean) and \(deviation) were given")
        }
        (self.mean, self.deviation) = (mean, deviation)
    }

    /// Reads a belief and checks it as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(mean: try container.decode(Double.self, forKey: .mean), deviation: try container.decode(Double.self, forKey: .deviation))
    }

    /// A skill that is surely exceeded: three deviations below the mean, the number TrueSkill's tables are ordered by.
    public var conservative: Double { mean - 3 * deviation }

    /// The mean with the interval that holds 95 % of the belief.
    public func estimate(games: Int) -> Estimate {
        let half = Distributions.normalQuantile(0.975) * deviation
        return Estimate(mean: mean, low: mean - half, high: mean + half, count: games, unit: "skill")
    }
}

/// TrueSkill: how results of games between two or more single players change what is believed of their skills.
///
/// Source: Herbrich, Minka and Graepel, "TrueSkill: A Bayesian Skill Rating System", 2006. Performance is skill plus normal noise of
/// deviation β; neighbours in the ranking are taken to differ by more than a margin ε, or by less where they tie. Teams are left out.
public struct SkillModel: Hashable, Sendable, Codable {
    /// What is believed of a new player.
    public let newcomer: Skill
    /// The deviation of a performance around the skill, β.
    public let performanceDeviation: Double
    /// How much a skill drifts between two games, τ.
    public let drift: Double
    /// The share of games between equal players that are drawn; 0 where there are no draws.
    public let drawProbability: Double

    /// The model with the paper's scale by default; throws for deviations that are not positive and a probability outside 0 ≤ p < 1.
    public init(
        mean: Double = 25, deviation: Double = 25 / 3, performanceDeviation: Double = 25 / 6, drift: Double = 25 / 300, drawProbability: Double = 0.1
    ) throws {
        guard performanceDeviation > 0, performanceDeviation.isFinite, drift >= 0, drift.isFinite, drawProbability >= 0, drawProbability < 1 else {
            throw CoreError.invalid(
                "A skill model needs a performance deviation above 0, a drift from 0 up and a draw probability from 0 to below 1, but \(performanceDeviation), \(drift) and \(drawProbability) were given"
            )
        }
        newcomer = try Skill(mean: mean, deviation: deviation)
        (self.performanceDeviation, self.drift, self.drawProbability) = (performanceDeviation, drift, drawProbability)
    }

    /// Reads a model and checks it as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let newcomer = try container.decode(Skill.self, forKey: .newcomer)
        try self.init(
            mean: newcomer.mean, deviation: newcomer.deviation,
            performanceDeviation: try container.decode(Double.self, forKey: .performanceDeviation),
            drift: try container.decode(Double.self, forKey: .drift), drawProbability: try container.decode(Double.self, forKey: .drawProbability))
    }

    /// The margin within which two performances tie: ε = Φ⁻¹((p + 1) / 2) · √2 · β.
    public var drawMargin: Double {
        drawProbability == 0 ? 0 : Distributions.normalQuantile((drawProbability + 1) / 2) * 2.0.squareRoot() * performanceDeviation
    }

    /// The beliefs after one game; `places` tells each player's place, smaller being better and equal ones tied.
    ///
    /// Messages run along the chain of neighbours in the ranking until they stay (for two players, at once). Tied players are chained in
    /// the order they are given in. Throws for lists of different lengths, fewer than two players, and a tie in a model without draws.
    public func updated(_ skills: [Skill], places: [Int]) throws -> [Skill] {
        guard skills.count == places.count, skills.count > 1 else {
            throw CoreError.invalid("A game needs at least two players and a place for each, but \(skills.count) skills and \(places.count) places were given")
        }
        guard drawProbability > 0 || Set(places).count == places.count else {
            throw CoreError.invalid("Players tied at the places \(places), but the draw probability is 0; give one above 0")
        }
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        let chain = PerformanceChain(
            means: order.map { skills[$0].mean },
            variances: order.map { skills[$0].deviation * skills[$0].deviation + drift * drift },
            noise: performanceDeviation * performanceDeviation, margin: drawMargin,
            ties: zip(order, order.dropFirst()).map { places[$0] == places[$1] })
        var updated = skills
        for (position, (mean, variance)) in chain.posteriors().enumerated() {
            updated[order[position]] = try Skill(mean: mean, deviation: variance.squareRoot())
        }
        return updated
    }

    /// The probability that the first player's performance is the higher one: Φ((μ₁ − μ₂) / √(2β² + σ₁² + σ₂²)).
    public func winProbability(_ first: Skill, _ second: Skill) -> Double {
        let variance = 2 * performanceDeviation * performanceDeviation + first.deviation * first.deviation + second.deviation * second.deviation
        return TruncatedNormal.below((first.mean - second.mean) / variance.squareRoot())
    }
}
