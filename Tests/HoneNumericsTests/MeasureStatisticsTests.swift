import HoneCore
import HoneNumerics
import Testing

@Suite("Agreement")
struct AgreementTests {
    @Test("kappa agrees with statsmodels under each weighting")
    func references() throws {
        for reference in try ComparisonReferences.read().kappa {
            for (weighting, value) in [
                (Agreement.Weighting.none, reference.none), (.linear, reference.linear), (.quadratic, reference.quadratic),
            ] {
                let found = Agreement.kappa(
                    reference.first, reference.second, categories: reference.categories, weighting: weighting)
                #expect(isClose(try #require(found), value))
            }
        }
    }

    @Test("kappa by hand: 6 of 10 agree where chance gives 5")
    func byHand() throws {
        // Table 3 2 / 2 3: rows and columns 5 and 5, chance agreement ½, so (0.6 − 0.5) / 0.5.
        let found = Agreement.kappa([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 1, 1, 1], categories: 2)
        #expect(isClose(try #require(found), 0.2))
        #expect(Agreement.kappa([0, 1, 2], [0, 1, 2], categories: 3) == 1)
        #expect(Agreement.kappa([1, 1], [1, 1], categories: 2) == nil && Agreement.kappa([], [], categories: 2) == nil)
        #expect(Agreement.share([0, 1], [0, 0]) == 0.5 && Agreement.share([], []) == nil)
        #expect(Agreement.meanAbsoluteError([1, 5], [2, 2]) == 2 && Agreement.meanAbsoluteError([], []) == nil)
    }
}

@Suite("Calibration")
struct CalibrationTests {
    @Test("ECE is NumPy's, Brier and AUROC scikit-learn's")
    func references() throws {
        for reference in try ComparisonReferences.read().calibration {
            let (confidence, right) = (reference.confidence, reference.right)
            #expect(isClose(try #require(Calibration.expectedError(confidence, right)), reference.ece))
            #expect(isClose(try #require(Calibration.brier(confidence, right)), reference.brier))
            #expect(isClose(try #require(Calibration.areaUnderROC(confidence, right)), reference.auroc))
            let parts = try #require(Calibration.brierParts(confidence, right))
            #expect(isClose(parts.reliability - parts.resolution + parts.uncertainty, reference.brier))
        }
    }

    @Test("bins take their upper ends; equal mass divides as evenly as it can")
    func bins() {
        let confidences: [Double] = [0, 0.1, 0.5, 0.51, 1]
        let wide = Calibration.reliability(confidences, [true, false, true, true, true], bins: .equalWidth(2))
        #expect(wide.map(\.count) == [3, 2] && wide[1].accuracy == 1)
        #expect(Calibration.reliability(confidences, Array(repeating: true, count: 5), bins: .equalMass(2)).map(\.count) == [2, 3])
        #expect(Calibration.reliability(confidences, Array(repeating: true, count: 5), bins: .equalMass(9)).count == 5)
    }

    @Test("by hand: perfect and worst confidences")
    func extremes() {
        #expect(Calibration.expectedError([1, 0], [true, false]) == 0 && Calibration.expectedError([1, 0], [false, true]) == 1)
        #expect(Calibration.areaUnderROC([1, 0], [true, false]) == 1 && Calibration.areaUnderROC([0.5, 0.5], [true, false]) == 0.5)
        #expect(Calibration.areaUnderROC([1, 0], [true, true]) == nil && Calibration.expectedError([], []) == nil)
        // Most confident first: right, wrong → risks 0 and ½.
        #expect(Calibration.areaUnderRiskCoverage([0.9, 0.1], [true, false]) == 0.25)
        #expect(Calibration.areaUnderRiskCoverage([0.1, 0.9], [true, false]) == 0.75)
        #expect(Calibration.areaUnderRiskCoverage([0.5, 0.5], [true, false]) == 0.5)
    }

    @Test("AUROC is the share of right–wrong pairs in order", arguments: 0..<20)
    func bruteForce(seed: Int) {
        var generator = Seed(3).child("auroc", seed).generator
        let scores = (0..<25).map { _ in Double(generator.integer(in: 0...6)) }
        let right = [true, false] + (0..<23).map { _ in generator.chance(0.4) }
        var (won, pairs) = (0.0, 0.0)
        for a in 0..<25 where right[a] {
            for b in 0..<25 where !right[b] {
                won += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
                pairs += 1
            }
        }
        #expect(isClose(Calibration.areaUnderROC(scores, right) ?? -1, won / pairs))
    }
}

@Suite("Cost curves")
struct CostCurveTests {
    private let curve = CostCurve([
        .init(cost: 10, score: 1), .init(cost: 0, score: 0), .init(cost: 30, score: 0.5), .init(cost: 10, score: 0.6),
    ])

    @Test("points of equal cost become one; between points the line is straight, outside level")
    func reading() {
        #expect(curve.points.map(\.cost) == [0, 10, 30] && curve.points[1].score == 0.8)
        #expect(curve.score(at: 5) == 0.4 && curve.score(at: -1) == 0 && curve.score(at: 99) == 0.5)
        #expect(isClose(curve.score(at: 20) ?? 0, 0.65))
        #expect(isClose(curve.cost(reaching: 0.4) ?? 0, 5) && curve.cost(reaching: 0.9) == nil && curve.cost(reaching: 0) == 0)
    }

    @Test("the mean score is the area over the width, also across the ends")
    func area() {
        #expect(isClose(curve.meanScore(from: 0, to: 10) ?? 0, 0.4))
        // 4 up to 10, 13 up to 30, then level at 0.5 up to 40.
        #expect(isClose(curve.meanScore(from: 0, to: 40) ?? 0, (4 + 13 + 5) / 40))
        #expect(curve.meanScore(from: 10, to: 10) == 0.8 && CostCurve([]).meanScore(from: 0, to: 1) == nil)
    }

    @Test("the area of parts adds up", arguments: 0..<10)
    func additive(seed: Int) {
        var generator = Seed(8).child("curve", seed).generator
        let random = CostCurve((0..<9).map { _ in .init(cost: generator.unit() * 10, score: generator.unit()) })
        let cut = generator.unit() * 10
        let parts = (random.meanScore(from: 0, to: cut) ?? 0) * cut + (random.meanScore(from: cut, to: 10) ?? 0) * (10 - cut)
        #expect(isClose(parts / 10, random.meanScore(from: 0, to: 10) ?? 0))
    }

    @Test("the frontier keeps what nothing beats")
    func frontier() {
        let points: [CostCurve.Point] = [
            .init(cost: 3, score: 0.5), .init(cost: 1, score: 0.2), .init(cost: 2, score: 0.6), .init(cost: 1, score: 0.2),
            .init(cost: 1, score: 0.1), .init(cost: 9, score: 0.7),
        ]
        #expect(CostCurve.frontier(points) == [1, 3, 2, 5] && CostCurve.frontier([]).isEmpty)
    }
}
