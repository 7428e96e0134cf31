import HoneCore
import Testing

@Suite("Work done at once")
struct ConcurrentlyTests {
    private struct Refusal: Error, Equatable { var number: Int }

    @Test("comes back in the elements' order, whoever is done first")
    func ordered() async throws {
        let found = try await Array(0..<50).concurrently { index, element in
            for _ in index..<50 { await Task.yield() }
            return [index, element * element]
        }
        #expect(found == (0..<50).map { [$0, $0 * $0] })
        #expect(try await [Int]().concurrently { _, element in element }.isEmpty)
    }

    @Test("counts from 0 in a slice too")
    func slices() async throws {
        #expect(try await ["a", "b", "c"][1...].concurrently { index, element in "\(index)\(element)" } == ["0b", "1c"])
        #expect(try await (4..<6).concurrently { index, element in index + element } == [4, 6])
    }

    @Test("throws what one of them throws")
    func failing() async {
        await #expect(throws: Refusal(number: 3)) {
            try await (0..<8).concurrently { _, number in if number == 3 { throw Refusal(number: number) } }
        }
    }
}
