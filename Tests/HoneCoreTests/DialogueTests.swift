import HoneCore
import Testing

@Suite("A transcript as a dialogue")
struct DialogueTests {
    private func said(_ text: String, by author: Role) -> Segment {
        Segment(origin: .model("m", update: 0), author: author, content: .text(text))
    }

    @Test("neighbours of one speaker are one turn, and nothing of the text is lost")
    func turns() {
        let transcript: Transcript = [
            .text("rules. ", from: .prompt, author: Dialogue.system), .text("a", from: .prompt), .text("b", from: .world), said("c", by: .solver),
            said("d", by: .solver), .text("", from: .world), .text("e", from: .tool),
        ]
        let dialogue = Dialogue(transcript)
        #expect(dialogue.turns.map(\.speaker) == [.system, .user, .assistant, .user])
        #expect(dialogue.turns.map(\.text) == ["rules. ", "ab", "cd", "e"])
        #expect(Dialogue(transcript, hasSystem: false).turns.map(\.text) == ["rules. ab", "cd", "e"])
    }

    @Test("the author of the newest words of a model is the one that speaks")
    func speakers() {
        let transcript = [said("x", by: .solver), said("y", by: "critic"), said("z", by: .solver)]
        #expect(Dialogue(transcript).turns.map(\.speaker) == [.assistant, .user, .assistant])
        #expect(Dialogue(Array(transcript.prefix(2))).turns.map(\.speaker) == [.user, .assistant])
        #expect(Dialogue([]).turns.isEmpty)
    }
}

@Suite("Errors of moves")
struct EndingTests {
    private struct Refused: RunEndingError {
        var endsRun: Bool
    }

    @Test("an error ends an episode in a sentence, unless it would meet all of them")
    func endings() throws {
        #expect(try Ending.failed(by: CoreError.invalid("no")) == .failed("no"))
        #expect(throws: CancellationError.self) { try Ending.failed(by: CancellationError()) }
        #expect(throws: Refused.self) { try Ending.failed(by: Refused(endsRun: true)) }
        guard case .failed = try Ending.failed(by: Refused(endsRun: false)) else {
            Issue.record("it should end the episode only")
            return
        }
    }
}
