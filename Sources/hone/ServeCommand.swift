import ArgumentParser
import Foundation
import HoneCore
import HoneModel
import HoneServer
import HoneTensor
import HoneText

/// `hone serve <model or run> …`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve model folders and runs with OpenAI's interface: chat, completions, streaming, adapters.",
        discussion: "Clients ask for a model by the last part of its path, or by a name given as name=path; name@best-of-8 and "
            + "name@self-consistency-16 search for an answer. It listens on this machine alone; another --host needs a token.")
    @Argument(help: "Model folders or runs, each as a path or as name=path.") var models: [String]
    @Option(name: .long, help: "The address to listen on.") var host = "127.0.0.1"
    @Option(name: .long, help: "The port; 0 takes a free one.") var port = 8000
    @Option(name: .long, help: "An adapter (PEFT folder) over the first model, as name=folder; may be repeated. A folder without a name serves each adapter in it by its own.") var adapter: [String] = []
    @Flag(name: .long, help: "Let clients load and unload adapters: they then name folders on this machine.") var allowAdapters = false
    @Option(name: .long, help: "The environment variable with the token that clients must show.") var tokenEnvironment: String?
    @Option(name: .long, help: "The file with the token that clients must show; only its owner may have rights on it.") var tokenFile: String?
    @Option(name: .long, help: "Requests answered at once; more wait.") var running = 32
    @Option(name: .long, help: "Requests that wait; more are refused with 429.") var waiting = 128
    @Option(name: .long, help: "The most connections.") var connections = 256
    @Option(name: .long, help: "The most tokens of a prompt.") var promptTokens = 1 << 20
    @Option(name: .long, help: "The most tokens of an answer.") var outputTokens = 32_768
    @Option(name: .long, help: "The most bytes of a request.") var bodyBytes = 8 << 20
    @Option(name: .long, help: "The most seconds a request may take.") var requestSeconds = 600.0
    @OptionGroup var options: ModelOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            let token = try bearer()
            let address = ServerAddress(host: host, port: port)
            try address.check(token)
            let limits = try self.limits()
            var hosted: [HostedModel] = []
            for text in models {
                let (name, place) = Self.named(text)
                let opened = try await options.open(place, terminal: output.terminal)
                guard let host = opened.host else { throw CoreError.unsupported("\(place) is an endpoint; there are no weights here to serve") }
                hosted.append(try Self.hosted(name ?? opened.name, host, opened.template))
                output.terminal.say("Serving", "\(name ?? opened.name) from \(place): \(grouped(await host.parameterCount)) parameters, context \(grouped(host.shape.context))")
            }
            let names = hosted.map(\.name)
            guard Set(names).count == names.count else { throw CoreError.invalid("Two models are called alike (\(names.joined(separator: ", "))); give one as name=path") }
            let loader = AdapterLoader()
            for text in adapter {
                let (name, place) = Self.named(text)
                let found = name.map { [(name: $0, path: place)] } ?? AdapterFolder.named(in: place)
                guard !found.isEmpty else {
                    throw CoreError.invalid("--adapter is “\(text)”, where no adapter is; expected name=folder, or a folder with adapters, each with its adapter_config.json")
                }
                for (name, place) in found { hosted.append(try await loader.load(name, from: place, over: hosted[0])) }
            }
            let all = hosted.map(\.name)
            guard Set(all).count == all.count else { throw CoreError.invalid("Two are called alike (\(all.joined(separator: ", "))); give adapters as name=folder") }
            let seed = Seed(UInt64.random(in: 0 ... .max))
            let counter = Counter()
            let service = ModelService(
                hosted, limits: limits, adapters: allowAdapters ? loader : nil, unixSeconds: { Int(Date().timeIntervalSince1970) },
                seeds: { seed.child("request", counter.next()) })
            try await listen(try ModelServer(service, at: address, token: token), names: hosted.map(\.name), hasToken: token != nil)
        }
    }

    private func listen(_ server: ModelServer, names: [String], hasToken: Bool) async throws {
        let (json, terminal, host) = (output.json, output.terminal, host)
        let signals = Signals { count in
            if count > 1 { leave(status: 130) }
            terminal.say("Stopping", "when the requests in progress are answered, at the latest in 5 s; press again to end at once", .yellow)
            Task { await server.stop(graceSeconds: 5) }
        }
        defer { signals.stop() }
        try await server.run { port in
            let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/v1"
            if json {
                printResult(JSONValue.object(["url": .string(url), "models": .array(names.map { .string($0) })]).canonical)
            } else {
                terminal.say("Listening", "\(url)\(hasToken ? ", with a token" : "")")
            }
        }
    }

    private func bearer() throws -> BearerToken? {
        switch (tokenEnvironment, tokenFile) {
        case (nil, nil): nil
        case (let name?, nil): try BearerToken(.environment(name))
        case (nil, let file?): try BearerToken(.file(file))
        default: throw CoreError.invalid("Both --token-environment and --token-file name a token; give one")
        }
    }

    private func limits() throws -> ServerLimits {
        for (name, value) in [
            ("running", running), ("connections", connections), ("prompt-tokens", promptTokens), ("output-tokens", outputTokens), ("body-bytes", bodyBytes),
        ] where value < 1 { throw CoreError.invalid("--\(name) is \(value); it should be 1 or more") }
        guard waiting >= 0, requestSeconds > 0, requestSeconds.isFinite, (0...65_535).contains(port) else {
            throw CoreError.invalid("--waiting should be 0 or more, --request-seconds above 0, --port between 0 and 65535")
        }
        var limits = ServerLimits()
        (limits.running, limits.waiting, limits.connections) = (running, waiting, connections)
        (limits.promptTokens, limits.outputTokens, limits.bodyBytes) = (promptTokens, outputTokens, bodyBytes)
        limits.requestSeconds = requestSeconds
        return limits
    }

    /// A name and a path of `name=path`; a path that is there is one, whatever signs it holds.
    static func named(_ text: String) -> (name: String?, place: String) {
        guard !FileManager.default.fileExists(atPath: text), let sign = text.firstIndex(of: "="), sign != text.startIndex else { return (nil, text) }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    static func hosted(_ name: String, _ host: ModelHost, _ template: ChatTemplate?) throws -> HostedModel {
        let prompt: any ConversationPrompt = template.map { TemplatePrompt($0) { TemplateTime(Date(), in: .current) } } ?? PlainPrompt()
        return HostedModel(name: name, model: host, tokenizer: host.tokenizer, contextLength: host.shape.context, prompt: prompt)
    }
}

/// Loads PEFT folders over served models.
struct AdapterLoader: AdapterLoading {
    func load(_ name: String, from folder: String, over base: HostedModel) async throws -> HostedModel {
        guard let host = base.model as? ModelHost else { throw CoreError.unsupported("“\(base.name)” has no weights here to put adapters over") }
        var hosted = base
        hosted.model = try await host.over(try AdapterFolder(path: folder), as: "adapter")
        hosted.name = name
        hosted.parent = base.name
        return hosted
    }

    func unload(_ adapter: HostedModel) async throws {}
}
