import Foundation
import HoneCore
import Testing

/// Pearson's statistic of counts against equal shares.
private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
}

/// A bound that a chi-square variable stays under in 99.99 % of draws (Wilson and Hilferty's approximation).
private func bound(_ degrees: Int) -> Double {
    let n = Double(degrees)
    return n * pow(1 - 2 / (9 * n) + 3.72 * sqrt(2 / (9 * n)), 3)
}

@Suite("The seeded generator")
struct GeneratorTests {
    @Test("draws SplitMix64's published numbers", arguments: Reference.all.draws)
    func splitMix(reference: Reference.Draws) {
        var generator = SeededGenerator(reference.seed)
        #expect(reference.values.map { _ in String(generator.next()) } == reference.values)
    }

    @Test("draws the numbers its authors give for seed 1234567")
    func authors() {
        var generator = Seed(1_234_567).generator
        let published: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        #expect((0..<3).map { _ in generator.next() } == published)
    }

    @Test("a copy goes its own way")
    func copies() {
        var first = Seed(9).generator
        var second = first
        let drawn = (0..<10).map { _ in first.next() }
        #expect((0..<10).map { _ in second.next() } == drawn)
        #expect(first == second)
        _ = first.next()
        #expect(first != second)
    }

    @Test("whole numbers are drawn evenly and reach both ends", arguments: [1...1, 0...1, 0...5, -3...3, 10...109])
    func integers(range: ClosedRange<Int>) {
        var generator = Seed(3).child("\(range)").generator
        var counts = [Int](repeating: 0, count: range.count)
        for _ in 0..<(2000 * range.count) { counts[generator.integer(in: range) - range.lowerBound] += 1 }
        if range.count == 1 { #expect(counts == [2000]) } else { #expect(chiSquare(counts) < bound(range.count - 1)) }
        #expect(!counts.contains(0))
    }

    @Test("ranges as wide as the type neither trap nor miss a half", arguments: [Int.min...Int.max, Int.min...0, -1...Int.max, Int.min...(Int.max - 1)])
    func wideRanges(range: ClosedRange<Int>) {
        var generator = Seed(4).generator
        let middle = range.lowerBound / 2 + range.upperBound / 2
        var above = 0
        for _ in 0..<4000 {
            let number = generator.integer(in: range)
            #expect(range.contains(number))
            if number > middle { above += 1 }
        }
        // 4000 fair coins stay within 4 standard deviations (32) of 2000.
        #expect(abs(above - 2000) < 130)
    }

    @Test("unit numbers fill [0, 1) evenly, with 53 bits")
    func units() {
        var generator = Seed(5).generator
        var counts = [Int](repeating: 0, count: 50)
        var sum = 0.0
        var oddLastBits = 0
        for _ in 0..<50_000 {
            let number = generator.unit()
            #expect(number >= 0 && number < 1)
            counts[Int(number * 50)] += 1
            sum += number
            if UInt64(number * 0x1p53) & 1 == 1 { oddLastBits += 1 }
        }
        #expect(chiSquare(counts) < bound(49))
        // The mean has a standard deviation of 1/√(12·50000) = 0.0013.
        #expect(abs(sum / 50_000 - 0.5) < 0.006)
        #expect(abs(oddLastBits - 25_000) < 500)
    }

    @Test("streams of sibling seeds are not correlated")
    func siblings() {
        let run = Seed(6)
        let size = 20_000
        var left = run.child("sample", 0).generator
        var right = run.child("sample", 1).generator
        var product = 0.0
        for _ in 0..<size { product += (left.unit() - 0.5) * (right.unit() - 0.5) }
        // Correlation of independent streams has a standard deviation of 1/√20000 = 0.007.
        #expect(abs(product / Double(size) * 12) < 0.035)
    }

    @Test("chance happens as often as it says", arguments: [0, 0.05, 0.5, 0.95, 1])
    func chance(probability: Double) {
        var generator = Seed(8).generator
        let count = (0..<20_000).count { _ in generator.chance(probability) }
        let deviation = sqrt(20_000 * probability * (1 - probability))
        #expect(abs(Double(count) - 20_000 * probability) <= 4 * deviation)
        #expect(!generator.chance(-1) && generator.chance(2) && !generator.chance(.nan))
    }

    @Test("an element is drawn evenly, from slices too; nothing comes from nothing")
    func elements() {
        var generator = Seed(10).generator
        let slice = ["a", "b", "c", "d", "e"][1...3]
        var counts: [String: Int] = [:]
        for _ in 0..<9000 { counts[generator.element(of: slice) ?? "none", default: 0] += 1 }
        #expect(counts.keys.sorted() == ["b", "c", "d"])
        #expect(chiSquare(Array(counts.values)) < bound(2))
        #expect(generator.element(of: [Int]()) == nil)
        let before = generator
        _ = generator.element(of: [Int]())
        #expect(generator == before)
    }

    @Test("a shuffle keeps the elements and makes every order equally often")
    func shuffles() {
        var generator = Seed(11).generator
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 { counts[generator.shuffled([0, 1, 2, 3]), default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.keys.allSatisfy { $0.sorted() == [0, 1, 2, 3] })
        #expect(chiSquare(Array(counts.values)) < bound(23))
        #expect(generator.shuffled([Int]()) == [])
        #expect(generator.shuffled([7]) == [7])
    }
}
