import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// A line for cross-entropy with more members.
private func sft(_ more: String) -> String { #"{"logProbs": [[-1, -2], [-3]], "mask": [[1, 1], [1]]\#(more.isEmpty ? "" : ", " + more)}"# }

@Suite("What the port refuses", .serialized)
struct LineRefusalTests {
    @Test("whatever an objective needs is asked for by its key when it is missing")
    func missing() throws {
        for entry in try ObjectiveCatalog.entries() {
            let objective = try entry.make(entry.defaults)
            let (keys, takes) = (LossKeys(objective), objective.takes)
            let line = try AnyLine(entry.card.name, seed: 1)
            var wanted: [(key: String, sentence: String)] = []
            for (key, quantity) in keys.reads where quantity == .logProbs || objective.reads.contains(quantity) { wanted.append((key, "The line has no “\(key)”; expected ")) }
            wanted += keys.scores.map { ($0.key, "The line has no “\($0.key)”; expected ") }
            wanted += takes.channels.map { ("scores.\($0.key)", "The line has no “scores.\($0.key)”; expected one number per row or token (\($0.value.meaning))") }
            wanted += takes.scalars.keys.map { name in
                let key = ["label": "labels", "reward": "rewards"][name] ?? "scores.\(name)"
                return (key, "The line has no “\(key)”; expected one number per row of “logProbs”")
            }
            if takes.pairs { wanted.append(("pairs", #"The line has no “pairs”; expected a list such as [{"chosen": 0, "rejected": 1}]"#)) }
            if takes.advantages { wanted.append(("advantages", "The objective needs advantages, which were not given")) }
            if takes.samplerLogProbs { wanted.append(("samplerLogProbs", "The objective needs sampler's log-probabilities, which were not given")) }
            wanted.append(("mask", "The line has no “mask”; expected rows of 0 and 1 like “logProbs”"))
            for (key, sentence) in wanted {
                // Rewards would be made into the advantages that are left out.
                if key == "advantages", takes.scalars["reward"] != nil { continue }
                let found = portRefusal(entry.card.name, line.json(without: [key]))
                #expect(found.hasPrefix(sentence), "\(entry.card.name) without \(key): \(found)")
            }
        }
    }

    @Test("a row or a place too few is refused for every list, in a sentence that names it", arguments: ["grpo", "ppo", "dpo", "kto", "cql", "forward-distillation"])
    func shapes(_ name: String) throws {
        let whole = try AnyLine(name, seed: 2)
        for key in whole.keys where key != "mask" {
            guard whole.rows[0][key]?.elements != nil else { continue }
            var short = whole
            short.rows[1][key] = .array(Array((short.rows[1][key]?.elements ?? []).dropLast()))
            let found = portRefusal(name, short.json())
            #expect(found.contains("row 1; expected") || key == "logProbs" && found.contains("as many as “logProbs” has there"), "\(key): \(found)")
            var flat = whole
            flat.rows[1][key] = .bool(true)
            #expect(portRefusal(name, flat.json()).contains("true or false"), "\(key) as a truth value: \(portRefusal(name, flat.json()))")
        }
    }

    @Test("a key that no objective reads is refused with the nearest one that is known")
    func unknownKeys() {
        let cases = [
            (sft(#""weight": [[1, 1], [1]]"#), "The line has the key “weight”, which no objective reads; did you mean “weights”?"),
            (sft(#""labls": [1, 0]"#), "The line has the key “labls”, which no objective reads; did you mean “labels”?"),
        ]
        for (line, sentence) in cases { #expect(portRefusal("sft", line) == sentence) }
        let far = portRefusal("sft", sft(#""temperature": 2"#))
        #expect(far.hasPrefix("The line has the key “temperature”, which no objective reads; known here: id, settings, logProbs, mask"))
        // What is known but not needed is passed over.
        #expect(portRefusal("sft", sft(#""advantages": [1, 2], "labels": null, "scores": {"reward": [[7, 7], [7]]}"#)).contains(#""loss""#))
    }

    @Test("pairs: keys, numbers and places are checked one by one")
    func pairs() {
        let line = #"{"logProbs": [[-1], [-2]], "referenceLogProbs": [[-1], [-1]], "mask": [[1], [1]], "pairs": PAIRS}"#
        let cases: [(String, String)] = [
            ("{}", "“pairs” is a group of settings; expected a list"), ("[[0]]", "Pair 0 has no “chosen”; expected a row number from 0 to 1"),
            ("[[0, 1], [0, 5]]", "Pair 1 has 5 as “rejected”; expected a row number from 0 to 1"),
            ("[[-1, 0]]", "Pair 0 has -1 as “chosen”; expected a row number from 0 to 1"),
            ("[[0.5, 0]]", "Pair 0 has 0.5 as “chosen”; expected a row number from 0 to 1"),
            (#"[{"chosen": 0}]"#, "Pair 0 has no “rejected”; expected a row number from 0 to 1"),
            (#"[{"chosen": 0, "rejected": 1, "margn": 2}]"#, "Pair 0 has the key “margn”, which no objective reads; did you mean “margin”?"),
            (#"[{"chosen": 0, "rejected": 1, "weight": "much"}]"#, "“weight” of pair 0 is a text; expected a finite number"),
            (#"[{"chosen": 0, "rejected": 1, "probability": true}]"#, "“probability” of pair 0 is true or false; expected a finite number"),
            (#"[{"chosen": 0, "rejected": 1, "probability": 1.5}]"#, "Pair 0 has the probability 1.5; expected one from 0 to 1"),
            (#"[{"chosen": 0, "rejected": 1, "weight": -2}]"#, "Pair 0 has the weight -2.0; expected a finite number of 0 or more"),
        ]
        for (pairs, sentence) in cases {
            #expect(portRefusal("dpo", line.replacing("PAIRS", with: pairs)) == sentence)
            let rewards = line.replacing("PAIRS", with: pairs).replacing(#""mask""#, with: #""scores": {"reward": [[1], [0]]}, "mask""#)
            #expect(portRefusal("outcome-reward-pairs", rewards) == sentence)
        }
        let plain = line.replacing("PAIRS", with: #"[{"chosen": 0, "rejected": 1, "probability": null, "margin": null, "weight": null}]"#)
        #expect(portRefusal("dpo", plain) == portRefusal("dpo", line.replacing("PAIRS", with: "[[0, 1]]")))
    }

    @Test("tables: kinds, numbers and lengths, each with its place")
    func tables() {
        let cases: [(String, String)] = [
            (#"{"logProbs": 3, "mask": [[1]]}"#, "“logProbs” is a whole number; expected a list of rows (rank 2)"),
            (#"{"logProbs": [[-1], "x"], "mask": [[1]]}"#, "“logProbs” holds a text in row 1; expected a list of rows (rank 2)"),
            (sft(#""weights": [[1, 1]]"#), "“weights” has 1 rows; expected 2, as many as “logProbs”"),
            (sft(#""weights": [[1], [1]]"#), "“weights” has 1 numbers in row 0; expected 2, as many as “logProbs” has there"),
            (sft(#""weights": [[1, null], [1]]"#), "“weights” in row 0, column 1 is null; expected a finite number"),
            (sft(#""tokens": [[0, 1.5], [2]]"#), "“tokens” holds 1.5 in row 0; expected a whole number from 0 to 2147483647"),
            (sft(#""tokens": [[0, 1], [-2]]"#), "“tokens” holds -2.0 in row 1; expected a whole number from 0 to 2147483647"),
            (sft(#""tokens": [[0, 1], [1e20]]"#), "“tokens” holds 1e+20 in row 1; expected a whole number from 0 to 2147483647"),
            (sft(#""groups": 4"#), "“groups” is a whole number; expected a list"),
            (sft(#""groups": ["a"]"#), "“groups” has 1 entries; expected 2, one per row of “logProbs”"),
            (sft(#""settings": [1]"#), "“settings” is a list; expected a group of settings"),
            (sft(#""advantages": 1"#), "“advantages” is a whole number; expected a list"),
            (sft(#""advantages": [1]"#), "“advantages” has 1 numbers; expected 2, one per row of “logProbs”"),
            (sft(#""advantages": [1, "x"]"#), "“advantages” at place 1 is a text; expected a finite number"),
        ]
        for (line, sentence) in cases { #expect(portRefusal("sft", line) == sentence) }
        let rewards = #"{"logProbs": [[-1]], "mask": [[1]], "rewards": REWARDS}"#
        #expect(portRefusal("reinforce", rewards.replacing("REWARDS", with: "1")) == "“rewards” is a whole number; expected a list")
        #expect(portRefusal("reinforce", rewards.replacing("REWARDS", with: "[1, 2]")) == "“rewards” has 2 numbers; expected 1, one per row of “logProbs”")
    }

    @Test("outputs of several numbers: each trained place holds a list of the same length")
    func widths() {
        func found(_ distribution: String, mask: String = "[[1, 1]]") -> String {
            let line = #"{"logProbs": [[-1, -1]], "mask": \#(mask), "scores": {"distribution": \#(distribution), "teacherDistribution": [[[-1, -1], [-1, -1]]]}}"#
            return portRefusal("forward-distillation", line)
        }
        #expect(found("[[[-1, -1], [-1]]]") == "“scores.distribution” holds 1 numbers in row 0, column 1; expected 2, as many as at its first place")
        #expect(found("[[[-1, -1], -1]]") == "“scores.distribution” in row 0, column 1 is null; expected a finite number")
        #expect(found("[[[-1, -1], -1]]", mask: "[[1, 0]]").contains(#""loss""#))
        #expect(found("[[-1, -1]]").contains("expected [rows, tokens, outputs]"))
        #expect(!found("[[[], []]]").contains("accepted"))
    }

    @Test("numbers per row: as many as rows, by the key of what they mean")
    func perRow() {
        let line = #"{"logProbs": [[-1], [-2]], "referenceLogProbs": [[-1], [-1]], "mask": [[1], [1]], LABELS}"#
        let cases: [(String, String)] = [
            (#""labels": 1"#, "“labels” is a whole number; expected a list"),
            (#""labels": [1]"#, "“labels” has 1 numbers; expected 2, one per row of “logProbs”"),
            (#""labels": [1, null]"#, "“labels” at place 1 is null; expected a finite number"),
        ]
        for (labels, sentence) in cases { #expect(portRefusal("kto", line.replacing("LABELS", with: labels)) == sentence) }
        let shares = line.replacing("LABELS", with: #""scores": {"winShare": [[0.5], [0.5]]}"#)
        #expect(portRefusal("sppo", shares) == "“scores.winShare” at place 0 is a list; expected a finite number")
    }

    @Test("settings of the wrong kind, and choices that are none, are refused by the setting's name")
    func settings() {
        #expect(!portRefusal("sft", sft(#""settings": {"reduction": 3.5}"#)).contains("accepted"))
        let cases: [(String, String)] = [
            (#""settings": {"reduction": [1]}"#, "settings: “reduction” takes a text, for example \"tokenMean\", but was given a list: [1]"),
            (#""settings": {"reducton": "tokenMean"}"#, "settings: There is no setting “reducton”; did you mean “reduction”?"),
        ]
        for (settings, sentence) in cases { #expect(portRefusal("sft", sft(settings)) == sentence) }
        #expect(!portRefusal("sft", sft(#""settings": {"reduction": "medianOfMeans"}"#)).contains("accepted"))
        #expect(portRefusal("sft", sft(#""settings": null"#)).contains(#""loss""#))
    }
}

@Suite("Settings of the catalogue")
struct SettingsTests {
    @Test("the defaults of every objective survive JSON, and make the objective again with the same needs")
    func roundTrips() throws {
        for entry in try ObjectiveCatalog.entries() {
            let text = entry.defaults.canonical
            let back = try JSONValue(parsing: text)
            #expect(back == entry.defaults, "\(entry.card.name): \(text)")
            let (first, second) = (try entry.make(entry.defaults), try entry.make(back))
            #expect(first.needs == second.needs && first.takes == second.takes && first.reads == second.reads && first.heads == second.heads)
        }
    }

    @Test("a key that is no setting is refused by every objective; a near one is suggested")
    func unknown() throws {
        for entry in try ObjectiveCatalog.entries() {
            guard case .object(let members) = entry.defaults else {
                Issue.record("\(entry.card.name) has no group of settings")
                continue
            }
            for key in members.keys.sorted() + ["nonsense"] {
                let wrong = key + "x"
                let line = JSONValue.object(["logProbs": .array([.array([.number(-1)])]), "mask": .array([.array([.integer(1)])]), "settings": .object([wrong: .integer(1)])])
                let found = portRefusal(entry.card.name, line)
                let near = members.keys.contains(key) ? "“\(key)”" : members.isEmpty ? "nothing can be set there" : "known here"
                #expect(found.hasPrefix("settings: There is no setting “\(wrong)”; ") && (found.contains(near) || found.contains("did you mean")), "\(entry.card.name): \(found)")
            }
        }
    }

    @Test("what another model is asked for follows the setting that names it")
    func references() throws {
        for entry in try ObjectiveCatalog.entries() {
            guard case .object(let members) = entry.defaults else { continue }
            let objective = try entry.make(entry.defaults)
            for (key, value) in members {
                guard case .object(let model) = value, model["name"] != nil else { continue }
                var moved = members
                moved[key] = try JSONValue(encoding: ModelRef("elsewhere", snapshot: "kept"))
                let other = try entry.make(.object(moved))
                let (before, after) = (Set(objective.needs.map(\.by)), Set(other.needs.map(\.by)))
                // A model whose factor is 0 by default is not asked for, before or after.
                #expect(objective.needs.isEmpty ? other.needs.isEmpty : after.contains(ModelRef("elsewhere", snapshot: "kept")), "\(entry.card.name), \(key)")
                #expect(objective.needs.count == other.needs.count && !before.contains(ModelRef("elsewhere", snapshot: "kept")), "\(entry.card.name), \(key)")
            }
        }
    }

    @Test("the head that is taught follows the setting that names it")
    func heads() throws {
        var count = 0
        for entry in try ObjectiveCatalog.entries() {
            guard case .object(var members) = entry.defaults, members["head"] != nil else { continue }
            members["head"] = .string("mine")
            let objective = try entry.make(.object(members))
            #expect(objective.heads.map(\.name) == ["mine"] && objective.reads == [.head("mine")], "\(entry.card.name)")
            count += 1
        }
        #expect(count == 12)
    }
}
