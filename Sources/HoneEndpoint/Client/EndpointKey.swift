import Foundation

/// Where the key of an endpoint comes from; the key itself is never part of settings.
public struct KeySource: Hashable, Sendable, Codable {
    /// The environment variable that holds it.
    public var environment: String?
    /// The file that holds it and that only its owner can read.
    public var file: String?
    /// The header that carries it; `Authorization` carries it as a bearer token, any other header as it is.
    public var header: String

    /// A source: an environment variable or a file.
    public init(environment: String? = nil, file: String? = nil, header: String = "Authorization") {
        self.environment = environment
        self.file = file
        self.header = header
    }
}

/// An endpoint's key, which neither prints nor encodes itself.
public struct EndpointKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let secret: String
    private let header: String

    /// The key from its source.
    ///
    /// Refused are sources that name both or neither of variable and file, keys that are empty or hold characters a header
    /// cannot carry, and files that others than the owner can read or write.
    public init(_ source: KeySource, environment: [String: String] = ProcessInfo.processInfo.environment) throws(EndpointFault) {
        let text: String
        let place: String
        switch (source.environment, source.file) {
        case (let name?, nil):
            guard let value = environment[name] else {
                throw EndpointFault(.keyMissing, "the environment variable \(name), which should hold the endpoint's key, is not set")
            }
            text = value
            place = "the environment variable \(name)"
        case (nil, let path?):
            text = try Self.contents(of: path)
            place = "the key file \(path)"
        default:
            throw EndpointFault(
                .badSettings,
                "a key's source names \(source.file == nil ? "neither a variable nor a file" : "both a variable and a file"); name one of them")
        }
        secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        header = source.header
        guard !secret.isEmpty else { throw EndpointFault(.keyMissing, "\(place) is empty; it should hold the endpoint's key") }
        guard secret.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw EndpointFault(.keyUnusable, "\(place) holds something other than one key: white space within it, or characters beyond ASCII")
        }
    }

    private static func contents(of path: String) throws(EndpointFault) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw EndpointFault(.keyMissing, "the key file \(path) cannot be read: \(String(cString: strerror(errno)).lowercased())")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw EndpointFault(.keyUnusable, "the key file \(path) is no regular file") }
        guard status.st_mode & 0o077 == 0 else {
            throw EndpointFault(.keyFileReadable, "others than its owner have rights on the key file \(path); take them away with chmod 600")
        }
        guard status.st_uid == geteuid() else {
            throw EndpointFault(.keyFileReadable, "the key file \(path) belongs to somebody else; use a file of your own")
        }
        guard status.st_size <= 65_536, let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw EndpointFault(.keyUnusable, "the key file \(path) is no small text file")
        }
        return text
    }

    /// The header field that carries it.
    var field: HTTPField {
        HTTPField(header, header.lowercased() == "authorization" ? "Bearer \(secret)" : secret)
    }

    /// The text with every stretch of eight or more characters that the key also holds replaced by `[key]`; of shorter keys,
    /// the whole key.
    public func scrub(_ text: String) -> String {
        let own = Array(secret.utf8)
        let bytes = Array(text.utf8)
        let width = min(8, own.count)
        guard bytes.count >= width else { return text }
        let pieces = Set((0...own.count - width).map { Array(own[$0..<$0 + width]) })
        var isSecret = [Bool](repeating: false, count: bytes.count)
        for start in 0...bytes.count - width where pieces.contains(Array(bytes[start..<start + width])) {
            for place in start..<start + width { isSecret[place] = true }
        }
        var clean: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if !isSecret[place] {
                clean.append(byte)
            } else if place == 0 || !isSecret[place - 1] {
                clean += Array("[key]".utf8)
            }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    public var description: String { "[key]" }
    public var debugDescription: String { "[key]" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
