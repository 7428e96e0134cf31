import CTorch
import HoneCore
import HoneText

/// Continuous batching on one copy of the weights: rows wait, share or take a slot, advance by a token a tick, and leave.
///
/// Rows that have drawn the same behind the same prompt are computed once, until they part. What a row draws depends on its prompt, sampling
/// and key only; who shares with whom and the order of admission change the speed alone.
final class DecodingQueue {
    let decoder: any Decoder
    let tokenizer: any Tokenizer
    let ends: Set<TokenID>
    /// Whether the weights have changed since the decoder took them over.
    var isStale = true
    /// Tokens that went through the decoder.
    private(set) var computedTokens = 0
    private var waiting: [SampleRow] = []
    private var nextWaiting = 0
    private var active: [RowBundle] = []
    private var freeSlots: [Int32]
    /// How many rows may be active: all could part, and then each needs a slot.
    private let capacity: Int
    private var prompts: [[TokenID]: SharedPrompt] = [:]
    /// Slots that nobody uses and that still hold a prompt, the one that was left first in front: whoever comes with the same prompt goes on
    /// from there, and a slot that is needed is taken from the front.
    private var rested: [(slot: Int32, prompt: SharedPrompt)] = []

    // Buffers of a tick, kept to save allocations.
    var logits: [Float] = []
    private var slots: [Int32] = []
    private var positions: [Int32] = []
    private var tokens: [Int32] = []
    private var outRows: [Int32] = []

    /// Prompt tokens computed in one tick; more wait for the next one.
    private static let prefillLimit = 4096

    /// A queue before a decoder of `count` slots.
    init(_ decoder: any Decoder, slots count: Int, tokenizer: any Tokenizer) {
        self.decoder = decoder
        self.tokenizer = tokenizer
        ends = Set(tokenizer.stopTokens + [tokenizer.endOfText])
        freeSlots = (0..<Int32(count)).reversed()
        capacity = count
    }

    var hasWork: Bool { !active.isEmpty || nextWaiting < waiting.count }
    var hasActive: Bool { !active.isEmpty }
    var activeCount: Int { active.reduce(0) { $0 + $1.rows.count } }

    /// The prompt shared with all rows that have the same tokens.
    func prompt(_ tokens: [TokenID]) -> SharedPrompt {
        if let known = prompts[tokens] { return known }
        let made = SharedPrompt(tokens)
        prompts[tokens] = made
        return made
    }

    func add(_ row: SampleRow) {
        row.prompt.users += 1
        waiting.append(row)
    }

    /// Takes the rows of a call out, wherever they are.
    func remove(call: Int) {
        for bundle in active { leave(bundle, bundle.rows.filter { $0.call == call }) }
        active.removeAll { $0.rows.isEmpty }
        let left = waiting[nextWaiting...].filter { $0.call != call }
        for row in waiting[nextWaiting...] where row.call == call { forget(row.prompt) }
        waiting = Array(left)
        nextWaiting = 0
    }

    /// Lets rows leave their bundle; with the last one its slot is free, or rests where nobody else holds the prompt.
    private func leave(_ bundle: RowBundle, _ gone: [SampleRow]) {
        guard !gone.isEmpty else { return }
        bundle.rows.removeAll { row in gone.contains { $0 === row } }
        if bundle.rows.isEmpty {
            if bundle.prompt.slots == [bundle.slot] {
                rested.append((bundle.slot, bundle.prompt))
            } else {
                bundle.prompt.slots.removeAll { $0 == bundle.slot }
                freeSlots.append(bundle.slot)
            }
        }
        for row in gone { forget(row.prompt) }
    }

    private func forget(_ prompt: SharedPrompt) {
        prompt.users -= 1
        drop(prompt)
    }

    /// Lets a prompt go that nobody uses and no slot holds.
    private func drop(_ prompt: SharedPrompt) {
        if prompt.users == 0, prompt.slots.isEmpty { prompts[prompt.tokens] = nil }
    }

    /// Takes over the weights; what slots held was computed with the old ones.
    func load(_ network: Network) throws {
        try decoder.load(network)
        for (slot, prompt) in rested {
            prompt.slots = []
            freeSlots.append(slot)
            drop(prompt)
        }
        rested.removeAll()
        isStale = false
    }

    /// A slot: the one that holds the prompt and nobody uses, else an empty one, else the one left longest ago.
    private func slot(for prompt: SharedPrompt?) -> Int32? {
        if let prompt, let place = rested.firstIndex(where: { $0.prompt === prompt }) { return rested.remove(at: place).slot }
        if let slot = freeSlots.popLast() { return slot }
        guard !rested.isEmpty else { return nil }
        let (slot, other) = rested.removeFirst()
        other.slots = []
        drop(other)
        return slot
    }

