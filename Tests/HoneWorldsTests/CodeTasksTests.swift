import Foundation
import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

@Suite("Programming tasks")
struct CodeTasksTests {
    /// One task of each form.
    static let lines = [
        #"{"task_id": 1, "text": "Add two numbers.", "code": "def add(a, b):\r\n    return a + b", "test_list": ["assert add(1, 2) == 3", "assert add(-1, 1) == 0"], "test_setup_code": "", "challenge_test_list": ["assert add(2, 2) == 4"]}"#,
        #"{"task_id": "x/1", "prompt": "from typing import List\n\n\ndef largest(xs: List[float]) -> float:\n    \"\"\" Gives the largest number. \"\"\"\n", "entry_point": "largest", "canonical_solution": "    return max(xs)\n", "test": "\n\ndef check(candidate):\n    assert candidate([1, 3, 2]) == 3\n    for n in range(2, 5):\n        assert candidate(list(range(n))) == n - 1\n    assert abs(candidate([1.5, 0.5]) - 1.5) < 1e-6\n"}"#,
        #"{"prompt": "Add the numbers of a line.", "tests": [{"input": "4 5\n", "output": "9\n"}, {"input": "-1 1", "output": "0"}], "solution": "print(sum(map(int, input().split())))"}"#,
        #"{"prompt": "There and back.", "test_list": ["assert back(there('abc')) == 'abc'", "assert there('ab') == 'ba'"], "code": "def there(s):\n    return s[::-1]\ndef back(s):\n    return s[::-1]"}"#,
        #"{"question": "Double it.", "input_output": "{\"inputs\": [\"2\"], \"outputs\": [\"4\"]}", "solution": "print(2 * int(input()))"}"#,
        #"{"prompt": "Values of all kinds.", "test_list": ["assert kinds(1) == {'a': (1, 2.5, None), 2: {3, 4}, 'c': [b'x', 1j, True]}"], "code": "def kinds(n):\n    return {'a': (n, 2.5, None), 2: {3, 4}, 'c': [b'x', 1j, True]}"}"#,
        #"{"prompt": "Refuse.", "test_list": ["try:\n    root(-1)\n    assert False, 'no error'\nexcept ValueError:\n    pass", "assert root(4) == 2"], "code": "def root(x):\n    if x < 0:\n        raise ValueError(x)\n    return int(x ** 0.5)"}"#,
    ]

