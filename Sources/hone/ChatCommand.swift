import ArgumentParser
import Foundation
import HoneCore
import HoneEndpoint
import HoneModel
import HoneSocieties
import HoneText

/// `hone chat <model, run or endpoint>`.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talk to a model folder, a run's newest weights, or an endpoint (https://host/v1#model).",
        discussion: "Each line is a message; /new forgets the conversation, /again draws another answer, /quit or the end of input ends. "
            + "A model without a chat template answers each line by itself.")
    @Argument(help: "A model folder, a run's folder, or an endpoint.") var model: String
    @Option(name: .long, help: "What the system says first.") var system: String?
    @Option(name: .long, help: "The sampling temperature; 0 takes the likeliest token.") var temperature = 0.7
    @Option(name: .long, help: "Keeps the smallest set of likeliest tokens that reaches this probability.") var topP = 1.0
    @Option(name: .long, help: "The most tokens of an answer.") var limit = 512
    @Option(name: .long, help: "The seed of the sampling.") var seed: UInt64 = 0
    @OptionGroup var options: ModelOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard temperature >= 0, temperature.isFinite, topP > 0, topP <= 1, limit >= 1 else {
                throw CoreError.invalid("--temperature should be 0 or more, --top-p above 0 and at most 1, --limit 1 or more")
            }
            let opened = try await options.open(model, terminal: output.terminal)
            let sampling = Sampling(temperature: temperature, topP: topP, limit: limit)
            var talk = try Talk(opened, sampling: sampling, seed: Seed(seed), system: system)
            if !talk.remembers { output.terminal.say("Talking", "to \(opened.name), which has no chat template: each line is a prompt of its own", .cyan) }
            let isTerminal = isatty(STDIN_FILENO) == 1
            while true {
                if isTerminal { put("> ", on: STDERR_FILENO) }
                guard let line = readLine() else { break }
                switch line.trimmingCharacters(in: .whitespaces) {
                case "": continue
                case "/quit", "/exit": return
                case "/new": talk.forget()
                case "/again":
                    guard talk.takeBack() else {
                        output.terminal.warn("There is no answer yet that could be drawn again")
                        continue
                    }
                    try await answer(&talk)
                case let other where other.hasPrefix("/"):
                    output.terminal.warn("“\(other)” is no command; there are /new, /again and /quit")
                default:
                    talk.hear(line)
                    try await answer(&talk)
                }
            }
        }
    }

    /// The text with control characters made visible, which would otherwise be orders to the terminal.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0x09, 0x0A: scalar
            case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? scalar
            case 0x7F..<0xA0: Unicode.Scalar(0x2421) ?? scalar
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func answer(_ talk: inout Talk) async throws {
        do {
            let isJSON = output.json
            let text = try await talk.answer { piece in if !isJSON { put(Self.shown(piece), on: STDOUT_FILENO) } }
            if isJSON { printResult(JSONValue.object(["answer": .string(text)]).canonical) } else { put("\n", on: STDOUT_FILENO) }
        } catch let fault as EndpointFault where !fault.endsRun {
            talk.dropQuestion()
            put("\n", on: STDOUT_FILENO)
            output.terminal.warn("\(fault); the message is forgotten, say it again")
        }
    }
}

/// A conversation between a person and a model.
struct Talk {
    private let opened: OpenedModel
    private let policy: ChatPolicy?
    private let sampling: Sampling
    private let seed: Seed
    private let opening: Transcript
    private var transcript: Transcript
    private var answers = 0

    init(_ opened: OpenedModel, sampling: Sampling, seed: Seed, system: String?) throws {
        self.opened = opened
        self.sampling = sampling
        self.seed = seed
        opening = system.map { [.text($0, from: .prompt, author: Dialogue.system)] } ?? []
        transcript = opening
        let now = TemplateTime(Date(), in: .current)
        policy = opened.host.flatMap { host in opened.template.map { ChatPolicy($0, tokenizer: host.tokenizer, now: now) } }
    }

    /// Whether the model sees what was said before.
    var remembers: Bool { opened.host == nil || policy != nil }

    /// Takes in what the person says.
    mutating func hear(_ line: String) {
        if !remembers { transcript = opening }
        transcript.append(.text(line, from: .prompt))
    }

    /// Forgets all that was said.
    mutating func forget() { transcript = opening }

    /// Takes the newest answer back; false where there is none.
    mutating func takeBack() -> Bool {
        guard let last = transcript.last, case .model = last.origin else { return false }
        transcript.removeLast()
        return true
    }

    /// Takes the unanswered question back.
    mutating func dropQuestion() { if transcript.count > opening.count { transcript.removeLast() } }

    /// The model's answer, told as it comes.
    mutating func answer(_ tell: @escaping @Sendable (String) -> Void) async throws -> String {
        let own = seed.child("answer", answers)
        answers += 1
        if let endpoint = opened.model as? EndpointModel {
            let text = try await endpoint.tell(transcript, sampling: sampling, seed: own, onText: tell)
            transcript.append(.text(text, from: .model("model", update: 0)))
            return text
        }
        guard let host = opened.host else { throw CoreError.unsupported("“\(opened.name)” cannot be talked to") }
        let context = try policy?.prompt(for: transcript) ?? transcript
        let request = Completion.Request(context: context, sampling: sampling, seed: own)
        var text = ""
        var tokens: [TokenID] = []
        for try await token in host.stream(request, top: 0) {
            text += token.text
            tokens.append(token.token)
            if !token.text.isEmpty { tell(token.text) }
        }
        transcript.append(Segment(origin: .model("model", update: 0), content: .tokens(tokens, text: text)))
        return text
    }
}
