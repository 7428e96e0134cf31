/// Many short byte strings in one block, by number.
struct PieceStore: Sendable {
    private var blob: [UInt8] = []
    /// Where each begins and ends; -1 where there is none.
    private var starts: [Int32] = []
    private var ends: [Int32] = []

    /// A store of some strings, of which none is there yet.
    init(count: Int) {
        starts = [Int32](repeating: -1, count: count)
        ends = starts
    }

    /// How many numbers there are.
    var count: Int { starts.count }

    /// Sets a string; setting one again leaves the old bytes behind.
    mutating func set(_ index: Int, _ bytes: some Collection<UInt8>) {
        starts[index] = Int32(blob.count)
        blob += bytes
        ends[index] = Int32(blob.count)
    }

    /// The string with a number; nil where there is none.
    subscript(index: Int) -> ArraySlice<UInt8>? {
        guard starts.indices.contains(index), starts[index] >= 0 else { return nil }
        return blob[Int(starts[index])..<Int(ends[index])]
    }

    /// How many bytes a string has; 0 where there is none.
    func length(_ index: Int) -> Int32 { starts.indices.contains(index) ? ends[index] - starts[index] : 0 }
}
