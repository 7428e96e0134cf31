import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

@Suite("Graph colouring")
struct GraphColouringTests {
    let triangle = Problem(id: "p", world: "graph-colouring", text: "ab ac bc cd:3=")

    @Test("keeps what worlds promise, whatever its settings", arguments: [(3, 3, 3, 1.0), (6, 9, 3, 0.5), (5, 12, 2, 0.4), (6, 8, 4, 0.9)])
    func promises(fewest: Int, most: Int, colours: Int, density: Double) throws {
        var settings = GraphColouring.Settings()
        (settings.fewest, settings.most, settings.colours, settings.density) = (fewest, most, colours, density)
        // A complete graph admits no answer with exactly one bad edge but by one vertex; all sizes here admit some.
        #expect(checkWorld(try GraphColouring(settings), seed: Seed(3), problems: 100) == [])
    }

    @Test("an answer is right exactly when every vertex has one allowed colour and no edge is bad", arguments: [
        ("a1b2c3d1", true), ("a1b2c3d1\n", true), ("c3d2a1b2", true), ("a1b2c3d3", false), ("a1b1c3d2", false), ("a1b2c3", false),
        ("a1b2c3d4", false), ("a1b2c3d0", false), ("a1b2c3d1d1", false), ("a1b2c3c1", false), ("a1 b2 c3 d1", false), ("1231", false), ("", false),
        ("a1b2c3d1\n\n", false), ("a1b2c3e1", false), ("a1b2c3d１", false),
    ])
    func verifier(answer: String, isRight: Bool) throws {
        #expect(try GraphColouring().check(answer, to: triangle).correct == isRight)
    }

    @Test("steps are the edges in the problem's order, and what cannot be read is one wrong step without a name")
    func steps() throws {
        let world = try GraphColouring()
        let checks = world.checkSteps(of: "a1b1c2d2", to: triangle)
        #expect(checks.map(\.text) == ["ab", "ac", "bc", "cd"])
        #expect(checks.map(\.isCorrect) == [false, true, true, false])
        #expect(checks[0].reason == "ab is bad: both ends are 1")
        #expect(world.checkSteps(of: "a1b1", to: triangle).map(\.text) == [""])
        #expect(world.checkSteps(of: "a1b1", to: triangle).map(\.isCorrect) == [false])
    }

    @Test("a text that is no graph is no problem", arguments: ["", "ab", "ab:3", "ba:3=", "aa:3=", "ab  ac:3=", "ab:x=", "abc:3=", "aB:3=", "ab:3=:", "ab:0="])
    func noGraph(text: String) { #expect(ColouringProblem(text) == nil) }

    @Test("every graph can be coloured, and with no colour fewer; without that promise some can")
    func tightness() throws {
        var settings = GraphColouring.Settings()
        settings.density = 0.35
        let tight = try GraphColouring(settings)
        settings.isTight = false
        let loose = try GraphColouring(settings)
        var easier = 0
        for index in 0..<100 {
            let problem = try #require(tight.problem(index, seed: Seed(5)))
            let graph = try #require(ColouringProblem(problem.text))
            #expect(graph.text == problem.text && (6...9).contains(graph.vertices))
            // Independent of the world's own search: all assignments, counted up in base 3 and 2.
            #expect(Self.countColourings(graph, with: 3) > 0 && Self.countColourings(graph, with: 2) == 0)
            let other = try #require(loose.problem(index, seed: Seed(5)).flatMap { ColouringProblem($0.text) })
            #expect(Self.countColourings(other, with: 3) > 0)
            if Self.countColourings(other, with: 2) > 0 { easier += 1 }
        }
        #expect(easier > 0)
    }

    private static func countColourings(_ graph: ColouringProblem, with colours: Int) -> Int {
        var total = 1
        for _ in 0..<graph.vertices { total *= colours }
        return (0..<total).count { number in
            var rest = number
            let colouring = (0..<graph.vertices).map { _ in
                defer { rest /= colours }
                return rest % colours
            }
            return graph.badEdges(of: colouring).isEmpty
        }
    }

    @Test("solutions of different seeds differ, and all are right")
    func solutions() throws {
        let graph = try #require(ColouringProblem(triangle.text))
        let found = (0..<200).compactMap { graph.solution(seed: Seed(1).child("s", $0)) }
        #expect(found.count == 200 && found.allSatisfy { graph.badEdges(of: $0).isEmpty })
        #expect(Set(found).count == 12, "three colours for the triangle in any order, two left for d")
        #expect(ColouringProblem("ab ac bc:2=")?.solution(seed: Seed(0)) == nil)
    }

    @Test("settings that cannot work are refused with key, value and what is expected", arguments: [
        (1, 9, 3, 0.5, "fewest"), (6, 13, 3, 0.5, "most"), (8, 7, 3, 0.5, "most"), (6, 9, 1, 0.5, "colours"), (6, 9, 6, 0.5, "colours"),
        (6, 9, 3, 0.0, "density"), (6, 9, 3, 1.1, "density"),
    ])
    func refusals(fewest: Int, most: Int, colours: Int, density: Double, key: String) throws {
        var settings = GraphColouring.Settings()
        (settings.fewest, settings.most, settings.colours, settings.density) = (fewest, most, colours, density)
        let error = #expect(throws: CoreError.self) { try GraphColouring(settings) }
        #expect(error?.description.contains("task.settings.\(key)") == true)
    }

    @Test("its texts are in the alphabet of the nano model, and training and held-out graphs have none in common")
    func split() throws {
        let world = try GraphColouring()
        let split = ProblemSplit(world: world, heldOutShare: 0.2)
        let training = try split.trainProblems(500, seed: Seed(1)).map(\.text)
        let held = try split.heldOutProblems(100, seed: Seed(2)).map(\.text)
        #expect(Set(training).isDisjoint(with: held) && training.count == 500 && held.count == 100)
        let alphabet = Set("\n 0123456789abcdefghijklmnopqrstuvwxyz+-*/=()<>.,:;?!'\"%$#&@|_")
        #expect((training + held).allSatisfy { $0.allSatisfy(alphabet.contains) })
    }
}
