import Foundation
import HoneCore
import Testing

@Suite("Seeds")
struct SeedTests {
    @Test("a child's key follows its published definition on every machine", arguments: Reference.all.children)
    func children(reference: Reference.Child) {
        #expect(reference.seed.child(reference.label, reference.index) == reference.value)
    }

    @Test("a child does not depend on which siblings were asked for before, nor on how often")
    func pathIndependence() {
        let run = Seed(7)
        let alone = run.child("stage", 2).child("sample", 5)
        for index in (0..<20).reversed() { _ = run.child("stage", index).child("sample", index) }
        var generator = run.generator
        _ = generator.next()
        #expect(run.child("stage", 2).child("sample", 5) == alone)
    }

    @Test("label, index, level and order each make another key")
    func kinds() {
        let seed = Seed(0)
        let keys: [Seed] = [
            seed, seed.child("a"), seed.child("b"), seed.child("a", 1), seed.child("a", -1), seed.child("a1"), seed.child("1a"),
            seed.child("a").child("b"), seed.child("b").child("a"), seed.child("ab"), seed.child(""), seed.child("").child(""),
            seed.child("a").child("a"), seed.child("aa"), seed.child("a\0"), seed.child("A"),
        ]
        #expect(Set(keys).count == keys.count)
        #expect(seed.child("a") == seed.child("a", 0))
    }

    @Test("200,000 paths of a run have 200,000 keys")
    func collisions() {
        let run = Seed(20_240_101)
        var keys: Set<UInt64> = []
        for iteration in 0..<20 {
            for problem in 0..<100 {
                let place = run.child("iteration", iteration).child("problem", problem)
                for sample in 0..<100 { keys.insert(place.child("sample", sample).value) }
            }
        }
        // Chance alone makes a collision among 2·10⁵ keys of 64 bits with probability 10⁻⁹.
        #expect(keys.count == 200_000)
    }

    @Test("neighbouring indices, seeds and labels share no more bits than chance")
    func avalanche() {
        var flips = [0, 0, 0]
        let count = 4000
        for index in 0..<count {
            let seed = Seed(UInt64(index))
            flips[0] += (seed.child("x", index).value ^ seed.child("x", index + 1).value).nonzeroBitCount
            flips[1] += (seed.child("x").value ^ Seed(UInt64(index) + 1).child("x").value).nonzeroBitCount
            flips[2] += (seed.child("xa").value ^ seed.child("xb").value).nonzeroBitCount
        }
        // The mean of 4000 counts of 64 fair bits has a standard deviation of 4/√4000 = 0.063.
        for flip in flips { #expect(abs(Double(flip) / Double(count) - 32) < 0.3) }
    }

    @Test("a composed and a decomposed label are two labels")
    func labelsAreBytes() {
        #expect(Seed(1).child("\u{E9}") != Seed(1).child("e\u{301}"))
    }

    @Test("all 64 bits survive JSON", arguments: [0, 1, UInt64(Int64.max), 1 << 63, .max, 9_007_199_254_740_993])
    func coding(bits: UInt64) throws {
        #expect(try roundTrip(Seed(bits)) == Seed(bits))
        #expect(try JSONValue(encoding: Seed(bits)).canonical == "\"\(bits)\"")
        var generator = Seed(bits).generator
        _ = generator.next()
        var copy = try roundTrip(generator)
        #expect(copy.next() == generator.next())
    }

    @Test("what is no seed is refused with what was expected", arguments: [#""-1""#, #""18446744073709551616""#, #""x""#, #""""#])
    func refused(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(sentence { _ = try json.decode(Seed.self) }?.contains("expected a whole number from 0 to 2⁶⁴−1") == true)
    }
}
