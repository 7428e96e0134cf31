import Foundation
import HoneCore
import Testing

@Suite("Edit distance by its recursive definition")
struct SpellingDefinitionTests {
    /// The optimal string alignment distance, as its recurrence says.
    private func edits(_ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>, _ known: inout [[Int]: Int]) -> Int {
        guard let lastA = a.last, let lastB = b.last else { return a.count + b.count }
        if let found = known[[a.count, b.count]] { return found }
        var best = min(edits(a.dropLast(), b, &known), edits(a, b.dropLast(), &known)) + 1
        best = min(best, edits(a.dropLast(), b.dropLast(), &known) + (lastA == lastB ? 0 : 1))
        if a.count > 1, b.count > 1, lastA == b.dropLast().last, lastB == a.dropLast().last {
            best = min(best, edits(a.dropLast(2), b.dropLast(2), &known) + 1)
        }
        known[[a.count, b.count]] = best
        return best
    }

    private func word(_ generator: inout SeededGenerator, _ count: Int) -> String {
        (0..<generator.integer(in: 0...count)).compactMap { _ in generator.element(of: ["a", "b", "c", "é", "e\u{301}", "😀"]) }.joined()
    }

    @Test("random words are as far apart as the recurrence says, both ways", arguments: UInt64(0)..<6)
    func distances(seed: UInt64) {
        var generator = Seed(seed).child("edits").generator
        for _ in 0..<80 {
            let (a, b) = (word(&generator, 9), word(&generator, 9))
            var known: [[Int]: Int] = [:]
            let wanted = edits(Array(a.unicodeScalars)[...], Array(b.unicodeScalars)[...], &known)
            #expect(Spelling.distance(a, b) == wanted, "\(a) \(b)")
            #expect(Spelling.distance(b, a) == wanted, "\(a) \(b)")
        }
    }

    @Test("the nearest names are the three best of all that are near enough", arguments: UInt64(0)..<6)
    func nearest(seed: UInt64) {
        var generator = Seed(seed).child("nearest").generator
        for _ in 0..<40 {
            let known = (0..<generator.integer(in: 0...12)).map { _ in word(&generator, 7) }
            let typed = word(&generator, 7)
            var best: [(edits: Int, name: String)] = []
            for name in Set(known) {
                let distance = Spelling.distance(typed, name)
                if distance <= max(1, typed.count / 3) || (!typed.isEmpty && name.hasPrefix(typed)) { best.append((distance, name)) }
            }
            let wanted = best.sorted { ($0.edits, $0.name) < ($1.edits, $1.name) }.prefix(3).map(\.name)
            #expect(Spelling.nearest(to: typed, among: known) == wanted, "\(typed) among \(known)")
        }
    }

    @Test("a very long name costs little")
    func time() {
        let long = String(repeating: "grpo", count: 2_000)
        let began = ownSeconds()
        #expect(Spelling.nearest(to: long, among: ["grpo", "dpo", "star"]) == [])
        #expect(Spelling.distance(long, "grpo") == 7_996)
        #expect(ownSeconds() - began < 10)
    }
}

@Suite("The generator by wide arithmetic")
struct GeneratorDefinitionTests {
    @Test("a whole number is the upper half of the draw times the width", arguments: UInt64(0)..<6)
    func integers(seed: UInt64) {
        var generator = Seed(seed).child("ranges").generator
        var draws = generator
        for _ in 0..<300 {
            let low = Int(truncatingIfNeeded: draws.next()) >> Int(draws.next() % 62)
            let width = draws.next() >> (draws.next() % 62 + 2)
            let high = low.addingReportingOverflow(Int(width))
            guard !high.overflow else { continue }
            var copy = generator
            let wanted = low + Int(truncatingIfNeeded: UInt64((UInt128(copy.next()) * (UInt128(width) + 1)) >> 64))
            #expect(generator.integer(in: low...high.partialValue) == wanted)
            // One draw each, so that the stream stays where it should be.
            #expect(generator == copy)
        }
    }

    @Test("elements, shuffles, units and chances use the draws in this order")
    func order() {
        var generator = Seed(77).generator
        var copy = generator
        func drawn(_ count: Int) -> Int { Int(UInt64((UInt128(copy.next()) * UInt128(count)) >> 64)) }
        let letters = ["a", "b", "c", "d", "e", "f"]
        for _ in 0..<20 {
            #expect(generator.element(of: letters) == letters[drawn(6)])
            var shuffled = letters
            for last in stride(from: 5, through: 1, by: -1) { shuffled.swapAt(last, drawn(last + 1)) }
            #expect(generator.shuffled(letters) == shuffled)
            let unit = Double(copy.next() >> 11) / 9_007_199_254_740_992
            #expect(generator.unit() == unit)
            let other = Double(copy.next() >> 11) / 9_007_199_254_740_992
            #expect(generator.chance(0.3) == (other < 0.3))
        }
    }
}

