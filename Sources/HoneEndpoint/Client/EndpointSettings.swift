import HoneCore

/// Which route an endpoint is asked by.
public enum RouteChoice: String, Hashable, Sendable, Codable, CaseIterable {
    /// Chat, unless the server has completions only, or a transcript ends within the model's own answer.
    case automatic
    case chat, completions
}

/// When a failed request is tried again.
public struct RetrySettings: Hashable, Sendable, Codable {
    /// The most further tries.
    public var limit = 4
    /// The first pause, in seconds; each further one is twice as long.
    public var firstSeconds = 0.5
    /// The longest pause, in seconds, when the server names none.
    public var longestSeconds = 30.0
    /// The longest pause that a server may ask for, in seconds; one that asks for more is given up at once.
    public var longestRetryAfterSeconds = 120.0
    /// The statuses that are tried again; a used-up quota never is.
    public var statuses = [408, 409, 425, 429, 500, 502, 503, 504, 529]

    /// The defaults.
    public init() {}

    /// The pause before a try: 2ⁿ of the first one after n failures, at most the longest, of which a seeded half is random, so
    /// that clients which failed together do not come back together. A server's own wish is never undercut.
    public func pause(afterFailures failures: Int, seed: Seed, retryAfter: Double?) -> Double {
        let doubled = firstSeconds * Double(1 << min(30, max(0, failures - 1)))
        var generator = seed.child("pause", failures).generator
        let own = min(longestSeconds, doubled) * (0.5 + 0.5 * generator.unit())
        guard let retryAfter else { return own }
        return max(own, retryAfter + min(own, firstSeconds * generator.unit()))
    }
}

/// What tokens cost, in one currency.
public struct EndpointPrices: Hashable, Sendable, Codable {
    /// A million tokens of prompts.
    public var promptPerMillion = 0.0
    /// A million tokens of answers.
    public var sampledPerMillion = 0.0
    /// The currency, for people.
    public var currency = "USD"

    /// No price.
    public init() {}

    /// The price of so many tokens.
    public func money(prompt: Int, sampled: Int) -> Double {
        (Double(prompt) * promptPerMillion + Double(sampled) * sampledPerMillion) / 1e6
    }
}

/// The most an endpoint may be asked to spend. A safety stop, not a budget: where it falls depends on who asked first.
public struct EndpointCaps: Hashable, Sendable, Codable {
    /// Tokens of prompts and answers.
    public var tokens: Int?
    /// Money, in the currency of the prices.
    public var money: Double?

    /// No cap.
    public init() {}
}

/// How an endpoint is reached and used. Nothing here is secret: settings are recorded.
public struct EndpointSettings: Hashable, Sendable, Codable {
    /// The URL under which `/chat/completions` is; without a path, `/v1` is added.
    public var url = "http://127.0.0.1:8000/v1"
    /// The model's name on the server.
    public var model = ""
    /// The route.
    public var route = RouteChoice.automatic
    /// Further header fields; a key does not belong here.
    public var headers: [String: String] = [:]
    /// Where the key comes from; nil sends none.
    public var key: KeySource?
    /// Whether a key may go over `http` to another machine, where the network can read it.
    public var sendsKeyInClear = false
    /// The most requests under way at once.
    public var concurrency = 8
    /// The most samples asked for by one request, where the server honours `n`.
    public var samplesPerRequest = 16
    /// Whether answers are asked for as streams, so that a stalled one is noticed between two pieces.
    public var isStreamed = false
    /// Whether stop texts are always applied here and not by the server; see `StopTexts`.
    public var cutsHere = false
    /// Whether the server reports log-probabilities after temperature and truncation, as the sampler drew. Servers usually
    /// report those of the model before both.
    public var reportsSamplerLogProbs = false
    /// When failed requests are tried again.
    public var retries = RetrySettings()
    /// Seconds until a connection must stand.
    public var connectSeconds = 10.0
    /// Seconds from a request to the first byte of its answer.
    public var firstByteSeconds = 300.0
    /// Seconds between two pieces of an answer.
    public var betweenBytesSeconds = 60.0
    /// Seconds for one request with all its tries and pauses.
    public var deadlineSeconds = 900.0
    /// The most bytes of an answer.
    public var bodyBytes = 64 << 20
    /// The most bytes of one event of a stream.
    public var eventBytes = 4 << 20
    /// What tokens cost.
    public var prices = EndpointPrices()
    /// The most that may be spent.
    public var caps = EndpointCaps()
    /// The folder in which answers are kept, so that the same request is not paid twice; nil keeps none.
    public var cache: String?
    /// Further fields of every body.
    public var extra: [String: JSONValue] = [:]

