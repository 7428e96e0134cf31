import HoneCore
import HoneWorlds

/// Checks what every world for one promises that is played move by move and whose states are values.
///
/// Returns one sentence per broken promise, at most eight. Checked over plays with the given moves are: the same index and seed give the same problem,
/// problems survive coding and are begun alike; somebody moves until all is over; states survive coding; a move made in a copy leaves the
/// state it was copied from as it was, and made twice leads to the same; returns stay in their range, and nothing pays before the end.
public func checkPlayedWorld<W: ProblemWorld>(
    _ world: W, seed: Seed, problems count: Int, longest: Int, move: (W.State, inout SeededGenerator) -> String
) async throws -> [String] where W.State: Hashable & Codable {
    var broken: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append(sentence()) }
    }
    let scope = ScriptedServices().scope()
    for index in 0..<count {
        guard let problem = world.problem(index, seed: seed) else {
            require(index > 0, "there is no problem at all")
            break
        }
        require(world.problem(index, seed: seed) == problem, "problem \(index) is another one when asked for again")
        require(!problem.text.isEmpty && !problem.isHeldOut, "problem \(index) has no text, or is born held out")
        let copy = (try? JSONValue(encoding: problem)).flatMap { try? $0.decode(Problem.self) }
        require(copy == problem, "problem \(index) does not survive coding")
        var state = try await world.begin(problem, in: scope)
        require(try await world.begin(problem, in: scope) == state, "problem \(index) does not always begin alike")
        var generator = seed.child("play", index).generator
        for turn in 0...longest {
            let role: Role
            switch world.turn(in: state) {
            case .moves(let roles) where roles.count == 1: role = roles[0]
            case .over:
                let paid = world.returns(of: state).values
                require(paid.allSatisfy { world.rules.range.contains($0) }, "the returns \(paid) leave the range \(world.rules.range)")
                continue
            default:
                require(false, "somebody else than one player moves")
                continue
            }
            require(turn < longest, "problem \(index) is not over after \(longest) moves")
            require(world.returns(of: state).values.allSatisfy { $0 == 0 }, "problem \(index) pays before its end")
            require(!world.observation(of: state, for: role).news.text.isEmpty, "the player of problem \(index) is shown nothing")
            let coded = (try? JSONValue(encoding: state)).flatMap { try? $0.decode(W.State.self) }
            require(coded == state, "a state of problem \(index) does not survive coding")
            let before = state
            let said = move(state, &generator)
            var (one, other) = (state, state)
            try await world.advance(&one, by: [role: Move(text: said)], in: scope)
            require(state == before, "“\(said)” in a copy disturbs the state it was copied from")
            try await world.advance(&other, by: [role: Move(text: said)], in: scope)
            require(one == other, "“\(said)” has two outcomes")
            state = one
        }
    }
    return broken
}
