import HoneCore
import HoneEndpoint
import HoneEngine

/// How endpoints are asked, as users set it; the key itself is never a setting.
public struct EndpointChoice: Hashable, Sendable, Codable {
    /// The route: `automatic`, `chat` or `completions`.
    public var route = RouteChoice.automatic
    /// The environment variable that holds the key; empty sends none.
    public var keyEnvironment = ""
    /// The file with the key, which only its owner can read.
    public var keyFile = ""
    /// The most requests under way at once.
    public var concurrency = 8
    /// Seconds for one request with all its tries and pauses.
    public var deadlineSeconds = 900.0
    /// The most further tries of a request that failed.
    public var retries = 4
    /// Whether answers are asked for as streams.
    public var streams = false
    /// What a million tokens of prompts cost.
    public var promptPrice = 0.0
    /// What a million tokens of answers cost.
    public var sampledPrice = 0.0
    /// The currency of the prices and of the cap.
    public var currency = "USD"
    /// The most tokens that may be asked for in all; 0 has no cap.
    public var tokenCap = 0
    /// The most money that may be spent in all; 0 has no cap.
    public var moneyCap = 0.0

    /// The usual way.
    public init() {}

    /// The settings of the endpoint at an address such as `http://127.0.0.1:8000/v1#qwen`; answers are kept in the cache folder.
    public func settings(at address: String, cache: String? = nil) -> EndpointSettings {
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var settings = EndpointSettings(url: parts[0], model: parts.count > 1 ? parts[1] : "")
        settings.route = route
        if !keyEnvironment.isEmpty || !keyFile.isEmpty {
            settings.key = KeySource(environment: keyEnvironment.isEmpty ? nil : keyEnvironment, file: keyFile.isEmpty ? nil : keyFile)
        }
        settings.concurrency = concurrency
        settings.deadlineSeconds = deadlineSeconds
        settings.retries.limit = retries
        settings.isStreamed = streams
        settings.prices.promptPerMillion = promptPrice
        settings.prices.sampledPerMillion = sampledPrice
        settings.prices.currency = currency
        settings.caps.tokens = tokenCap > 0 ? tokenCap : nil
        settings.caps.money = moneyCap > 0 ? moneyCap : nil
        settings.cache = cache
        return settings
    }

    /// What cannot work, as sentences with the key in front.
    var faults: [String] {
        var faults: [String] = []
        if !keyEnvironment.isEmpty, !keyFile.isEmpty {
            faults.append("“model.endpoint” names both keyEnvironment and keyFile; give one of them")
        }
        if tokenCap < 0 { faults.append("“model.endpoint.tokenCap” is \(tokenCap); it should be 0 (no cap) or more") }
        if !(moneyCap >= 0) { faults.append("“model.endpoint.moneyCap” is \(moneyCap); it should be 0 (no cap) or more") }
        return faults
    }
}

extension Plan {
    /// The plan with its other players: models of their own for the roles that the settings name; refuses roles nobody plays.
    func seating(_ model: ModelSettings) throws -> Plan {
        var plan = self
        for text in model.players {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw CoreError.invalid("“model.players” holds “\(text)”; expected role=model, such as critic=./folder or critic=https://…/v1#model")
            }
            let (role, place) = (Role(parts[0]), parts[1])
            let name = ModelName(parts[0])
            let roles = Set(plan.stages.flatMap { Array($0.cast.keys) })
            guard roles.contains(role) else {
                throw CoreError.unknown(kind: "role", name: parts[0], known: roles.map(\.text).sorted())
            }
            guard plan.models[name] == nil, plan.endpoints[name] == nil else {
                throw CoreError.invalid("“model.players” gives role “\(role)” twice, or the recipe has a model of that name")
            }
            if ModelSettings.isEndpoint(place) {
                plan.endpoints[name] = model.endpoint.settings(at: place)
                plan.seats[role] = Seat(model: ModelRef(name))
            } else {
                var own = ModelSettings(size: place, context: ModelSettings.isFolder(place) ? model.context : 0)
                if ModelSettings.isFolder(place) { own.precision = model.precision }
                own.chat = model.chat
                own.date = model.date
                plan.models[name] = ModelPlan(own.source)
                let chat = try own.chatPolicy()
                let policy = PolicyName("chat \(role)")
                plan.seats[role] = Seat(model: ModelRef(name), policy: chat == nil ? nil : policy)
                if let chat { plan.policies[policy] = chat }
            }
        }
        return plan
    }
}
