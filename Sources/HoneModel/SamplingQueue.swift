import HoneCore

/// Samples that are waiting or being drawn.
struct SamplingQueue {
    /// One sample of one request.
    final class Row {
        let request: Int
        let sample: Int
        let prompt: [TokenID]
        let sampling: Sampling
        let key: UInt64
        let stops: [[UInt8]]
        var tokens: [TokenID] = []
        var logProbs: [Float] = []
        var entropies: [Float] = []
        /// The end of the text so far, long enough to hold the longest stop text.
        var tail: [UInt8] = []
        var slot: Int32 = -1
        var finish: Completion.Finish?

        init(request: Int, sample: Int, prompt: [TokenID], sampling: Sampling, key: UInt64) {
            self.request = request
            self.sample = sample
            self.prompt = prompt
            self.sampling = sampling
            self.key = key
            stops = sampling.stop.map { Array($0.utf8) }.filter { !$0.isEmpty }
        }
    }

    /// A request whose samples are not all there yet.
    struct Pending {
        var context: Transcript
        var rows: [Row]
        var missing: Int
        var computedTokens: Int
        var continuation: CheckedContinuation<Completion, any Error>
    }

    var waiting: [Row] = []
    var running: [Row] = []
    var freeSlots: [Int32] = []
    var pending: [Int: Pending] = [:]
    var nextRequest = 0

    var isEmpty: Bool { waiting.isEmpty && running.isEmpty }
}
