import Foundation
import HoneCore
import HoneServer
import Testing

@Suite("Who may ask a server")
struct AccessTests {
    private static let secret = "a-secret-of-many-letters"

    @Test("beyond loopback a server needs a token")
    func addresses() throws {
        for host in ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1"] { #expect(throws: Never.self) { try ServerAddress(host: host).check(nil) } }
        for host in ["0.0.0.0", "::", "192.168.1.5", "example.com", "127.0.0.1.example.com", "127.0.0", "127.0.0.256", "localhost.example.com", ""] {
            #expect(throws: CoreError.self, "\(host)") { try ServerAddress(host: host).check(nil) }
            #expect(throws: Never.self) { try ServerAddress(host: host).check(try BearerToken(Self.secret)) }
        }
        #expect(throws: CoreError.self) { try ServerAddress(port: 70_000).check(nil) }
    }

    @Test("with a token, only those who show it are answered; health is for all")
    func bearer() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "x"))], token: Self.secret) { server in
            for shown in [nil, "", "Bearer", "Bearer ", "Bearer wrong", Self.secret, "Basic \(Self.secret)", "Bearer \(Self.secret)x", "Bearer \(Self.secret.dropLast())"] {
                let reply = try await server.ask("GET", "/v1/models", nil, shown.map { ["Authorization": $0] } ?? [:])
                #expect(reply.status == 401, "\(shown ?? "nothing")")
                #expect(reply.error["type"] == "authentication_error" && reply.fields["www-authenticate"] == "Bearer")
                #expect(!reply.text.contains(Self.secret))
            }
            #expect(try await server.ask("GET", "/v1/models", nil, ["Authorization": "Bearer \(Self.secret)"]).status == 200)
            #expect(try await server.ask("GET", "/v1/models", nil, ["Authorization": "bearer \(Self.secret)"]).status == 200)
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    @Test("without a token, web pages of elsewhere reach nothing")
    func foreignPages() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "x"))]) { server in
            let body = #"{"prompt":"a"}"#
            let cases: [(fields: [String: String], status: Int)] = [
                (["Host": "evil.example:8000"], 403), (["Origin": "https://evil.example"], 403), (["Origin": "null"], 403),
                (["Host": "127.0.0.1.evil.example"], 403), (["Origin": "http://localhost:3000", "Host": "localhost:8000"], 200),
                (["Host": "[::1]:8000"], 200),
            ]
            for (fields, status) in cases {
                let reply = try await server.post("/v1/completions", body, fields)
                #expect(reply.status == status, "\(fields)")
            }
        }
    }

    @Test("tokens come from a variable or an owner-only file, are long enough, and never print")
    func sources() throws {
        #expect(throws: CoreError.self) { try BearerToken("short") }
        #expect(throws: CoreError.self) { try BearerToken("with a space in it, long") }
        #expect(throws: CoreError.self) { try BearerToken("with-an-ümlaut-in-it-long") }
        #expect(throws: CoreError.self) { try BearerToken(.environment("NOT_SET"), environment: [:]) }
        let token = try BearerToken(.environment("T"), environment: ["T": "\(Self.secret)\n"])
        #expect(token.isShown(by: "Bearer \(Self.secret)") && !token.isShown(by: "Bearer \(Self.secret)\n"))
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] { #expect(!text.contains(Self.secret)) }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("token-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("\(Self.secret)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        #expect(try BearerToken(.file(file.path)).isShown(by: "Bearer \(Self.secret)"))
        for permissions in [0o640, 0o604, 0o660] {
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.path)
            #expect(throws: CoreError.self) { try BearerToken(.file(file.path)) }
        }
        #expect(throws: CoreError.self) { try BearerToken(.file(file.path + "-not-there")) }
    }

    @Test("a port that is taken is told in a sentence")
    func takenPort() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "x"))]) { server in
            let second = try ModelServer(server.server.service, at: ServerAddress(port: server.port))
            await #expect(throws: CoreError.self) { try await second.run() }
        }
    }
}

/// Adapters that say their folder's name.
private struct FolderAdapters: AdapterLoading {
    let unloaded: Counter

    func load(_ name: String, from folder: String, over base: HostedModel) async throws -> HostedModel {
        guard folder.hasPrefix("/adapters/") else { throw CoreError.invalid("There is no adapter in \(folder)") }
        return HostedModel(
            name: name, model: StreamedBytes(saying: folder), tokenizer: base.tokenizer, contextLength: base.contextLength, parent: base.name)
    }

    func unload(_ adapter: HostedModel) async throws { _ = unloaded.next() }
}

@Suite("Adapters of a server")
struct AdapterTests {
    @Test("an adapter is a model of its own from its loading to its unloading")
    func loading() async throws {
        let unloaded = Counter()
        try await RunningServer.with([hosted(StreamedBytes(saying: "base"))], adapters: FolderAdapters(unloaded: unloaded)) { server in
            func said(_ model: String) async throws -> String? {
                try await server.post("/v1/completions", #"{"model":"\#(model)","prompt":"a"}"#).choices.first?["text"]?.text
            }
            let load = #"{"lora_name":"better","lora_path":"/adapters/1"}"#
            #expect(try await server.post("/v1/load_lora_adapter", load).status == 200)
            #expect(try await said("better") == "/adapters/1")
            #expect(try await said("better@best-of-2") == "/adapters/1")
            #expect(try await said("bytes") == "base")
            let list = try await server.ask("GET", "/v1/models").json["data"]?.elements ?? []
            #expect(list.first { $0["id"] == "better" }?["parent"] == "bytes")
            let again = try await server.post("/v1/load_lora_adapter", load)
            #expect(again.status == 400 && again.error["message"]?.text?.contains("already been loaded") == true)
            #expect(try await server.post("/v1/load_lora_adapter", #"{"lora_name":"better","lora_path":"/adapters/2","load_inplace":true}"#).status == 200)
            #expect(try await said("better") == "/adapters/2")
            #expect(try await server.post("/v1/load_lora_adapter", #"{"lora_name":"bytes","lora_path":"/adapters/2","load_inplace":true}"#).status == 400)
            #expect(try await server.post("/v1/load_lora_adapter", #"{"lora_name":"x","lora_path":"/elsewhere"}"#).status == 400)
            #expect(try await server.post("/v1/load_lora_adapter", #"{"lora_name":"x"}"#).error["param"] == "lora_path")
            #expect(try await server.post("/v1/unload_lora_adapter", #"{"lora_name":"bytes"}"#).status == 404, "a model that is no adapter stays")
            #expect(try await server.post("/v1/unload_lora_adapter", #"{"lora_name":"better"}"#).status == 200)
            #expect(try await said("better") == nil)
            #expect(unloaded.next() == 2)
        }
    }
}
