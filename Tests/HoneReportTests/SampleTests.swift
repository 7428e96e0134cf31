import HoneCore
import HoneReport
import Testing

@Suite("Samples before and after")
struct SampleTests {
    @Test("pair the same problem and the same seed, in the order of the first measurement")
    func pairs() throws {
        let before = [group("1+1", [("3", 0), ("2", 1)], answer: "2"), group("2+2", [("5", 0)])]
        let after = [group("2+2", [("4", 1)]), group("1+1", [("2", 1), ("2", 1)], answer: "2")]
        let found = RunReport.Sample.pairs(before: before, after: after)
        #expect(found.map(\.problem) == ["1+1=", "2+2="])
        #expect(found[0].before == RunReport.Answer(text: "3", isCorrect: false, correct: 1, samples: 2))
        #expect(found[0].after == RunReport.Answer(text: "2", isCorrect: true, correct: 2, samples: 2))
        #expect(found[0].reference == "2" && found[1].reference == nil)
        #expect(found[1].after == RunReport.Answer(text: "4", isCorrect: true))
    }

    @Test("leave out problems that were answered once, from other seeds, or that changed their text")
    func refuses() {
        let before = [group("a", [("1", 1)])]
        #expect(RunReport.Sample.pairs(before: before, after: []).isEmpty)
        #expect(RunReport.Sample.pairs(before: [], after: before).isEmpty)
        #expect(RunReport.Sample.pairs(before: before, after: [group("b", [("1", 1)])]).isEmpty)
        #expect(RunReport.Sample.pairs(before: before, after: [group("a", [("1", 1)], at: "other")]).isEmpty)
        #expect(RunReport.Sample.pairs(before: before, after: [group("a", [("1", 1)], text: "another a")]).isEmpty)
        #expect(RunReport.Sample.pairs(before: [group("a", [])], after: [group("a", [])]).isEmpty)
        #expect(RunReport.Sample.pairs(before: before, after: before).count == 1)
    }

    @Test("count only the samples that both moments have")
    func commonSamples() throws {
        let before = [group("a", [("w", 0), ("r", 1), ("r", 1), ("r", 1)])]
        let after = [group("a", [("r", 1), ("w", 0)])]
        let found = try #require(RunReport.Sample.pairs(before: before, after: after).first)
        #expect(found.before.correct == 1 && found.before.samples == 2)
        #expect(found.after.correct == 1 && found.after.samples == 2)
    }

    @Test("follow their seeds even where samples are in another order")
    func bySeed() throws {
        var after = group("a", [("x", 0), ("y", 1)])
        after.episodes.reverse()
        let found = try #require(RunReport.Sample.pairs(before: [group("a", [("p", 0), ("q", 0)])], after: [after]).first)
        #expect(found.before.text == "p" && found.after.text == "x")
    }

    @Test("are right from a return of 1 on; without a return they are not", arguments: [(nil, false), (0.0, false), (0.99, false), (1.0, true), (2.0, true), (Double.nan, false)])
    func correctness(paid: Double?, isRight: Bool) {
        let groups = [group("a", [("x", paid)])]
        #expect(RunReport.Sample.pairs(before: groups, after: groups).first?.after.isCorrect == isRight)
    }

    @Test("show the solver's words only, all of its moves")
    func solver() {
        var talk = group("a", [("first", 1)])
        let context: Transcript = [.text("?", from: .prompt)]
        talk.episodes[0].steps.append(Step(role: "critic", context: context, move: Move(text: "no")))
        talk.episodes[0].steps.append(Step(role: .solver, context: context, move: Move(text: "second")))
        #expect(RunReport.Sample.pairs(before: [talk], after: [talk]).first?.before.text == "first\nsecond")
    }

    @Test("pair as many as there are in common, whatever is shuffled or missing", arguments: 0..<30)
    func random(seed: Int) {
        var generator = Seed(UInt64(seed)).generator
        let names = (0..<20).map { "p\($0)" }
        func draw() -> [EpisodeGroup] {
            names.filter { _ in generator.chance(0.7) }.map { name in
                group(name, (0..<generator.integer(in: 1...3)).map { ("\(name) answer \($0)", generator.chance(0.5) ? 1 : 0) })
            }
        }
        let (before, after) = (draw(), draw())
        let found = RunReport.Sample.pairs(before: before, after: after.reversed())
        let later = Set(after.map(\.assignment.problem.id))
        #expect(found.map(\.problem) == before.map(\.assignment.problem).filter { later.contains($0.id) }.map(\.text))
        for sample in found {
            #expect(sample.before.samples == sample.after.samples && sample.before.text == sample.after.text)
            #expect((0...sample.before.samples).contains(sample.before.correct))
            #expect(sample.before.isCorrect ? sample.before.correct > 0 : sample.before.correct < sample.before.samples)
        }
    }

    @Test("say in words and signs whether an answer is right, and for how many samples")
    func page() throws {
        let sample = RunReport.Sample(
            problem: "2+2=", reference: "4", before: RunReport.Answer(text: "5", isCorrect: false, correct: 1, samples: 4),
            after: RunReport.Answer(text: "4", isCorrect: true))
        let root = try parsed(RunReport(title: "t", samples: [sample], samplesNote: "how they were chosen").html())
        let pair = try #require(root.classed("pair").first)
        #expect(pair.children.map { $0.attributes["class"] } == ["wrong", "right"])
        #expect(pair.children.map { $0.every("p").first?.text } == ["before ✗ not right, 1 of 4 samples", "after ✓ right"])
        #expect(root.classed("samples").first?.every("li").count == 1)
        #expect(root.text.contains("how they were chosen") && root.text.contains("reference: 4"))
    }
}
