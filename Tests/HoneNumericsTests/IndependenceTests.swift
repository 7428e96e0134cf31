import HoneNumerics
import Testing

@Suite("Independence of two properties")
struct IndependenceTests {
    @Test("χ² by hand: 10, 20, 30 and 40 of 100; nil where one property never changes")
    func byHand() throws {
        let counts = [(true, true, 10), (true, false, 20), (false, true, 30), (false, false, 40)]
        let first = counts.flatMap { Array(repeating: $0.0, count: $0.2) }
        let second = counts.flatMap { Array(repeating: $0.1, count: $0.2) }
        let found = try #require(Independence(first, second))
        // 100 · (10·40 − 20·30)² / (30 · 70 · 40 · 60).
        #expect(abs(found.chiSquared - 4_000_000.0 / 5_040_000) < 1e-12)
        #expect(found.phi < 0 && abs(found.pValue - 0.37299) < 1e-4)
        let same = try #require(Independence(first, first))
        #expect(same.phi == 1 && same.chiSquared == 100)
        #expect(Independence([true, true], [true, false]) == nil)
    }
}
