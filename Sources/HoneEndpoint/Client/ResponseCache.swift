import Foundation
import HoneCore

/// Keeps answers in a folder, each under the digest of its request.
///
/// What counts as the request: URL without key, body, and the seed under which it was asked, so that two samples of one prompt
/// stay two samples, and a run that is repeated or resumed under the same seed finds its answers. An entry that is damaged, of another
/// format or of another request is not trusted: the endpoint is asked again and the entry replaced.
public struct ResponseCache: Sendable {
    private struct Entry: Codable {
        var format: Int
        var request: String
        var digest: String
        var reply: JSONValue
    }

    private static let format = 1
    private let folder: URL

    /// The cache in a folder, which is made when it is not there.
    public init(folder path: String) throws(EndpointFault) {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw EndpointFault(.badSettings, "the cache folder \(path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// The digest under which the answer to a request is kept.
    public static func key(_ request: EndpointRequest, model: String, address: EndpointAddress, seed: Seed) -> String {
        let parts: JSONValue = .object([
            "url": .string(address.description), "route": .string(request.route.rawValue), "body": request.body(model: model),
            "seed": .string(String(seed.value)),
        ])
        return SHA256.hex(parts.canonical)
    }

    private func file(_ key: String) -> URL { folder.appendingPathComponent(String(key.prefix(2))).appendingPathComponent("\(key).json") }

    /// The kept answer; nil when there is none that can be trusted.
    public func reply(_ key: String) -> EndpointReply? {
        guard let data = FileManager.default.contents(atPath: file(key).path), let text = String(data: data, encoding: .utf8),
            let entry = try? JSONValue(parsing: text).decode(Entry.self), entry.format == Self.format, entry.request == key,
            entry.digest == SHA256.hex(entry.reply.canonical)
        else { return nil }
        return try? entry.reply.decode(EndpointReply.self)
    }

    /// Keeps an answer. It is written beside its place and then moved there, so that half an entry is never seen; where that
    /// fails, the answer is merely not kept.
    public func keep(_ reply: EndpointReply, _ key: String) {
        do {
            let json = try JSONValue(encoding: reply)
            let entry = Entry(format: Self.format, request: key, digest: SHA256.hex(json.canonical), reply: json)
            let place = file(key)
            try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(try JSONValue(encoding: entry).canonical.utf8).write(to: place, options: .atomic)
        } catch {
            return
        }
    }
}
