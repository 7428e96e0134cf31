import HoneCore
import HoneText
import HoneWorlds
import Testing

private func written(_ text: String, withError: Bool = true, _ change: (inout Rechecks.Settings) -> Void) throws -> [String] {
    var settings = Rechecks.Settings()
    change(&settings)
    let corpus = try Rechecks(settings)
    let problem = Problem(id: text, world: "arithmetic", text: text)
    return (0..<40).compactMap { corpus.demonstration(of: problem, withError: withError, seed: Seed(4).child("d", $0))?.text }
}

@Suite("Chains worked again behind a trigger")
struct RecheckTests {
    @Test("one step by hand: the carry is left out, and put right behind the trigger; without errors nothing is left out")
    func byHand() throws {
        let slipped = try written("3+8=") { ($0.triggered, $0.neutral, $0.most, $0.slips, $0.missed) = (1, 0, 1, 1, 0) }
        #expect(Set(slipped) == ["3+8=1|1?w3+8=11|11"])
        #expect(Set(try written("3+8=", withError: false) { ($0.triggered, $0.neutral, $0.most) = (1, 0, 1) }) == ["3+8=11|11?w3+8=11|11"])
        #expect(Set(try written("11-5=") { ($0.triggered, $0.neutral, $0.slips) = (0, 0, 1) }) == ["11-5=16|16"])
    }

    @Test("behind every trigger the chain begins again; cuts are behind lines; fillers change nothing")
    func shapes() throws {
        let world = ThinkingWorld(try Arithmetic(), corpus: try Rechecks())
        let problem = Problem(id: "p", world: "arithmetic", text: "3+8-5+7=")
        for text in try written("3+8-5+7=", { ($0.triggered, $0.neutral, $0.slips, $0.missed) = (1, 0, 1, 0) }) {
            let passes = text.split(separator: "?w").map(String.init)
            #expect((2...5).contains(passes.count) && passes[0].hasPrefix("3+8=1") && passes.dropFirst().allSatisfy { $0.hasPrefix("3+8=11") }, "\(text)")
            #expect(passes.dropLast().allSatisfy { $0.hasSuffix(";") || $0.contains("|") } && passes.last == "3+8=11;11-5=6;6+7=13|13")
            #expect(world.check(text, to: problem).correct && world.checkSteps(of: text, to: problem).allSatisfy(\.isCorrect))
        }
        let plain = "3+8=1;1-5=6;6+7=3|3"
        for text in try written("3+8-5+7=", { ($0.triggered, $0.neutral, $0.slips) = (0, 1, 1) }) {
            #expect(text.contains("..") && text.replacing("..", with: "") == plain, "\(text)")
            #expect(!world.check(text, to: problem).correct && world.check(text, to: problem).extracted == "3")
        }
    }

    @Test("the answer stands behind the last bar, also where a pass behind it was cut off; carries are counted")
    func reading() throws {
        let corpus = try Rechecks()
        #expect(corpus.answer(in: "3+8=1|1?w3+8=11|11?w3+") == "11" && corpus.answer(in: "3+8=11;") == nil)
        func carries(_ text: String) -> Int { Rechecks.carries(in: Problem(id: text, world: "arithmetic", text: text)) }
        #expect(carries("3+8-5+7=") == 3 && carries("2+3-4=") == 0 && carries("9+9-3=") == 1)
    }

    @Test("settings that cannot work are refused with their keys")
    func refusals() {
        func refusal(_ change: (inout Rechecks.Settings) -> Void) -> String {
            var settings = Rechecks.Settings()
            change(&settings)
            do { _ = try Rechecks(settings); return "" } catch { return "\(error)" }
        }
        #expect(refusal { $0.slips = 2 }.contains("base.settings.slips") && refusal { $0.most = 0 }.contains("base.settings.most"))
        #expect(refusal { $0.triggered = 0.9 }.contains("add up") && refusal { $0.trigger = "1" }.contains("base.settings.trigger"))
    }
}
