/// How many floating-point operations a transformer spends, from its sizes.
///
/// A multiplication and an addition count as two. Attention counts the pairs of a token with itself and those before it, as a
/// decoder with a cache computes them; a kernel that also computes masked pairs does more work than is counted. The backward pass
/// costs twice the forward pass: one product for the gradient of the inputs, one for that of the weights, which frozen weights
/// are spared. Kaplan et al. 2020, “Scaling Laws for Neural Language Models”, table 1, counts in the same way; here
/// norms, rotations and gates are counted too, as they make up 1 % of a small model's work.
public struct ModelArithmetic: Hashable, Sendable, Codable {
    /// Operations of one token in all blocks, without attention between tokens, in weights that learn.
    public var perToken: Int
    /// The same in weights that are frozen.
    public var perTokenFrozen: Int
    /// Operations of one pair of tokens in the attention of all blocks.
    public var perPair: Int
    /// Operations of the output head for one token.
    public var perOutput: Int

    /// An arithmetic.
    public init(perToken: Int, perTokenFrozen: Int = 0, perPair: Int, perOutput: Int) {
        self.perToken = perToken
        self.perTokenFrozen = perTokenFrozen
        self.perPair = perPair
        self.perOutput = perOutput
    }

    /// The forward pass over a row of n tokens, with outputs at so many of them.
    public func forward(tokens n: Int, outputs: Int) -> Int {
        n * (perToken + perTokenFrozen) + n * (n + 1) / 2 * perPair + outputs * perOutput
    }

    /// Drawing n tokens after a prompt: the last token drawn is not fed back, and every drawn one needs an output.
    public func sampling(prompt: Int, drawn n: Int) -> Int { n > 0 ? forward(tokens: prompt + n - 1, outputs: n) : 0 }

    /// Scoring a row of n tokens: an output after each but the last.
    public func scoring(tokens n: Int) -> Int { n > 0 ? forward(tokens: n, outputs: n - 1) : 0 }

    /// One training pass, forward and backward, over a row of n tokens of which so many are trained.
    public func training(tokens n: Int, trained: Int) -> Int {
        // Where weights are frozen, so is the output head.
        let spared = perTokenFrozen > 0 ? n * perTokenFrozen + trained * perOutput : 0
        return 3 * forward(tokens: n, outputs: trained) - spared
    }
}
