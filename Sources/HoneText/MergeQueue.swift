import HoneCore

/// Merges neighbouring tokens in the order of their ranks, the leftmost of equal rank first.
struct MergeScratch {
    private var ranks: [Int32] = []
    private var results: [TokenID] = []

    /// Merges in place; `lengths` are those of the tokens in bytes.
    ///
    /// Short words are searched again and again, long ones go through a queue in time n log n; both give the result of
    /// merging one pair after the other.
    mutating func merge(_ tokens: inout [TokenID], lengths: inout [Int32], pairs: PairTable) {
        if tokens.count > 48 { return MergeQueue.merge(&tokens, lengths: &lengths, pairs: pairs) }
        guard tokens.count > 1 else { return }
        ranks.removeAll(keepingCapacity: true)
        results.removeAll(keepingCapacity: true)
        for index in 0..<(tokens.count - 1) {
            let entry = pairs.find(tokens[index], tokens[index + 1])
            ranks.append(entry?.rank ?? .max)
            results.append(entry?.result ?? 0)
        }
        while let best = ranks.indices.min(by: { ranks[$0] < ranks[$1] }), ranks[best] != .max {
            tokens[best] = results[best]
            lengths[best] += lengths[best + 1]
            tokens.remove(at: best + 1)
            lengths.remove(at: best + 1)
            ranks.remove(at: best)
            results.remove(at: best)
            for place in [best - 1, best] where place >= 0 && place < ranks.count {
                let entry = pairs.find(tokens[place], tokens[place + 1])
                ranks[place] = entry?.rank ?? .max
                results[place] = entry?.result ?? 0
            }
        }
    }
}

/// Merges long words in time n log n, with the result of merging one pair after the other.
enum MergeQueue {
    private struct Candidate: Comparable {
        let rank: Int32
        let position: Int32
        let left: TokenID
        let right: TokenID
        let result: TokenID

        static func < (a: Candidate, b: Candidate) -> Bool { a.rank != b.rank ? a.rank < b.rank : a.position < b.position }
    }

    /// Merges in place, and adds up the lengths of what is merged.
    static func merge(_ tokens: inout [TokenID], lengths: inout [Int32], pairs: PairTable) {
        let count = tokens.count
        var next = (0..<Int32(count)).map { $0 + 1 }
        var previous = (0..<Int32(count)).map { $0 - 1 }
        var isGone = [Bool](repeating: false, count: count)
        var queue = MinimumHeap<Candidate>()
        func offer(_ position: Int32, _ tokens: [TokenID], to queue: inout MinimumHeap<Candidate>) {
            guard position >= 0, next[Int(position)] < count else { return }
            let (left, right) = (tokens[Int(position)], tokens[Int(next[Int(position)])])
            guard let found = pairs.find(left, right) else { return }
            queue.insert(Candidate(rank: found.rank, position: position, left: left, right: right, result: found.result))
        }
        for position in tokens.indices { offer(Int32(position), tokens, to: &queue) }
        while let best = queue.removeFirst() {
            let position = Int(best.position)
            guard !isGone[position], tokens[position] == best.left, next[position] < count, tokens[Int(next[position])] == best.right
            else { continue }
            let gone = Int(next[position])
            tokens[position] = best.result
            lengths[position] += lengths[gone]
            isGone[gone] = true
            next[position] = next[gone]
            if next[gone] < count { previous[Int(next[gone])] = Int32(position) }
            offer(previous[position], tokens, to: &queue)
            offer(Int32(position), tokens, to: &queue)
        }
        var kept = 0
        for position in 0..<count where !isGone[position] {
            tokens[kept] = tokens[position]
            lengths[kept] = lengths[position]
            kept += 1
        }
        tokens.removeSubrange(kept...)
        lengths.removeSubrange(kept...)
    }
}

/// A binary heap that gives the smallest element first.
struct MinimumHeap<Element: Comparable> {
    private var elements: [Element] = []

    /// Adds an element.
    mutating func insert(_ element: Element) {
        elements.append(element)
        var index = elements.count - 1
        while index > 0, elements[index] < elements[(index - 1) / 2] {
            elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes out the smallest element; nil when there is none.
    mutating func removeFirst() -> Element? {
        guard let first = elements.first, let last = elements.popLast() else { return nil }
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var index = 0
        while true {
            var smallest = index
            for child in (2 * index + 1)...(2 * index + 2) where child < elements.count && elements[child] < elements[smallest] {
                smallest = child
            }
            if smallest == index { return first }
            elements.swapAt(index, smallest)
            index = smallest
        }
    }
}
