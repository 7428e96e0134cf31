import HoneCore
import Synchronization

/// Services with one model at most; counts what is charged.
final class BareServices: Services {
    private let language: (any Model)?
    private let meter = Mutex<[Cost]>([])

    init(model: (any Model)? = nil) { language = model }

    var charges: [Cost] { meter.withLock { $0 } }
    var scope: Scope { Scope(services: self, seed: Seed(1), path: "test") }

    func model(_ ref: ModelRef) throws -> any Model {
        guard let language, ref.name == "policy" else { throw CoreError.unknown(kind: "model", name: ref.name.text, known: ["policy"]) }
        return language
    }
    func world(_ name: WorldName) throws -> any World { throw CoreError.unknown(kind: "world", name: name.text, known: []) }
    func memory(_ name: MemoryName) throws -> any Memory { throw CoreError.unknown(kind: "memory", name: name.text, known: []) }
    func policy(_ name: PolicyName) throws -> any Policy { throw CoreError.unknown(kind: "policy", name: name.text, known: []) }
    func search(_ name: SearchName) throws -> any SearchMethod { throw CoreError.unknown(kind: "search", name: name.text, known: []) }
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { throw CoreError.unsupported("cannot play") }
    func charge(_ cost: Cost) { meter.withLock { $0.append(cost) } }
}

/// Completes every request with tokens 1, 2, … as many as the sampling's limit allows.
struct CountingModel: Model {
    let abilities: Set<HoneCore.Trait> = [.tokens]

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        requests.map { request in
            let sample = Completion.Sample(
                segments: [
                    Segment(origin: .model("policy", update: 0), content: .tokens(Array(1...TokenID(request.sampling.limit)), text: "a")),
                    .text("not sampled", from: .tool),
                ], finish: .length)
            return Completion(context: request.context, samples: [Completion.Sample](repeating: sample, count: request.count))
        }
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        guard quantity == .logProbs else { throw CoreError.unsupported("log-probabilities only") }
        return transcripts.map { Scores(values: [Float](repeating: -1, count: max(0, ($0.tokens?.count ?? 0) - 1)), shape: [0]) }
    }
}

/// A segment of these tokens.
func spelled(_ tokens: [TokenID], _ text: String = "") -> Segment { Segment(origin: .prompt, content: .tokens(tokens, text: text)) }
