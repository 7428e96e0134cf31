import HoneCore
import HoneSandbox
import Testing

private func value(_ text: String, _ budget: SmallBudget = SmallBudget()) throws -> String { try SmallProgram(text).run(budget: budget).value.description }

private func sentence(_ text: String, _ budget: SmallBudget = SmallBudget()) -> String {
    do { return "no fault: " + (try value(text, budget)) } catch { return "\(error)" }
}

@Suite("The small language")
struct SmallLanguageTests {
    @Test(
        "programs computed by hand",
        arguments: [
            ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("1 - 2 - 3", "-4"), ("-7 / 2", "-3"), ("-7 % 2", "-1"), ("7 % -1", "0"), ("1 - -2", "3"),
            ("-9223372036854775808", "-9223372036854775808"), ("-9223372036854775808 % -1", "0"), ("not (1 == 2) and true", "true"),
            ("true or 1 / 0 == 1", "true"), ("false and 1 / 0 == 1", "false"), ("1 < 2 == true", nil), ("\"b\" > \"a\" ++ \"z\"", "true"),
            ("\"a\" <= \"a\"", "true"), ("\"Z\" >= \"a\"", "false"), ("if 2 >= 2 then \"yes\" else \"no\"", "\"yes\""),
            ("let x = 3 in let y = x + 1 in x * y", "12"), ("let x = 1 in (let x = 2 in x) + x", "3"), ("[1, 2] ++ [3]", "[1, 2, 3]"), ("[] of [text]", "[]"),
            ("[[1], [] of int] == [[1], range(5, 5)]", "true"), ("size(\"h\u{e9}llo\") + size([1, 2])", "7"), ("at(\"abc\", 1)", "\"b\""), ("at([5, 6], 1)", "6"),
            ("part(\"hello\", 1, 3)", "\"el\""), ("part([1, 2, 3], 3, 3)", "[]"), ("range(-1, 3)", "[-1, 0, 1, 2]"), ("has([1, 2], 2)", "true"),
            ("show(-12) ++ \"!\"", "\"-12!\""), ("number(\"-12\") + 2", "-10"), ("split(\"a, b,, c\", \", \")", "[\"a\", \"b,\", \"c\"]"),
            ("split(\"\", \",\")", "[\"\"]"), ("join(split(\"a-b-c\", \"-\"), \"\\n\\t\\\"\\\\\")", "\"a\\n\\t\\\"\\\\b\\n\\t\\\"\\\\c\""), ("# nothing\n1 # more", "1"),
            ("def f(n: int): int = if n < 2 then n else f(n - 1) + f(n - 2)\ngive f(15)", "610"),
            ("def even(n: int): bool = n == 0 or odd(n - 1)\ndef odd(n: int): bool = n != 0 and even(n - 1)\ngive even(10)", "true"),
            ("def sq(n: int): int = n * n\ndef big(n: int): bool = n > 3\ndef add(a: int, b: int): int = a + b\ngive fold(add, 0, keep(big, map(sq, range(0, 5))))", "29"),
        ] as [(String, String?)])
    func programs(text: String, expected: String?) throws {
        guard let expected else {
            #expect(sentence(text) == "“==” follows another comparison; join the two by “and” (line 1, column 7)")
            return
        }
        #expect(try value(text) == expected)
    }

