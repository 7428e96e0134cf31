import HoneCore

/// Tokens by the bytes of their spelling, all bytes in one block.
struct ByteTable: Sendable {
    private var blob: [UInt8] = []
    private var starts: [Int32] = [0]
    private var values: [TokenID] = []
    /// Places in `values`, -1 where free; the number of slots is a power of two.
    private var slots: [Int32]

    /// A table with room for some spellings before it grows.
    init(capacity: Int = 16) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    /// How many spellings there are.
    var count: Int { values.count }

    /// FNV-1a with a final mix, so that its low bits are good as well.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    }

    private func slot(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var slot = Int(Self.hash(bytes) >> 33) & (slots.count - 1)
        while slots[slot] >= 0, !isEqual(Int(slots[slot]), bytes) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private func isEqual(_ place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(starts[place])
        guard Int(starts[place + 1]) - start == bytes.count else { return false }
        return blob.withUnsafeBufferPointer { blob in
            for index in 0..<bytes.count where blob[start + index] != bytes[index] { return false }
            return true
        }
    }

    /// Adds a spelling; one that is there keeps its token.
    mutating func add(_ bytes: [UInt8], _ token: TokenID) {
        if values.count * 2 >= slots.count { grow() }
        let slot = bytes.withUnsafeBufferPointer { self.slot(of: $0) }
        guard slots[slot] < 0 else { return }
        slots[slot] = Int32(values.count)
        values.append(token)
        blob += bytes
        starts.append(Int32(blob.count))
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for place in values.indices {
            let hash = blob.withUnsafeBufferPointer {
                Self.hash(UnsafeBufferPointer(rebasing: $0[Int(starts[place])..<Int(starts[place + 1])]))
            }
            var slot = Int(hash >> 33) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(place)
        }
    }

    /// The token of a spelling; nil when there is none.
    func token(of bytes: UnsafeBufferPointer<UInt8>) -> TokenID? {
        let place = slots[slot(of: bytes)]
        return place < 0 ? nil : values[Int(place)]
    }

    /// The token of a spelling; nil when there is none.
    func token(of bytes: [UInt8]) -> TokenID? { bytes.withUnsafeBufferPointer { token(of: $0) } }
}
