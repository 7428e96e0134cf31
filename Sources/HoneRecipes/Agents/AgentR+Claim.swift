import HoneCore
import HoneNumerics

extension AgentR {
    /// Revisions cut where the agent sees its first error make it succeed and recover more often, and notice sooner, than good plays alone and other cuts.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm { Claim.Arm(name, recipe: "agent-r", settings: own) }
        return Claim(
            "Learning from as many rows, an agent that learns revisions cut at the first error it can see succeeds more often than one that learns good plays alone, "
                + "recovers more often after an error that was put in, loops half as often, and reflects sooner than one whose revisions are cut at the end.",
            arms: [
                arm("agent-r", [:]), arm("good only", ["agentr.learns": .string("good")]), arm("end cut", ["agentr.cut": .string("end")]),
                arm("random cut", ["agentr.cut": .string("random")]), arm("start", ["iterations": .integer(0)]),
            ],
            checks: [
                Claim.Check(
                    "agent-r succeeds at least 3 points more often than good plays alone", from: "good only", to: "agent-r", measure: "success",
                    direction: .higherByMargin, smallest: 0.03),
                Claim.Check(
                    "agent-r recovers at least 8 points more often than good plays alone", from: "good only", to: "agent-r", measure: "recovery",
                    direction: .higherByMargin, smallest: 0.08),
                Claim.Check(
                    "agent-r reflects at least 1.5 moves sooner than with cuts at the end", from: "agent-r", to: "end cut", measure: "revision delay",
                    direction: .higherByMargin, smallest: 1.5),
                Claim.Check(
                    "agent-r loops at most half as often as good plays alone",
                    contrast: [Claim.Term("agent-r", "loops"), Claim.Term("good only", "loops", weight: -0.5)], direction: .notHigher, smallest: 0),
                Claim.Check(
                    "random cuts do not do as well: agent-r recovers more often", from: "random cut", to: "agent-r", measure: "recovery", direction: .higher,
                    smallest: 0.02),
                Claim.Check("agent-r ends above its start", from: "start", to: "agent-r", measure: "success", direction: .higher, smallest: 0.02),
            ],
            control: Claim.Term("good only", "success"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 100), full: Claim.Size(seeds: 5, problems: 100))
    }()
}
