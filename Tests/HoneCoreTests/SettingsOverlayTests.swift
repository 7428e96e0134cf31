import HoneCore
import Testing

@Suite("Settings")
struct SettingsOverlayTests {
    static let overlay = SettingsOverlay(
        defaults: .object([
            "learner": .object(["rate": .number(0.001), "passes": .integer(1), "anneals": .bool(false)]), "name": .string("x"),
            "sizes": .array([.integer(1), .integer(2)]), "rates": .array([.number(0.5)]), "tags": .array([]),
            "teacher": .null, "free": .null, "limit": .null,
        ]),
        optional: ["teacher": .object(["model": .string("big"), "weight": .number(1)]), "limit": .integer(10)])

    static func resolve(_ path: String, _ json: String) throws -> JSONValue {
        let value = try JSONValue(parsing: json)
        return try overlay.resolve([.init(path: path.split(separator: ".").map(String.init), value: value, place: "--set")])
    }

    @Test("a value of the right kind, or one that means the same, is taken", arguments: [
        ("learner.rate", "0.5", "0.5"), ("learner.rate", "1", "1"), ("learner.passes", "7", "7"), ("learner.passes", "7.0", "7"),
        ("learner.anneals", "true", "true"), ("name", "\"y\"", "\"y\""), ("name", "7", "\"7\""), ("name", "0.25", "\"0.25\""),
        ("name", "true", "\"true\""), ("sizes", "[3]", "[3]"), ("sizes", "[]", "[]"), ("rates", "[1,0.25]", "[1,0.25]"),
        ("tags", "[1,\"a\"]", "[1,\"a\"]"), ("teacher", "null", "null"), ("limit", "3", "3"), ("limit", "null", "null"),
        ("free", "[1]", "[1]"), ("teacher.weight", "2", "2"), ("learner", "{}", #"{"anneals":false,"passes":1,"rate":0.001}"#),
        ("learner", #"{"passes":3,"rate":1}"#, #"{"anneals":false,"passes":3,"rate":1}"#),
        ("teacher", #"{"model":"small"}"#, #"{"model":"small","weight":1}"#),
    ])
    func accepted(path: String, json: String, expected: String) throws {
        let settings = try Self.resolve(path, json)
        let found = path.split(separator: ".").reduce(Optional(settings)) { $0?[String($1)] }
        #expect(found?.canonical == expected)
        // Nothing else has changed.
        let top = String(path.split(separator: ".").first ?? "")
        guard case .object(let members) = settings, case .object(let before) = Self.overlay.defaults else {
            Issue.record("the settings are no longer an object")
            return
        }
        #expect(members.filter { $0.key != top } == before.filter { $0.key != top })
    }

    @Test("anything else is refused in one sentence", arguments: [
        ("learner.rat", "1", "There is no setting “learner.rat”; did you mean “learner.rate”?"),
        ("lerner.rate", "1", "There is no setting “lerner”; did you mean “learner”?"),
        ("learner.zzzzz", "1", "There is no setting “learner.zzzzz”; known here: anneals, passes, rate"),
        ("learner.rate.x", "1", "“learner.rate” takes a number and has no setting “x” inside it."),
        ("learner.passes", "\"many\"", "“learner.passes” takes a whole number, for example 1, but was given a text: \"many\""),
        ("learner.passes", "1.5", "“learner.passes” takes a whole number, for example 1, but was given a number: 1.5"),
        ("learner.passes", "null", "“learner.passes” takes a whole number, for example 1, but was given null: null"),
        ("learner.rate", "\"nan\"", "“learner.rate” takes a number, for example 0.001, but was given a text: \"nan\""),
        ("learner.anneals", "1", "“learner.anneals” takes true or false, for example false, but was given a whole number: 1"),
        ("learner.anneals", "\"yes\"", "“learner.anneals” takes true or false, for example false, but was given a text: \"yes\""),
        ("name", "[\"y\"]", "“name” takes a text, for example \"x\", but was given a list: [\"y\"]"),
        ("sizes", "3", "“sizes” takes a list, for example [1,2], but was given a whole number: 3"),
        ("sizes", "[3,\"a\"]", "“sizes.1” takes a whole number, for example 1, but was given a text: \"a\""),
        ("learner", "3", "“learner” takes a group of settings, for example {\"anneals\":false,\"passes\":1,\"rate\":0.001}, but was given a whole number: 3"),
        ("learner", "{\"rat\":3}", "There is no setting “learner.rat”; did you mean “learner.rate”?"),
        ("limit", "\"x\"", "“limit” takes a whole number, for example 10, but was given a text: \"x\""),
        ("teacher.modle", "\"x\"", "There is no setting “teacher.modle”; did you mean “teacher.model”?"),
        ("", "3", "“” takes a group of settings"),
    ])
    func refused(path: String, json: String, expected: String) throws {
        let said = sentence { _ = try Self.resolve(path, json) }
        #expect(said?.hasPrefix("--set: " + expected) == true, "\(said ?? "it was accepted")")
    }

    @Test("numbers that are not finite are refused wherever they stand", arguments: [Double.nan, .infinity, -.infinity])
    func nonFinite(number: Double) {
        for path in [["learner", "rate"], ["learner", "passes"], ["name"], ["free"], ["limit"]] {
            let said = sentence { _ = try Self.overlay.resolve([.init(path: path, value: .number(number), place: "--set")]) }
            #expect(said?.hasSuffix("but was given \(number), which is not finite") == true, "\(path): \(said ?? "accepted")")
        }
        #expect(throws: SettingsError.self) {
            try Self.overlay.resolve([.init(path: ["rates"], value: .array([.number(number)]), place: "--set")])
        }
    }

    @Test("all mistakes are told at once, in the order they were made, each with its place and key")
    func together() {
        do {
            _ = try Self.overlay.resolve([
                .init(path: ["learner", "rat"], value: .number(1), place: "a.yaml:2:3"),
                .init(path: ["learner", "rate"], value: .number(2), place: "a.yaml:3:3"),
                .init(path: ["name", "first"], value: .string("x"), place: "a.yaml:4:1"),
                .init(path: ["learner"], value: .object(["passes": .string("b"), "rate": .string("a"), "anneals": .bool(true)]), place: "--set"),
                .init(path: ["sizes"], value: .array([.string("a"), .integer(1), .null]), place: "--set"),
            ])
            Issue.record("mistakes were accepted")
        } catch {
            #expect(error.mistakes.map(\.key) == ["learner.rat", "name.first", "learner.passes", "learner.rate", "sizes.0", "sizes.2"])
            #expect(error.mistakes.map(\.place) == ["a.yaml:2:3", "a.yaml:4:1", "--set", "--set", "--set", "--set"])
            let lines = error.description.split(separator: "\n")
            #expect(lines.count == 6)
            #expect(lines.first == "a.yaml:2:3: There is no setting “learner.rat”; did you mean “learner.rate”?")
        }
    }

    @Test("later entries go over earlier ones, and no entries give the defaults")
    func order() throws {
        #expect(try Self.overlay.resolve([]) == Self.overlay.defaults)
        let settings = try Self.overlay.resolve([
            .init(path: ["learner", "passes"], value: .integer(2), place: "file"),
            .init(path: ["learner"], value: .object(["passes": .integer(3)]), place: "file"),
            .init(path: ["learner", "passes"], value: .integer(4), place: "--set"),
            .init(path: ["limit"], value: .integer(4), place: "--set"), .init(path: ["limit"], value: .null, place: "--set"),
        ])
        #expect(settings["learner"]?["passes"] == .integer(4))
        #expect(settings["limit"] == .null)
    }

    @Test("laying a settings' own values over the defaults changes nothing", arguments: 0..<20)
    func idempotent(number: Int) throws {
        var generator = Seed(4).child("settings", number).generator
        let defaults = JSONValue.object(["x": RandomValues.json(&generator, depth: 3), "y": .integer(number)])
        let overlay = SettingsOverlay(defaults: defaults)
        guard case .object(let members) = defaults else { return }
        let entries = members.filter { $0.value != .null }.map { SettingsOverlay.Entry(path: [$0.key], value: $0.value, place: "") }
        do { #expect(try overlay.resolve(entries) == defaults) } catch {
            // A list of several kinds, or a null inside a group, has no single kind to hold to.
            #expect(error.mistakes.allSatisfy { $0.sentence.contains("takes") })
        }
    }
}
