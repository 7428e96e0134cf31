import Foundation
import HoneCore
import Testing

@Suite("Schedules")
struct ScheduleTests {
    @Test("a cosine follows its formula", arguments: Reference.all.cosines)
    func cosine(reference: Reference.Cosine) {
        let schedule = Schedule.cosine(from: reference.from, to: reference.to, over: reference.over)
        #expect(abs(schedule.value(at: reference.step) - reference.value) <= 1e-15)
    }

    @Test("a line, by hand", arguments: [
        (0, 1.0), (1, 0.925), (2, 0.85), (5, 0.625), (9, 0.325), (10, 0.25), (11, 0.25), (1_000_000, 0.25),
    ])
    func linear(step: Int, value: Double) {
        #expect(abs(Schedule.linear(from: 1, to: 0.25, over: 10).value(at: step) - value) < 1e-15)
    }

    @Test("equal factors, by hand", arguments: [(0, 8.0), (1, 4.0), (2, 2.0), (3, 1.0), (4, 1.0), (-1, 8.0)])
    func geometric(step: Int, value: Double) {
        #expect(abs(Schedule.geometric(from: 8, to: 1, over: 3).value(at: step) - value) < 1e-12)
    }

    @Test("a warm-up rises in equal steps to the peak, then a cosine falls to the end", arguments: [
        (0, 0.25), (1, 0.5), (2, 0.75), (3, 1.0), (4, 1.0), (12, 0.55), (20, 0.1), (21, 0.1),
    ])
    func warmup(step: Int, value: Double) {
        let schedule = Schedule.warmupCosine(peak: 1, to: 0.1, warmup: 4, over: 20)
        #expect(abs(schedule.value(at: step) - value) < 1e-12)
    }

    @Test("a warm-up of no steps begins at the peak; one as long as the range ends there", arguments: [0, -3])
    func warmupEdges(warmup: Int) {
        #expect(Schedule.warmupCosine(peak: 2, to: 0, warmup: warmup, over: 8).value(at: 0) == 2)
        let whole = Schedule.warmupCosine(peak: 2, to: 0.5, warmup: 4, over: 4)
        #expect((0..<6).map(whole.value(at:)) == [0.5, 1, 1.5, 2, 0.5, 0.5])
        let short = Schedule.warmupCosine(peak: 2, to: 0.5, warmup: 4, over: 2)
        #expect((0..<5).map(short.value(at:)) == [0.5, 1, 1.5, 2, 0.5])
    }

    static let all: [Schedule] = [
        .constant(3), .linear(from: 1e-3, to: 1e-4, over: 7), .linear(from: -1, to: 1, over: 3), .cosine(from: 1e-3, to: 1e-4, over: 7),
        .cosine(from: 0, to: 5, over: 1), .warmupCosine(peak: 0.7, to: 0.01, warmup: 3, over: 11), .linear(from: 1, to: 0.3, over: 0), .geometric(from: 1e-3, to: 1e-5, over: 7),
        .cosine(from: 1, to: 0.3, over: -2),
    ]

    @Test("before its range a schedule has its first value, after it exactly its last", arguments: all)
    func ends(schedule: Schedule) {
        for step in [-1, -100, Int.min] { #expect(schedule.value(at: step) == schedule.value(at: 0)) }
        switch schedule {
        case .constant(let value): #expect(schedule.value(at: Int.max) == value)
        case .linear(let from, let to, let over), .cosine(let from, let to, let over), .geometric(let from, let to, let over):
            for step in [over, over + 1, Int.max] { #expect(schedule.value(at: step) == to) }
            if over > 0 { #expect(schedule.value(at: 0) == from) }
        case .warmupCosine(let peak, let to, let warmup, let over):
            for step in [over, over + 1, Int.max] { #expect(schedule.value(at: step) == to) }
            #expect(schedule.value(at: warmup) == peak)
        }
    }

    @Test("counts at the ends of their type do not trap", arguments: [Int.min, Int.min + 1, -1, 0, 1, Int.max - 1, Int.max])
    func extremes(count: Int) {
        for other in [Int.min, 0, 3, Int.max] {
            let schedules: [Schedule] = [
                .linear(from: 1, to: 0, over: count), .cosine(from: 1, to: 0, over: count),
                .warmupCosine(peak: 1, to: 0, warmup: other, over: count), .warmupCosine(peak: 1, to: 0, warmup: count, over: other),
            ]
            for schedule in schedules {
                for step in [Int.min, -1, 0, 1, 5, Int.max] { #expect((0...1).contains(schedule.value(at: step))) }
            }
        }
    }

    @Test("values stay between the ends and move one way after the warm-up")
    func monotone() {
        var generator = Seed(1).generator
        for _ in 0..<200 {
            let from = generator.unit() * 4 - 2
            let to = generator.unit() * 4 - 2
            let over = generator.integer(in: 1...40)
            for schedule in [Schedule.linear(from: from, to: to, over: over), .cosine(from: from, to: to, over: over)] {
                let values = (0...over).map(schedule.value(at:))
                #expect(values.allSatisfy { $0 >= min(from, to) - 1e-12 && $0 <= max(from, to) + 1e-12 })
                #expect(zip(values, values.dropFirst()).allSatisfy { (to - from) * ($1 - $0) >= -1e-12 })
            }
        }
    }

    @Test("a cosine is symmetric about its middle")
    func symmetric() {
        let schedule = Schedule.cosine(from: 1, to: 0, over: 12)
        for step in 0...12 { #expect(abs(schedule.value(at: step) + schedule.value(at: 12 - step) - 1) < 1e-15) }
    }

    @Test("schedules survive JSON", arguments: all)
    func coding(schedule: Schedule) throws {
        #expect(try roundTrip(schedule) == schedule)
    }

    @Test("an optimiser's defaults are AdamW's usual ones, with clipping, and survive JSON with groups")
    func optimiser() throws {
        var settings = OptimiserSettings()
        #expect(settings.rate == .constant(1e-3) && settings.beta1 == 0.9 && settings.beta2 == 0.99 && settings.epsilon == 1e-8)
        #expect(settings.weightDecay == 0 && settings.clip == 1 && settings.groups.isEmpty && settings.onNonFinite == .skip)
        settings.groups = ["head.": .constant(0), "embedding": .linear(from: 1, to: 0, over: 2)]
        settings.onNonFinite = .halt
        #expect(try roundTrip(settings) == settings)
        #expect(throws: DecodingError.self) { try JSONValue.string("ignore").decode(NonFinitePolicy.self) }
    }
}
