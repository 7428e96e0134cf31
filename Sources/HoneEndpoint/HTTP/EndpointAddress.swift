import HoneCore

/// Where an endpoint is: scheme, host, port and path, and nothing that could be secret.
public struct EndpointAddress: Hashable, Sendable, CustomStringConvertible {
    /// Whether the connection is encrypted: `https`.
    public let isEncrypted: Bool
    /// The host name or address; of IPv6 addresses without brackets.
    public let host: String
    /// The port.
    public let port: Int
    /// The path: empty, or starting with a slash and not ending with one.
    public let path: String

    /// The address a URL spells.
    ///
    /// A URL without a path is taken for the server, so `/v1`, where OpenAI-compatible servers have their interface, is added.
    /// User names, passwords, queries and fragments are refused: they may be secret, and addresses are recorded.
    public init(parsing text: String) throws(EndpointFault) {
        let example = "write it like http://127.0.0.1:8000/v1"
        func refuse(_ why: String) -> EndpointFault { EndpointFault(.badSettings, "The endpoint's URL \(why); \(example)") }
        let scalars = text.unicodeScalars
        guard scalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value != 0x7F }) else {
            throw refuse("holds white space or characters beyond ASCII")
        }
        let rest: Substring
        let lowercase = text.lowercased()
        if lowercase.hasPrefix("https://") {
            isEncrypted = true
            rest = text.dropFirst(8)
        } else if lowercase.hasPrefix("http://") {
            isEncrypted = false
            rest = text.dropFirst(7)
        } else {
            throw refuse("does not start with http:// or https://")
        }
        if rest.contains("@") {
            throw refuse("holds a user name or password, which would be recorded; give the key by an environment variable or a file")
        }
        if rest.contains("?") || rest.contains("#") { throw refuse("holds a query or a fragment; leave out what follows ? or #") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var name = authority
        var digits: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw refuse("has a “[” without “]”") }
            name = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            if !after.isEmpty {
                guard after.hasPrefix(":") else { throw refuse("has something other than a port after “]”") }
                digits = after.dropFirst()
            }
        } else if let colon = authority.firstIndex(of: ":") {
            name = authority[..<colon]
            digits = authority[authority.index(after: colon)...]
        }
        guard !name.isEmpty else { throw refuse("names no host") }
        guard name.utf8.allSatisfy({ Self.hostBytes.contains($0) }) else { throw refuse("has the host “\(name)”, which is no host name") }
        host = String(name)
        if let digits {
            guard let number = Int(digits), (1...65535).contains(number), digits.allSatisfy(\.isNumber) else {
                throw refuse("has the port “\(digits)”, which should be 1 to 65535")
            }
            port = number
        } else {
            port = isEncrypted ? 443 : 80
        }
        var tail = rest[slash...]
        while tail.hasSuffix("/") { tail = tail.dropLast() }
        path = tail.isEmpty ? "/v1" : String(tail)
    }

    private init(_ other: EndpointAddress, path: String) {
        isEncrypted = other.isEncrypted
        host = other.host
        port = other.port
        self.path = path
    }

    private static let hostBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%".utf8)

    /// The address of something below this one, such as `/chat/completions`.
    public func appending(_ more: String) -> EndpointAddress { EndpointAddress(self, path: path + more) }

    /// Whether it is this machine, by its name.
    public var isLoopback: Bool {
        let name = host.lowercased()
        return name == "localhost" || name == "::1" || name.hasPrefix("127.") && name.split(separator: ".").allSatisfy { UInt8($0) != nil }
    }

    /// Host and port as a header names them; the port is left out where the scheme implies it.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }

    public var description: String { "\(isEncrypted ? "https" : "http")://\(authority)\(path)" }
}
