import HoneCore
import HoneNumerics
import Testing

@Suite("Estimates")
struct EstimateTests {
    @Test("a share has Wilson's interval, as SciPy computes it")
    func wilson() throws {
        for row in try References.read().wilson {
            let estimate = Estimate.share(successes: Int(row[0]), of: Int(row[1]))
            #expect(isClose(estimate.mean, row[0] / row[1]))
            #expect(isClose(estimate.low, row[2]) && isClose(estimate.high, row[3]), "\(row): \(estimate)")
            #expect(estimate.count == Int(row[1]) && estimate.unit == "share")
        }
    }

    @Test("of no trials nothing is known")
    func emptyShare() {
        #expect(Estimate.share(successes: 0, of: 0) == Estimate(mean: 0, low: 0, high: 1, count: 0, unit: "share"))
    }

    @Test("a mean has Student's interval, as SciPy computes it")
    func studentInterval() throws {
        for row in try References.read().mean {
            let estimate = Estimate.mean(of: row.values, unit: "tokens")
            #expect(isClose(estimate.mean, row.mean) && isClose(estimate.low, row.low, 1e-9) && isClose(estimate.high, row.high, 1e-9))
            #expect(estimate.count == row.values.count)
        }
    }

    @Test("samples of one problem do not narrow the interval; problems do")
    func clusters() {
        let few = Estimate.clustered([[1, 0], [0, 0], [1, 1]], unit: "share")
        let many = Estimate.clustered([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], unit: "share")
        #expect(few == many)
        #expect(few.count == 3 && few.mean == 0.5)
        let problems = Estimate.clustered([[1, 0], [0, 0], [1, 1], [1, 0], [0, 0], [1, 1]], unit: "share")
        #expect(problems.high - problems.low < few.high - few.low)
    }

    @Test("a share whose problems all agree still has an interval with width")
    func agreeingShare() {
        let all = Estimate.clustered([[1, 1], [1, 1], [1, 1]], unit: "share")
        #expect(all == Estimate.share(successes: 3, of: 3))
        #expect(all.low < 1 && all.high == 1)
        let single = Estimate.clustered([[1, 0]], unit: "share")
        #expect(single.mean == 0.5 && single.low < 0.1 && single.high > 0.9)
    }

    @Test("empty clusters are left out, and limits of a share are kept")
    func limits() {
        let estimate = Estimate.clustered([[1], [], [0], [1]], unit: "share")
        #expect(estimate.count == 3 && estimate.low == 0 && estimate.high == 1)
        #expect(Estimate.clustered([], unit: "tokens").count == 0)
        #expect(Estimate.clustered([[5]], unit: "tokens") == Estimate(mean: 5, low: 5, high: 5, count: 1, unit: "tokens"))
    }

    @Test("a paired difference may be negative, and what pairs share does not widen it")
    func difference() {
        let estimate = Estimate.difference([0.9, 0.5, 0.1], [0.8, 0.4, 0.0], unit: "share")
        #expect(isClose(estimate.mean, -0.1))
        #expect(isClose(estimate.low, -0.1) && isClose(estimate.high, -0.1) && estimate.unit == "share")
    }
}

@Suite("Statistics")
struct StatisticsTests {
    @Test("variance, log-sum-exp, entropy and quantiles agree with NumPy and SciPy")
    func references() throws {
        for row in try References.read().mean {
            #expect(isClose(Statistics.variance(row.values), row.variance))
            #expect(isClose(Statistics.variance(row.values, correction: 0), row.population))
            #expect(isClose(Statistics.logSumExp(row.values), row.logSumExp))
            #expect(isClose(Statistics.entropy(row.values.map(abs)), row.entropy))
            #expect(isClose(try #require(Statistics.quantile(row.values, 0.3)), row.quantile))
        }
    }

