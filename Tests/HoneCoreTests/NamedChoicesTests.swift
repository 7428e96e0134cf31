import HoneCore
import Testing

@Suite("Named choices in settings")
struct NamedChoicesTests {
    private enum Order: String, Codable, Hashable, Sendable, CaseIterable {
        case breadth
        case depth = "depth-first"
    }

    private struct Settings: Codable, Hashable {
        var order = Order.breadth
        var orders: [Order] = []
    }

    @Test("are read by their names, and written so", arguments: Order.allCases)
    private func named(order: Order) throws {
        let settings = Settings(order: order, orders: [order, .breadth])
        let json = try JSONValue(encoding: settings)
        #expect(json["order"] == .string(order.rawValue))
        #expect(try json.decode(Settings.self) == settings)
    }

    @Test("say which there are when the name is none of them")
    func unknown() throws {
        for json in [#"{"order":"nest","orders":[]}"#, #"{"order":"breadth","orders":["depth-first","nest"]}"#] {
            do {
                _ = try JSONValue(parsing: json).decode(Settings.self)
                Issue.record("“nest” was taken")
            } catch { #expect("\(error)".contains("“nest” is not known; known: breadth, depth-first")) }
        }
    }
}
