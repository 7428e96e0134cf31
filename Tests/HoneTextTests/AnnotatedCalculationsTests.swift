import HoneCore
import HoneText
import Testing

@Suite("Calculator annotations")
struct AnnotatedCalculationsTests {
    @Test(
        "annotations as GSM8K writes them are split at the last equals sign",
        arguments: [
            ("<<48/2=24>>", "48/2", "24"), ("48/2 = <<48/2=24>>24 clips", "48/2", "24"),
            ("<< 48 / 2 = 24 >>", "48/2", "24"), ("<<50*.2=10>>", "50*.2", "10"),
            ("<<(3+4)*2=14>>", "(3+4)*2", "14"),
            ("<<20/100=0.20>>", "20/100", "0.20"), ("<<5-8=-3>>", "5-8", "-3"), ("<<1=1=1>>", "1=1", "1"),
            ("<<a=b>>", "a", "b"), ("<<1+1=2>>>>", "1+1", "2"), ("<<<<1+1=2>>", "1+1", "2"),
            ("<<2\u{A0}*\u{2009}3=6>>", "2*3", "6"), ("é<<1×2=2>>", "1×2", "2"),
        ])
    func wellFormed(text: String, expression: String, result: String) {
        let found = AnnotatedCalculations.all(in: text)
        #expect(found.map(\.expression) == [expression])
        #expect(found.map(\.result) == [result])
        #expect(found.allSatisfy { text[$0.range].hasPrefix("<<") && text[$0.range].hasSuffix(">>") })
    }

    @Test(
        "what is malformed is ordinary text",
        arguments: [
            "", "<<>>", "<<=>>", "<<1+1>>", "<<1+1=>>", "<<=2>>", "<< = >>", "<<1+1=2", "1+1=2>>", "<1+1=2>",
            "< <1+1=2> >", "<<1+1=2>", ">>1+1=2<<", "<<1+\n1=2>>", "<<1+1=\r\n2>>", "<<1<2=2>>", "<<1+1=2> >",
            "<<" + String(repeating: "1+", count: 50) + "1=51>>", "«1+1=2»", "<<1+1=2\u{2028}>>", "＜＜1+1=2＞＞",
        ])
    func malformed(text: String) { #expect(AnnotatedCalculations.all(in: text).isEmpty) }

    @Test("an annotation that is not closed does not swallow the next one")
    func unclosed() {
        let text = "First <<48/2=24 and then <<24+48=72>>72."
        #expect(AnnotatedCalculations.all(in: text).map(\.expression) == ["24+48"])
        #expect(AnnotatedCalculations.stripped(text) == "First <<48/2=24 and then 72.")
    }

    @Test("what is found is what is stripped, and what the answer checker does not see", arguments: UInt64(0)..<6)
    func agreement(seed: UInt64) {
        var generator = Seed(seed).child("annotations").generator
        let parts = ["<<", ">>", "<", ">", "1+1", "=", "2", "\n", " ", "x", "<<1+1=2>>", "é", "\r\n"]
        for _ in 0..<400 {
            let text = (0..<generator.integer(in: 0...12)).compactMap { _ in generator.element(of: parts) }.joined()
            let stripped = AnnotatedCalculations.stripped(text)
            var rest = text[...]
            var pieces = ""
            for calculation in AnnotatedCalculations.all(in: text) {
                pieces += rest[..<calculation.range.lowerBound]
                rest = rest[calculation.range.upperBound...]
                #expect(text[calculation.range].hasPrefix("<<"))
                #expect(!calculation.expression.isEmpty && !calculation.result.isEmpty)
            }
            pieces += rest
            // What has no equals sign is stripped without being a calculation.
            #expect(pieces.unicodeScalars.count >= stripped.unicodeScalars.count)
            #expect(text.unicodeScalars.count >= pieces.unicodeScalars.count)
            if !text.contains("<<") { #expect(stripped.utf8.elementsEqual(text.utf8)) }
        }
    }

    @Test("ranges point at the annotation in texts with composed characters and Windows line ends")
    func ranges() {
        let text = "Ca\u{301}fe\r\n👨‍👩‍👧 <<6*7=42>>42\r\n<<42/2=21>>21"
        let found = AnnotatedCalculations.all(in: text)
        #expect(found.map { String(text[$0.range]) } == ["<<6*7=42>>", "<<42/2=21>>"])
        #expect(AnnotatedCalculations.stripped(text).utf8.elementsEqual("Ca\u{301}fe\r\n👨‍👩‍👧 42\r\n21".utf8))
    }

    @Test(
        "the final answer is what follows the last four hashes on their line",
        arguments: [
            ("#### 72", "72"), ("####72", "72"), ("text\n#### 72\n", "72"), ("#### 72\nmore", "72"),
            ("#### 72\r\nmore", "72"), ("#### 1\n#### 2", "2"), ("##### 72", "72"), ("######## 72", "72"),
            ("####   1,234 dollars  ", "1,234 dollars"),
            ("#### a #### b", "b"), ("####\t-5\u{2028}x", "-5"), ("", nil), ("### 72", nil), ("72", nil),
            ("####", nil), ("#### \n72", nil), ("#### 1\n####", nil),
        ])
    func finalAnswer(text: String, answer: String?) { #expect(AnnotatedCalculations.finalAnswer(of: text) == answer) }

    @Test("a text of a hundred thousand brackets costs little time", arguments: [
        "<<", ">>", "<", "<<1+1=2", "<<1+1=2>>", "<<=", "#", "#### ",
    ])
    func time(part: String) {
        let text = String(repeating: part, count: 100_000 / part.utf8.count)
        let began = ownSeconds()
        _ = AnnotatedCalculations.all(in: text)
        _ = AnnotatedCalculations.stripped(text)
        _ = AnnotatedCalculations.finalAnswer(of: text)
        #expect(ownSeconds() - began < 5)
    }

    @Test("annotations in a response neither give nor spoil its answer")
    func inResponses() {
        let checker = AnswerChecker()
        #expect(checker.check(gold: "72", response: "48+24=<<48+24=72>>72\n#### 72").correct)
        #expect(checker.check(gold: "72", response: "48+24=<<48+24=73>>72").correct)
        #expect(!checker.check(gold: "72", response: "48+24=<<48+24=72>>73").correct)
        #expect(!checker.check(gold: "72", response: "<<48+24=72>>").correct)
        #expect(!checker.check(gold: "72", response: "I say nothing. <<72=72>>").correct)
    }
}
