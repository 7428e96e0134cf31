import ArgumentParser
import Foundation
import HoneCore
import HoneCredit
import HoneEngine
import HoneGames
import HoneModel
import HoneObjectives
import HoneText

/// `hone bench`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure sampled and trained tokens per second, and a GRPO step, beside plain PyTorch where it is installed.",
        discussion: "The peer is Benchmarks/peer_torch.py, run by --python (see Benchmarks/README.md); without it only own figures are given.")
    @Option(name: .long, help: "Which sizes, with commas.") var sizes = "nano,micro"
    @Option(name: .long, help: "Which batches, with commas.") var batches = "1,64,256"
    @Option(name: .long, help: "Pairs of own and peer measurements; the median ratio is given.") var pairs = 3
    @Option(name: .long, help: "The python that has torch 2.13 and numpy; by default .venv/bin/python where it exists.") var python: String?
    @Option(name: .long, help: "Measure instead how fast a model folder decodes, beside transformers' generate.") var model: String?
    @Option(name: .long, help: "What --model is decoded in: bfloat16 or float32.") var precision = "bfloat16"
    @Flag(name: .long, help: "Measure instead what each objective adds to an update beyond the models it needs.") var objectives = false
    @Flag(name: .long, help: "Measure instead random play, tree search and CFR+ on games, beside OpenSpiel where --python has it.") var games = false
    @Flag(name: .long, help: .hidden) var spin = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if spin { return BenchSurroundings.spin() }
        try await output.reporting {
            if objectives { return try await measureObjectives() }
            let interpreter = python ?? (FileManager.default.isExecutableFile(atPath: ".venv/bin/python") ? ".venv/bin/python" : nil)
            if games { return try await measureGames(interpreter) }
            if let model { return try await measureFolder(model, interpreter) }
            let peer = try interpreter.map { try PeerProcess(python: $0) }
            defer { peer?.stop() }
            var rows: [JSONValue] = []
            for size in sizes.split(separator: ",").map(String.init) {
                let work = try await BenchWork(size: size)
                for batch in batches.split(separator: ",").compactMap({ Int($0) }) {
                    rows.append(
                        try await compare("decode", size, batch, unit: "sampled tokens/s", higher: true, peer) { try await work.decode(batch: batch) })
                }
                rows.append(try await compare("train", size, 64, unit: "trained tokens/s", higher: true, peer) { try await work.train() })
                if size == "nano" {
                    rows.append(try await compare("grpo", size, 128, unit: "s/step", higher: false, peer) { try await work.grpo() })
                    rows.append(try await beside(work))
                }
            }
            rows.append(
                try await compare("start", "nano", 32, unit: "s to the first optimiser step", higher: false, nil) {
                    try BenchSurroundings.secondsToFirstStep()
                })
            if output.json { printResult(JSONValue.object(["rows": .array(rows), "machine": .object(Machine.facts.mapValues { .string($0) })]).canonical) }
        }
    }

    /// Decoding of a folder: one row a batch, with the limit that memory sets.
    private func measureFolder(_ path: String, _ interpreter: String?) async throws {
        guard ["bfloat16", "float32"].contains(precision) else {
            throw CoreError.invalid("--precision is “\(precision)”; it should be bfloat16 or float32")
        }
        let work = try await BenchFolder(path: path, isHalf: precision == "bfloat16")
        let peer = try interpreter.map { try PeerProcess(python: $0, script: "Benchmarks/peer_transformers.py", arguments: [path, precision]) }
        defer { peer?.stop() }
        var rows: [JSONValue] = []
        for batch in (batches == "1,64,256" ? "1,8" : batches).split(separator: ",").compactMap({ Int($0) }) {
            let limit = try await work.memoryLimit()
            rows.append(
                try await compare("decode", precision, batch, unit: "sampled tokens/s", higher: true, peer) { try await work.decode(batch: batch) })
            say(String(format: "  memory allows %.4g tokens/s a row at most", limit))
            rows.append(.object(["mode": .string("memory limit"), "batch": .integer(batch), "tokensPerSecondAndRow": .number(limit)]))
        }
        if output.json { printResult(JSONValue.object(["rows": .array(rows), "machine": .object(Machine.facts.mapValues { .string($0) })]).canonical) }
    }

    /// One row an objective.
    private func measureObjectives() async throws {
        var rows: [JSONValue] = []
        for entry in try ObjectiveCatalog.entries() {
            let row = try await BenchObjectives.measure(entry, pairs: pairs)
            say(
                row.name.padding(toLength: 28, withPad: " ", startingAt: 0)
                    + String(format: "%.2f of cross-entropy's update, %.3f s, of which %.3f s scores of other models", row.ratio, row.seconds, row.scoring))
            rows.append(row.json)
        }
        if output.json { printResult(JSONValue.object(["rows": .array(rows), "machine": .object(Machine.facts.mapValues { .string($0) })]).canonical) }
    }

    /// One row: the speed of sampling and training with another process busy on one core, as a share of the quiet speed.
    private func beside(_ work: BenchWork) async throws -> JSONValue {
        func both() async throws -> (Double, Double) { (try await work.decode(batch: 64), try await work.train()) }
        var shares: [(Double, Double)] = []
        for _ in 0..<max(1, pairs) {
            let quiet = try await both()
            let busy = try await BenchSurroundings.besideBusyProcess { try await both() }
            shares.append((busy.0 / quiet.0, busy.1 / quiet.1))
        }
        let decode = Self.median(shares.map(\.0))
        let train = Self.median(shares.map(\.1))
        say(String(format: "beside a busy process: decode at %.0f %%, train at %.0f %% of the quiet speed", 100 * decode, 100 * train))
        return .object([
            "mode": .string("busy"), "size": .string("nano"), "batch": .integer(64), "unit": .string("share of the quiet speed"), "decode": .number(decode),
            "train": .number(train),
        ])
    }

    /// Random play, tree search and CFR+: each beside OpenSpiel's Python and its core.
    private func measureGames(_ interpreter: String?) async throws {
        let peer = try interpreter.map { try PeerProcess(python: $0, name: "OpenSpiel", script: "Benchmarks/peer_games.py") }
        defer { peer?.stop() }
        var rows: [JSONValue] = []
        for (game, settings, theirs) in BenchGames.named {
            let work = try GameCatalog.work(name: game, settings: settings)
            for mode in BenchGames.Mode.allCases where BenchGames.has(mode, work) {
                for side in peer == nil ? [""] : ["python", "core"] {
                    rows.append(
                        try await compare(
                            peer == nil ? mode.rawValue : "\(mode.rawValue)-\(side)", game, 1, unit: mode.unit, higher: true, peer, peerShape: theirs
                        ) { BenchGames.perSecond(mode, work) })
                }
            }
        }
        if output.json { printResult(JSONValue.object(["rows": .array(rows), "machine": .object(Machine.facts.mapValues { .string($0) })]).canonical) }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func say(_ text: String) {
        if output.json { output.terminal.say("Measured", text) } else { printResult(text) }
    }

    /// One row: own figure, the peer's, and the median of the ratios of interleaved pairs.
    private func compare(
        _ mode: String, _ size: String, _ batch: Int, unit: String, higher: Bool, _ peer: PeerProcess?, peerShape: String? = nil, own: () async throws -> Double
    ) async throws -> JSONValue {
        _ = try await own()
        var mine: [Double] = []
        var others: [Double] = []
        for _ in 0..<max(1, pairs) {
            mine.append(try await own())
            if let peer { others.append(try peer.figure(mode: mode, shape: peerShape ?? size, batch: batch)) }
        }
        var members: [String: JSONValue] = [
            "mode": .string(mode), "size": .string(size), "batch": .integer(batch), "unit": .string(unit), "own": .number(Self.median(mine)),
            "runs": .array(mine.map { .number($0) }),
        ]
        var text = "\(mode) \(size) b\(batch): \(String(format: "%.4g", Self.median(mine))) \(unit)"
        if !others.isEmpty {
            let ratio = Self.median(zip(mine, others).map { higher ? $0 / $1 : $1 / $0 })
            members["peer"] = .number(Self.median(others))
            members["ratio"] = .number(ratio)
            members["peerRuns"] = .array(others.map { .number($0) })
            text += String(format: ", \(peer?.name ?? "peer") %.4g, ratio %.2f", Self.median(others), ratio)
        }
        say(text)
        return .object(members)
    }
}

