import HoneCore
import HoneText

/// The answers to the prompts of one request.
struct Generation: Sendable {
    /// What is sent of a choice at once.
    struct Part {
        /// Which choice: prompts × choices, choices of one prompt together.
        var choice: Int
        var piece: AnswerText.Piece
        /// Why the choice ended, with its last part.
        var finish: Completion.Finish?
        var stopReason: JSONValue?
    }

    /// How many tokens were used.
    struct Usage {
        var prompt = 0
        /// Tokens drawn, also those of candidates that a strategy did not choose.
        var completion = 0

        var json: JSONValue {
            .object([
                "prompt_tokens": .integer(prompt), "completion_tokens": .integer(completion), "total_tokens": .integer(prompt + completion),
            ])
        }
    }

    let hosted: HostedModel
    let strategy: SearchStrategy?
    let prompts: [[TokenID]]
    let settings: GenerationSettings
    /// The most tokens of an answer, by prompt.
    let limits: [Int]
    let seed: Seed

    /// Draws everything and tells the parts as they come; those of a strategy when all is drawn.
    func run(_ tell: (Part) -> Void) async throws -> Usage {
        let perChoice = strategy?.candidates ?? 1
        let samples = settings.choices * perChoice
        var answers = prompts.flatMap { _ in
            (0..<samples).map { _ in
                AnswerText(
                    stops: settings.stops, keepsStopText: settings.keepsStopText, stopTokens: hosted.stopTokens,
                    endOfText: hosted.tokenizer.endOfText, keepsAllTokens: settings.returnsTokenIDs)
            }
        }
        var collected = [AnswerText.Piece](repeating: AnswerText.Piece(), count: strategy == nil ? 0 : answers.count)
        var open = answers.count
        let drawing = Drawing(hosted: hosted, requests: requests(samples: samples), top: settings.topLogProbs ?? 0)
        for try await event in drawing.events() {
            let place = event.request * samples + event.token.sample
            guard answers[place].finish == nil else { continue }
            let piece = answers[place].take(event.token)
            let hasEnded = answers[place].finish != nil
            if strategy != nil {
                collected[place].text += piece.text
                collected[place].tokens += piece.tokens
            } else if !piece.isEmpty || hasEnded {
                tell(Part(choice: place, piece: piece, finish: answers[place].finish, stopReason: answers[place].stopReason))
            }
            if hasEnded {
                open -= 1
                if open == 0 { break }
            }
        }
        try Task.checkCancellation()
        guard open == 0 else { throw ServerRefusal(500, "The model stopped before its answer ended", type: "server_error", code: "model_failed") }
        if let strategy {
            for choice in 0..<prompts.count * settings.choices {
                let places = choice * perChoice..<(choice + 1) * perChoice
                let candidates = places.map { place in
                    SearchStrategy.Candidate(
                        text: collected[place].text, meanLogProb: answers[place].logProbSum / Double(max(1, answers[place].drawnCount)))
                }
                let best = places.lowerBound + strategy.choice(among: candidates)
                tell(Part(choice: choice, piece: collected[best], finish: answers[best].finish, stopReason: answers[best].stopReason))
            }
        }
        return Usage(prompt: prompts.reduce(0) { $0 + $1.count }, completion: answers.reduce(0) { $0 + $1.drawnCount })
    }

    private func requests(samples: Int) -> [Completion.Request] {
        prompts.enumerated().map { index, tokens in
            Completion.Request(
                context: [Segment(origin: .prompt, content: .tokens(tokens, text: hosted.tokenizer.decode(tokens)))],
                sampling: Sampling(
                    temperature: settings.temperature, topK: settings.topK, topP: settings.topP, limit: limits[index], stop: settings.stops),
                seed: index == 0 ? seed : seed.child("prompt", index), count: samples)
        }
    }
}