@Suite("Verdicts of groups by search")
struct VerdictDefinitionTests {
    @Test("the value is that of the role's last verdict, else of the episode's last", arguments: 0..<12)
    func values(number: Int) {
        var generator = Seed(1).child("verdicts", number).generator
        let kinds: [VerdictKind] = [.worldReturn, "helpful"]
        let roles: [Role] = ["a", "b"]
        for _ in 0..<30 {
            let verdicts = (0..<generator.integer(in: 0...10)).map { index in
                let episode = generator.integer(in: 0...2)
                let role = generator.element(of: roles) ?? "a"
                let subjects: [Verdict.Subject] = [
                    .episode(episode), .episode(episode), .role(episode, role), .step(episode, 0), .group,
                    .pair(episode, over: 1),
                ]
                return Verdict(
                    on: generator.element(of: subjects) ?? .group, kind: generator.element(of: kinds) ?? "x",
                    value: Double(index))
            }
            let assignment = Assignment(problem: Problem(id: "p", world: "w"))
            let group = EpisodeGroup(assignment: assignment, episodes: [], verdicts: verdicts)
            for kind in kinds {
                for episode in 0...2 {
                    let whole = verdicts.last { $0.kind == kind && $0.on == .episode(episode) }?.value
                    #expect(group.value(of: kind, episode: episode) == whole)
                    for role in roles {
                        let own = verdicts.last { $0.kind == kind && $0.on == .role(episode, role) }?.value
                        #expect(group.value(of: kind, episode: episode, role: role) == own ?? whole)
                    }
                }
            }
        }
    }
}

@Suite("Heads of models")
struct HeadTests {
    @Test("a head gives one number, several, or one for each token", arguments: [
        (Head("value"), 1), (Head("value", .one), 1), (Head("criteria", .several(3)), 3),
        (Head("none", .several(0)), 0), (Head("action", .vocabulary), 64),
    ])
    func counts(head: Head, count: Int) throws {
        #expect(head.count(vocabulary: 64) == count)
        #expect(try roundTrip(head) == head)
    }

    @Test("a name alone is a head of one number; heads of one name and other outputs are others")
    func literals() {
        let head: Head = "value"
        #expect(head == Head("value") && head.name.text == "value" && head.outputs == .one)
        #expect(Set([head, Head("value", .vocabulary), Head("value", .several(1)), Head("reward"), Head("value")]).count == 4)
    }
}

@Suite("Names and schedules by identities")
struct IdentityTests {
    @Test("names are sorted as their UTF-8 bytes are, and sets keep what bytes tell apart", arguments: UInt64(0)..<6)
    func names(seed: UInt64) {
        var generator = Seed(seed).child("names").generator
        let names = (0..<60).map { _ in Role(RandomValues.text(&generator)) }
        let bytes = names.map { Array($0.text.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(names.sorted().map { Array($0.text.utf8) } == bytes)
        #expect(generator.shuffled(names).sorted() == names.sorted())
        #expect(Set(names).count == Set(bytes).count)
        for (left, right) in zip(names, names.dropFirst()) { #expect((left == right) == left.text.utf8.elementsEqual(right.text.utf8)) }
    }

    @Test("a cosine is the square of a half-angle cosine, and a warm-up is a line of equal steps", arguments: UInt64(0)..<6)
    func schedules(seed: UInt64) {
        var generator = Seed(seed).child("schedules").generator
        for _ in 0..<60 {
            let (from, to) = (generator.unit() * 3, generator.unit())
            let over = generator.integer(in: 1...60)
            let warmup = generator.integer(in: 1...20)
            for step in 0...over {
                let half = cos(Double.pi / 2 * Double(step) / Double(over))
                #expect(abs(Schedule.cosine(from: from, to: to, over: over).value(at: step) - (to + (from - to) * half * half)) < 1e-12)
                let line = from * Double(over - step) / Double(over) + to * Double(step) / Double(over)
                #expect(abs(Schedule.linear(from: from, to: to, over: over).value(at: step) - line) < 1e-12)
            }
            let schedule = Schedule.warmupCosine(peak: from, to: to, warmup: warmup, over: warmup + over)
            for step in 0..<warmup { #expect(abs(schedule.value(at: step) - from / Double(warmup) * Double(step + 1)) < 1e-12) }
            let fall = Schedule.cosine(from: from, to: to, over: over)
            for step in 0...over { #expect(schedule.value(at: warmup + step) == fall.value(at: step)) }
        }
    }

    @Test(
        "a hash of pieces taken from the middle of a larger buffer is that of the pieces",
        arguments: [1, 55, 56, 63, 64, 65, 119, 120, 128, 1000])
    func slices(length: Int) {
        let bytes = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        for start in [0, 1, 63, 64, 500] {
            let slice = bytes[start..<(start + length)]
            var hash = SHA256()
            hash.update(slice.prefix(length / 3))
            hash.update(slice.dropFirst(length / 3).reversed().reversed())
            #expect(hash.hexDigest() == SHA256.hex(Array(slice)))
        }
    }
}