/// Own side of the measurements.
struct BenchWork {
    let host: ModelHost
    let vocabulary: Int

    init(size: String) async throws {
        vocabulary = size == "micro" ? 4096 : 64
        let shape = try ModelShape.named(size, vocabulary: vocabulary)
        host = try await ModelHost.make(
            name: "bench", tokenizer: EndlessTokenizer(), settings: ModelHost.Settings(shape: shape, slots: 256), seed: Seed(0))
    }

    private func prompt(_ length: Int, _ key: Int) -> Transcript {
        var generator = Seed(5).child("prompt", key).generator
        let tokens = (0..<length).map { _ in TokenID(generator.integer(in: 2...(vocabulary - 1))) }
        return [Segment(origin: .prompt, content: .tokens(tokens, text: ""))]
    }

    /// Sampled tokens per second: different prompts of 64 tokens, 128 new ones, prompt time included.
    func decode(batch: Int) async throws -> Double {
        let requests = (0..<batch).map {
            Completion.Request(context: prompt(64, $0), sampling: Sampling(limit: 128), seed: Seed(1).child("bench", $0))
        }
        let began = RunSession.clock()
        let completions = try await host.complete(requests)
        let seconds = RunSession.clock() - began
        let sampled = completions.reduce(0) { $0 + $1.samples.reduce(0) { $0 + $1.segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) } } }
        return Double(sampled) / seconds
    }

    /// Trained tokens per second: 64 rows of 192 predicted tokens, one optimiser step.
    func train() async throws -> Double {
        let rows = (0..<64).map { key -> Example in
            let tokens = prompt(193, key).tokens ?? []
            return Example(tokens: tokens, isTrained: tokens.indices.map { $0 > 0 }, episode: "bench")
        }
        let began = RunSession.clock()
        _ = try await host.update(
            [Term(batch: TrainingBatch(examples: rows), objective: CrossEntropy())], with: OptimiserSettings(), passes: 1,
            miniBatch: 0, seed: Seed(0))
        return 64 * 192 / (RunSession.clock() - began)
    }

    /// Seconds of a GRPO step: 8 prompts × 16 samples × 32 tokens, one update.
    func grpo() async throws -> Double {
        let began = RunSession.clock()
        let requests = (0..<8).map {
            Completion.Request(context: prompt(7, $0), sampling: Sampling(limit: 32), seed: Seed(2).child("bench", $0), count: 16)
        }
        let completions = try await host.complete(requests)
        var credit = GroupRelative()
        let groups = completions.enumerated().map { index, completion in
            let episodes = completion.samples.map {
                Episode(id: "bench", steps: [Step(role: .solver, context: completion.context, move: Move(segments: $0.segments))])
            }
            let verdicts = episodes.indices.map { Verdict(on: .role($0, .solver), kind: .worldReturn, value: Double($0 % 3)) }
            return EpisodeGroup(assignment: Assignment(problem: Problem(id: "bench \(index)", world: "bench")), episodes: episodes, verdicts: verdicts)
        }
        let batch = try credit.batch(for: [.solver], from: groups, scores: ScoreTable())
        _ = try await host.update(
            [Term(batch: batch, objective: GroupPolicyGradient())], with: OptimiserSettings(), passes: 1, miniBatch: 0, seed: Seed(0))
        return RunSession.clock() - began
    }
}

/// Nano's alphabet without an end of text, so that every sample has as many tokens as the peer's.
struct EndlessTokenizer: Tokenizer {
    private let nano = CharacterTokenizer.nano
    var vocabularySize: Int { nano.vocabularySize }
    var endOfText: TokenID { -1 }
    var padding: TokenID { nano.padding }
    var addedTokens: [AddedToken] { nano.addedTokens }
    var template: TokenTemplate { nano.template }
    func encode(_ text: String) throws(TextError) -> [TokenID] { try nano.encode(text) }
    func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding {
        try nano.encodeWithOffsets(text, recognizesAddedTokens: recognizesAddedTokens)
    }
    func decode(_ tokens: [TokenID]) -> String { nano.decode(tokens) }
    func bytes(of token: TokenID) -> [UInt8] { nano.bytes(of: token) }
    func json() throws -> JSONValue { try nano.json() }
}