    /// A local server with its defaults.
    public init() {}

    /// The settings of an endpoint.
    public init(url: String, model: String) {
        self.url = url
        self.model = model
    }

    /// Everything that cannot work, as sentences; empty when they can be used.
    public func faults() -> [String] {
        var faults: [String] = []
        do {
            let address = try EndpointAddress(parsing: url)
            if key != nil, !address.isEncrypted, !address.isLoopback, !sendsKeyInClear {
                faults.append(
                    "The key would go to \(address.host) over http, where the network can read it; use https, or allow it with sendsKeyInClear")
            }
        } catch {
            faults.append(error.description)
        }
        if model.isEmpty { faults.append("The endpoint's model has no name; give the one the server knows, as /v1/models lists it") }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            let lowercase = name.lowercased()
            if ["auth", "key", "token", "secret", "cookie"].contains(where: lowercase.contains) {
                faults.append("The header “\(name)” looks like one that carries a secret, and settings are recorded; give it as the key's source")
            }
            if ["host", "content-length", "content-type", "transfer-encoding", "connection", "accept"].contains(lowercase) {
                faults.append("The header “\(name)” is set by the client itself; leave it out")
            }
            if !Self.isHeader(name: name, value: value) { faults.append("The header “\(name)” holds characters that headers cannot carry") }
        }
        if let key, !Self.isHeader(name: key.header, value: "") { faults.append("The key's header “\(key.header)” is no name of a header") }
        for name in extra.keys.sorted() where EndpointRequest.ownFields.contains(name) {
            faults.append("The further field “\(name)” is set by the client itself; leave it out")
        }
        if let cache, cache.isEmpty { faults.append("The cache names no folder; leave it out to keep no answers") }
        func positive(_ value: Double, _ name: String) {
            if !(value > 0 && value <= 1e7) { faults.append("\(name) is \(value.plain); expected a number of seconds above 0, at most 10,000,000") }
        }
        positive(connectSeconds, "connectSeconds")
        positive(firstByteSeconds, "firstByteSeconds")
        positive(betweenBytesSeconds, "betweenBytesSeconds")
        positive(deadlineSeconds, "deadlineSeconds")
        positive(retries.longestSeconds, "retries.longestSeconds")
        for (name, value) in [
            ("concurrency", concurrency), ("samplesPerRequest", samplesPerRequest), ("bodyBytes", bodyBytes), ("eventBytes", eventBytes),
            ("retries.limit", retries.limit + 1), ("caps.tokens", caps.tokens ?? 1),
        ] where value < 1 || value > 1 << 40 {
            faults.append("\(name) is too small or too large for a count")
        }
        for (name, value) in [
            ("retries.firstSeconds", retries.firstSeconds), ("retries.longestRetryAfterSeconds", retries.longestRetryAfterSeconds),
            ("prices.promptPerMillion", prices.promptPerMillion), ("prices.sampledPerMillion", prices.sampledPerMillion),
            ("caps.money", caps.money ?? 0),
        ] where !(value >= 0 && value.isFinite) {
            faults.append("\(name) is \(value.plain); expected a finite number of 0 or more")
        }
        if caps.money != nil, prices.promptPerMillion == 0, prices.sampledPerMillion == 0 {
            faults.append("There is a cap on money but no price; give prices per million tokens")
        }
        return faults
    }

    private static func isHeader(name: String, value: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || "-_.!#$%&'*+^`|~".utf8.contains($0) }
            && value.utf8.allSatisfy { 0x20...0x7E ~= $0 }
    }
}
