import HoneCore

/// Parts a world's problems into training and held-out ones by a hash of each problem's text, so that no text can be both.
public struct ProblemSplit: Sendable {
    /// The world.
    public let world: any ProblemWorld
    /// The share that is held out.
    public let heldOutShare: Double

    /// A split.
    public init(world: any ProblemWorld, heldOutShare: Double) {
        self.world = world
        self.heldOutShare = heldOutShare
    }

    /// Whether a text is held out; a property of the text alone.
    public func isHeldOut(_ text: String) -> Bool {
        var generator = Seed(0x486F_6E65).child(text).generator
        return generator.unit() < heldOutShare
    }

    /// Different training problems, in the order the world makes them; fewer when the world has no more.
    public func trainProblems(_ count: Int, seed: Seed) throws -> [Problem] {
        // A file that is held out as a whole is there to be measured on.
        if let file = world as? any FiledProblems, file.isHeldOutWhole { return [] }
        let found = collect(count, seed: seed) { !self.isHeldOut($0.text) }
        guard !found.isEmpty else {
            throw CoreError.invalid("World “\(world.name)” has no training problem; lower task.heldOutShare or use other settings")
        }
        return found
    }

    /// Different held-out problems, marked so; fewer when the world has no more.
    public func heldOutProblems(_ count: Int, seed: Seed) throws -> [Problem] {
        var found: [Problem]
        if let file = world as? any FiledProblems, !file.heldOut.isEmpty {
            var generator = seed.child("held-out").generator
            found = Array(generator.shuffled(file.heldOut).prefix(count))
        } else {
            found = collect(count, seed: seed.child("held-out")) { self.isHeldOut($0.text) }
        }
        guard !found.isEmpty else {
            throw CoreError.invalid("World “\(world.name)” has no held-out problem; raise task.heldOutShare or use other settings")
        }
        for index in found.indices { found[index].isHeldOut = true }
        return found
    }

    /// The first problems with their demonstrations, some of them with an error put in.
    public func demonstrated(_ problems: [Problem], count: Int, errorRate: Double, seed: Seed) throws -> [Problem] {
        let questions = world as? any QuestionWorld
        var result: [Problem] = []
        for (index, problem) in problems.enumerated() where result.count < count {
            let own = seed.child("demonstration", index)
            var generator = own.generator
            let withError = generator.chance(errorRate)
            guard let demonstration = questions?.demonstration(of: problem, withError: withError, seed: own.child("error")) else { continue }
            var copy = problem
            copy.demonstrations = [demonstration.text]
            result.append(copy)
        }
        guard !result.isEmpty else {
            throw CoreError.invalid("World “\(world.name)” cannot demonstrate its problems; set base.demonstrations to 0")
        }
        return result
    }

    private func collect(_ count: Int, seed: Seed, where fits: (Problem) -> Bool) -> [Problem] {
        var found: [Problem] = []
        var seen: Set<String> = []
        var index = 0
        var idle = 0
        // A world that repeats itself this often has shown nearly all it has.
        while found.count < count, idle < 20_000 {
            guard let problem = world.problem(index, seed: seed) else { break }
            index += 1
            if seen.insert(problem.text).inserted {
                idle = 0
                if fits(problem) { found.append(problem) }
            } else {
                idle += 1
            }
        }
        return found
    }
}
