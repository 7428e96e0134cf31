import Foundation
import HoneCore
import HoneSandbox
import HoneText

/// Programming tasks from a JSONL file, answered with Python that is run in the sandbox: MBPP, HumanEval, APPS, or `{prompt, tests}` as `CodeTask` reads them.
///
/// An answer is right where it passes all tests. The world is not made where the machine cannot isolate programs.
public struct CodeTasks: QuestionWorld, FiledProblems {
    public static let card = PartCard(
        name: "code", summary: "programming tasks from a JSONL file (MBPP, HumanEval, APPS), answered with Python that is tested in the sandbox",
        gives: [.branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The file with training tasks.
        public var path = ""
        /// A file whose tasks are held out; without it a share of `path` is.
        public var heldOutPath = ""
        /// The processor time that each run of a program or of its tests may take, in seconds.
        public var seconds = 5.0

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    /// The training tasks, in file order, each text once.
    public let problems: [Problem]
    /// The tasks of `heldOutPath`.
    public let heldOut: [Problem]
    public var name: WorldName { "code" }
    var isHeldOutWhole: Bool { settings.heldOutPath == settings.path }

    private let trial: CodeTrial
    /// As many programs run at once as the machine has processors, however many plays go on.
    private static let queue = {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = max(1, ProcessInfo.processInfo.activeProcessorCount)
        return queue
    }()

    /// Reads the files and looks whether programs can be isolated; throws all mistakes in the files with file and line, or the sentence that says what is missing.
    public init(_ settings: Settings) throws {
        guard !settings.path.isEmpty else {
            throw CoreError.invalid("The world “code” needs a file of programming tasks: give --world code --problems path.jsonl, or task.settings.path")
        }
        guard settings.seconds > 0, settings.seconds <= 600 else {
            throw CoreError.invalid("“task.settings.seconds” is \(settings.seconds); it should be above 0 and at most 600")
        }
        self.settings = settings
        let held = settings.heldOutPath.isEmpty ? [] : try Self.read(settings.heldOutPath)
        let heldTexts = Set(held.map(\.text))
        problems = try Self.read(settings.path).filter { !heldTexts.contains($0.text) }
        heldOut = held
        trial = CodeTrial(isolation: try Isolation.required(), seconds: settings.seconds)
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? { problems.indices.contains(index) ? problems[index] : nil }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard !withError, let solution = (try? Self.task(of: problem))?.solution else { return nil }
        return Demonstration(text: solution)
    }

    public func advance(_ state: inout QuestionState, by moves: [Role: Move], in scope: Scope) async throws {
        let response = moves[.solver]?.text ?? ""
        let task = try Self.task(of: state.problem)
        let verdict = try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<AnswerVerdict, any Error>) in
            Self.queue.addOperation { [trial] in waiting.resume(with: Result { try trial.verdict(on: response, to: task) }) }
        }
        state.response = response
        state.verdict = verdict
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    /// The verdict; blocks the thread where the program was not tried before.
    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        do {
            return try trial.verdict(on: response, to: Self.task(of: problem))
        } catch {
            return AnswerVerdict(correct: false, extracted: nil, reason: "\(error)")
        }
    }

    /// Nothing: the lines of a program are neither right nor wrong by themselves.
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] { [] }

    private static func task(of problem: Problem) throws -> CodeTask {
        guard let text = problem.details["task"], let task = try? JSONValue(parsing: text).decode(CodeTask.self) else {
            throw CoreError.invalid("Problem “\(problem.id.prefix(60))” holds no programming task; expected one that the world “code” has read")
        }
        return task
    }

    private static func read(_ path: String) throws -> [Problem] {
        var seen: Set<String> = []
        let problems = try JSONLines.read(path, what: "programming tasks") { (json) throws(CoreError) -> [Problem] in
            let task = try CodeTask(json)
            guard seen.insert(task.question).inserted else { return [] }
            guard let kept = try? JSONValue(encoding: task).canonical else { throw .invalid("the task cannot be written as JSON") }
            return [Problem(id: task.question, world: "code", text: task.question, answer: task.solution, details: ["task": kept])]
        }
        guard !problems.isEmpty else {
            throw CoreError.invalid("\(path) holds no programming task; expected lines such as {\"prompt\": \"…\", \"test_list\": [\"assert f(1) == 2\"]}")
        }
        return problems
    }
}
