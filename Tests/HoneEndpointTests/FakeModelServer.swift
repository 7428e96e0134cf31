import Foundation
import HoneCore
import Synchronization

/// What a made-up model server honours; all else it ignores, as real servers do.
struct FakeAbilities: Sendable {
    enum Stop: Sendable { case ignored, leftOut, told, kept }
    enum Echo: Sendable { case none, alone, andOne }

    var chat = true
    var completions = false
    var system = true
    var n = false
    var logProbs = false
    var stop = Stop.leftOut
    var seed = true
    var tokenIDs = false
    var tokenPrompts = false
    /// Whether an unknown `top_k` is refused, as OpenAI does.
    var refusesTopK = false
    var stream = true
    var usage = true
    var continues = false
    var echo = Echo.none
    var promptLogProbs = false
    /// Whether only `max_completion_tokens` is taken.
    var wantsNewLimit = false
    var adapters = false

    /// All that OpenAI's interface and vLLM's additions have.
    static let everything: FakeAbilities = {
        var all = FakeAbilities()
        (all.completions, all.n, all.logProbs, all.tokenIDs, all.tokenPrompts, all.continues) = (true, true, true, true, true, true)
        (all.stop, all.echo, all.promptLogProbs, all.adapters) = (.kept, .alone, true, true)
        return all
    }()
}

/// A server whose model is a rule: tokens are bytes, byte b has the log-probability −b/256, greedy answers are always the same
/// text, others are drawn by the seed from a few words.
final class FakeModelServer: Sendable {
    static let greedy = "four, five, six, seven, eight, nine."
    private let abilities: FakeAbilities
    private let calls = Mutex(0)
    private let adapters = Mutex<[String]>([])

    init(_ abilities: FakeAbilities = FakeAbilities()) { self.abilities = abilities }

    var loaded: [String] { adapters.withLock { $0 } }

