import Foundation
import HoneCore

/// A JSON file that is written whole or not at all, and not believed when it was changed since.
public struct SealedFile: Sendable {
    /// Its path.
    public let path: String

    /// A file that may or may not exist.
    public init(_ path: String) { self.path = path }

    /// Makes a folder with those on the way to it; throws a sentence when it cannot.
    public static func makeFolder(_ path: String) throws { try Files.makeFolder(path) }

    /// Writes a value that is a JSON object, with its seal, through a temporary name.
    public func write(_ value: some Encodable) throws { try Files.write(try SealedJSON.data(value), to: path) }

    /// The value as it was written; nil where there is no file, or its seal does not fit.
    public func read<Value: Decodable>(_ type: Value.Type) -> Value? {
        guard let data = try? Files.read(path), let plain = SealedJSON.open(data) else { return nil }
        return try? plain.decode(type)
    }

    /// Writes text whole or not at all.
    public static func write(text: String, to path: String) throws { try Files.write(Data(text.utf8), to: path) }
}
