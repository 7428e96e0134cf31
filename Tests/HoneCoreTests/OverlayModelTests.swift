import HoneCore
import Testing

/// Settings as a flat list of paths: the simplest thing an overlay can be compared with.
private struct FlatSettings {
    var leaves: [[String]: JSONValue] = [:]

    /// Random defaults: groups of numbers, texts, truths and lists, two levels deep at most.
    static func random(_ generator: inout SeededGenerator) -> FlatSettings {
        var settings = FlatSettings()
        for group in ["", "learner", "world", "learner.inner"] {
            for (index, kind) in generator.shuffled([0, 1, 2, 3, 4]).prefix(generator.integer(in: 1...4)).enumerated() {
                let path = group.split(separator: ".").map(String.init) + ["s\(index)"]
                settings.leaves[path] = value(kind, &generator)
            }
        }
        return settings
    }

    static func value(_ kind: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch kind {
        case 0: .integer(generator.integer(in: -99...99))
        case 1: .number(generator.unit() + 0.001)
        case 2: .bool(generator.chance(0.5))
        case 3: .string("t\(generator.integer(in: 0...99))")
        default: .array([.integer(generator.integer(in: 0...9))])
        }
    }

    /// As nested objects.
    var json: JSONValue {
        func inserted(_ value: JSONValue, at path: ArraySlice<String>, in tree: JSONValue) -> JSONValue {
            guard let key = path.first else { return value }
            guard case .object(var members) = tree else { return tree }
            members[key] = inserted(value, at: path.dropFirst(), in: members[key] ?? .object([:]))
            return .object(members)
        }
        return leaves.reduce(.object([:])) { inserted($1.value, at: $1.key[...], in: $0) }
    }

    /// A value of the same kind as the one at a path, as a user may write it.
    func other(at path: [String], _ generator: inout SeededGenerator) -> JSONValue {
        switch leaves[path] {
        case .integer: .integer(generator.integer(in: -99...99))
        case .number: .number(generator.unit() + 1.001)
        case .bool: .bool(generator.chance(0.5))
        case .string: .string("u\(generator.integer(in: 0...99))")
        default: .array((0..<generator.integer(in: 0...3)).map { .integer($0) })
        }
    }
}

@Suite("Settings against a flat model")
struct OverlayModelTests {
    @Test("any entries, by path or in groups, give the defaults with the last of each put in", arguments: 0..<16)
    func entries(number: Int) throws {
        var generator = Seed(1).child("overlay", number).generator
        var model = FlatSettings.random(&generator)
        let overlay = SettingsOverlay(defaults: model.json)
        let paths = model.leaves.keys.sorted { $0.lexicographicallyPrecedes($1) }
        var entries: [SettingsOverlay.Entry] = []
        for _ in 0..<generator.integer(in: 0...12) {
            let path = generator.element(of: paths) ?? []
            let value = model.other(at: path, &generator)
            // A value may stand at its path, or in a group that stands at the beginning of its path.
            let cut = generator.integer(in: 1...path.count)
            let grouped = path[cut...].reversed().reduce(value) { .object([$1: $0]) }
            entries.append(.init(path: Array(path[..<cut]), value: grouped, place: "--set"))
            model.leaves[path] = value
            #expect(try overlay.resolve(entries) == model.json)
        }
    }

    @Test("entries for different settings may come in any order", arguments: 0..<8)
    func order(number: Int) throws {
        var generator = Seed(2).child("order", number).generator
        let model = FlatSettings.random(&generator)
        let overlay = SettingsOverlay(defaults: model.json)
        var entries: [SettingsOverlay.Entry] = []
        for path in model.leaves.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            entries.append(.init(path: path, value: model.other(at: path, &generator), place: "f"))
        }
        let first = try overlay.resolve(entries)
        for _ in 0..<5 { #expect(try overlay.resolve(generator.shuffled(entries)) == first) }
        // Laying the result over the defaults gives the result.
        #expect(try overlay.resolve([.init(path: [], value: first, place: "f")]) == first)
        #expect(try SettingsOverlay(defaults: first).resolve(entries) == first)
    }

    @Test("every misspelled setting is told once, at its place, whatever stands beside it", arguments: 0..<8)
    func mistakes(number: Int) {
        var generator = Seed(3).child("mistakes", number).generator
        let model = FlatSettings.random(&generator)
        let overlay = SettingsOverlay(defaults: model.json)
        var entries: [SettingsOverlay.Entry] = []
        var wrong: [(key: String, place: String)] = []
        for (index, path) in model.leaves.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
            let place = "run.yaml:\(index + 1):1"
            let value = model.other(at: path, &generator)
            guard generator.chance(0.5) else {
                entries.append(.init(path: path, value: value, place: place))
                continue
            }
            let misspelled = Array(path.dropLast()) + [(path.last ?? "") + "x"]
            entries.append(.init(path: misspelled, value: value, place: place))
            wrong.append((misspelled.joined(separator: "."), place))
        }
        do throws(SettingsError) {
            _ = try overlay.resolve(entries)
            #expect(wrong.isEmpty)
        } catch {
            #expect(error.mistakes.map(\.key) == wrong.map(\.key))
            #expect(error.mistakes.map(\.place) == wrong.map(\.place))
            #expect(error.mistakes.allSatisfy { $0.sentence.contains("did you mean") && $0.description == "\($0.place): \($0.sentence)" })
        }
    }

    @Test("no value of another kind gets in, and none of the same kind is kept out", arguments: 0..<5)
    func kinds(kind: Int) throws {
        var generator = Seed(4).child("kinds", kind).generator
        let standard = FlatSettings.value(kind, &generator)
        let overlay = SettingsOverlay(defaults: .object(["x": standard]))
        let given: [JSONValue] = [
            .null, .bool(true), .integer(4), .number(2.5), .number(4), .string("s"), .array([.integer(1)]),
            .array([.string("s")]), .array([]), .object([:]), .object(["y": .null]),
        ]
        // By kind of the default: what is taken, and as what.
        let taken: [[Int: JSONValue]] = [
            [2: .integer(4), 4: .integer(4)], [2: .number(4), 3: .number(2.5), 4: .number(4)], [1: .bool(true)],
            [
                1: .string("true"), 2: .string("4"), 3: .string("2.5"), 4: .string("4"), 5: .string("s"),
            ], [6: .array([.integer(1)]), 8: .array([])],
        ]
        for (index, value) in given.enumerated() {
            let settings = try? overlay.resolve([.init(path: ["x"], value: value, place: "f")])
            #expect(settings?["x"] == taken[kind][index], "\(standard.canonical) and \(value.canonical)")
            #expect(settings?["x"].map(\.kind) == taken[kind][index].map(\.kind))
        }
    }

    @Test("a group without settings says so", arguments: ["x", "x.y"])
    func emptyGroups(path: String) {
        let overlay = SettingsOverlay(defaults: .object(["inner": .object([:])]))
        let keys = ["inner"] + path.split(separator: ".").map(String.init)
        let said = sentence { _ = try overlay.resolve([.init(path: keys, value: .integer(1), place: "f")]) }
        #expect(said == "f: There is no setting “inner.x”; nothing can be set there")
    }
}
