import HoneCore
import Testing

/// Stored values with something changed in them: what a damaged or foreign file may hold.
private enum Changed {
    /// The paths of all values in a value.
    static func paths(_ value: JSONValue, at path: [String] = []) -> [[String]] {
        switch value {
        case .array(let elements): [path] + elements.indices.flatMap { paths(elements[$0], at: path + ["\($0)"]) }
        case .object(let members): [path] + members.keys.sorted().flatMap { paths(members[$0] ?? .null, at: path + [$0]) }
        default: [path]
        }
    }

    /// The value with another one at a path; nil removes it.
    static func value(_ value: JSONValue, at path: ArraySlice<String>, to other: JSONValue?) -> JSONValue {
        guard let key = path.first else { return other ?? .null }
        let isLast = path.count == 1
        switch value {
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else { return value }
            elements[index] = self.value(elements[index], at: path.dropFirst(), to: other)
            if isLast, other == nil { elements.remove(at: index) }
            return .array(elements)
        case .object(var members):
            members[key] = isLast && other == nil ? nil : self.value(members[key] ?? .null, at: path.dropFirst(), to: other)
            return .object(members)
        default: return value
        }
    }

    static let others: [JSONValue?] = [
        nil, .null, .bool(true), .integer(-1), .integer(Int.max), .number(0.5), .string(""), .string("nan"), .string("-inf"), .array([]),
        .array([.integer(3), .integer(1)]), .object([:]), .object(["_0": .integer(1)]), .array([.null]),
    ]
}

@Suite("Damaged records")
struct RecordFuzzTests {
    /// Decodes, and where that succeeds expects the value to keep its spelling from then on.
    private func survives<T: Codable>(_ json: JSONValue, as type: T.Type, _ comment: String) {
        do {
            let value = try json.decode(type)
            let spelling = try JSONValue(encoding: value).canonical
            let again = try JSONValue(encoding: JSONValue(parsing: spelling).decode(type)).canonical
            #expect(again == spelling, "\(comment)")
        } catch is DecodingError {
            // Refused: that is what a damaged record should be.
        } catch { Issue.record("\(comment): \(error)") }
    }

    private static let stored: JSONValue = (try? JSONValue(parsing: fixture("iteration.json"))) ?? .null

    @Test("a record with any value changed is refused, or read as one that keeps its spelling", arguments: [0, 1, 2, 3])
    func record(quarter: Int) {
        let paths = Changed.paths(Self.stored)
        #expect(paths.count > 100)
        for (index, path) in paths.enumerated() where index % 4 == quarter {
            for other in Changed.others {
                let comment = "\(path.joined(separator: ".")) = \(other?.canonical ?? "removed")"
                survives(Changed.value(Self.stored, at: path[...], to: other), as: IterationRecord.self, comment)
            }
        }
    }

    @Test("groups of random episodes with a value changed are refused, or keep their spelling", arguments: 0..<8)
    func groups(number: Int) throws {
        var generator = Seed(1).child("fuzz", number).generator
        let json = try JSONValue(encoding: RandomValues.group(&generator, depth: 1))
        let paths = Changed.paths(json)
        for _ in 0..<60 {
            let path = generator.element(of: paths) ?? []
            let other = generator.element(of: Changed.others) ?? nil
            survives(Changed.value(json, at: path[...], to: other), as: EpisodeGroup.self, "\(path): \(other?.canonical ?? "removed")")
        }
    }

    @Test("settings of players and optimisers with a value changed are refused, or keep their spelling")
    func settings() throws {
        var generator = Seed(2).generator
        let player = try JSONValue(encoding: RandomValues.player(&generator))
        let rate = Schedule.warmupCosine(peak: 1, to: 0, warmup: 2, over: 9)
        let optimiser = try JSONValue(encoding: OptimiserSettings(rate: rate, groups: ["head": .constant(0)]))
        for other in Changed.others {
            for path in Changed.paths(player) { survives(Changed.value(player, at: path[...], to: other), as: Player.self, "\(path)") }
            for path in Changed.paths(optimiser) { survives(
                Changed.value(optimiser, at: path[...], to: other), as: OptimiserSettings.self, "\(path)") }
        }
    }

    @Test("ranges that run backwards are refused, not trapped on", arguments: [
        #"{"span":{"_0":0,"_1":0,"_2":[3,1]}}"#, #"{"span":{"_0":0,"_1":0,"_2":[3]}}"#, #"{"span":{"_0":0,"_1":0,"_2":[]}}"#,
        #"{"span":{"_0":0,"_1":0}}"#, #"{"span":{}}"#, #"{"span":[0,0,[1,2]]}"#, #"{"episode":{}}"#,
        #"{"episode":{"_0":1},"group":{}}"#, "{}", #""group""#,
    ])
    func backwards(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: DecodingError.self) { try json.decode(Verdict.Subject.self) }
    }

    @Test("returns without bounds are a range; not-a-number and backwards ones are none")
    func ranges() throws {
        let rules = WorldRules(range: -.infinity ... .infinity)
        #expect(try roundTrip(rules) == rules)
        for range in ["[1,0]", "[\"nan\",1]", "[0,\"nan\"]", "[0]", "{}", "[\"inf\",\"-inf\"]"] {
            let json = Changed.value(try JSONValue(encoding: rules), at: ["range"], to: try JSONValue(parsing: range))
            #expect(throws: DecodingError.self) { try json.decode(WorldRules.self) }
        }
    }

    @Test("tokens beyond 32 bits, and parts of tokens, are refused",
        arguments: ["2147483648", "-2147483649", "1.5", "\"1\"", "null", "true"])
    func tokens(token: String) throws {
        let json = try JSONValue(parsing: #"{"tokens":{"_0":[1,\#(token)],"text":"x"}}"#)
        #expect(throws: DecodingError.self) { try json.decode(Segment.Content.self) }
        let good = try JSONValue(parsing: #"{"tokens":{"_0":[2147483647,-2147483648,1.0],"text":"x"}}"#)
        #expect(try good.decode(Segment.Content.self) == .tokens([.max, .min, 1], text: "x"))
    }
}
