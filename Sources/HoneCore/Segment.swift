/// A piece of what one role has seen or said: who made it, what it holds, and how it counts in learning.
public struct Segment: Hashable, Sendable, Codable {
    /// Where a segment comes from.
    public enum Origin: Hashable, Sendable, Codable {
        /// Sampled by a model; `update` counts the optimiser steps behind its weights.
        case model(ModelRef, update: Int)
        /// Said by the world.
        case world
        /// Returned by a tool.
        case tool
        /// The fixed words around a problem.
        case prompt
        /// Put in to help; never trained on unless a credit says so.
        case hint
        /// Written by somebody else as an example to learn from.
        case demonstration
    }

    /// What a segment holds.
    public enum Content: Hashable, Sendable, Codable {
        /// Exact tokens, and the text they spell (without special tokens).
        case tokens([TokenID], text: String)
        /// Text that no tokenizer has seen yet.
        case text(String)
        /// Numbers of an observation, in row-major order.
        case numbers([Float], shape: [Int])
    }

    /// Where it comes from.
    public var origin: Origin
    /// Who said it, when a role did.
    public var author: Role?
    /// What it holds.
    public var content: Content
    /// Natural logarithms of the probabilities with which the sampler drew the tokens, one per token.
    public var samplerLogProbs: [Float]?
    /// Entropies, in nats, of the distributions the tokens were drawn from, one per token.
    public var entropies: [Float]?
    /// Whether learning may touch these tokens.
    public var isTrained: Bool
    /// The weight of these tokens in a loss.
    public var weight: Float
    /// Whether only its author sees it: a hidden thought.
    public var isPrivate: Bool

    /// A segment; only what a model sampled is trained on unless said otherwise.
    public init(
        origin: Origin, author: Role? = nil, content: Content, samplerLogProbs: [Float]? = nil,
        entropies: [Float]? = nil, isTrained: Bool = false, weight: Float = 1, isPrivate: Bool = false
    ) {
        self.origin = origin
        self.author = author
        self.content = content
        self.samplerLogProbs = samplerLogProbs
        self.entropies = entropies
        self.isTrained = isTrained
        self.weight = weight
        self.isPrivate = isPrivate
    }

    /// A segment of plain text.
    public static func text(_ text: String, from origin: Origin, author: Role? = nil) -> Segment {
        Segment(origin: origin, author: author, content: .text(text))
    }

    /// The text it spells; empty for numbers.
    public var text: String {
        switch content {
        case .tokens(_, let text), .text(let text): text
        case .numbers: ""
        }
    }

    /// Its tokens, when it has been tokenised.
    public var tokens: [TokenID]? {
        if case .tokens(let tokens, _) = content { tokens } else { nil }
    }
}

/// What one role has seen, in order.
public typealias Transcript = [Segment]

extension [Segment] {
    /// The text of all segments, one after the other.
    public var text: String { map(\.text).joined() }

    /// The tokens of all segments; nil when one of them has not been tokenised.
    public var tokens: [TokenID]? {
        var all: [TokenID] = []
        for segment in self {
            guard let tokens = segment.tokens else { return nil }
            all += tokens
        }
        return all
    }
}
