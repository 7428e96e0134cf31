import HoneCore

/// What pairs of tokens become and how early, found without hashing machinery: encoding asks for little else.
struct PairTable: Sendable {
    /// The rank of a pair, the lowest merging first, and the token it becomes.
    struct Entry: Sendable {
        let rank: Int32
        let result: TokenID
    }

    private var keys: [UInt64]
    private var entries: [Entry]
    private let shift: UInt64
    private(set) var count = 0

    /// No pair has this key: tokens are not negative.
    private static let free = UInt64.max

    /// A table with room for some pairs.
    init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        shift = 64 - bits
        keys = [UInt64](repeating: Self.free, count: 1 << Int(bits))
        entries = [Entry](repeating: Entry(rank: 0, result: 0), count: 1 << Int(bits))
    }

    static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Sets what a pair becomes; a later entry replaces an earlier one. No more pairs than the capacity may be set.
    mutating func set(_ left: TokenID, _ right: TokenID, _ entry: Entry) {
        let key = Self.key(left, right)
        var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while keys[slot] != Self.free, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        if keys[slot] == Self.free { count += 1 }
        keys[slot] = key
        entries[slot] = entry
    }

    /// What a pair becomes; nil when the two stay apart.
    func find(_ left: TokenID, _ right: TokenID) -> Entry? {
        let key = Self.key(left, right)
        return keys.withUnsafeBufferPointer { keys in
            var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
            while true {
                let found = keys[slot]
                if found == key { return entries[slot] }
                if found == Self.free { return nil }
                slot = (slot + 1) & (keys.count - 1)
            }
        }
    }
}
