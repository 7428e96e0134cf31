/// What a safetensors file says about one tensor.
public struct SafetensorsEntry: Hashable, Sendable {
    /// Its element type.
    public var type: DataType
    /// Its sizes.
    public var shape: [Int]
    /// Where its bytes lie behind the header.
    public var range: Range<Int>

    /// An entry with these members.
    public init(type: DataType, shape: [Int], range: Range<Int>) {
        self.type = type
        self.shape = shape
        self.range = range
    }
}

/// The header of a safetensors file, fully checked: lengths, names, types, sizes, overlaps, holes.
///
/// Works on bytes alone, so that files can be listed and hashed without making a tensor.
/// Source: the safetensors format, version 0.4 and later.
public struct SafetensorsHeader: Hashable, Sendable {
    /// The tensors by name.
    public let entries: [String: SafetensorsEntry]
    /// The tensors' names in the order of their bytes.
    public let names: [String]
    /// The free texts.
    public let metadata: [String: String]
    /// Where in the file the tensors begin.
    public let start: Int

    /// The longest header that is read, as in the format's own library.
    public static let longest = 100_000_000

    /// The most dimensions of a tensor.
    static let mostDimensions = 64

    /// The beginning of a text from a file, which may be of any length and break lines, for a sentence.
    static func shown(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars.prefix(60) { out.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar) }
        return out.unicodeScalars.count < text.unicodeScalars.count ? out + "…" : out
    }

    /// The length of the header from a file's first 8 bytes, checked against the file's size.
    public static func length(_ first: [UInt8], fileSize: Int) throws(TensorError) -> Int {
        guard first.count >= 8, fileSize >= 8 else {
            throw TensorError("it has \(fileSize) bytes, and the header's length alone takes 8")
        }
        var length: UInt64 = 0
        for i in 0..<8 { length |= UInt64(first[i]) << UInt64(8 * i) }
        guard length <= UInt64(longest) else {
            throw TensorError("its header claims \(length) bytes; at most \(longest) are allowed")
        }
        guard Int(length) <= fileSize - 8 else {
            throw TensorError("its header claims \(length) bytes, but only \(fileSize - 8) follow")
        }
        return Int(length)
    }

    /// Parses the JSON part of a header; `fileSize` is the whole file's, so that every byte is accounted for.
    public init(json: [UInt8], fileSize: Int) throws(TensorError) {
        guard json.first == UInt8(ascii: "{") else { throw TensorError("its header does not begin with “{”") }
        var scanner = SafetensorsScanner(json)
        var entries: [String: SafetensorsEntry] = [:]
        var metadata: [String: String]?
        while let name = try scanner.nextKey() {
            if name == "__metadata__" {
                guard metadata == nil else { throw TensorError("its header has “__metadata__” twice") }
                metadata = try scanner.texts()
            } else {
                guard entries[name] == nil else { throw TensorError("its header names the tensor “\(Self.shown(name))” twice") }
                entries[name] = try Self.entry(name, &scanner)
            }
        }
        try scanner.expectPadding()
        self.entries = entries
        self.metadata = metadata ?? [:]
        start = 8 + json.count
        names = try Self.layout(entries, size: fileSize - start)
    }

    private static func entry(
        _ name: String, _ scanner: inout SafetensorsScanner
    ) throws(TensorError) -> SafetensorsEntry {
        var type: DataType?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            switch (key, type, shape, offsets) {
            case ("dtype", nil, _, _):
                let found = try scanner.string()
                guard let known = types[found] else {
                    let names = types.keys.sorted().joined(separator: ", ")
                    throw TensorError("tensor “\(Self.shown(name))” has type \(Self.shown(found)); known are \(names)")
                }
                type = known
            case ("shape", _, nil, _): shape = try scanner.integers()
            case ("data_offsets", _, _, nil): offsets = try scanner.integers()
            default:
                throw TensorError(
                    "tensor “\(Self.shown(name))” has the member “\(Self.shown(key))”, expected dtype, shape and data_offsets once each")
            }
        }
        guard let type, let shape, let offsets else {
            throw TensorError("tensor “\(Self.shown(name))” lacks dtype, shape or data_offsets")
        }
        guard shape.count <= Self.mostDimensions else {
            throw TensorError("tensor “\(Self.shown(name))” has \(shape.count) dimensions; up to \(Self.mostDimensions) are read")
        }
        // An empty tensor needs no bytes, but the product of its other sizes must be a number as well.
        var product = type.width
        for size in shape where size > 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { throw TensorError("tensor “\(Self.shown(name))” has the impossible shape \(shape)") }
            product = next
        }
        let needed = shape.contains(0) ? 0 : product
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] - offsets[0] == needed else {
            throw TensorError(
                "tensor “\(Self.shown(name))” of type \(type) and shape \(shape) needs \(needed) bytes, which its data_offsets \(offsets.prefix(4)) do not give"
            )
        }
        return SafetensorsEntry(type: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    private static func layout(
        _ entries: [String: SafetensorsEntry], size: Int
    ) throws(TensorError) -> [String] {
        let order = entries.sorted { a, b in
            let (x, y) = (a.value.range, b.value.range)
            if x.lowerBound != y.lowerBound { return x.lowerBound < y.lowerBound }
            if x.upperBound != y.upperBound { return x.upperBound < y.upperBound }
            return a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
        }
        var next = 0
        for (name, entry) in order {
            let begin = entry.range.lowerBound
            guard begin >= next else {
                throw TensorError("tensor “\(Self.shown(name))” begins at byte \(begin), inside the one before, which ends at \(next)")
            }
            guard begin == next else {
                throw TensorError("tensor “\(Self.shown(name))” begins at byte \(begin) and leaves a hole from \(next)")
            }
            next = entry.range.upperBound
        }
        guard next == size else { throw TensorError("its tensors need \(next) bytes, but \(size) follow the header") }
        return order.map(\.key)
    }

    /// The element types by their names in the format.
    static let types: [String: DataType] = [
        "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "U8": .uint8, "BOOL": .bool,
    ]
}
