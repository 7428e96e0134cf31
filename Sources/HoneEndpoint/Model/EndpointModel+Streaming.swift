import HoneCore

extension EndpointModel {
    /// One answer, whose text is told as it comes where the server streams, and at once where not.
    ///
    /// The words of an answer that broke off in the middle have been told; the fault says that they are not all.
    public func tell(
        _ context: Transcript, sampling: Sampling, seed: Seed, onText: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let request = Completion.Request(context: context, sampling: sampling, seed: seed)
        guard let client = source as? EndpointClient, capabilities.stream != .no, let call = try calls(of: request).first else {
            let text = try await complete([request]).first?.samples.first?.segments.text ?? ""
            onText(text)
            return text
        }
        var wire = call.request
        wire.isStreamed = true
        let reply = try await client.reply(to: wire, seed: call.seed, by: ServedModel(settings.model)) { onText($0.text) }
        return reply.choices.first?.text ?? ""
    }
}
