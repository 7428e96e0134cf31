import HoneCore
import Testing

@Suite("Segments and transcripts")
struct SegmentTests {
    @Test("only what a maker marks is trained; weight 1 and visible to all unless said otherwise")
    func defaults() {
        for origin in [Segment.Origin.world, .tool, .prompt, .hint, .demonstration, .model("policy", update: 3)] {
            let segment = Segment(origin: origin, content: .text("x"))
            #expect(!segment.isTrained && segment.weight == 1 && !segment.isPrivate && segment.author == nil)
            #expect(segment.samplerLogProbs == nil && segment.entropies == nil)
            #expect(Segment.text("x", from: origin) == segment)
        }
        #expect(Segment.text("x", from: .world, author: "solver").author == .solver)
    }

    @Test("text and tokens are given by what a segment holds", arguments: [
        (Segment.Content.text("ab"), "ab", nil), (.text(""), "", nil), (.tokens([5, 6], text: "cd"), "cd", [5, 6]),
        (.tokens([], text: ""), "", []), (.tokens([2], text: ""), "", [2]), (.numbers([1, 2], shape: [2]), "", nil),
    ] as [(Segment.Content, String, [TokenID]?)])
    func contents(content: Segment.Content, text: String, tokens: [TokenID]?) {
        let segment = Segment(origin: .prompt, content: content)
        #expect(segment.text == text)
        #expect(segment.tokens == tokens)
    }

    @Test("a transcript's tokens are those of its segments in order, or none when one is not tokenised")
    func transcripts() {
        let transcript = [spelled([1, 2], "ab"), spelled([], ""), spelled([3], "c")]
        #expect(transcript.tokens == [1, 2, 3])
        #expect(transcript.text == "abc")
        #expect((transcript + [.text("d", from: .world)]).tokens == nil)
        #expect((transcript + [.text("d", from: .world)]).text == "abcd")
        #expect(([Segment(origin: .world, content: .numbers([1], shape: [1]))] + transcript).tokens == nil)
        #expect(Transcript().tokens == [])
        #expect(Transcript().text == "")
    }

    @Test("texts are joined as they are, without normalising what meets")
    func joins() {
        let transcript: Transcript = [.text("e", from: .world), .text("\u{301}", from: .world), .text("\r", from: .world), .text("\n", from: .world)]
        #expect(transcript.text.unicodeScalars.elementsEqual("e\u{301}\r\n".unicodeScalars))
    }

    @Test("tokens of a joined transcript are the tokens of its parts joined, and text likewise", arguments: 0..<20)
    func sharesPrefixes(number: Int) {
        var generator = Seed(1).child("transcript", number).generator
        let transcript = (0..<generator.integer(in: 0...8)).map { _ in RandomValues.segment(&generator) }
        for cut in 0...transcript.count {
            let head = Array(transcript[..<cut])
            let tail = Array(transcript[cut...])
            #expect(head + tail == transcript)
            #expect((head.text + tail.text).utf8.elementsEqual(transcript.text.utf8))
            if let all = transcript.tokens {
                #expect((head.tokens ?? []) + (tail.tokens ?? []) == all)
            } else {
                #expect(head.tokens == nil || tail.tokens == nil)
            }
        }
    }

    @Test("every part of a segment counts for equality")
    func equality() {
        let plain = Segment(origin: .world, content: .text("x"))
        let others: [Segment] = [
            Segment(origin: .tool, content: .text("x")), Segment(origin: .world, author: "a", content: .text("x")),
            Segment(origin: .world, content: .text("y")), Segment(origin: .world, content: .tokens([], text: "x")),
            Segment(origin: .world, content: .text("x"), samplerLogProbs: []), Segment(origin: .world, content: .text("x"), entropies: []),
            Segment(origin: .world, content: .text("x"), isTrained: true), Segment(origin: .world, content: .text("x"), weight: 2),
            Segment(origin: .world, content: .text("x"), isPrivate: true), Segment(origin: .model("a", update: 0), content: .text("x")),
            Segment(origin: .model("a", update: 1), content: .text("x")),
        ]
        #expect(Set(others + [plain]).count == others.count + 1)
    }

    @Test("segments survive JSON with log-probabilities to the last bit", arguments: 0..<20)
    func coding(number: Int) throws {
        var generator = Seed(2).child("segment", number).generator
        for _ in 0..<20 {
            let segment = RandomValues.segment(&generator)
            #expect(try roundTrip(segment) == segment)
        }
        let edge = Segment(
            origin: .model("m", update: 1), content: .tokens([1, 2, 3], text: ""),
            samplerLogProbs: [-.leastNonzeroMagnitude, -0.1, -.infinity], entropies: [0, .pi, .greatestFiniteMagnitude])
        #expect(try roundTrip(edge) == edge)
    }
}

@Suite("Completions and moves")
struct CompletionTests {
    @Test("a move shows others all but its hidden thoughts")
    func privateThoughts() {
        var thought = Segment.text("I bluff. ", from: .world)
        thought.isPrivate = true
        let move = Move(segments: [.text("I ", from: .world), thought, .text("bet", from: .world)])
        #expect(move.text == "I bet")
        #expect(move.segments.text == "I I bluff. bet")
        #expect(Move(segments: [thought]).text == "")
    }

    @Test("a move of text is a demonstration unless it says otherwise")
    func textMoves() {
        #expect(Move(text: "bet").segments == [.text("bet", from: .demonstration)])
        #expect(Move(text: "bet", origin: .world).segments.first?.origin == .world)
        #expect(Move(text: "bet").context == nil && Move(text: "bet").tree == nil)
    }

    @Test("requests ask for one sample and survive JSON with all bits of their seed")
    func requests() throws {
        let request = Completion.Request(context: [spelled([1])], sampling: Sampling(stop: ["\n"]), seed: Seed(.max - 1))
        #expect(request.count == 1)
        #expect(try roundTrip(request) == request)
    }

    @Test("a completion survives JSON; finishes are spelled as words")
    func coding() throws {
        let samples = [Completion.Finish.stop, .length].map { Completion.Sample(segments: [spelled([4, 5], "x")], finish: $0) }
        let completion = Completion(context: [spelled([1])], samples: samples, computedTokens: 5)
        #expect(try roundTrip(completion) == completion)
        #expect(try JSONValue(encoding: Completion.Finish.length) == .string("length"))
        #expect(Completion(context: [], samples: []).computedTokens == 0)
    }

    @Test("quantities are keys: equal ones are one, others are others, all survive JSON")
    func quantities() throws {
        let all: [Quantity] = [
            .logProbs, .entropies, .distribution(top: 5), .distribution(top: 6), .head("value"), .head("reward"), .hidden(layer: 0),
            .hidden(layer: 1), .inputGradient,
        ]
        #expect(Set(all + all).count == all.count)
        for quantity in all { #expect(try roundTrip(quantity) == quantity) }
        let scores = Scores(values: [-1, 0.5, -.infinity], shape: [3, 1])
        #expect(try roundTrip(scores) == scores)
    }
}