    static func refusal(_ text: String, status: String = "400 Bad Request") -> [Act] {
        Spelled.answer(#"{"error":{"message":\#(JSONValue.string(text).canonical)}}"#, status: status)
    }

    /// The script for a `FaultyServer`.
    func answer(_ request: Received) -> [Act] {
        switch request.path {
        case "/v1/models": return Spelled.answer(#"{"data":[{"id":"m"},{"id":"other"}]}"#)
        case "/v1/chat/completions" where abilities.chat: return complete(request.json, isChat: true)
        case "/v1/completions" where abilities.completions: return complete(request.json, isChat: false)
        case "/v1/load_lora_adapter" where abilities.adapters:
            adapters.withLock { $0.append(request.json["lora_name"]?.text ?? "") }
            return Spelled.answer("Success: LoRA adapter added", type: "text/plain")
        case "/v1/unload_lora_adapter" where abilities.adapters:
            adapters.withLock { all in all.removeAll { $0 == request.json["lora_name"]?.text } }
            return Spelled.answer("Success", type: "text/plain")
        default: return Self.refusal("Not Found", status: "404 Not Found")
        }
    }

    private func complete(_ body: JSONValue, isChat: Bool) -> [Act] {
        if abilities.wantsNewLimit, body["max_tokens"] != nil { return Self.refusal("Unsupported parameter: use max_completion_tokens instead") }
        if abilities.refusesTopK, body["top_k"] != nil { return Self.refusal("Unrecognized request argument: top_k") }
        let messages = body["messages"]?.elements ?? []
        if !abilities.system, messages.contains(where: { $0["role"]?.text == "system" }) { return Self.refusal("System role not supported") }
        var prompt = messages.map { "<\($0["role"]?.text ?? "")>\($0["content"]?.text ?? "")" }.joined()
        if isChat, !(abilities.continues && body["continue_final_message"] != nil) { prompt += "<assistant>" }
        if !isChat {
            if let tokens = body["prompt"]?.elements {
                guard abilities.tokenPrompts else { return Self.refusal("prompt must be a string") }
                prompt = String(decoding: tokens.compactMap { $0.int.flatMap(UInt8.init(exactly:)) }, as: UTF8.self)
            } else {
                prompt = body["prompt"]?.text ?? ""
            }
        }
        let count = abilities.n ? body["n"]?.int ?? 1 : 1
        let limit = (abilities.wantsNewLimit ? body["max_completion_tokens"] : body["max_tokens"])?.int ?? 64
        if limit == 0, abilities.echo == .andOne { return Self.refusal("max_tokens must be at least 1") }
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        var choices: [String] = []
        var sampled = 0
        for index in 0..<count {
            let (text, finish, reason) = self.text(body, prompt, index, number, limit: limit)
            sampled += text.utf8.count
            choices.append(choice(body, prompt, index, text, finish, reason, isChat: isChat))
        }
        let usage = #"{"prompt_tokens":\#(prompt.utf8.count),"completion_tokens":\#(sampled)}"#
        let tail = abilities.usage ? #","usage":\#(usage)"# : ""
        if abilities.stream, body["stream"] == .bool(true) {
            let events = choices + (abilities.usage ? [#"{"choices":[],"usage":\#(usage)}"#] : [])
            return Spelled.stream(
                events.map {
                    $0.hasPrefix(#"{"choices"#) ? $0 : #"{"choices":[\#($0.replacingOccurrences(of: #""message":"#, with: #""delta":"#))]}"#
                } + ["[DONE]"])
        }
        return Spelled.answer(#"{"model":"m","choices":[\#(choices.joined(separator: ","))]\#(tail)}"#)
    }

    /// What the model says, why it ended, and which stop text ended it.
    private func text(_ body: JSONValue, _ prompt: String, _ index: Int, _ number: Int, limit: Int) -> (String, String, String?) {
        var text = Self.greedy
        if (body["temperature"]?.double ?? 1) > 0 {
            let key = abilities.seed ? body["seed"]?.int ?? 0 : number
            var generator = Seed(UInt64(key)).child(prompt, index).generator
            text = (0..<6).map { _ in ["ja", "nein", "vielleicht", "immer", "nie"][generator.integer(in: 0...4)] }.joined(separator: " ")
        }
        let stops = abilities.stop == .ignored ? [] : body["stop"]?.elements?.compactMap(\.text) ?? []
        let found = stops.compactMap { stop in text.range(of: stop).map { (stop, $0) } }.min { $0.1.upperBound < $1.1.upperBound }
        if let (stop, range) = found {
            let isKept = abilities.stop == .kept && body["include_stop_str_in_output"] == .bool(true)
            let short = String(text[..<(isKept ? range.upperBound : range.lowerBound)])
            if short.utf8.count <= limit { return (short, "stop", abilities.stop == .leftOut ? nil : stop) }
        }
        let bytes = Array(text.utf8)
        return bytes.count > limit ? (String(decoding: bytes.prefix(limit), as: UTF8.self), "length", nil) : (text, "stop", nil)
    }

    private func choice(
        _ body: JSONValue, _ prompt: String, _ index: Int, _ text: String, _ finish: String, _ reason: String?, isChat: Bool
    ) -> String {
        let echoes = !isChat && abilities.echo != .none && body["echo"] == .bool(true)
        let all = echoes ? prompt + text : text
        let spelled = JSONValue.string(all).canonical
        var members = [#""index":\#(index)"#, #""finish_reason":"\#(finish)""#]
        members.append(isChat ? #""message":{"role":"assistant","content":\#(spelled)}"# : #""text":\#(spelled)"#)
        if let reason { members.append(#""stop_reason":\#(JSONValue.string(reason).canonical)"#) }
        if abilities.tokenIDs, body["return_token_ids"] == .bool(true) {
            members.append(#""token_ids":[\#(text.utf8.map(String.init).joined(separator: ","))]"#)
            members.append(#""prompt_token_ids":[\#(prompt.utf8.map(String.init).joined(separator: ","))]"#)
        }
        if abilities.logProbs, isChat, body["logprobs"] == .bool(true) {
            let entries = text.utf8.map { #"{"token":"b\#($0)","logprob":\#(-Double($0) / 256),"bytes":[\#($0)],"top_logprobs":[]}"# }
            members.append(#""logprobs":{"content":[\#(entries.joined(separator: ","))]}"#)
        }
        if abilities.logProbs, !isChat, body["logprobs"] != nil {
            let bytes = Array(all.utf8)
            let tokens = bytes.map { #""b\#($0)""# }.joined(separator: ",")
            let numbers = bytes.enumerated().map { echoes && $0 == 0 ? "null" : "\(-Double($1) / 256)" }.joined(separator: ",")
            members.append(#""logprobs":{"tokens":[\#(tokens)],"token_logprobs":[\#(numbers)]}"#)
        }
        if abilities.promptLogProbs, body["prompt_logprobs"] != nil {
            let entries = prompt.utf8.enumerated().map { $0 == 0 ? "null" : #"{"\#($1)":{"logprob":\#(-Double($1) / 256)}}"# }
            members.append(#""prompt_logprobs":[\#(entries.joined(separator: ","))]"#)
        }
        return "{\(members.joined(separator: ","))}"
    }
}

/// A server with the made-up model, stopped at the end of the work.
func withModelServer<T>(_ abilities: FakeAbilities = FakeAbilities(), _ work: (FaultyServer, FakeModelServer) async throws -> T) async throws -> T {
    let fake = FakeModelServer(abilities)
    let server = FaultyServer(fake.answer)
    defer { server.stop() }
    return try await work(server, fake)
}
