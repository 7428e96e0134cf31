/// A list of up to 16 numbers from 0 to 15 without storage of its own: hands, deals and histories of small games.
///
/// Encoded as an array of numbers.
public struct PackedList: Hashable, Sendable, RandomAccessCollection {
    private var bits: UInt64 = 0
    private var length: UInt8 = 0

    /// An empty list.
    public init() {}

    /// A list of the numbers, at most 16 and each from 0 to 15.
    public init(_ numbers: some Sequence<Int>) {
        for number in numbers { append(number) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { Int(length) }

    public subscript(index: Int) -> Int {
        get {
            precondition(index >= 0 && index < Int(length), "index out of the list")
            return Int(bits >> UInt64(4 * index) & 15)
        }
        set {
            precondition(index >= 0 && index < Int(length) && newValue >= 0 && newValue < 16, "index or number out of range")
            bits = bits & ~(15 << UInt64(4 * index)) | UInt64(newValue) << UInt64(4 * index)
        }
    }

    /// Whether the number is in it.
    public func contains(_ number: Int) -> Bool { firstIndex(of: number) != nil }

    /// The first place of a number; nil where it is not in the list.
    public func firstIndex(of number: Int) -> Int? {
        var rest = bits
        for place in 0..<Int(length) {
            if Int(rest & 15) == number { return place }
            rest >>= 4
        }
        return nil
    }

    /// Adds a number from 0 to 15 at the end; there has to be room.
    public mutating func append(_ number: Int) {
        precondition(length < 16 && number >= 0 && number < 16, "the list is full or the number out of range")
        bits |= UInt64(number) << UInt64(4 * Int(length))
        length += 1
    }

    /// Takes the last number away; there has to be one.
    public mutating func removeLast() {
        precondition(length > 0, "the list is empty")
        length -= 1
        bits &= ~(15 << UInt64(4 * Int(length)))
    }
}

extension PackedList: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let numbers = try container.decode([Int].self)
        guard numbers.count <= 16, numbers.allSatisfy({ (0...15).contains($0) }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(numbers.count) numbers are not a packed list; expected at most 16, each from 0 to 15")
        }
        self.init(numbers)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Array(self))
    }
}
