import Foundation

/// The factor graph of a ranking of single players, on which expectation propagation runs.
///
/// Skills are summed into performances beforehand, so that the variables left are performances in the order of the ranking, and the factors
/// say that neighbours differ by more than a margin, or by less where they tied.
struct PerformanceChain: Sendable {
    /// The belief in each skill before the game, best place first.
    let means: [Double]
    let variances: [Double]
    /// The variance of a performance around its skill.
    let noise: Double
    let margin: Double
    /// Whether place k and the next one are tied.
    let ties: [Bool]

    /// A message: a normal distribution by its precision and its precision times its mean, both 0 when it says nothing.
    private struct Message {
        var precision = 0.0
        var weighted = 0.0
    }

    /// Mean and variance of each skill after the game.
    func posteriors() -> [(mean: Double, variance: Double)] {
        let n = means.count
        // What factor k says of the better performance, place k, and of the worse one, place k + 1.
        var better = [Message](repeating: Message(), count: n - 1)
        var worse = better
        let sweep = Array(0..<(n - 1)) + (0..<max(0, n - 2)).reversed()
        for _ in 0..<1000 {
            var change = 0.0
            for k in sweep {
                let (up, down) = messages(at: k, better, worse)
                for (old, new) in [(better[k], up), (worse[k], down)] {
                    let scale = (variances[k] + noise).squareRoot()
                    change = max(change, abs(old.precision - new.precision) * scale * scale, abs(old.weighted - new.weighted) * scale)
                }
                (better[k], worse[k]) = (up, down)
            }
            if change < 1e-13 || n == 2 { break }
        }
        return (0..<n).map { i in
            var heard = Message()
            if i > 0 { (heard.precision, heard.weighted) = (worse[i - 1].precision, worse[i - 1].weighted) }
            if i < n - 1 {
                heard.precision += better[i].precision
                heard.weighted += better[i].weighted
            }
            guard heard.precision > 0 else { return (means[i], variances[i]) }
            // The message goes on to the skill through the noise of the performance.
            let precision = 1 / (1 / heard.precision + noise)
            let sum = 1 / variances[i] + precision
            return ((means[i] / variances[i] + precision * heard.weighted / heard.precision) / sum, 1 / sum)
        }
    }

    private func messages(at k: Int, _ better: [Message], _ worse: [Message]) -> (Message, Message) {
        let above = cavity(k, from: k > 0 ? worse[k - 1] : Message())
        let below = cavity(k + 1, from: k + 1 < better.count ? better[k + 1] : Message())
        let variance = above.variance + below.variance
        let mean = above.mean - below.mean
        let deviation = variance.squareRoot()
        let moments = ties[k] ? TruncatedNormal.within(mean / deviation, margin / deviation) : TruncatedNormal.above(mean / deviation, margin / deviation)
        let precision = moments.narrowing / (1 - moments.narrowing) / variance
        guard precision > 0, precision.isFinite else { return (Message(), Message()) }
        // The quotient of the truncated and the whole difference, as a normal distribution.
        let difference = (mean + deviation * moments.shift) * (precision + 1 / variance) - mean / variance
        let (centre, spread) = (difference / precision, 1 / precision)
        let up = 1 / (spread + below.variance)
        let down = 1 / (spread + above.variance)
        return (Message(precision: up, weighted: up * (centre + below.mean)), Message(precision: down, weighted: down * (above.mean - centre)))
    }

    /// A performance as everything but one factor tells it.
    private func cavity(_ i: Int, from message: Message) -> (mean: Double, variance: Double) {
        let prior = 1 / (variances[i] + noise)
        let precision = prior + message.precision
        return ((prior * means[i] + message.weighted) / precision, 1 / precision)
    }
}

/// Moments of a normal distribution of variance 1 that is cut off, as TrueSkill's functions v and w give them.
enum TruncatedNormal {
    /// The distribution function of the standard normal distribution.
    static func below(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// How much the mean moves, and by which share the variance narrows, when a variable of mean t is known to exceed the margin.
    static func above(_ t: Double, _ margin: Double) -> (shift: Double, narrowing: Double) {
        let x = t - margin
        if x > -30 {
            let shift = density(x) / below(x)
            return (shift, min(1, max(0, shift * (shift + x))))
        }
        let excess = tail(-x, from: 1)
        return (excess - x, (excess - x) * excess)
    }

    /// The same when it is known to lie between −margin and margin.
    static func within(_ t: Double, _ margin: Double) -> (shift: Double, narrowing: Double) {
        let s = abs(t)
        let (a, b) = (-margin - s, margin - s)
        let ratio = exp((b * b - a * a) / 2)
        // Everything over the density at b, which is the larger one.
        let mass = b > -5 ? (below(b) - below(a)) / density(b) : 1 / (tail(-b, from: 1) - b) - ratio / (tail(-a, from: 1) - a)
        guard mass > 0 else { return (t < 0 ? -b : b, 1) }
        let shift = (ratio - 1) / mass
        let narrowing = shift * shift + (b - a * ratio) / mass
        return (t < 0 ? -shift : shift, min(1, max(0, narrowing)))
    }

    private static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

    /// The continued fraction k/(y + (k+1)/(y + …)) of the tail: φ(y)/Φ(−y) = y + 1/(y + 2/(y + …)) (Laplace).
    private static func tail(_ y: Double, from first: Int) -> Double {
        var value = 0.0
        for k in (first...(first + 200)).reversed() { value = Double(k) / (y + value) }
        return value
    }
}
