import Foundation

/// What a safetensors file says about one tensor.
public struct SafetensorsEntry: Hashable, Sendable {
    /// Its element type.
    public var type: DataType
    /// Its sizes.
    public var shape: [Int]
    /// Where its bytes lie behind the header.
    public var range: Range<Int>
}

/// A safetensors file: a length, a JSON header, raw little-endian tensors.
///
/// Everything is checked before a tensor is made: lengths, types, sizes, overlaps, holes. Nothing in a file is executed.
/// Source: the safetensors format, version 0.4 and later.
public struct SafetensorsFile: Sendable {
    /// The whole file.
    private let data: Data
    /// Where the tensors begin.
    private let start: Int
    /// The tensors by name.
    public let entries: [String: SafetensorsEntry]
    /// The header's free text.
    public let metadata: [String: String]

    /// Maps a file into memory and checks it.
    public init(path: String) throws(TensorError) {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw TensorError("Cannot read \(path): there is no such file, or it may not be read")
        }
        do { try self.init(data: data) } catch { throw TensorError("\(path) is not a safetensors file: \(error)") }
    }

    /// Checks the bytes of a file.
    public init(data: Data) throws(TensorError) {
        let data = data.startIndex == 0 ? data : Data(data)
        guard data.count >= 8 else { throw TensorError("it has \(data.count) bytes, and the header's length alone takes 8") }
        var length: UInt64 = 0
        for i in 0..<8 { length |= UInt64(data[i]) << UInt64(8 * i) }
        guard length <= 100_000_000 else { throw TensorError("its header claims \(length) bytes; at most 100,000,000 are allowed") }
        guard Int(length) <= data.count - 8 else {
            throw TensorError("its header claims \(length) bytes, but only \(data.count - 8) follow")
        }
        let header = try Self.header(data.subdata(in: 8..<(8 + Int(length))))
        self.data = data
        start = 8 + Int(length)
        metadata = header.metadata
        entries = header.entries
        try Self.checkLayout(header.entries, size: data.count - start)
    }

    private static func header(
        _ bytes: Data
    ) throws(TensorError) -> (entries: [String: SafetensorsEntry], metadata: [String: String]) {
        guard bytes.first == UInt8(ascii: "{") else { throw TensorError("its header does not begin with “{”") }
        let parsed: [String: HeaderValue]
        do { parsed = try JSONDecoder().decode([String: HeaderValue].self, from: bytes) } catch {
            throw TensorError("its header is not the JSON that the format asks for")
        }
        var entries: [String: SafetensorsEntry] = [:]
        for (name, value) in parsed where name != "__metadata__" {
            guard let typeName = value.dtype, let shape = value.shape, let offsets = value.data_offsets else {
                throw TensorError("tensor “\(name)” lacks dtype, shape or data_offsets")
            }
            guard let type = types[typeName] else {
                throw TensorError(
                    "tensor “\(name)” has type \(typeName); known are \(types.keys.sorted().joined(separator: ", "))")
            }
            var elements = 1
            for size in shape {
                let (product, overflow) = elements.multipliedReportingOverflow(by: size)
                guard size >= 0, !overflow else { throw TensorError("tensor “\(name)” has the impossible shape \(shape)") }
                elements = product
            }
            let (needed, overflow) = elements.multipliedReportingOverflow(by: type.width)
            guard !overflow, offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
                offsets[1] - offsets[0] == needed
            else {
                throw TensorError("tensor “\(name)” of shape \(shape) does not fit its data_offsets \(offsets)")
            }
            entries[name] = SafetensorsEntry(type: type, shape: shape, range: offsets[0]..<offsets[1])
        }
        return (entries, parsed["__metadata__"]?.texts ?? [:])
    }

    private static func checkLayout(_ entries: [String: SafetensorsEntry], size: Int) throws(TensorError) {
        var next = 0
        let order = entries.sorted { ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key) < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key) }
        for (name, entry) in order {
            guard entry.range.lowerBound == next else {
                throw TensorError(
                    "tensor “\(name)” begins at byte \(entry.range.lowerBound), where \(next) was expected: tensors overlap or leave a hole")
            }
            next = entry.range.upperBound
        }
        guard next == size else { throw TensorError("its tensors need \(next) bytes, but \(size) follow the header") }
    }

    /// A tensor by name, in its own type.
    public func tensor(_ name: String) throws(TensorError) -> Tensor {
        guard let entry = entries[name] else {
            throw TensorError("There is no tensor “\(name)” in the file; it has \(entries.keys.sorted().prefix(8).joined(separator: ", ")), …")
        }
        let bytes = [UInt8](data[(start + entry.range.lowerBound)..<(start + entry.range.upperBound)])
        var made: Result<Tensor, TensorError> = .failure(TensorError("empty"))
        bytes.withUnsafeBytes { buffer in
            do throws(TensorError) { made = .success(try Tensor(bytes: buffer, shape: entry.shape, type: entry.type)) } catch {
                made = .failure(error)
            }
        }
        return try made.get()
    }

    static let types: [String: DataType] = [
        "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32, "U8": .uint8,
        "BOOL": .bool,
    ]

    /// The bytes of a file with these tensors, sorted by name: the same tensors give the same bytes.
    public static func data(
        _ tensors: [String: Tensor], metadata: [String: String] = ["format": "pt"]
    ) throws(TensorError) -> Data {
        var header = ""
        var body = Data()
        let names = tensors.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        for name in names {
            guard let tensor = tensors[name] else { continue }
            guard let type = types.first(where: { $0.value == tensor.dataType })?.key else {
                throw TensorError("A tensor of type \(tensor.dataType) cannot be written to a safetensors file")
            }
            let bytes = try tensor.bytes()
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            header += ",\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(body.count),\(body.count + bytes.count)]}"
            body.append(contentsOf: bytes)
        }
        let notes = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
        var text = Array(("{\"__metadata__\":{" + notes + "}" + header + "}").utf8)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        var out = Data(capacity: 8 + text.count + body.count)
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { out.append(contentsOf: $0) }
        out.append(contentsOf: text)
        out.append(body)
        return out
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\" + String(scalar)
            case _ where scalar.value < 0x20: out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

/// One member of the header: a tensor, or the free texts.
private struct HeaderValue: Decodable {
    var dtype: String?
    var shape: [Int]?
    var data_offsets: [Int]?
    var texts: [String: String]?

    private enum Keys: String, CodingKey { case dtype, shape, data_offsets }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        if container.contains(.data_offsets) {
            dtype = try container.decode(String.self, forKey: .dtype)
            shape = try container.decode([Int].self, forKey: .shape)
            data_offsets = try container.decode([Int].self, forKey: .data_offsets)
        } else {
            texts = try decoder.singleValueContainer().decode([String: String].self)
        }
    }
}
