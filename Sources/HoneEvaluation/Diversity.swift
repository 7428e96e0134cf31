import Foundation
import HoneNumerics

/// How different the responses to one problem are.
public enum Diversity {
    /// distinct-n: different n-grams over all n-grams of the responses taken together; nil where none is long enough.
    ///
    /// Source: Li et al. 2016, “A Diversity-Promoting Objective Function for Neural Conversation Models”. Tokens may be anything that can be
    /// told apart.
    public static func distinct<Token: Hashable>(_ responses: [[Token]], n: Int) -> Double? {
        precondition(n >= 1, "An n-gram has at least one token")
        let grams = responses.flatMap { tokens in
            tokens.count < n ? [] : (0...(tokens.count - n)).map { Array(tokens[$0..<($0 + n)]) }
        }
        return grams.isEmpty ? nil : Double(Set(grams).count) / Double(grams.count)
    }

    /// The words of a text: what stands between white space, byte by byte.
    public static func words(_ text: String) -> [[UInt8]] {
        text.unicodeScalars.split { $0.properties.isWhitespace }.map { Array(String($0).utf8) }
    }

    /// The entropy of the answers' frequencies in nats, 0 where all are the same; nil for none.
    ///
    /// The plug-in estimate −Σ (n_a/n) log(n_a/n), which is too small for few samples (Shannon 1948; Miller 1955). Answers are compared
    /// byte by byte.
    public static func answerEntropy(_ answers: [String]) -> Double? {
        guard !answers.isEmpty else { return nil }
        var counts: [[UInt8]: Int] = [:]
        for answer in answers { counts[Array(answer.utf8), default: 0] += 1 }
        // Sorted, because sums of floating-point numbers depend on their order and dictionaries have none.
        return Statistics.entropy(counts.values.sorted().map(Double.init))
    }
}
