import HoneCore
import HoneGames
import Testing

@Suite("What players say")
struct TalkTests {
    @Test("words are one visible line of bounded length, and everything else is refused")
    func read() {
        for words in ["a", "I think it is 3.", "say: accuse 1", "naïve Grüße", "日本語", "🙂 \"quoted\"", String(repeating: "x", count: 40)] {
            #expect(Utterance.read("say: " + words, limit: 40) == words)
        }
        #expect(Utterance.read("note: a", after: "note: ", limit: 3) == "a")
        let refused = [
            "", "say:", "say: ", "say:a", "Say: a", " say: a", "say:  a", "say: a ", "say: a\n", "say: a\nb", "say: a\r\nb", "say: a\tb", "say: a\u{85}b",
            "say: a\u{2028}b", "say: a\u{202E}b", "say: a\u{2066}b", "say: a\u{200B}b", "say: a\u{00A0}b", "say: \u{3000}", "say: \u{3164}", "say: \u{2800}",
            "say: a\u{AD}b", "say: \u{E000}", "say: \u{301}a", "say: e\u{301}", "say: a\u{0}", "say: a\u{FEFF}", "say: q\u{5B0}\u{5B0}\u{5B0}\u{5B0}\u{5B0}",
            "say: \u{1F469}\u{200D}\u{1F680}", "say: a\u{E0041}", "say: " + String(repeating: "x", count: 41),
        ]
        for text in refused { #expect(Utterance.read(text, limit: 40) == nil, "\(text.debugDescription)") }
        #expect(Utterance.read("say: a", limit: 0) == nil)
    }

    @Test("nobody can end a quotation from within")
    func quoted() {
        #expect(Utterance.quoted("it is \"3\", he said") == "\"it is '3', he said\"")
    }
}
