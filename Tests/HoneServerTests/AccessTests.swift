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
