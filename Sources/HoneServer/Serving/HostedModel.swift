public import HoneCore
public import HoneText

/// A model that a server offers under a name.
public struct HostedModel: Sendable {
    /// The name by which clients ask for it.
    public var name: String
    /// The model. One that streams tells its tokens as they are drawn; answers of others are sent whole.
    public var model: any Model
    /// Its tokenizer.
    public var tokenizer: any Tokenizer
    /// How many tokens its context holds, prompt and answer together.
    public var contextLength: Int
    /// Tokens that end an answer; their text is left out of it. The model should end its samples at them too.
    public var stopTokens: Set<TokenID>
    /// How messages become a prompt.
    public var prompt: any ConversationPrompt
    /// How tokens are drawn where a request does not say; its `limit` and `stop` are not used.
    public var sampling: Sampling
    /// The model that this one is an adapter of, by name.
    public var parent: String?
    /// The search strategies that are listed beside it.
    public var strategies: [SearchStrategy]

    /// A model with its tokenizer's stop tokens.
    public init(
        name: String, model: any Model, tokenizer: any Tokenizer, contextLength: Int, prompt: any ConversationPrompt = PlainPrompt(),
        stopTokens: Set<TokenID>? = nil, sampling: Sampling = Sampling(), parent: String? = nil,
        strategies: [SearchStrategy] = [.bestOf(8), .selfConsistency(16)]
    ) {
        self.name = name
        self.model = model
        self.tokenizer = tokenizer
        self.contextLength = contextLength
        self.stopTokens = stopTokens ?? Set(tokenizer.stopTokens)
        self.prompt = prompt
        self.sampling = sampling
        self.parent = parent
        self.strategies = strategies
    }

    /// The bytes that a token shows as: what it contributes within a text, or the written form of a special token.
    func shownBytes(of token: TokenID) -> [UInt8] {
        switch tokenizer.piece(of: token, isFirst: false) {
        case .bytes(let bytes) where !bytes.isEmpty: bytes
        case .byte(let byte): [byte]
        default: tokenizer.addedTokens.first { $0.id == token }.map { Array($0.text.utf8) } ?? []
        }
    }
}

/// Loads adapters over models that are served.
public protocol AdapterLoading: Sendable {
    /// The model of an adapter's folder under a name, over one that is served. A name that is loaded already gets the new weights.
    func load(_ name: String, from folder: String, over base: HostedModel) async throws -> HostedModel
    /// Frees an adapter; requests that are being answered by it may be cut off.
    func unload(_ adapter: HostedModel) async throws
}