    @Test("degenerate inputs have defined values")
    func degenerate() {
        #expect(Statistics.mean([]) == 0 && Statistics.variance([4]) == 0 && Statistics.quantile([], 0.5) == nil)
        #expect(Statistics.logSumExp([]) == -.infinity && Statistics.logSumExp([-.infinity]) == -.infinity)
        #expect(isClose(Statistics.logSumExp([1000, 1000]), 1000.6931471805599))
        #expect(Statistics.entropy([0, 3]) == 0 && Statistics.entropy([]) == 0)
    }

    @Test("a large common offset does not cost the variance its digits")
    func offset() { #expect(isClose(Statistics.variance([1e9 + 1, 1e9 + 2, 1e9 + 3]), 1)) }

    @Test("clustered standard errors agree with the formula in NumPy, also for clusters of different sizes")
    func clusteredErrors() throws {
        for row in try References.read().clustered {
            #expect(isClose(Statistics.clusteredStandardError(row.clusters), row.error))
        }
        #expect(Statistics.clusteredStandardError([[1, 2]]) == 0)
    }

    @Test("the bootstrap depends on the seed alone and comes near Student's interval")
    func bootstrap() {
        let values = (0..<100).map { Double(($0 * 37) % 101) }
        let first = Bootstrap.interval(of: values, unit: "tokens", seed: Seed(1))
        #expect(first == Bootstrap.interval(of: values, unit: "tokens", seed: Seed(1)))
        #expect(first != Bootstrap.interval(of: values, unit: "tokens", seed: Seed(2)))
        let student = Estimate.mean(of: values, unit: "tokens")
        #expect(first.mean == student.mean)
        #expect(abs(first.low - student.low) < 1 && abs(first.high - student.high) < 1)
        #expect(Bootstrap.interval(of: [], unit: "tokens", seed: Seed(1)).count == 0)
    }
}

@Suite("Repeated samples")
struct RepeatedSamplesTests {
    @Test("pass@k agrees with the exact fraction of binomial coefficients")
    func passAtK() throws {
        for row in try References.read().pass {
            let value = RepeatedSamples.passAtK(samples: Int(row[0]), correct: Int(row[1]), k: Int(row[2]))
            #expect(isClose(try #require(value), row[3], 1e-12), "\(row)")
        }
    }

    @Test("pass@k is undefined for more draws than samples")
    func tooMany() {
        #expect(RepeatedSamples.passAtK(samples: 3, correct: 1, k: 4) == nil)
        #expect(RepeatedSamples.passAtK(samples: 3, correct: 4, k: 1) == nil)
        #expect(RepeatedSamples.passAtK(samples: 0, correct: 0, k: 1) == nil)
    }

    @Test("pass@k is unbiased: its mean over all draws of n samples is the true chance")
    func unbiased() throws {
        // Two samples with success chance p each, k = 1 and 2: weigh all four outcomes.
        let p = 0.3
        let chances = [(1 - p) * (1 - p), 2 * p * (1 - p), p * p]
        for k in 1...2 {
            let mean = try (0...2).reduce(0.0) { sum, c in
                sum + chances[c] * (try #require(RepeatedSamples.passAtK(samples: 2, correct: c, k: k)))
            }
            #expect(isClose(mean, k == 1 ? p : 1 - (1 - p) * (1 - p)))
        }
    }

    @Test("the majority wins, ties share, and accents composed differently are different answers")
    func majority() {
        #expect(RepeatedSamples.majority(answers: ["4", "4", "5"], isCorrect: [true, true, false]) == 1)
        #expect(RepeatedSamples.majority(answers: ["4", "5", "5"], isCorrect: [true, false, false]) == 0)
        #expect(RepeatedSamples.majority(answers: ["4", "5"], isCorrect: [true, false]) == 0.5)
        #expect(RepeatedSamples.majority(answers: [], isCorrect: []) == nil)
        #expect(RepeatedSamples.majority(answers: ["\u{e0}", "a\u{300}", "b", "b"], isCorrect: [true, true, false, false]) == 0)
    }
}
