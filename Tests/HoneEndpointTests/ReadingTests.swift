import HoneCore
import HoneEndpoint
import Testing

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private func events(_ bytes: [UInt8], piece: Int) throws -> [ServerSentEvent] {
        var reader = ServerSentEvents()
        var all: [ServerSentEvent] = []
        var place = 0
        while place < bytes.count {
            all += try reader.take(bytes[place..<min(bytes.count, place + piece)])
            place += piece
        }
        return all
    }

    private let cases: [(String, [ServerSentEvent])] = [
        ("data: a\n\n", [ServerSentEvent(data: "a")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\n", [ServerSentEvent(data: "a"), ServerSentEvent(data: "b"), ServerSentEvent(data: "c")]),
        ("data: a\r\ndata: b\r\n\r\ndata: c\rdata: d\r\r", [ServerSentEvent(data: "a\nb"), ServerSentEvent(data: "c\nd")]),
        ("\u{FEFF}data: a\n\n", [ServerSentEvent(data: "a")]),
        (": a comment\ndata:a\ndata: b\ndata\n\n", [ServerSentEvent(data: "a\nb\n")]),
        ("event: error\ndata: x\n\ndata: y\n\n", [ServerSentEvent(type: "error", data: "x"), ServerSentEvent(data: "y")]),
        ("id: 7\ndata: x\n\ndata: y\n\n", [ServerSentEvent(data: "x", id: "7"), ServerSentEvent(data: "y", id: "7")]),
        ("event: nothing\n\nretry: 10\nfoo: bar\n\n\n\n", []),
        ("data:  two spaces\n\n", [ServerSentEvent(data: " two spaces")]),
        ("data: ü€😀\n\n", [ServerSentEvent(data: "ü€😀")]),
        ("data: unfinished\n", []),
        ("data: a\n\ndata: b", [ServerSentEvent(data: "a")]),
    ]

    @Test("the events are the same however the bytes are split")
    func splits() throws {
        for (text, expected) in cases {
            let bytes = Array(text.utf8)
            for piece in 1...bytes.count { #expect(try events(bytes, piece: piece) == expected, "\(text.debugDescription) in pieces of \(piece)") }
        }
    }

    @Test("an event that grows past the limit, in one line or in many, is a fault")
    func limits() {
        for text in [String(repeating: "x", count: 200), String(repeating: "data: 1234567\n", count: 20)] {
            var reader = ServerSentEvents(eventLimit: 100)
            #expect { try reader.take(Array(text.utf8)) } throws: { ($0 as? EndpointFault)?.kind == .eventTooLarge }
        }
        var reader = ServerSentEvents(eventLimit: 100)
        // Many small events are no large one.
        #expect((try? reader.take(Array(String(repeating: "data: 1234567\n\n", count: 50).utf8)))?.count == 50)
    }
}

@Suite("HTTP answers")
struct HTTPResponseParserTests {
    private func read(_ text: String, piece: Int, closes: Bool = true) throws -> (HTTPHead?, String, isWhole: Bool, keepsAlive: Bool) {
        var parser = HTTPResponseParser()
        var events: [HTTPResponseParser.Event] = []
        let bytes = Array(text.utf8)
        var place = 0
        while place < bytes.count {
            events += try parser.take(bytes[place..<min(bytes.count, place + piece)])
            place += piece
        }
        if closes { events += try parser.close() }
        var (head, body, isWhole): (HTTPHead?, [UInt8], Bool) = (nil, [], false)
        for event in events {
            switch event {
            case .head(let own): head = own
            case .body(let bytes): body += bytes
            case .end: isWhole = true
            }
        }
        return (head, String(decoding: body, as: UTF8.self), isWhole, parser.keepsAlive)
    }

    @Test(
        "whatever the format allows is read, however the bytes are split",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            ("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", true),
            ("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", true),
            ("HTTP/1.1 200 \r\nContent-Length: 2, 2\r\n\r\n{}", true),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", false),
            ("HTTP/1.0 200 OK\r\n\r\n{}", false),
            ("HTTP/1.1 200 OK\r\n\r\n{}", false),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\n{}", true),
            ("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n01;x=y\r\n}\r\n0\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 99\r\n\r\n2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n", true),
        ])
    func allowed(text: String, keepsAlive: Bool) throws {
        for piece in 1...text.utf8.count {
            let answer = try read(text, piece: piece)
            #expect(answer.0?.status == 200)
            #expect(answer.1 == "{}")
            #expect(answer.isWhole)
            #expect(answer.keepsAlive == keepsAlive)
        }
    }

    @Test("every beginning of an answer is a fault when the connection ends there, and none is an answer")
    func beginnings() {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ] {
            for length in 0..<text.utf8.count {
                let part = String(decoding: Array(text.utf8).prefix(length), as: UTF8.self)
                #expect { try read(part, piece: 7) } throws: { [.bodyCutShort, .connectionLost].contains(($0 as? EndpointFault)?.kind) }
            }
        }
    }

    @Test("random bytes never trap and never make an answer out of nothing")
    func fuzz() {
        var generator = Seed(3).generator
        let pieces = [
            "HTTP/1.1 200 OK\r\n", "Content-Length: 3\r\n", "\r\n", "Transfer-Encoding: chunked\r\n", "a\r\n", "0\r\n", "\n", "ff\r\n", "abc", ":",
            "\u{0}",
        ]
        for _ in 0..<2000 {
            var text = "HTTP/1.1 200 OK\r\n"
            for _ in 0..<generator.integer(in: 0...8) { text += generator.element(of: pieces) ?? "" }
            let answer = try? read(text, piece: generator.integer(in: 1...9))
            if let answer { #expect(answer.isWhole && answer.0 != nil) }
        }
    }
}

@Suite("Waiting as servers ask")
struct RetryAfterTests {
    @Test(
        "seconds, milliseconds and all three spellings of dates are read",
        arguments: [
            ("retry-after", "3", 3.0), ("Retry-After", "0", 0), ("Retry-After", "2.5", 2.5), ("retry-after-ms", "1500", 1.5),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Retry-After", "Sunday, 06-Nov-94 08:49:47 GMT", 10),
            ("Retry-After", "Sun Nov  6 08:49:47 1994", 10), ("Retry-After", "Sat, 05 Nov 1994 08:49:47 GMT", 0),
            ("Retry-After", "Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400 - TestClock.start),
        ])
    func readable(name: String, value: String, seconds: Double) {
        #expect(RetryAfter.seconds(in: [HTTPField(name, value)], now: TestClock.start) == seconds)
    }

    @Test(
        "what cannot be read asks for nothing",
        arguments: ["", "soon", "-3", "nan", "1e9", "Sun, 06 Foo 1994 08:49:47 GMT", "Sun, 06 Nov 1994 25:00:00 GMT"])
    func unreadable(value: String) {
        #expect(RetryAfter.seconds(in: [HTTPField("Retry-After", value)], now: TestClock.start) == nil)
    }

    @Test("pauses double up to the longest, differ by seed, repeat by seed, and never undercut the server's wish")
    func pauses() {
        var settings = RetrySettings()
        (settings.firstSeconds, settings.longestSeconds) = (1, 8)
        for failures in 1...10 {
            let full = min(8, Double(1 << (failures - 1)))
            let all = (0..<50).map { settings.pause(afterFailures: failures, seed: Seed($0), retryAfter: nil) }
            #expect(all.allSatisfy { $0 >= full / 2 && $0 <= full })
            #expect(Set(all).count > 40)
            #expect(settings.pause(afterFailures: failures, seed: Seed(1), retryAfter: nil) == all[1])
            #expect((0..<50).allSatisfy { settings.pause(afterFailures: failures, seed: Seed($0), retryAfter: 5) >= 5 })
        }
    }
}

@Suite("Addresses")
struct EndpointAddressTests {
    @Test(
        "a URL is read into its parts, with /v1 where it has no path",
        arguments: [
            ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"), ("http://localhost:8000", "http://localhost:8000/v1"),
            ("HTTPS://api.example.com/v1/", "https://api.example.com/v1"), ("http://[::1]:11434/v1", "http://[::1]:11434/v1"),
            ("https://example.com:443/a/b//", "https://example.com/a/b"),
        ])
    func good(text: String, expected: String) throws {
        #expect(try EndpointAddress(parsing: text).description == expected)
    }

    @Test(
        "what may hold a secret, or is no URL of a server, is refused",
        arguments: [
            "127.0.0.1:8000", "ftp://a/b", "http://", "http://user:pw@host/v1", "http://host/v1?key=1", "http://host/v1#x", "http://host:0/v1",
            "http://host:99999", "http://host:+80", "http://[::1/v1", "http://[::1]x", "http://ho st/v1", "http://hö.de", "http://a/b\r\nX: y",
        ])
    func bad(text: String) {
        #expect { try EndpointAddress(parsing: text) } throws: { ($0 as? EndpointFault)?.kind == .badSettings }
    }

    @Test("only names of this machine are loopback")
    func loopback() throws {
        for name in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"] { #expect(try EndpointAddress(parsing: "http://\(name)").isLoopback) }
        for name in ["127.example.com", "10.0.0.1", "localhost.example.com"] { #expect(try !EndpointAddress(parsing: "http://\(name)").isLoopback) }
    }
}
