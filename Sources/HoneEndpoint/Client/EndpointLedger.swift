import Synchronization

/// Counts what endpoints were asked to spend and stops before a cap is passed.
///
/// Before a call its upper bound is set aside; afterwards what the server counted takes its place. Where the server counted
/// nothing, or broke off after it may have worked, the bound stays charged: caps are never passed, even where usage is missing.
public final class EndpointLedger: Sendable {
    /// What was spent.
    public struct Spending: Hashable, Sendable, Codable {
        /// Calls that were sent, further tries included.
        public var calls = 0
        /// Tokens of prompts.
        public var prompt = 0
        /// Tokens of answers.
        public var sampled = 0
        /// Of the calls, those charged by their upper bound, because the server did not say what they cost.
        public var assumedCalls = 0
        /// Answers taken from the cache, which cost nothing.
        public var cachedCalls = 0

        /// Nothing.
        public init() {}
    }

    /// Tokens set aside for one call; to be settled or released once.
    public struct Reservation: Sendable {
        fileprivate let prompt: Int
        fileprivate let sampled: Int
    }

    private struct State {
        var spent = Spending()
        var asidePrompt = 0
        var asideSampled = 0
    }

    /// The caps.
    public let caps: EndpointCaps
    /// The prices.
    public let prices: EndpointPrices
    private let state = Mutex(State())

    /// A ledger with nothing spent.
    public init(caps: EndpointCaps = EndpointCaps(), prices: EndpointPrices = EndpointPrices()) {
        self.caps = caps
        self.prices = prices
    }

    /// What was spent so far, calls under way not included.
    public var spending: Spending { state.withLock { $0.spent } }

    /// The money spent so far, calls under way not included.
    public var money: Double { state.withLock { prices.money(prompt: $0.spent.prompt, sampled: $0.spent.sampled) } }

    /// Sets aside what a call can cost at most; a fault when that would pass a cap.
    public func reserve(_ bounds: TokenBounds) throws(EndpointFault) -> Reservation {
        let (prompt, sampled) = (bounds.prompt.upperBound, bounds.sampled.upperBound)
        let fault: EndpointFault? = state.withLock { state in
            let allPrompt = state.spent.prompt + state.asidePrompt + prompt
            let allSampled = state.spent.sampled + state.asideSampled + sampled
            if let cap = caps.tokens, allPrompt + allSampled > cap {
                return EndpointFault(
                    .tokenCapReached,
                    "the next call may take \(prompt + sampled) tokens, and \(allPrompt + allSampled - prompt - sampled) of the cap of \(cap) are spent or set aside; raise caps.tokens or lower the limit on answers"
                )
            }
            let money = prices.money(prompt: allPrompt, sampled: allSampled)
            if let cap = caps.money, money > cap {
                return EndpointFault(
                    .moneyCapReached,
                    "with the next call \(Self.amount(money)) \(prices.currency) may be spent, and the cap is \(Self.amount(cap)); raise caps.money or lower the limit on answers"
                )
            }
            state.asidePrompt += prompt
            state.asideSampled += sampled
            return nil
        }
        if let fault { throw fault }
        return Reservation(prompt: prompt, sampled: sampled)
    }

    /// Charges what a call cost; nil charges what was set aside.
    public func settle(_ reservation: Reservation, usage: EndpointReply.Usage?) {
        state.withLock { state in
            state.asidePrompt -= reservation.prompt
            state.asideSampled -= reservation.sampled
            state.spent.calls += 1
            state.spent.prompt += usage?.prompt ?? reservation.prompt
            state.spent.sampled += usage?.completion ?? reservation.sampled
            if usage == nil { state.spent.assumedCalls += 1 }
        }
    }

    /// Gives back what was set aside for a call that cost nothing.
    public func release(_ reservation: Reservation) {
        state.withLock { state in
            state.asidePrompt -= reservation.prompt
            state.asideSampled -= reservation.sampled
            state.spent.calls += 1
        }
    }

    func countCached() { state.withLock { $0.spent.cachedCalls += 1 } }

    static func amount(_ money: Double) -> String {
        let scaled = (money * 1e4).rounded(.up) / 1e4
        return scaled.plain
    }
}

/// What a list of calls would cost, before any is sent.
public struct EndpointEstimate: Hashable, Sendable, Codable {
    /// Calls, without further tries; those whose answers the cache holds are not counted.
    public var calls = 0
    /// Calls whose answers the cache holds.
    public var cachedCalls = 0
    /// Tokens of prompts and answers, least and most.
    public var tokens = 0...0
    /// Money, least and most.
    public var money = 0.0...0.0
    /// The currency.
    public var currency = "USD"
}
