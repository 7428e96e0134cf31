import Foundation
import HoneCore

/// Asks for a mark of each answer as a whole: kind `score`, on each role that moved, from 0 for the lowest mark to 1 for the highest.
///
/// Where marks are scored the likeliest counts, of equals the lowest, or with `isSoft` their mean by probability; where they are drawn, the mean of
/// what can be read: a drawn text may think first, its last whole number among the marks counts, and where none can be read the answer has the
/// lowest. With `votes` 0 marks are one digit, so that no mark begins another.
///
/// Source: Zheng et al. 2023, “Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena”, single-answer grading; Liu et al. 2023, “G-Eval”, equation 1
/// (`isSoft`).
public struct DirectScore: Judge {
    public static let card = PartCard(
        name: "score", summary: "a mark for each answer as a whole, scored or drawn", source: "Zheng et al. 2023; Liu et al. 2023, equation 1")

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "score"
    /// Who is asked, and how its prompts are made; `sampling` counts where marks are drawn.
    public var player: Player
    /// The marks.
    public var marks: ClosedRange<Int>
    /// How many marks are drawn; with 0 they are scored and nothing is drawn.
    public var votes: Int
    /// Whether scored marks are averaged by their probabilities.
    public var isSoft: Bool
    /// How the question is laid out.
    public var prompt: VerdictPrompt

    /// The judge.
    public init(_ player: Player, marks: ClosedRange<Int> = 0...9, votes: Int = 0, isSoft: Bool = false, prompt: VerdictPrompt = VerdictPrompt()) {
        self.player = player
        self.marks = marks
        self.votes = votes
        self.isSoft = isSoft
        self.prompt = prompt
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        guard marks.count > 1, votes > 0 || votes == 0 && marks.lowerBound >= 0 && marks.upperBound <= 9 else {
            throw CoreError.invalid(
                "Answers are marked from \(marks.lowerBound) to \(marks.upperBound) by \(votes) votes; expected two marks or more, within 0 to 9 where they are scored "
                    + "(0 votes)")
        }
        let plays = group.judgedPlays
        var cost = Cost()
        cost.judgeCalls = plays.count
        scope.services.charge(cost)
        let found = try await plays.concurrently { index, one in
            let (asked, own) = (prompt.text(problem: one.play.problem, answers: [one.play.answer]), scope.child("question", index))
            return votes == 0 ? try await scored(asked, in: own) : try await drawn(asked, in: own)
        }
        return Judgement(zip(plays, found).map { one, mark in
            let share = (mark.value - Double(marks.lowerBound)) / Double(marks.count - 1)
            return Verdict(on: .role(one.episode, one.role), kind: Self.kind, value: share, critique: mark.said)
        })
    }

    private func scored(_ prompt: String, in scope: Scope) async throws -> (value: Double, said: String?) {
        let context = try scope.services.policy(player.policy).prompt(for: [.text(prompt, from: .prompt)])
        let rows = try await scope.score(player.model, marks.map { context + [.text(String($0), from: .demonstration)] }, .logProbs).map(\.values)
        guard rows.count == marks.count, let first = rows.first else {
            throw CoreError.invalid("Model “\(player.model)” gave \(rows.count) scores for \(marks.count) texts")
        }
        // What all have in common cancels, so nobody has to know where the prompt's tokens end.
        let logits = rows.map { row in
            (0..<max(row.count, first.count)).reduce(0.0) { sum, place in
                sum + (place < row.count ? Double(row[place]) : 0) - (place < first.count ? Double(first[place]) : 0)
            }
        }
        let most = logits.max() ?? 0
        if isSoft {
            let weights = logits.map { exp($0 - most) }
            let sum = zip(marks, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
            return (sum / weights.reduce(0, +), nil)
        }
        return (Double(marks.lowerBound + (logits.firstIndex(of: most) ?? 0)), nil)
    }

    private func drawn(_ prompt: String, in scope: Scope) async throws -> (value: Double, said: String?) {
        let policy = try scope.services.policy(player.policy)
        let view = View(role: .verdict, transcript: [.text(prompt, from: .prompt)])
        let said = try await (0..<votes).concurrently { _, vote in try await policy.move(on: view, as: player, in: scope.child("vote", vote)).text }
        let read = said.compactMap { text in text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }.last { marks.contains($0) } }
        let mean = read.isEmpty ? Double(marks.lowerBound) : Double(read.reduce(0, +)) / Double(read.count)
        return (mean, said.joined(separator: "\n"))
    }
}
