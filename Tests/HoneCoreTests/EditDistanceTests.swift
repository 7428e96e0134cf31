import HoneCore
import Testing

@Suite("Edit distance")
struct EditDistanceTests {
    @Test("edit distance against known cases and a plain table")
    func editDistance() {
        func tokens(_ text: String) -> [TokenID] { text.utf8.map(TokenID.init) }
        #expect(EditDistance.count(tokens("kitten"), tokens("sitting")) == 3)
        #expect(EditDistance.count(tokens("flaw"), tokens("lawn")) == 2)
        #expect(EditDistance.count([], tokens("abc")) == 3 && EditDistance.count(tokens("abc"), tokens("abc")) == 0)
        #expect(EditDistance.share(tokens(""), tokens("")) == 0 && EditDistance.share(tokens("ab"), tokens("abcd")) == 0.5)
        var generator = Seed(9).generator
        for _ in 0..<200 {
            let first = (0..<generator.integer(in: 0...7)).map { _ in TokenID(generator.integer(in: 0...2)) }
            let second = (0..<generator.integer(in: 0...7)).map { _ in TokenID(generator.integer(in: 0...2)) }
            var table = [[Int]](repeating: [Int](repeating: 0, count: second.count + 1), count: first.count + 1)
            for i in 0...first.count {
                for j in 0...second.count {
                    if i == 0 || j == 0 { table[i][j] = i + j } else {
                        table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1))
                    }
                }
            }
            #expect(EditDistance.count(first, second) == table[first.count][second.count])
        }
    }

    @Test("blanks and line breaks go from both ends and stay inside")
    func trimming() {
        #expect(" \n a b\t\r\n".trimmed == "a b" && " \n".trimmed.isEmpty && "a".dropFirst(0).trimmed == "a")
    }
}