    @Test(
        "programs whose text or types do not fit are refused before anything runs, with the place",
        arguments: [
            ("", "The program is empty; expected functions, an expression, or both"), ("1 +", "Found the end, expected an expression (line 1, column 4)"),
            ("\"ab", "The text that begins here has no end (line 1, column 1)"), ("1 2", "Found “2” after the expression, expected an operator or the end (line 1, column 3)"),
            ("1\n  $", "“$” means nothing here (line 2, column 3)"), ("9223372036854775808", "9223372036854775808 is beyond 64 bits (line 1, column 1)"),
            ("\"\\q\"", "A backslash is followed by “q”; expected n, t, a quotation mark or a backslash (line 1, column 1)"),
            ("[1, true]", "Found bool for member 2 of the list, expected int (line 1, column 1)"),
            ("[]", "An empty list needs the type of its members, as in “[] of int” (line 1, column 1)"),
            ("true + 1", "Found bool for the left side of “+”, expected int (line 1, column 6)"), ("1 == \"1\"", "Found text for the right side of “==”, expected int (line 1, column 3)"),
            ("1 ++ 2", "Found int for the left side of “++”, expected a text or a list (line 1, column 3)"),
            ("if 1 then 2 else 3", "Found int for the condition, expected bool (line 1, column 1)"),
            ("if true then 2 else \"\"", "Found text for the other choice, expected int (line 1, column 1)"),
            ("-true", "Found bool for the operand of “-”, expected int (line 1, column 1)"),
            ("let count = 1 in cout", "There is no name called “cout”; did you mean “count”? (line 1, column 18)"),
            ("siz([1])", "There is no function called “siz”; did you mean “size”? (line 1, column 1)"),
            ("at(1, 2)", "Found at(int, int), expected at([T], int): T, at(text, int): text (line 1, column 1)"),
            ("def f(a: int): int = a\ngive f(1, 2)", "“f” got 2 arguments, expected 1 (line 2, column 6)"),
            ("def f(a: int): int = a\ngive f(\"\")", "Found text for “a” of “f”, expected int (line 2, column 6)"),
            ("def f(a: int): text = a", "Found int for what “f” gives, expected text (line 1, column 5)"),
            ("def f(a: int, a: int): int = a", "Two parameters of “f” have one name (line 1, column 5)"),
            ("def f(): int = 1\ndef f(): int = 2", "“f” is defined twice (line 2, column 5)"),
            ("def size(): int = 1", "“size” is a function of the language and cannot be defined (line 1, column 5)"),
            ("def f(): int = 1\n2", "Found “2”, expected “give” (line 2, column 1)"), ("def f(): int = 1\ngive", "Found the end, expected an expression (line 2, column 5)"),
            ("def f(a: number): int = 1", "Found “number”, expected a type: int, bool, text, or one of them in brackets (line 1, column 10)"),
            ("def f(a: text): int = 1\ngive map(f, [1])", "Found int for “a” of “f”, expected text (line 2, column 10)"),
            ("map(size, [1])", "There is no function of the program called “size” (line 1, column 5)"),
        ])
    func refused(text: String, expected: String) {
        #expect(throws: CoreError.invalid(expected)) { try SmallProgram(text) }
    }

    @Test(
        "what goes wrong while it runs is a sentence with its place",
        arguments: [
            ("9223372036854775807 + 1", "9223372036854775807 + 1 is beyond 64 bits (line 1, column 21)"),
            ("-9223372036854775807 - 2", "-9223372036854775807 - 2 is beyond 64 bits (line 1, column 22)"),
            ("4611686018427387904 * 2", "4611686018427387904 * 2 is beyond 64 bits (line 1, column 21)"),
            ("-9223372036854775808 / -1", "-9223372036854775808 / -1 is beyond 64 bits (line 1, column 22)"),
            ("-(-9223372036854775808)", "-(-9223372036854775808) is beyond 64 bits (line 1, column 1)"),
            ("1 / (1 - 1)", "1 / 0: nothing can be divided by zero (line 1, column 3)"), ("1 % 0", "1 % 0: nothing can be divided by zero (line 1, column 3)"),
            ("at([1, 2], 2)", "Place 2 is outside, expected 0 to 1 (line 1, column 1)"), ("at(\"\", 0)", "Place 0 of what is empty (line 1, column 1)"),
            ("part([1], 1, 0)", "The part from 1 to 0 is outside, expected 0 to 1 in order (line 1, column 1)"),
            ("number(\"+1\")", "\"+1\" is no whole number of 64 bits (line 1, column 1)"), ("split(\"a\", \"\")", "A text cannot be split at “” (line 1, column 1)"),
        ])
    func wrong(text: String, expected: String) throws {
        let program = try SmallProgram(text)
        #expect(throws: CoreError.invalid(expected)) { try program.run() }
    }

    @Test("steps are counted as by hand, and the budget is exact")
    func steps() throws {
        let result = try SmallProgram("1 + 2 * 3").run()
        #expect(result == SmallResult(value: .int(7), steps: 5, memory: 0))
        // A list of three: itself, its members, and four units of memory.
        #expect(try SmallProgram("[1, 2, 3]").run() == SmallResult(value: .list([.int(1), .int(2), .int(3)]), steps: 8, memory: 4))
        var budget = SmallBudget()
        budget.steps = 6
        #expect(try value("1 + 2 * 3", budget) == "7")
        budget.steps = 4
        #expect(throws: CoreError.budget("The program takes more than 4 steps")) { try SmallProgram("1 + 2 * 3").run(budget: budget) }
        #expect(sentence("def f(n: int): int = f(n)\ngive f(0)", budget) == "The program takes more than 4 steps")
    }

