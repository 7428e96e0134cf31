/// A random stream's key: 64 bits that depend on the run's seed and on the path under which they are used, and on nothing else.
///
/// Every draw of the engine is keyed by such a path, so the order in which concurrent work finishes cannot change a result.
public struct Seed: Hashable, Sendable, Codable {
    /// The key's bits.
    public var value: UInt64

    /// The seed with these bits, for instance the number the user gave.
    public init(_ value: UInt64) { self.value = value }

    /// The seed of a part of the work, told apart from its siblings by a label and an index.
    public func child(_ label: String, _ index: Int = 0) -> Seed {
        var hash = Seed.mix(value &+ 0x9E37_79B9_7F4A_7C15)
        for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = Seed.mix(hash ^ UInt64(label.utf8.count))
        return Seed(Seed.mix(hash &+ UInt64(bitPattern: Int64(index)) &* 0xD134_2543_DE82_EF95))
    }

    /// Reads the bits as a decimal text: JSON numbers of 64 bits do not survive every reader.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let bits = UInt64(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "“\(text.prefix(40))” is not a seed; expected a whole number from 0 to 2⁶⁴−1")
        }
        value = bits
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(value))
    }

    /// A generator that starts at this seed.
    public var generator: SeededGenerator { SeededGenerator(self) }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection on 64 bits.
    static func mix(_ input: UInt64) -> UInt64 {
        var z = input
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// SplitMix64: a small deterministic generator for everything that is not sampled by a model.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
    private var state: UInt64

    /// A generator whose first draw depends on the seed only.
    public init(_ seed: Seed) { state = seed.value }

    public init(from decoder: any Decoder) throws { state = try Seed(from: decoder).value }

    public func encode(to encoder: any Encoder) throws { try Seed(state).encode(to: encoder) }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Seed.mix(state)
    }

    /// A whole number drawn evenly from the range.
    ///
    /// The range must not be empty. Written out here, because the standard library does not promise to draw the same
    /// numbers from the same generator in every version.
    public mutating func integer(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)) &+ 1
        if width == 0 { return Int(truncatingIfNeeded: next()) }
        let (high, _) = next().multipliedFullWidth(by: width)
        return range.lowerBound &+ Int(truncatingIfNeeded: high)
    }

    /// A number drawn evenly from [0, 1), with 53 random bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with the given probability.
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// One of the elements, drawn evenly; nil when there are none.
    public mutating func element<C: RandomAccessCollection>(of elements: C) -> C.Element? {
        guard !elements.isEmpty else { return nil }
        let offset = integer(in: 0...(elements.count - 1))
        return elements[elements.index(elements.startIndex, offsetBy: offset)]
    }

    /// The elements in a random order (Fisher and Yates).
    public mutating func shuffled<T>(_ elements: [T]) -> [T] {
        var result = elements
        var last = result.count - 1
        while last > 0 {
            result.swapAt(last, integer(in: 0...last))
            last -= 1
        }
        return result
    }
}
