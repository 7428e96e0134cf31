import Foundation
import HoneCore
import HoneTestSupport
import Testing

@Suite("The README's example of a world")
struct ReadmeTests {
    private func text(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("is the code that is compiled here, word for word")
    func isCompiled() throws {
        let readme = try text("README.md")
        let begin = try #require(readme.range(of: "```swift\n"))
        let end = try #require(readme.range(of: "```", range: begin.upperBound..<readme.endIndex))
        let code = readme[begin.upperBound..<end.lowerBound]
        #expect(code.contains("struct Doubling"))
        #expect(try text("Tests/HoneWorldsTests/ReadmeExample.swift").hasSuffix(code))
    }

    @Test("keeps what every world promises")
    func promises() {
        #expect(checkWorld(Doubling(), seed: Seed(1), problems: 300) == [])
    }
}
