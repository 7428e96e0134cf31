import HoneCore
import HoneText

extension ModelService {
    /// The conversation of a chat request.
    func conversation(_ fields: RequestFields) throws(ServerRefusal) -> Conversation {
        guard let listed = try fields.list("messages") else { throw .invalid("“messages” is missing", param: "messages") }
        guard !listed.isEmpty else { throw .invalid("“messages” is empty; expected one message or more", param: "messages") }
        let messages = listed.map { JSONTree($0) }
        for (index, message) in messages.enumerated() {
            do throws(TextError) { _ = try ConversationMessage(message) } catch { throw .invalid("\(error)", param: "messages[\(index)]") }
        }
        var conversation = Conversation(messages: messages)
        if let tools = try fields.list("tools"), !tools.isEmpty { conversation.tools = tools.map { JSONTree($0) } }
        conversation.continuesFinalMessage = try fields.bool("continue_final_message") ?? false
        let adds = try fields.bool("add_generation_prompt")
        if conversation.continuesFinalMessage, adds == true {
            throw .invalid("“continue_final_message” and “add_generation_prompt” cannot both be true", param: "add_generation_prompt")
        }
        conversation.addsGenerationPrompt = adds ?? !conversation.continuesFinalMessage
        for (name, value) in try fields.object("chat_template_kwargs") ?? [:] { conversation.extra[name] = JSONTree(value) }
        return conversation
    }

    /// `/v1/chat/completions`.
    func chat(_ fields: RequestFields, to sink: Sink) async throws {
        let (hosted, strategy) = try model(of: fields)
        var settings = try GenerationSettings(fields, for: hosted, limits: limits, limitFields: ["max_completion_tokens", "max_tokens"])
        if settings.limit == 0 { throw ServerRefusal.invalid("An answer of 0 tokens was asked for; expected 1 or more", param: "max_tokens") }
        let top = try fields.int("top_logprobs", in: 0...limits.topLogProbs)
        if try fields.bool("logprobs") ?? false {
            settings.topLogProbs = top ?? 0
        } else if top ?? 0 > 0 {
            throw ServerRefusal.invalid("“top_logprobs” needs “logprobs” to be true", param: "top_logprobs")
        }
        let conversation = try conversation(fields)
        let prompt: [TokenID]
        do { prompt = try hosted.prompt.tokens(of: conversation, with: hosted.tokenizer) } catch let error as TextError {
            throw ServerRefusal.invalid(error.description, param: "messages")
        }
        let generation = try generation(hosted, strategy, [prompt], settings, usualLimit: nil)
        let shape = ChatShape(
            id: name("chatcmpl-"), created: unixSeconds(), model: try fields.string("model") ?? hosted.name, hosted: hosted, settings: settings,
            prompt: prompt)
        try await admission.run {
            if settings.streams {
                // What fails before the first token is told by the status.
                var isOpen = false
                let usage = try await generation.run { part in
                    if !isOpen {
                        isOpen = true
                        sink.yield(.events)
                        for choice in 0..<settings.choices { sink.yield(.event(shape.opening(of: choice))) }
                    }
                    for event in shape.events(of: part) { sink.yield(.event(event)) }
                }
                if settings.includesUsage { sink.yield(.event(shape.closing(usage))) }
                sink.yield(.done)
            } else {
                var choices = [ChoiceSoFar](repeating: ChoiceSoFar(), count: settings.choices)
                let usage = try await generation.run { choices[$0.choice].add($0) }
                sink.yield(.whole(status: 200, shape.whole(choices, usage)))
            }
        }
    }

    /// The work of a request, checked against the limits.
    func generation(
        _ hosted: HostedModel, _ strategy: SearchStrategy?, _ prompts: [[TokenID]], _ settings: GenerationSettings, usualLimit: Int?
    ) throws(ServerRefusal) -> Generation {
        let (samples, isTooMany) = (prompts.count * settings.choices).multipliedReportingOverflow(by: strategy?.candidates ?? 1)
        guard !isTooMany, samples <= limits.samples else {
            throw .invalid(
                "\(prompts.count) prompts with \(settings.choices) choices of \(strategy?.candidates ?? 1) candidates were asked for; this server draws up "
                    + "to \(limits.samples) answers for one request", param: "n")
        }
        var most: [Int] = []
        for prompt in prompts { most.append(try settings.limit(afterPrompt: prompt.count, default: usualLimit, of: hosted, limits: limits)) }
        return Generation(
            hosted: hosted, strategy: strategy, prompts: prompts, settings: settings, limits: most, seed: settings.seed ?? seeds().child("sampling"))
    }
}
