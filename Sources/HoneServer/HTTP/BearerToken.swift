public import Foundation
import HoneCore

/// Where a server's token stands.
public enum TokenSource: Hashable, Sendable {
    /// In an environment variable of this name.
    case environment(String)
    /// In a file that only its owner has rights on.
    case file(String)
}

/// The token that clients of a server have to show; it neither prints nor encodes itself.
public struct BearerToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The SHA-256 of the token: what is compared has one length whatever a client sends.
    private let digest: [UInt8]

    /// The fewest characters of a token.
    public static let shortest = 16

    /// A token; throws when it is too short or has characters that a header cannot carry.
    public init(_ text: String, place: String = "The token") throws(CoreError) {
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .invalid("\(place) holds white space or characters beyond ASCII; a token is one word of visible ASCII characters")
        }
        guard text.utf8.count >= Self.shortest else {
            throw .invalid("\(place) has \(text.utf8.count) characters; a token needs \(Self.shortest) or more, for instance from openssl rand -hex 24")
        }
        digest = Array(SHA256.hex(text).utf8)
    }

    /// The token from its source; throws when it is not there, or others than the owner have rights on its file.
    public init(_ source: TokenSource, environment: [String: String] = ProcessInfo.processInfo.environment) throws(CoreError) {
        switch source {
        case .environment(let name):
            guard let value = environment[name] else { throw .invalid("The environment variable \(name), which should hold the server's token, is not set") }
            try self.init(value.trimmingCharacters(in: .whitespacesAndNewlines), place: "The environment variable \(name)")
        case .file(let path):
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw .invalid("The token file \(path) cannot be read: \(String(cString: strerror(errno)).lowercased())")
            }
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= 65_536 else { throw .invalid("The token file \(path) is no small regular file") }
            guard status.st_mode & 0o077 == 0 else {
                throw .invalid("Others than its owner have rights on the token file \(path); take them away with chmod 600")
            }
            guard status.st_uid == geteuid() else { throw .invalid("The token file \(path) belongs to somebody else; use a file of your own") }
            guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
                throw .invalid("The token file \(path) holds no text")
            }
            try self.init(text.trimmingCharacters(in: .whitespacesAndNewlines), place: "The token file \(path)")
        }
    }

    /// Whether an `Authorization` header shows the token. Takes the same time wherever it differs.
    public func isShown(by header: String?) -> Bool {
        let words = (header ?? "").split(separator: " ", omittingEmptySubsequences: true)
        let shown = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
        var difference: UInt8 = 0
        for (a, b) in zip(Array(SHA256.hex(shown).utf8), digest) { difference |= a ^ b }
        return difference == 0
    }

    public var description: String { "[token]" }
    public var debugDescription: String { "[token]" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
