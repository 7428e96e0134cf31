import HoneCore

/// Makes samples of an endpoint's choices.
struct ChoiceReading: Sendable {
    let ref: ModelRef
    let author: Role?
    let stop: StopTexts
    /// Whether reported log-probabilities are those with which the sampler drew.
    let trustsLogProbs: Bool

    /// The sample of a choice; answers that are no completion are faults.
    func sample(_ choice: EndpointReply.Choice, update: Int) throws(EndpointFault) -> Completion.Sample {
        switch choice.finish {
        case .contentFilter:
            throw EndpointFault(.contentFiltered, "the server's filter cut answer \(choice.index) off; half an answer is not taken for a whole one")
        case .toolCalls:
            let names = choice.toolCalls.map(\.name).joined(separator: ", ")
            throw EndpointFault(.toolCallsReturned, "answer \(choice.index) asks for tools (\(names.prefix(80))) that were not offered")
        case .stop, .length: break
        }
        if let refusal = choice.refusal, choice.text.isEmpty {
            throw EndpointFault(.contentFiltered, "the model declined answer \(choice.index): \(ServerMessage(.string(refusal)).quoted)")
        }
        if let ids = choice.tokenIDs, let entries = choice.logProbs, ids.count != entries.count {
            throw EndpointFault(
                .tokenMismatch, "answer \(choice.index) has \(ids.count) token ids and \(entries.count) log-probabilities; expected as many")
        }
        var text = choice.text
        var finish: Completion.Finish = choice.finish == .length ? .length : .stop
        var ids = choice.tokenIDs
        var entries = choice.logProbs
        switch stop {
        case .none, .keptByServer: break
        case .toldByServer: if finish == .stop, case .text(let own) = choice.stopReason { text += own }
        case .assumed(let own): if finish == .stop, !text.hasSuffix(own) { text += own }
        case .cutHere(let texts):
            if let end = StopTexts.end(of: texts, in: text) {
                finish = .stop
                (text, ids, entries) = Self.cut(text, ids, entries, at: end)
            }
        }
        let content: Segment.Content = ids.map { .tokens($0, text: text) } ?? .text(text)
        let known = ids == nil || !trustsLogProbs ? nil : entries?.compactMap { $0.logProb.map(Float.init) }
        return Completion.Sample(
            segments: [
                Segment(
                    origin: .model(ref, update: update), author: author, content: content,
                    samplerLogProbs: known?.count == ids?.count ? known : nil, isTrained: true)
            ], finish: finish)
    }

    /// The text up to a place in its UTF-8, with its tokens, where the bytes of each are known: then whole tokens are kept, the
    /// one that completes the stop text as it is, as it was drawn. Without those bytes the tokens are given up.
    private static func cut(
        _ text: String, _ ids: [TokenID]?, _ entries: [TokenLogProb]?, at end: Int
    ) -> (String, [TokenID]?, [TokenLogProb]?) {
        let short = String(decoding: Array(text.utf8).prefix(end), as: UTF8.self)
        guard let ids, let entries else { return (short, nil, nil) }
        var bytes: [UInt8] = []
        for (count, entry) in entries.enumerated() {
            if bytes.count >= end {
                guard let whole = String(validating: bytes, as: UTF8.self), text.hasPrefix(whole) else { break }
                return (whole, Array(ids.prefix(count)), Array(entries.prefix(count)))
            }
            guard let own = entry.bytes else { break }
            bytes += own
        }
        if bytes.count >= end, String(validating: bytes, as: UTF8.self) == text { return (text, ids, entries) }
        return (short, nil, nil)
    }
}
