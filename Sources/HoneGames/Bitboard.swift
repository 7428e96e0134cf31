import HoneCore

/// A set of up to 64 squares, one bit each.
///
/// Encoded as a hexadecimal text, as JSON numbers of 64 bits do not survive every reader.
public struct Bitboard: Hashable, Sendable, Codable {
    /// The bits; bit i is square i.
    public var bits: UInt64

    /// The set with these bits.
    @inlinable
    public init(_ bits: UInt64 = 0) { self.bits = bits }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let bits = UInt64(text, radix: 16), text.utf8.count <= 16 else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "“\(text.prefix(40))” is not a set of squares; expected up to 16 hexadecimal digits")
        }
        self.bits = bits
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(bits, radix: 16))
    }

    /// How many squares it has.
    @inlinable
    public var count: Int { bits.nonzeroBitCount }

    /// Whether it has none.
    @inlinable
    public var isEmpty: Bool { bits == 0 }

    /// Whether a square is in it; assigning puts it in or takes it out.
    @inlinable
    public subscript(square: Int) -> Bool {
        get { bits >> UInt64(square) & 1 == 1 }
        set {
            if newValue { bits |= 1 << UInt64(square) } else { bits &= ~(1 << UInt64(square)) }
        }
    }

    /// Takes the lowest square out and gives it; nil when there is none.
    @inlinable
    public mutating func popFirst() -> Int? {
        guard bits != 0 else { return nil }
        let square = bits.trailingZeroBitCount
        bits &= bits - 1
        return square
    }
}
