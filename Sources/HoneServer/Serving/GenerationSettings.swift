import HoneCore

/// What a request says about the answers it wants, beside its prompt.
struct GenerationSettings {
    /// Choices of each prompt.
    var choices = 1
    var seed: Seed?
    var temperature: Double
    var topP: Double
    var topK: Int
    /// The most tokens of an answer, when the request says so.
    var limit: Int?
    var stops: [String] = []
    var keepsStopText = false
    var streams = false
    var includesUsage = false
    var returnsTokenIDs = false
    /// How many likeliest tokens are told beside each drawn one; nil when no log-probabilities are wanted.
    var topLogProbs: Int?

    /// What both routes have in common; defaults of the sampling are those of the model.
    init(_ fields: RequestFields, for hosted: HostedModel, limits: ServerLimits, limitFields: [String]) throws(ServerRefusal) {
        choices = try fields.int("n", in: 1...limits.choices) ?? 1
        seed = try fields.int("seed", in: Int.min...Int.max).map { Seed(UInt64(bitPattern: Int64($0))) }
        temperature = try fields.double("temperature", in: 0...100) ?? hosted.sampling.temperature
        topP = try fields.double("top_p", in: 0...1) ?? hosted.sampling.topP
        guard topP > 0 else { throw .invalid("“top_p” is 0; expected a number above 0 and at most 1", param: "top_p") }
        // -1 stands for all tokens with vLLM, 0 with others.
        topK = max(0, try fields.int("top_k", in: -1...Int(Int32.max)) ?? hosted.sampling.topK)
        for name in limitFields {
            if let limit = try fields.int(name, in: 0...limits.outputTokens) {
                self.limit = limit
                break
            }
        }
        stops = try fields.strings("stop") ?? []
        guard stops.count <= limits.stops else { throw .invalid("“stop” has \(stops.count) texts; at most \(limits.stops) are taken", param: "stop") }
        for stop in stops where stop.isEmpty || stop.utf8.count > 1024 {
            throw .invalid("“stop” holds a text of \(stop.utf8.count) bytes; expected 1 to 1024", param: "stop")
        }
        keepsStopText = try fields.bool("include_stop_str_in_output") ?? false
        streams = try fields.bool("stream") ?? false
        let options = try fields.object("stream_options")
        if let options {
            guard streams else { throw .invalid("“stream_options” needs “stream” to be true", param: "stream_options") }
            includesUsage = try RequestFields(options).bool("include_usage") ?? false
        }
        returnsTokenIDs = try fields.bool("return_token_ids") ?? false
        try Self.refuseUnsupported(fields)
    }

    /// Settings that would change the answer and that this server does not know are refused where they say anything: an answer that
    /// silently is another one helps nobody.
    private static func refuseUnsupported(_ fields: RequestFields) throws(ServerRefusal) {
        func refuse(_ name: String, _ hint: String = "") -> ServerRefusal {
            .invalid("This server does not support “\(name)”\(hint)", param: name, code: "unsupported_parameter")
        }
        for (name, neutral) in [("frequency_penalty", 0.0), ("presence_penalty", 0), ("min_p", 0), ("repetition_penalty", 1)] {
            if let number = try fields.double(name, in: -1000...1000), number != neutral { throw refuse(name) }
        }
        if let bias = try fields.object("logit_bias"), !bias.isEmpty { throw refuse("logit_bias") }
        if let best = try fields.int("best_of", in: 1...Int.max), best != (try fields.int("n", in: 1...Int.max) ?? 1) {
            throw refuse("best_of", "; ask for the model “name@best-of-\(best)”")
        }
        if let format = try fields.object("response_format"), let kind = format["type"]?.text, kind != "text" {
            throw refuse("response_format", " other than text")
        }
        if let suffix = try fields.string("suffix"), !suffix.isEmpty { throw refuse("suffix") }
        if let choice = fields.value("tool_choice"), choice != .string("auto"), choice != .string("none") {
            throw refuse("tool_choice", " other than “auto” and “none”")
        }
    }

    /// How many tokens an answer to a prompt may have.
    func limit(afterPrompt count: Int, default usual: Int?, of hosted: HostedModel, limits: ServerLimits) throws(ServerRefusal) -> Int {
        guard count <= limits.promptTokens else {
            throw .invalid(
                "The prompt has \(count) tokens; this server takes up to \(limits.promptTokens)", param: "prompt", code: "context_length_exceeded")
        }
        let room = hosted.contextLength - count
        let wanted = limit ?? usual.map { min($0, max(1, room)) } ?? min(max(1, room), limits.outputTokens)
        guard wanted <= room else {
            throw .invalid(
                "The context of “\(hosted.name)” holds \(hosted.contextLength) tokens; the prompt has \(count) and the answer may have \(wanted): "
                    + "shorten the prompt or ask for fewer tokens", param: "messages", code: "context_length_exceeded")
        }
        return wanted
    }
}
