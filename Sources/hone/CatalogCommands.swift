import ArgumentParser
import Foundation
import HoneCore
import HoneEvaluation
import HoneJudges
import HoneModel
import HoneObjectives
import HoneRecipes
import HoneWorlds

/// `hone list <catalogue>`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List recipes, worlds, objectives, judges or sizes.")
    @Argument(help: "recipes, worlds, objectives, judges or sizes.") var what = "recipes"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let rows: [(String, String)] =
                switch what {
                case "recipes": RecipeCatalog.cards.map { ($0.id, $0.summary) }
                case "worlds": try WorldCatalog.entries().map { ($0.card.name, $0.card.summary) }
                case "objectives": try ObjectiveCatalog.entries().map { ($0.card.name, "\($0.card.summary) (\($0.card.source))") }
                case "judges": JudgeCatalog.entries.map { ($0.card.name, $0.card.summary) }
                case "sizes": ModelShape.sizes.map { ($0.name, $0.summary) }
                default:
                    throw CoreError.unknown(
                        kind: "catalogue", name: what, known: ["recipes", "worlds", "objectives", "judges", "sizes"])
                }
            if output.json {
                printResult(
                    JSONValue.array(rows.map { .object(["name": .string($0.0), "summary": .string($0.1)]) }).canonical)
            } else {
                let width = rows.map(\.0.count).max() ?? 0
                for (name, summary) in rows { printResult(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + summary) }
            }
        }
    }
}

/// `hone show <name>`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a recipe, world or objective with its settings.")
    @Argument(help: "Its name.") var name: String
    @Option(name: .long, help: "For recipes: the world whose defaults are shown.") var world = "arithmetic"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let card: JSONValue
            let settings: JSONValue
            if let recipe = RecipeCatalog.cards.first(where: { $0.id == name }) {
                card = try JSONValue(encoding: recipe)
                settings = try RecipeCatalog.defaults(of: name, world: world)
            } else if let entry = try ObjectiveCatalog.entries().first(where: { $0.card.name == name }) {
                guard case .object(var members) = try JSONValue(encoding: entry.card),
                    case .object(let formula) = try JSONValue(encoding: entry.formula)
                else { return }
                members.merge(formula) { _, new in new }
                card = .object(members)
                settings = entry.defaults
            } else if let entry = try WorldCatalog.entries().first(where: { $0.card.name == name }) {
                card = try JSONValue(encoding: entry.card)
                settings = entry.defaults
            } else {
                let known = try RecipeCatalog.cards.map(\.id) + ObjectiveCatalog.entries().map(\.card.name) + WorldCatalog.entries().map(\.card.name)
                throw CoreError.unknown(kind: "recipe, objective or world", name: name, known: known)
            }
            if output.json { return printResult(JSONValue.object(["card": card, "settings": settings]).canonical) }
            print(card, indent: "")
            printResult("settings")
            for (path, value) in Self.flat(settings, "") { printResult("  \(path) = \(value.canonical)") }
        }
    }

    private func print(_ value: JSONValue, indent: String) {
        guard case .object(let members) = value else { return }
        for (key, member) in members.sorted(by: { $0.key < $1.key }) {
            switch member {
            case .string(let text) where text.isEmpty: continue
            case .array(let elements) where elements.isEmpty: continue
            case .object(let inner) where inner.isEmpty: continue
            case .string(let text): printResult("\(indent)\(key): \(text)")
            case .array(let elements):
                printResult("\(indent)\(key):")
                for element in elements { printResult("\(indent)  - \(element.text ?? element.canonical)") }
            case .object:
                printResult("\(indent)\(key):")
                print(member, indent: indent + "  ")
            default: printResult("\(indent)\(key): \(member.canonical)")
            }
        }
    }

    static func flat(_ value: JSONValue, _ path: String) -> [(String, JSONValue)] {
        guard case .object(let members) = value else { return [(path, value)] }
        return members.sorted { $0.key < $1.key }.flatMap { flat($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
}
