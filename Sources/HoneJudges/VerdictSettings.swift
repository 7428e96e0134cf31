import HoneCore

/// What can be set of judges that ask a model for a verdict word.
struct VerdictSettings: Hashable, Sendable, Codable {
    /// The model.
    var model = "policy"
    /// Its snapshot; empty for the live weights.
    var snapshot = ""
    /// How it is asked.
    var policy = "direct"
    /// The temperature of drawn verdicts.
    var temperature = 1.0
    /// The most tokens of a drawn verdict.
    var limit = 64
    /// How many verdicts are drawn; 0 scores the words.
    var votes: Int
    /// The word for right, or for the first of a pair.
    var yes: String
    /// The word for wrong, or for the second of a pair.
    var no: String
    /// How the question is laid out.
    var prompt = VerdictPrompt()

    init(words: VerdictWords = VerdictWords(), votes: Int = 0) {
        (yes, no, self.votes) = (words.yes, words.no, votes)
    }

    /// Who is asked.
    var asker: VerdictAsker {
        let player = Player(
            model: ModelRef(ModelName(model), snapshot: snapshot.isEmpty ? nil : snapshot), policy: PolicyName(policy),
            sampling: Sampling(temperature: temperature, limit: limit))
        return VerdictAsker(player, words: VerdictWords(yes: yes, no: no), votes: votes)
    }
}

extension JudgeCatalog {
    /// The judges that ask a model for a verdict word, in the order of their names.
    static var verdictEntries: [Entry] {
        [
            entry(Checklist.card, VerdictSettings(), ["questions": .array([]), "asking": .string("\n"), "isSoft": .bool(false)]) { own, settings in
                var questions: [String] = []
                for (place, element) in (settings["questions"]?.elements ?? []).enumerated() {
                    guard let text = element.text else {
                        throw CoreError.invalid("“questions” has \(element.kind) at place \(place); expected texts, one for each question of the checklist")
                    }
                    questions.append(text)
                }
                return Checklist(
                    own.asker, questions: questions, asking: settings["asking"]?.text ?? "\n", isSoft: settings["isSoft"] == .bool(true), prompt: own.prompt)
            },
            entry(TrueProbability.card, VerdictSettings(), without: ["votes", "temperature", "limit"]) { own, _ in
                TrueProbability(scorer: own.asker.player, words: own.asker.words, prompt: own.prompt)
            },
            entry(PairwiseJudge.card, VerdictSettings(words: .pair), ["combines": .string(PairwiseJudge.Combination.agreement.rawValue)]) { own, settings in
                let name = settings["combines"]?.text ?? ""
                guard let combines = PairwiseJudge.Combination(rawValue: name) else {
                    throw CoreError.unknown(kind: "combination of both orders", name: name, known: PairwiseJudge.Combination.allCases.map(\.rawValue))
                }
                return PairwiseJudge(own.asker, prompt: own.prompt, combines: combines)
            },
            entry(
                DirectScore.card, VerdictSettings(), ["lowest": .integer(0), "highest": .integer(9), "isSoft": .bool(false)], without: ["yes", "no"]
            ) { own, settings in
                let (lowest, highest) = (settings["lowest"]?.int ?? 0, settings["highest"]?.int ?? 9)
                guard lowest < highest else { throw CoreError.invalid("“lowest” is \(lowest) and “highest” \(highest); expected marks that rise") }
                return DirectScore(
                    own.asker.player, marks: lowest...highest, votes: own.votes, isSoft: settings["isSoft"] == .bool(true), prompt: own.prompt)
            },
            entry(GenerativeVotes.card, VerdictSettings(votes: 5)) { own, _ in
                GenerativeVotes(voter: own.asker.player, votes: own.votes, words: own.asker.words, prompt: own.prompt)
            },
        ]
    }

    /// An entry whose settings are those of verdict words, without some and with others beside them.
    private static func entry(
        _ card: PartCard, _ own: VerdictSettings, _ more: [String: JSONValue] = [:], without: Set<String> = [],
        make: @escaping @Sendable (VerdictSettings, JSONValue) throws -> any Judge
    ) -> Entry {
        var members = more
        if case .object(let all)? = try? JSONValue(encoding: own) {
            members.merge(all.filter { !without.contains($0.key) }) { given, _ in given }
        }
        let base = (try? JSONValue(encoding: own)) ?? .object([:])
        return Entry(
            card: card, asksWorld: false, defaults: .object(members),
            make: { settings in try make(try settings.filled(from: base).decode(VerdictSettings.self), settings) })
    }
}
