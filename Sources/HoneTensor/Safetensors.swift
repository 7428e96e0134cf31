import CTorch
import Foundation

/// A safetensors file: a length, a JSON header, raw little-endian tensors.
///
/// Everything is checked before a tensor is made (see `SafetensorsHeader`); nothing in a file is executed. Tensors are
/// copied out one by one, so that reading a few of them touches only their part of the file.
public struct SafetensorsFile: Sendable {
    private let data: Data
    private let header: SafetensorsHeader

    /// The tensors by name.
    public var entries: [String: SafetensorsEntry] { header.entries }
    /// The tensors' names in the order of their bytes.
    public var names: [String] { header.names }
    /// The header's free texts.
    public var metadata: [String: String] { header.metadata }

    /// Maps a file into memory and checks it.
    public init(path: String) throws(TensorError) {
        let data: Data
        // Links are followed: caches of models are made of them. What is no file, such as a pipe, may have no end.
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let kind = try? FileManager.default.attributesOfItem(atPath: real)[.type] as? FileAttributeType
        guard kind == nil || kind == .typeRegular else { throw TensorError("Cannot read \(path): it is no file") }
        do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw TensorError("Cannot read \(path): there is no such file, or it may not be read")
        }
        do { try self.init(data: data) } catch { throw TensorError("\(path) is not a safetensors file: \(error)") }
    }

    /// Checks the bytes of a file.
    public init(data: Data) throws(TensorError) {
        let data = data.startIndex == 0 ? data : Data(data)
        let length = try SafetensorsHeader.length([UInt8](data.prefix(8)), fileSize: data.count)
        header = try SafetensorsHeader(json: [UInt8](data[8..<(8 + length)]), fileSize: data.count)
        self.data = data
    }

    /// A tensor by name, in its own type.
    public func tensor(_ name: String) throws(TensorError) -> Tensor {
        guard let entry = entries[name] else {
            let known = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let listed = known.prefix(8).map(SafetensorsHeader.shown).joined(separator: ", ") + (known.count > 8 ? ", …" : "")
            throw TensorError("There is no tensor “\(name)” in the file; it has \(listed.isEmpty ? "none" : listed)")
        }
        let sizes = entry.shape.map(Int64.init)
        var isBool = true
        let made = data.withUnsafeBytes { file -> OpaquePointer? in
            let bytes = UnsafeRawBufferPointer(
                rebasing: file[(header.start + entry.range.lowerBound)..<(header.start + entry.range.upperBound)])
            isBool = entry.type != .bool || bytes.allSatisfy { $0 <= 1 }
            guard isBool else { return nil }
            return ht_from_bytes(bytes.baseAddress, bytes.count, sizes, Int32(sizes.count), entry.type.rawValue)
        }
        guard isBool else { throw TensorError("tensor “\(name)” is of type BOOL, but has bytes other than 0 and 1") }
        return try Tensor(taking: made)
    }

    /// All tensors by name.
    public func tensors() throws(TensorError) -> [String: Tensor] {
        var all: [String: Tensor] = [:]
        for name in names { all[name] = try tensor(name) }
        return all
    }
}