    private func world(_ lines: [String] = lines, seconds: Double = 5) throws -> CodeTasks {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("code-\(UUID().uuidString).jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        var settings = CodeTasks.Settings()
        (settings.path, settings.seconds) = (path.path, seconds)
        return try CodeTasks(settings)
    }

    private func problem(_ number: Int, of world: CodeTasks) throws -> Problem { try #require(world.problem(number, seed: Seed(1))) }

    @Test("of every form the written solution passes, and an answer that defines nothing does not", arguments: lines.indices)
    func forms(number: Int) throws {
        let world = try world()
        let problem = try problem(number, of: world)
        let solution = try #require(world.demonstration(of: problem, withError: false, seed: Seed(1)))
        #expect(world.check(solution.text, to: problem).reason == "it passes all tests")
        #expect(world.check("```python\n\(solution.text)\n```\nThat is it.", to: problem).correct)
        #expect(!world.check("", to: problem).correct)
        #expect(!world.check("x = 1", to: problem).correct)
    }

    @Test("what is shown is the task with one test, and never the others")
    func shown() throws {
        let world = try world()
        #expect(try problem(0, of: world).text == "Add two numbers.\nAnswer with Python that passes such tests:\nassert add(1, 2) == 3\n")
        #expect(try !problem(1, of: world).text.contains("check"))
        #expect(try !problem(2, of: world).text.contains("9"))
    }

    @Test("an answer that only looks right is refused, with the reason", arguments: [
        ("def add(a, b): return 3", "“assert add(-1, 1) == 0” fails"),
        ("class Same:\n    def __eq__(self, other): return True\ndef add(a, b): return Same()", "“assert add(1, 2) == 3” fails: gives a value of type Same"),
        ("class Three(int): pass\ndef add(a, b): return Three(a + b)", "“assert add(1, 2) == 3” fails: gives a value of type Three"),
        ("def add(a, b): return a / 0", "“assert add(1, 2) == 3” fails: ZeroDivisionError"),
        ("def plus(a, b): return a + b", "“assert add(1, 2) == 3” fails: has no add"),
        ("def add(a, b): return", "“assert add(1, 2) == 3” fails"),
        ("def add(a, b) return", "“assert add(1, 2) == 3” fails: SyntaxError"),
        ("raise SystemExit(0)\ndef add(a, b): return a + b", "“assert add(1, 2) == 3” fails: SystemExit"),
        ("import os\nos._exit(0)", "it ends before it has answered"),
        ("import os\nfor one in range(3, 9):\n    try: os.write(one, b'[true]')\n    except OSError: pass\nos._exit(0)", "it ends before it has answered"),
        ("import sys\nsys._getframe(1).f_globals['results'] += [[1]] * 3\ndef add(a, b): return 0", "it ends before it has answered"),
        ("import sys\nsys.exit(7)", "“assert add(1, 2) == 3” fails: SystemExit"),
        ("import os\nos.kill(os.getpid(), 9)", "it was ended by signal 9"),
    ])
    func refused(answer: String, reason: String) throws {
        let world = try world()
        let verdict = world.check(answer, to: try problem(0, of: world))
        #expect(!verdict.correct && verdict.reason == reason, "\(verdict.reason)")
    }

    @Test("the tests' text, and so what should come out, is not in the process of the answer")
    func hidden() throws {
        let world = try world()
        // Looks for the expected value of a hidden test everywhere it can: memory of all frames, its files, and what it was given.
        let spy = """
            import gc, glob, sys
            def add(a, b):
                frame, found = sys._getframe(), []
                while frame:
                    found.append(repr(frame.f_locals) + repr(frame.f_globals.get('calls')) + repr(frame.f_code.co_consts))
                    frame = frame.f_back
                for path in glob.glob('/tmp/*'):
                    found.append(open(path).read())
                found += [one for one in gc.get_objects() if type(one) is str]
                return 'leaked' if any('assert add' in one for one in found) else a + b
            """
        let problem = try problem(0, of: world)
        // The text that is looked for stands in the answer itself, which its own file holds: cut in two there.
        #expect(world.check(spy.replacingOccurrences(of: "'assert add'", with: "'assert' + ' add'"), to: problem).correct)
        #expect(!world.check(spy, to: problem).correct)
    }

    @Test("tests that expect an error are passed by that error alone")
    func errors() throws {
        let world = try world()
        let root = try problem(6, of: world)
        #expect(!world.check("def root(x): return 2", to: root).correct)
        #expect(!world.check("def root(x):\n    if x < 0: raise KeyError\n    return 2", to: root).correct)
        #expect(!world.check("def root(x): raise ValueError", to: root).correct)
        #expect(world.check("class Own(ValueError): pass\ndef root(x):\n    if x < 0: raise Own\n    return 2", to: root).reason.hasSuffix("fails: Own"))
    }

    @Test("what an answer prints makes no difference where functions are called, and blanks at ends make none where output is compared")
    func output() throws {
        let world = try world()
        #expect(world.check("print('hello')\ndef add(a, b):\n    print(a)\n    return a + b", to: try problem(0, of: world)).correct)
        let sums = try problem(2, of: world)
        #expect(world.check("print(sum(map(int, input().split())), ' ')\nprint()", to: sums).correct)
        #expect(world.check("print(9)", to: sums).reason == "test 2: it writes “9\n”, not “0”")
        #expect(world.check("print(input())\nraise ValueError('no')", to: sums).reason == "test 1: it ends with status 1: ValueError: no")
    }

    @Test("lines end as on other systems too, and letters that only look alike are not the same output")
    func bytes() throws {
        let world = try world(Self.lines + [#"{"prompt": "Say it.", "tests": [{"input": "", "output": "\u00e9"}]}"#])
        #expect(world.check("So:\r\n```python\r\ndef add(a, b):\r\n    return a + b\r\n```\r\n", to: try problem(0, of: world)).correct)
        #expect(world.check("    n = max(xs)\r\n    return n\r\nprint(n)", to: try problem(1, of: world)).correct)
        let said = try problem(Self.lines.count, of: world)
        #expect(world.check("print('\u{e9}')", to: said).correct)
        #expect(!world.check("print('e\u{301}')", to: said).correct)
    }

    @Test("a program that does not end is ended, and counts as wrong")
    func endless() throws {
        let world = try world(seconds: 0.5)
        #expect(world.check("while True: pass", to: try problem(0, of: world)).reason == "it was ended at its limit of processorTime")
    }

    @Test("an answer may go on from the beginning that is shown, and ends where something new begins")
    func continued() throws {
        let world = try world()
        let largest = try problem(1, of: world)
        #expect(world.check("    return max(xs)\n\nprint(largest())\nraise ValueError", to: largest).correct)
        #expect(world.check("    return xs[-1]\n", to: largest).reason == "a test fails")
        // Whole functions have what the beginning imports.
        #expect(world.check("First:\n```\nx = 1\n```\nthen\n```python\ndef largest(xs: List[float]) -> float:\n    return sorted(xs)[-1]\n```", to: largest).correct)
    }

    @Test("tests that cannot be run, or hand objects of the answer's own classes on, are passed by nobody, and say so", arguments: [
        (#"{"prompt": "p", "test_list": ["assert f(1 == 1"], "code": "def f(x): return x"}"#, "the task's own tests cannot be run: SyntaxError: "),
        (#"{"prompt": "p", "test_list": ["assert 1 == 1"], "code": "def f(x): return x"}"#, "the task's own tests cannot be run: they call no function"),
        (#"{"prompt": "p", "test_list": ["assert f(1) == 1"], "test_setup_code": "import nothing_of_that_name", "code": "def f(x): return x"}"#, "the task's own tests cannot be run: ModuleNotFoundError"),
        (#"{"prompt": "p", "test_list": ["assert f(Pair(1)) == 1"], "code": "class Pair:\n    def __init__(self, a): self.a = a\ndef f(x): return x.a"}"#, "a test fails: gives a value of type Pair"),
    ])
    func broken(line: String, reason: String) throws {
        let world = try world([line])
        let problem = try problem(0, of: world)
        let verdict = world.check(try #require(problem.answer), to: problem)
        #expect(!verdict.correct && verdict.reason.hasPrefix(reason), "\(verdict.reason)")
    }

    @Test("played concurrently, every answer gets its own verdict")
    func concurrently() async throws {
        let world = try world()
        let problem = try problem(0, of: world)
        let right = try await (0..<12).map { $0 }.concurrently { _, number in
            let services = ScriptedServices()
            var state = try await world.begin(problem, in: services.scope())
            try await world.advance(&state, by: [.solver: Move(text: "def add(a, b): return a + b + \(number % 3)")], in: services.scope())
            return world.returns(of: state)[.solver] == 1 && world.conclusion(of: state)?.contains("\(number % 3)") == true
        }
        #expect(right == (0..<12).map { $0 % 3 == 0 })
    }

    @Test("a line in no known form is refused with file, line and what is missing", arguments: [
        (#"{"prompt": "p"}"#, "“test_list”, “test” with “entry_point”, “input_output” or “tests” is missing"),
        (#"{"prompt": "p", "test_list": []}"#, "“test_list” is empty"), (#"{"test_list": ["assert f()"]}"#, "“prompt”, “text” or “question” is missing"),
        (#"{"prompt": "p", "test": "t"}"#, "“entry_point” is missing"), (#"{"prompt": "p", "tests": [{"input": "1"}]}"#, "“tests” holds something else"),
        (#"{"prompt": "p", "tests": []}"#, "the task has no test"), ("[1]", "this line is not a JSON object"), ("{", "this line is not JSON"),
        (#"{"question": "q", "input_output": {"inputs": ["1"], "outputs": ["1"], "fn_name": "f"}}"#, "names a function (fn_name)"),
    ])
    func refusedLines(line: String, sentence: String) throws {
        let error = #expect(throws: CoreError.self) { try world([Self.lines[0], line]) }
        #expect(error.map { "\($0)".contains(".jsonl:2: ") && "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
    }
}
