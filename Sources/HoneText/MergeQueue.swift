import HoneCore

/// Merges long words in time n log n, with the result of merging one pair after the other.
enum MergeQueue {
    private struct Candidate: Comparable {
        let rank: Int
        let position: Int
        let left: TokenID
        let right: TokenID
        let result: TokenID

        static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
    }

    /// The tokens after all merges.
    static func merged(_ start: [TokenID], ranks: [UInt64: (rank: Int, result: TokenID)]) -> [TokenID] {
        var tokens = start
        var next = (0..<start.count).map { $0 + 1 }
        var previous = (0..<start.count).map { $0 - 1 }
        var isGone = [Bool](repeating: false, count: start.count)
        var queue = MinimumHeap<Candidate>()
        func offer(_ position: Int, to queue: inout MinimumHeap<Candidate>) {
            guard position >= 0, next[position] < tokens.count else { return }
            let (left, right) = (tokens[position], tokens[next[position]])
            guard let found = ranks[ByteLevelBPE.key(left, right)] else { return }
            queue.insert(Candidate(rank: found.rank, position: position, left: left, right: right, result: found.result))
        }
        for position in tokens.indices { offer(position, to: &queue) }
        while let best = queue.removeFirst() {
            let position = best.position
            guard !isGone[position], tokens[position] == best.left, next[position] < tokens.count,
                tokens[next[position]] == best.right
            else { continue }
            let gone = next[position]
            tokens[position] = best.result
            isGone[gone] = true
            next[position] = next[gone]
            if next[gone] < tokens.count { previous[next[gone]] = position }
            offer(previous[position], to: &queue)
            offer(position, to: &queue)
        }
        return tokens.indices.filter { !isGone[$0] }.map { tokens[$0] }
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
            for child in [2 * index + 1, 2 * index + 2] where child < elements.count && elements[child] < elements[smallest] {
                smallest = child
            }
            if smallest == index { return first }
            elements.swapAt(index, smallest)
            index = smallest
        }
    }
}
