import HoneCore
import HoneText

/// Asks a model through its chat template: what a role has seen becomes messages, the completion is the move.
///
/// The tokens that a model drew earlier stay exactly those, wherever the template writes its words unchanged behind the prompt for
/// them; the text around is tokenised with special tokens recognised. Where a template rewrites earlier turns, as those do that drop
/// earlier thoughts, the text is tokenised anew as a whole.
public struct ChatPolicy: Policy {
    public static let card = PartCard(
        name: "chat", summary: "the transcript as messages in the model's chat template, the completion is the move", gives: [.tokens], needs: [.tokens])

    private let template: ChatTemplate
    private let tokenizer: any Tokenizer
    /// The time that the template may write; a parameter, so that the same run writes the same prompts.
    private let now: TemplateTime

    /// The policy of a model's own template and tokenizer.
    public init(_ template: ChatTemplate, tokenizer: any Tokenizer, now: TemplateTime) {
        self.template = template
        self.tokenizer = tokenizer
        self.now = now
    }

    public func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        let request = Completion.Request(context: try prompt(for: view.transcript), sampling: player.sampling, seed: scope.seed)
        guard let completion = try await scope.complete(player.model, [request]).first, let sample = completion.samples.first else {
            throw CoreError.invalid("Model “\(player.model)” gave no completion")
        }
        var segments = sample.segments
        for index in segments.indices { segments[index].author = view.role }
        return Move(segments: segments, context: completion.context, transcript: view.transcript)
    }

    /// The messages of a transcript as the template writes them, up to where the model speaks, as exact tokens.
    public func prompt(for transcript: Transcript) throws -> Transcript {
        for segment in transcript {
            if case .numbers = segment.content { throw CoreError.unsupported("The transcript holds numbers, which a chat template cannot write") }
        }
        let turns = Dialogue(transcript).turns
        let messages = turns.map { ConversationMessage(role: $0.speaker.rawValue, content: $0.text) }
        let isOpen = turns.last?.speaker == .assistant
        let whole = try written(messages, upTo: messages.count, prompts: !isOpen)
        var prompt: Transcript = []
        var done = 0
        for (index, turn) in turns.enumerated() where turn.speaker == .assistant {
            // The words of an earlier turn stand right behind the prompt for them, or else their tokens are not kept.
            let before = try written(messages, upTo: index, prompts: true)
            let said = before + Array(turn.text.utf8)
            let isLast = index == turns.count - 1
            guard before.count >= done, isLast || whole.starts(with: said), whole.starts(with: before) || isLast else { continue }
            prompt += try text(before[done...])
            prompt += turn.segments
            done = said.count
            if isLast { return prompt }
            // The token that ended the turn is among those that were drawn.
            done += ending(turn.segments, at: whole[done...])
        }
        return prompt + (try text(whole[done...]))
    }

    /// How many bytes the last token spells, where it is a special one and the text goes on with its written form.
    private func ending(_ segments: Transcript, at rest: ArraySlice<UInt8>) -> Int {
        guard let last = segments.last?.tokens?.last, let form = tokenizer.addedTokens.first(where: { $0.id == last }),
            rest.starts(with: Array(form.text.utf8))
        else { return 0 }
        return form.text.utf8.count
    }

    private func written(_ messages: [ConversationMessage], upTo count: Int, prompts: Bool) throws -> [UInt8] {
        Array(try template.render(messages: Array(messages.prefix(count)), addGenerationPrompt: prompts, now: now).utf8)
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws -> Transcript {
        guard !bytes.isEmpty else { return [] }
        let text = String(decoding: bytes, as: UTF8.self)
        return [Segment(origin: .prompt, content: .tokens(try tokenizer.encodeRecognizingAddedTokens(text), text: text))]
    }
}
