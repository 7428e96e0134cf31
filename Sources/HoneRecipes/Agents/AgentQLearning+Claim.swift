import HoneCore
import HoneNumerics

extension AgentQLearning {
    /// Pairs of commands from search trees teach more than pairs of plays and than plays that won, and the search does no harm afterwards.
    static let claim: Claim = {
        func arm(_ name: String, _ settings: [String: JSONValue] = [:]) -> Claim.Arm { Claim.Arm(name, recipe: "agent-q", settings: settings) }
        // More iterations than the budget allows: these arms end where Agent Q does.
        func drawn(_ name: String, _ form: String, rate: Double) -> Claim.Arm {
            arm(name, ["agentq.form": .string(form), "iterations": .integer(12), "learner.rate": .number(rate)])
        }
        return Claim(
            "At equal compute, pairs of commands from search trees teach a policy to win more unseen tasks, greedily, than pairs of whole plays do, by five "
                + "points or more, and more than plays that won; and with the search the policy wins no fewer than without.",
            arms: [
                arm("agent-q", ["agentq.online": .bool(true)]), drawn("trajectory-dpo", "trajectories", rate: 1e-4), drawn("rft", "rft", rate: 3e-4),
                arm("start", ["iterations": .integer(0)]),
            ],
            checks: [
                Claim.Check(
                    "agent-q − trajectory-dpo, greedy, at least 5 points", from: "trajectory-dpo", to: "agent-q", measure: "greedy", direction: .higherByMargin,
                    smallest: 0.05),
                Claim.Check("agent-q above rft, greedy", from: "rft", to: "agent-q", measure: "greedy", direction: .higher, smallest: 0.02),
                Claim.Check("agent-q ends above its start, greedy", from: "start", to: "agent-q", measure: "greedy", direction: .higher, smallest: 0.02),
                Claim.Check(
                    "with the search not below greedy", contrast: [Claim.Term("agent-q", "online"), Claim.Term("agent-q", "greedy", weight: -1)], direction: .notLower,
                    smallest: 0.02),
            ],
            control: Claim.Term("rft", "greedy"), planted: 0.05,
            quick: Claim.Size(seeds: 3, problems: 60, matching: "agent-q"), full: Claim.Size(seeds: 5, problems: 150, matching: "agent-q"))
    }()
}
