import HoneCore
import HoneText

/// A prompt that several rows may share: its tokens, and the slots that hold it now.
final class SharedPrompt {
    let tokens: [TokenID]
    /// Slots whose first tokens are the prompt, in the order in which they were filled.
    var slots: [Int32] = []
    /// Rows, waiting or active, that use it.
    var users = 0

    init(_ tokens: [TokenID]) { self.tokens = tokens }
}

/// Rows that have drawn the same tokens behind the same prompt: one slot and one computation serve them all.
final class RowBundle {
    let prompt: SharedPrompt
    let slot: Int32
    /// Never empty while the bundle is active.
    var rows: [SampleRow]

    init(_ prompt: SharedPrompt, slot: Int32, rows: [SampleRow]) {
        self.prompt = prompt
        self.slot = slot
        self.rows = rows
    }

    /// How many tokens there are, the prompt's and those drawn.
    var length: Int { prompt.tokens.count + (rows.first?.tokens.count ?? 0) }
    /// The token that was drawn last; the prompt's last before that.
    var newest: TokenID { rows.first?.tokens.last ?? prompt.tokens[prompt.tokens.count - 1] }
}

/// One sample being drawn: everything its result depends on, and what was drawn so far.
final class SampleRow {
    /// The call it belongs to.
    let call: Int
    let prompt: SharedPrompt
    let sampling: Sampling
    /// The key of its random numbers; the counter is the index of the token.
    let key: UInt64
    /// The bytes of the stop texts.
    let stops: [[UInt8]]
    /// The most tokens it may have: its limit, or what the context leaves.
    let limit: Int

    var tokens: [TokenID] = []
    var logProbs: [Float] = []
    var entropies: [Float] = []
    var finish: Completion.Finish?
    /// Hears each token as it is drawn.
    var listener: RowListener?
    /// The last bytes drawn, as many as a stop text may need.
    private var tail: [UInt8] = []

    init(call: Int, prompt: SharedPrompt, sampling: Sampling, key: UInt64, limit: Int) {
        self.call = call
        self.prompt = prompt
        self.sampling = sampling
        self.key = key
        self.limit = limit
        stops = sampling.stop.map { Array($0.utf8) }.filter { !$0.isEmpty }
        tokens.reserveCapacity(limit)
        logProbs.reserveCapacity(limit)
        entropies.reserveCapacity(limit)
    }

    /// Takes a drawn token and finds out whether it ends the sample.
    func take(_ token: TokenID, logProb: Float, entropy: Float, tokenizer: any Tokenizer, ends: Set<TokenID>) {
        tokens.append(token)
        logProbs.append(logProb)
        entropies.append(entropy)
        if ends.contains(token) {
            finish = .stop
        } else if !stops.isEmpty, completesStop(tokenizer.bytes(of: token)) {
            finish = .stop
        } else if tokens.count >= limit {
            finish = .length
        }
    }

    private func completesStop(_ bytes: [UInt8]) -> Bool {
        tail += bytes
        let longest = stops.reduce(0) { max($0, $1.count) }
        for stop in stops where tail.count >= stop.count {
            let first = max(0, tail.count - bytes.count - stop.count + 1)
            for start in first...(max(first, tail.count - stop.count)) where start + stop.count <= tail.count {
                if tail[start..<start + stop.count].elementsEqual(stop) { return true }
            }
        }
        if tail.count >= longest { tail.removeFirst(tail.count - longest + 1) }
        return false
    }
}