    @Test("memory is refused before it is taken")
    func memory() throws {
        var budget = SmallBudget()
        budget.memory = 4
        #expect(try value("[1, 2, 3]", budget) == "[1, 2, 3]")
        #expect(sentence("[1, 2, 3, 4]", budget) == "The program takes more than 4 units of memory")
        #expect(sentence("range(0, 9223372036854775807)") == "The program takes more than 100000 units of memory")
        #expect(sentence("range(-9223372036854775808, 9223372036854775807)") == "The program takes more than 100000 units of memory")
        let doubling = "def twice(t: text, n: int): text = t ++ t\ngive size(fold(twice, \"ab\", range(0, 60)))"
        #expect(sentence(doubling) == "The program takes more than 100000 units of memory")
        // Lists that share their members are small until somebody looks at all of them.
        let sharing = (0..<40).reduce("let a0 = [1] in ") { $0 + "let a\($1 + 1) = [a\($1), a\($1)] in " }
        #expect(sentence(sharing + "size(a40)") == "no fault: 2")
        #expect(sentence(sharing + "a40 == a40") == "The program takes more than 100000 steps")
        #expect(sentence(sharing + "a40") == "The program takes more than 100000 steps")
    }

    @Test("functions call each other no deeper than allowed, and deep programs are refused")
    func depth() throws {
        let down = "def f(n: int): int = if n == 0 then 0 else f(n - 1)\ngive f("
        #expect(try value(down + "255)") == "0")
        #expect(sentence(down + "256)") == "Functions call each other more than 256 deep (line 1, column 44)")
        var budget = SmallBudget()
        budget.calls = 1000
        budget.steps = 1_000_000
        let wide = "def f(n: int): int = 1 + (1 + (1 + (1 + (1 + f(n)))))\ngive f(0)"
        #expect(sentence(wide, budget) == "Expressions and calls are nested more than 1200 deep")
        #expect(try value(String(repeating: "1 + ", count: 99) + "1") == "100")
        #expect(sentence(String(repeating: "1 + ", count: 100) + "1").hasPrefix("The program is nested more than 100 deep"))
        #expect(sentence(String(repeating: "(", count: 5000)).hasPrefix("The program is nested more than 100 deep"))
        #expect(sentence("def f(a: " + String(repeating: "[", count: 5000)).hasPrefix("The program is nested more than 100 deep"))
        #expect(sentence(String(repeating: "-", count: 5000) + "1").hasPrefix("The program is nested more than 100 deep"))
    }

    @Test("functions are called from outside with values of their types")
    func called() throws {
        let program = try SmallProgram("def f(a: [int], b: text): text = if has(a, 2) then b else show(size(a))")
        #expect(program.type == nil)
        #expect(try program.call("f", [.list([.int(1), .int(2)]), .text("x")]).value == .text("x"))
        #expect(try program.call("f", [.list([]), .text("x")]).value == .text("0"))
        #expect(throws: CoreError.invalid("“a” of “f” got [true], expected [int]")) { try program.call("f", [.list([.bool(true)]), .text("x")]) }
        #expect(throws: CoreError.invalid("“f” got 0 arguments, expected 2")) { try program.call("f", []) }
        #expect(throws: CoreError.unknown(kind: "function", name: "g", known: ["f"])) { try program.call("g", []) }
        #expect(throws: CoreError.invalid("The program has functions only; expected “give” and an expression at its end")) { try program.run() }
    }

    @Test(
        "the printer writes one form, which reads as the same program",
        arguments: [
            ("((1))+( 2*3 )", "1 + 2 * 3"), ("(1+2)*3", "(1 + 2) * 3"), ("1-(2-3)", "1 - (2 - 3)"), ("(1-2)-3", "1 - 2 - 3"),
            ("(if true then 1 else 2)+3", "(if true then 1 else 2) + 3"), ("1+(let x=2 in x)", "1 + (let x = 2 in x)"),
            ("(if true then true else false) or true", "(if true then true else false) or true"), ("not(1==2)", "not (1 == 2)"), ("(1<2)==(3<4)", "(1 < 2) == (3 < 4)"),
            ("-(5)", "-(5)"), ("- 5", "-5"), ("[ ]of[int]", "[] of [int]"), ("if true then if false then 1 else 2 else 3", "if true then if false then 1 else 2 else 3"),
            ("def f(a:[int],b:text):int=size(a)\n\ngive\nf([1,2],\"\\n\")", "def f(a: [int], b: text): int = size(a)\ngive f([1, 2], \"\\n\")"),
        ])
    func printed(text: String, expected: String) throws {
        let program = try SmallProgram(text)
        #expect(program.description == expected)
        let again = try SmallProgram(expected)
        #expect(again.description == expected)
        #expect(try again.run() == program.run())
    }
}
