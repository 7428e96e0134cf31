import HoneCore
import HoneServer
import Testing

/// Adapters that say their folder's name.
struct FolderAdapters: AdapterLoading {
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
