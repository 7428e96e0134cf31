import Foundation
import HoneCore
import HoneEndpoint
import Testing

@Suite("Keys stay secret")
struct KeyTests {
    private static let secret = "sk-test-0123456789abcdefSECRET"

    private func kind(_ source: KeySource, environment: [String: String] = [:]) -> EndpointFault.Kind? {
        do {
            _ = try EndpointKey(source, environment: environment)
            return nil
        } catch {
            #expect(!error.description.contains(Self.secret))
            return error.kind
        }
    }

    @Test("a key comes from a variable or a file of its owner, and from nowhere else")
    func sources() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("key").path
        func write(_ text: String, _ mode: Int) throws {
            try? FileManager.default.removeItem(atPath: file)
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        }
        #expect(kind(KeySource(environment: "K"), environment: ["K": Self.secret]) == nil)
        #expect(kind(KeySource(environment: "K"), environment: [:]) == .keyMissing)
        #expect(kind(KeySource(environment: "K"), environment: ["K": " \n"]) == .keyMissing)
        #expect(kind(KeySource(environment: "K"), environment: ["K": "\(Self.secret)\nX: y"]) == .keyUnusable)
        #expect(kind(KeySource(environment: "K"), environment: ["K": "schlüssel"]) == .keyUnusable)
        #expect(kind(KeySource()) == .badSettings)
        #expect(kind(KeySource(environment: "K", file: file), environment: ["K": "x"]) == .badSettings)
        #expect(kind(KeySource(file: file)) == .keyMissing)
        #expect(kind(KeySource(file: folder.path)) == .keyUnusable)
        for mode in [0o600, 0o400] {
            try write("\(Self.secret)\n", mode)
            #expect(kind(KeySource(file: file)) == nil)
        }
        for mode in [0o644, 0o640, 0o604, 0o620, 0o660, 0o777] {
            try write(Self.secret, mode)
            #expect(kind(KeySource(file: file)) == .keyFileReadable)
        }
    }

    @Test("a key does not go over http to another machine unless that is allowed")
    func clear() {
        var settings = EndpointSettings(url: "http://10.0.0.1:8000/v1", model: "m")
        settings.key = KeySource(environment: "K")
        #expect(settings.faults().count == 1)
        settings.sendsKeyInClear = true
        #expect(settings.faults().isEmpty)
        settings.sendsKeyInClear = false
        settings.url = "https://10.0.0.1:8000/v1"
        #expect(settings.faults().isEmpty)
    }

    @Test("a key prints as itself nowhere, and is scrubbed out of texts in whole and in part")
    func scrubbing() throws {
        let key = try EndpointKey(KeySource(environment: "K"), environment: ["K": Self.secret])
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)", dumped] { #expect(!text.contains("0123")) }
        #expect(key.scrub("a \(Self.secret) b") == "a [key] b")
        #expect(key.scrub("bad key 89abcdefSE…") == "bad key [key]…")
        #expect(key.scrub("ü 4 \(Self.secret)\(Self.secret)") == "ü 4 [key]")
        #expect(key.scrub("nothing here") == "nothing here")
        #expect(key.scrub("") == "")
        let short = try EndpointKey(KeySource(environment: "K"), environment: ["K": "abc"])
        #expect(short.scrub("xabcx") == "x[key]x")
    }

    @Test("the key goes to the server and into nothing else: answers, faults, settings, digests, cache, records", arguments: [false, true])
    func nowhere(isStreamed: Bool) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = Self.secret
        // Every second request is refused with the key in the words of the refusal.
        let fake = FakeModelServer(.everything)
        let server = FaultyServer { request in
            let sent = request.fields["authorization"] ?? ""
            let body = #"{"error":{"message":"Incorrect API key provided: \#(sent)","code":"\#(secret)"}}"#
            switch request.fields["x-refuse"] {
            case "status"?: return Spelled.answer(body, status: "400 Bad Request")
            case "key"?: return Spelled.answer(body, status: "401 Unauthorized")
            case "inside"?: return Spelled.answer(body)
            case "stream"?: return Spelled.stream([body])
            case "html"?: return Spelled.answer("<html>\(secret)</html>", status: "500 Internal Server Error", type: "text/html \(secret)")
            default: return fake.answer(request)
            }
        }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.key = KeySource(environment: "HONE_TEST_KEY")
        settings.cache = folder.path
        settings.isStreamed = isStreamed
        var outputs: [String] = []
        let model = try await EndpointModel.connect(settings, as: "remote", environment: ["HONE_TEST_KEY": secret], clock: TestClock())
        let completions = try await model.complete([question(count: 2)])
        outputs.append("\(completions) \(try JSONValue(encoding: completions).canonical)")
        outputs.append("\(model) \(String(reflecting: model)) \(model.source.ledger.spending) \(try model.estimate([question()]))")
        var dumped = ""
        dump(model, to: &dumped, maxDepth: 12)
        outputs.append(dumped)
        outputs.append(try JSONValue(encoding: settings).canonical + (try JSONValue(encoding: model.capabilities).canonical))
        #expect(server.requests.allSatisfy { $0.fields["authorization"] == "Bearer \(secret)" && !$0.body.contains(secret) })
        for way in ["status", "key", "inside", "stream", "html"] {
            settings.headers = ["X-Refuse": way]
            settings.cache = nil
            let refused = try EndpointClient(settings, environment: ["HONE_TEST_KEY": secret], clock: TestClock())
            var request = EndpointRequest(.chat([ChatMessage(.user, "u")]))
            request.isStreamed = way == "stream"
            let fault = await fault { try await refused.reply(to: request, seed: Seed(0)) }
            #expect(fault != nil)
            outputs.append("\(fault?.description ?? "") \(String(reflecting: fault)) \(try JSONValue(encoding: fault).canonical)")
        }
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            outputs.append(
                name
                    + (FileManager.default.contents(atPath: folder.appendingPathComponent(name).path).map { String(decoding: $0, as: UTF8.self) }
                        ?? ""))
        }
        #expect(outputs.count > 9)
        for output in outputs {
            #expect(!output.contains(secret) && !output.contains("0123456789ab") && !output.contains("abcdefSECRET"), "\(output.prefix(300))")
        }
    }

    @Test("another header carries the key as it is")
    func header() async throws {
        let server = FaultyServer { _ in Spelled.answer(Spelled.chat("4")) }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.key = KeySource(environment: "K", header: "api-key")
        _ = try await model(settings, environment: ["K": Self.secret]).complete([question()])
        #expect(server.requests[0].fields["api-key"] == Self.secret && server.requests[0].fields["authorization"] == nil)
    }
}
