import HoneCore
import HoneSocieties
import HoneTestSupport
import HoneText
import Testing

private let tokenizer = CharacterTokenizer.nano
private let day = TemplateTime(year: 2025, month: 1, day: 31)

/// Turns that end with the tokenizer's own end.
private let marked = """
    {% for m in messages %}|{{ m.role[0] }}|{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}|a|{% endif %}
    """

/// Leaves out all answers but the last.
private let forgetful = """
    {% for m in messages %}{% if m.role == 'user' or loop.last %}|{{ m.role[0] }}|{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}|a|{% endif %}
    """

private func policy(_ source: String) throws -> ChatPolicy { ChatPolicy(try ChatTemplate(source), tokenizer: tokenizer, now: day) }

private func said(_ text: String, tokens: [TokenID]) -> Segment {
    Segment(origin: .model("policy", update: 0), author: .solver, content: .tokens(tokens, text: text))
}

@Suite("The chat policy")
struct ChatPolicyTests {
    @Test("a transcript becomes the template's text, its special tokens as such")
    func oneTurn() throws {
        let prompt = try policy(marked).prompt(for: [.text("be kind", from: .prompt, author: "system"), .text("1+", from: .prompt), .text("1=", from: .world)])
        #expect(prompt.text == "|s|be kind<end>|u|1+1=<end>|a|")
        let plain = try #require(prompt.tokens)
        #expect(plain.filter { $0 == tokenizer.endOfText }.count == 2)
        #expect(try plain == tokenizer.encodeRecognizingAddedTokens("|s|be kind<end>|u|1+1=<end>|a|"))
    }

    @Test("tokens that were drawn stay exactly those, and the token that ended the turn is not written twice")
    func exactTokens() throws {
        // Tokens that no tokenizer would make of the text show whether they were kept.
        let drawn: [TokenID] = [9, 9, 9, tokenizer.endOfText]
        let prompt = try policy(marked).prompt(for: [.text("1=", from: .prompt), said("7", tokens: drawn), .text("2=", from: .world)])
        let begin = try tokenizer.encodeRecognizingAddedTokens("|u|1=<end>|a|")
        let rest = try tokenizer.encodeRecognizingAddedTokens("|u|2=<end>|a|")
        #expect(prompt.tokens == begin + drawn + rest)
        #expect(prompt[1].origin == .model("policy", update: 0))
    }

    @Test("a turn that was cut short gets the template's ending")
    func cutShort() throws {
        let prompt = try policy(marked).prompt(for: [.text("1=", from: .prompt), said("7", tokens: [9]), .text("2=", from: .world)])
        #expect(try prompt.tokens == tokenizer.encodeRecognizingAddedTokens("|u|1=<end>|a|") + [9] + tokenizer.encodeRecognizingAddedTokens("<end>|u|2=<end>|a|"))
    }

    @Test("where a template rewrites earlier turns, its text stands as a whole")
    func rewritten() throws {
        let prompt = try policy(forgetful).prompt(for: [.text("1=", from: .prompt), said("7", tokens: [9]), .text("2=", from: .world)])
        #expect(prompt.text == "|u|1=|u|2=|a|")
        #expect(prompt.allSatisfy { $0.origin == .prompt })
    }

    @Test("a transcript that ends with the model's own words is continued within them")
    func continued() throws {
        let prompt = try policy(marked).prompt(for: [.text("1=", from: .prompt), said("7", tokens: [9])])
        #expect(try prompt.tokens == tokenizer.encodeRecognizingAddedTokens("|u|1=<end>|a|") + [9])
    }

    @Test("what other roles' models said is the user's")
    func others() throws {
        var critic = said("no", tokens: [3])
        critic.author = "critic"
        let prompt = try policy(marked).prompt(for: [.text("1=", from: .prompt), said("7", tokens: [9]), critic])
        // The critic spoke last, so this transcript is the critic's: the solver's words were said to it.
        #expect(prompt.text == "|u|1=7<end>|a|no")
    }

    @Test("the model is asked with the prompt, and the move has it as its context")
    func move() async throws {
        let model = ScriptedModel(saying: "8")
        let services = ScriptedServices(models: ["m": model])
        let view = View(role: .solver, transcript: [.text("1=", from: .prompt)])
        let move = try await policy(marked).move(on: view, as: Player(model: "m"), in: services.scope())
        #expect(model.requests.map(\.context.text) == ["|u|1=<end>|a|"])
        #expect(move.context?.text == "|u|1=<end>|a|" && move.text == "8" && move.segments.map(\.author) == [.solver])
    }

    @Test("over several turns each prompt is the template once around all that was said")
    func severalTurns() async throws {
        let model = ScriptedModel(saying: "1")
        let services = ScriptedServices(models: ["m": model], policies: ["chat": try policy(marked)])
        let cast: Cast = [.solver: Player(model: "m", policy: "chat")]
        let episode = try await Solo().play(CountUp().start(), cast: cast, in: services.scope())
        #expect(episode.ending == .completed)
        let first = "|u|sum 0: <end>|a|", second = first + "1<end>|u|sum 1: <end>|a|"
        #expect(model.requests.map(\.context.text) == [first, second, second + "1<end>|u|sum 2: <end>|a|"])
        #expect(episode.steps.map(\.context.text) == model.requests.map(\.context.text))
    }

    @Test("examples are recited behind the same prompt")
    func recited() async throws {
        let services = ScriptedServices(policies: ["chat": try policy(marked)])
        let cast: Cast = [.solver: Player(model: "m", policy: "chat")]
        let episode = try await Recitation().play(CountUp().start(["3"]), cast: cast, in: services.scope())
        #expect(episode.steps.map(\.context.text) == ["|u|sum 0: <end>|a|"])
        #expect(episode.ending == .completed)
    }

    @Test("a template's refusal is a sentence")
    func refusal() throws {
        let refusing = try policy("{{ raise_exception('no users here') }}")
        #expect(throws: TextError.self) { try refusing.prompt(for: [.text("1=", from: .prompt)]) }
    }
}
