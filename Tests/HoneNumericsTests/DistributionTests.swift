import Foundation
import HoneCore
import HoneNumerics
import Testing

/// Values of SciPy and NumPy, made by Tests/References/numerics.py.
struct References: Decodable {
    struct Mean: Decodable {
        var values: [Double]
        var mean, low, high, variance, population, logSumExp, entropy, quantile: Double
    }
    struct Clustered: Decodable {
        var clusters: [[Double]]
        var error: Double
    }
    var normal, student, studentCDF, beta, wilson, pass: [[Double]]
    var mean: [Mean]
    var clustered: [Clustered]

    static func read() throws -> References {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/numerics.json")
        return try JSONDecoder().decode(References.self, from: try Data(contentsOf: url))
    }
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

@Suite("Distributions")
struct DistributionTests {
    @Test("normal quantiles agree with SciPy's to ten digits")
    func normalQuantiles() throws {
        for row in try References.read().normal {
            #expect(isClose(Distributions.normalQuantile(row[0]), row[1]), "at \(row[0])")
        }
    }

    @Test("normal quantiles are symmetric and 0 in the middle")
    func normalIsSymmetric() {
        #expect(abs(Distributions.normalQuantile(0.5)) < 1e-15)
        for p in [0.001, 0.2, 0.4] { #expect(isClose(Distributions.normalQuantile(p), -Distributions.normalQuantile(1 - p))) }
    }

    @Test("Student's quantiles agree with SciPy's, one degree of freedom included")
    func studentQuantiles() throws {
        for row in try References.read().student {
            #expect(isClose(Distributions.studentQuantile(row[0], degrees: row[1]), row[2], 1e-9), "at \(row[0]), \(row[1])")
        }
    }

    @Test("Student's distribution function agrees with SciPy's on both sides of 0")
    func studentCDF() throws {
        for row in try References.read().studentCDF {
            #expect(isClose(Distributions.studentCDF(row[0], degrees: row[1]), row[2]), "at \(row[0]), \(row[1])")
        }
    }

    @Test("the incomplete beta function agrees with SciPy's, and is 0 and 1 at the ends")
    func incompleteBeta() throws {
        for row in try References.read().beta {
            #expect(isClose(Distributions.incompleteBeta(row[0], row[1], row[2]), row[3]), "at \(row)")
        }
        #expect(Distributions.incompleteBeta(2, 3, 0) == 0)
        #expect(Distributions.incompleteBeta(2, 3, 1) == 1)
    }
}
