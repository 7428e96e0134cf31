import HoneCore
import HoneWorlds
import Testing

@Suite("Command lines of programs")
struct ProgramCommandTests {
    @Test(
        "are parted at white space, with quotation marks and backslashes as documented",
        arguments: [
            ("cmd: python3 my_env.py", ["python3", "my_env.py"]), ("cmd:env  a\tb \n", ["env", "a", "b"]),
            ("'a program' --name=\"two words\"", ["a program", "--name=two words"]), (#"a "\"b\\" '\n' \  c\ d"#, ["a", #""b\"#, #"\n"#, " ", "c d"]),
            (#"a "" "\$x""#, ["a", "", #"\$x"#]), ("sh -c 'a | b > $HOME/*'", ["sh", "-c", "a | b > $HOME/*"]), ("a ~ $x * é", ["a", "~", "$x", "*", "é"]),
        ])
    func words(line: String, expected: [String]) throws { #expect(try ProgramCommand(line).words == expected) }

    @Test("that name no program or do not end are refused", arguments: ["", "cmd:", "cmd:  ", "''", "a 'b", #"a "b\""#, #"a \"#, "a \0"])
    func refused(line: String) { #expect(throws: CoreError.self) { try ProgramCommand(line) } }
}