    /// One token for every row that has a slot; gives the rows that ended, and those whose logits were not finite.
    ///
    /// Without `admitting`, waiting rows get no slot: they wait for other weights.
    func tick(admitting: Bool) throws -> (finished: [SampleRow], failed: [(row: SampleRow, error: ModelError)]) {
        slots.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        outRows.removeAll(keepingCapacity: true)
        for bundle in active {
            outRows.append(Int32(tokens.count))
            slots.append(bundle.slot)
            positions.append(Int32(bundle.length - 1))
            tokens.append(bundle.newest)
        }
        var sampled = active
        if admitting { try admit(&sampled) }
        guard !sampled.isEmpty else { return ([], []) }
        let rows = sampled.flatMap(\.rows)
        let vocabulary = decoder.shape.vocabulary
        if logits.count < rows.count * vocabulary { logits = [Float](repeating: 0, count: rows.count * vocabulary) }
        try logits.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            try decoder.step(slot: slots, position: positions, token: tokens, outRows: outRows, logits: base)
            computedTokens += tokens.count
            // Each row draws from its bundle's logits; from the back, so that nothing is overwritten before it was copied.
            var place = rows.count
            for (index, bundle) in sampled.enumerated().reversed() {
                for _ in bundle.rows {
                    place -= 1
                    guard place != index else { continue }
                    base.advanced(by: place * vocabulary).update(from: base.advanced(by: index * vocabulary), count: vocabulary)
                }
            }
        }
        let failed = sample(rows)
        let broken = Set(failed.map { ObjectIdentifier($0.row) })
        var finished: [SampleRow] = []
        active.removeAll(keepingCapacity: true)
        for bundle in sampled {
            finished += bundle.rows.filter { $0.finish != nil && !broken.contains(ObjectIdentifier($0)) }
            leave(bundle, bundle.rows.filter { $0.finish != nil || broken.contains(ObjectIdentifier($0)) })
            if !bundle.rows.isEmpty { active += [bundle] + (try part(bundle)) }
        }
        return (finished, failed)
    }

    /// Rows that drew something else than the first one leave the bundle for bundles of their own, with copies of the slot.
    private func part(_ bundle: RowBundle) throws -> [RowBundle] {
        let kept = bundle.newest
        var others: [RowBundle] = []
        for row in bundle.rows where row.tokens.last != kept {
            if let known = others.first(where: { $0.newest == row.tokens.last }) {
                known.rows.append(row)
                continue
            }
            guard let slot = slot(for: nil) else { throw ModelError("There is no slot left for a row; this is a mistake of the program") }
            // The newest token has not been computed yet.
            try decoder.copy(from: bundle.slot, to: slot, length: bundle.prompt.tokens.count + row.tokens.count - 1)
            bundle.prompt.slots.append(slot)
            others.append(RowBundle(bundle.prompt, slot: slot, rows: [row]))
        }
        if !others.isEmpty { bundle.rows.removeAll { $0.tokens.last != kept } }
        return others
    }

    /// Gives waiting rows slots, in order. A prompt is computed once: rows that come with it share its slot, and rows that come later copy it
    /// and compute its last token again.
    private func admit(_ sampled: inout [RowBundle]) throws {
        var leaders: [ObjectIdentifier: RowBundle] = [:]
        var prefilled = 0
        var count = activeCount
        while nextWaiting < waiting.count, count < capacity {
            let row = waiting[nextWaiting]
            let prompt = row.prompt
            let length = prompt.tokens.count
            if let leader = leaders[ObjectIdentifier(prompt)] {
                leader.rows.append(row)
            } else {
                if prompt.slots.isEmpty, prefilled > 0, prefilled + length > Self.prefillLimit { break }
                guard let slot = slot(for: prompt) else { break }
                if let source = prompt.slots.first {
                    if length > 1, source != slot { try decoder.copy(from: source, to: slot, length: length - 1) }
                    slots.append(slot)
                    positions.append(Int32(length - 1))
                    tokens.append(prompt.tokens[length - 1])
                    if source != slot { prompt.slots.append(slot) }
                } else {
                    prefilled += length
                    for (position, token) in prompt.tokens.enumerated() {
                        slots.append(slot)
                        positions.append(Int32(position))
                        tokens.append(token)
                    }
                    prompt.slots.append(slot)
                }
                outRows.append(Int32(tokens.count - 1))
                let bundle = RowBundle(prompt, slot: slot, rows: [row])
                leaders[ObjectIdentifier(prompt)] = bundle
                sampled.append(bundle)
            }
            count += 1
            nextWaiting += 1
        }
        if nextWaiting == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            nextWaiting = 0
        }
    }
}
