import HoneCore

/// A world that is another program: it is spoken to in lines of JSON, those of `hone pipe world`, over its standard input and output.
///
/// The rules are those of the program's card. What goes wrong with the program ends the play it happens in as failed, with a sentence;
/// the other plays of the same process are taken up by a new one, which is told what was played so far. The same seed gives the same
/// play as long as the program draws chance from the seed alone. Plays cannot be branched.
public struct ProcessWorld: ProblemWorld {
    public static let card = PartCard(
        name: "cmd", summary: "another program, given by its command line: “cmd: python3 my_env.py”, which speaks the lines of `hone pipe world`")

    /// Where a play stands.
    public struct State: Sendable, KnowsProblem {
        /// The problem it was begun with.
        public var problem: Problem
        /// The play at the program; nil where it could not be begun.
        let session: ProgramSession?
        /// What the program said last.
        var report: ProgramReport?
        /// How many lines the program answered.
        var length = 0
        /// How often each seat has moved.
        var moved: [Int]
        /// The seat that broke the rules, if one did.
        var breaker: Int?
        /// What went wrong with the program.
        var fault: String?
    }

    /// Its name in a plan: the command line.
    public let name: WorldName
    /// What is asked of the program.
    public let settings: ProcessWorldSettings
    let fleet: ProgramFleet
    var allowsChance: Bool { settings.chance == "external" }

    /// Starts the program and asks for its card; throws a sentence where it cannot be started, or does not answer as it should.
    public init(_ command: String, settings: ProcessWorldSettings = ProcessWorldSettings()) throws {
        if let fault = settings.faults().first { throw CoreError.invalid(fault) }
        name = WorldName(command)
        self.settings = settings
        fleet = try ProgramFleet(
            try ProgramCommand(command), processes: settings.processes,
            limits: ProgramLimits(timeout: settings.timeout, longestLine: settings.longestLine))
    }

    /// What the program says about itself.
    public var program: ProgramRules { fleet.rules }

    /// Ends all programs of all worlds at once: for a process that is about to leave without giving its worlds back.
    public static func endAllPrograms() { ProgramProcess.endAll() }

    public var rules: WorldRules {
        var (low, high) = (program.range.lowerBound, program.range.upperBound)
        if let sum = program.sum, program.seats > 1 { high = max(high, (sum - low) / Double(program.seats - 1)) }
        (low, high) = (low / settings.solvedAt, high / settings.solvedAt)
        return WorldRules(
            roles: (0..<program.seats).map(program.role), range: low...high, isBranchable: false,
            hasPerfectInformation: program.hasPerfectInformation)
    }

    /// The problem of an index: a number among the program's problems where it has so many, else a seed of its own.
    public func problem(_ index: Int, seed: Seed) -> Problem? {
        if let count = program.problems {
            guard index < count else { return nil }
            let own = Self.number(Seed(0).child("program", index))
            return Problem(id: "problem \(index)", world: name, text: "problem \(index)", details: ["problem": String(index), "seed": String(own)])
        }
        let own = Self.number(seed.child("program", index))
        return Problem(id: "seed \(own)", world: name, text: "seed \(own)", details: ["problem": "0", "seed": String(own)])
    }

    /// A seed that every language can hold: a whole number below 2³¹.
    private static func number(_ seed: Seed) -> Int { Int(seed.value >> 33) }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> State {
        let moved = [Int](repeating: 0, count: program.seats)
        let session = try await fleet.open()
        var state = State(problem: problem, session: session, moved: moved)
        // A problem of somebody else's making has no seed of its own.
        let seed = problem.details["seed"].flatMap { Int($0) } ?? Self.number(scope.seed.child("program"))
        var request: [String: JSONValue] = ["op": .string("reset"), "seed": .integer(seed)]
        if program.problems != nil { request["problem"] = .integer(problem.details["problem"].flatMap { Int($0) } ?? 0) }
        if allowsChance { request["chance"] = .string("external") }
        do {
            try await ask(request, &state)
        } catch is CancellationError {
            await fleet.close(session)
            throw CancellationError()
        }
        return state
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        try await play(moves.mapValues(\.text), in: &state)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func release(_ state: State) async {
        if let session = state.session { await fleet.close(session) }
    }

    /// Says a line in the play; what goes wrong with the program becomes the state's fault.
    func ask(_ request: [String: JSONValue], _ state: inout State) async throws {
        guard let session = state.session else { return }
        do {
            state.report = try await fleet.ask(request, in: session, allowsChance: allowsChance)
            state.length += 1
        } catch let fault as ProgramFault {
            if let seat = fault.illegalSeat, state.report.map({ Self.seats(in: $0).contains(seat) }) == true {
                state.breaker = seat
            } else {
                state.fault = "\(fault)"
            }
        }
    }

    /// The seats that move at a report.
    static func seats(in report: ProgramReport) -> [Int] { if case .seats(let seats) = report.next { seats } else { [] } }
}
