import ArgumentParser
import Foundation
import HoneCore
import HoneGames
import HoneModel
import HoneRecipes

/// Everything `hone list` and `hone show` know: the catalogues of parts, and the named model sizes.
enum Shelf {
    static let catalogues = Listings.catalogues + ["games", "claims", "sizes"]

    static func all(in catalogue: String, world: String? = nil, corpus: String = "plain") throws -> [Listing] {
        if catalogue == "claims" {
            return try RecipeCatalog.cards.compactMap { card in
                guard let claim = card.claim else { return nil }
                return Listing(name: card.id, summary: claim.statement, source: card.source, card: try JSONValue(encoding: claim))
            }
        }
        if catalogue == "games" {
            return try GameCatalog.entries().map { entry in
                Listing(
                    name: entry.card.name, summary: entry.card.summary, source: entry.card.source, card: try JSONValue(encoding: entry.card),
                    settings: entry.defaults)
            }
        }
        guard catalogue == "sizes" else {
            guard catalogues.contains(catalogue) else { throw CoreError.unknown(kind: "catalogue", name: catalogue, known: catalogues + ["all"]) }
            return try Listings.all(in: catalogue, world: world, corpus: corpus)
        }
        return try ModelShape.sizes.map { size in
            let shape = try ModelShape.named(size.name, vocabulary: 64)
            return Listing(
                name: size.name, summary: size.summary, source: "",
                card: .object(["name": .string(size.name), "summary": .string(size.summary)]), settings: try JSONValue(encoding: shape))
        }
    }
}

/// `hone list <catalogue>`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a catalogue: recipes, worlds, corpora, judges, objectives, measures, …")
    @Argument(help: "\(Shelf.catalogues.joined(separator: ", ")), or all.") var what = "recipes"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let catalogues = what == "all" ? Shelf.catalogues : [what]
            let shelves = try catalogues.map { ($0, try Shelf.all(in: $0)) }
            if output.json {
                let rows = shelves.flatMap { catalogue, listings in
                    listings.map { listing -> JSONValue in
                        var row: [String: JSONValue] = [
                            "catalogue": .string(catalogue), "name": .string(listing.name), "source": .string(listing.source),
                            "summary": .string(listing.summary),
                        ]
                        if let normaliser = listing.card["normaliser"] {
                            row["normaliser"] = normaliser
                            row["settings"] = listing.settings
                        }
                        return .object(row)
                    }
                }
                return printResult(JSONValue.array(rows).canonical)
            }
            let width = shelves.flatMap(\.1).map(\.name.count).max() ?? 0
            for (catalogue, listings) in shelves {
                if shelves.count > 1 { printResult(catalogue) }
                for listing in listings {
                    let source = listing.source.isEmpty || catalogue == "recipes" ? "" : " (\(listing.source))"
                    let name = listing.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
                    let indent = shelves.count > 1 ? "  " : ""
                    printResult(indent + name + listing.summary + source)
                    // An objective is known by what it divides by as much as by its name.
                    guard let normaliser = listing.card["normaliser"]?.text, shelves.count == 1 else { continue }
                    let settings = ShowCommand.flat(listing.settings, "").filter { !$0.0.isEmpty }.map { "\($0.0) = \($0.1.canonical)" }
                    let space = String(repeating: " ", count: width + 2)
                    printResult("\(space)divided by: \(normaliser)")
                    if !settings.isEmpty { printResult("\(space)settings: \(settings.joined(separator: ", "))") }
                }
            }
        }
    }
}

/// `hone show <name>`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a recipe or part of any catalogue: its card, source and settings.")
    @Argument(help: "Its name.") var name: String
    @Option(name: .customLong("in"), help: "The catalogue to look in, where a name is in several.") var catalogue: String?
    @Option(name: .long, help: "For recipes: the world whose defaults are shown; by default the recipe's own.") var world: String?
    @Option(name: .long, help: "For recipes: the corpus whose defaults are shown.") var corpus = "plain"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let shelves = try (catalogue.map { [$0] } ?? Shelf.catalogues).map { ($0, try Shelf.all(in: $0, world: world, corpus: corpus)) }
            let found = shelves.lazy.compactMap { shelf in shelf.1.first { $0.name == name }.map { (shelf.0, $0) } }.first
            guard let (shelf, listing) = found else {
                throw CoreError.unknown(
                    kind: catalogue.map { "entry of “\($0)”" } ?? "recipe or part", name: name, known: shelves.flatMap(\.1).map(\.name))
            }
            if output.json {
                return printResult(
                    JSONValue.object(["catalogue": .string(shelf), "card": listing.card, "settings": listing.settings]).canonical)
            }
            print(listing.card, indent: "")
            let settings = Self.flat(listing.settings, "").filter { !$0.0.isEmpty }
            if !settings.isEmpty { printResult("settings") }
            for (path, value) in settings { printResult("  \(path) = \(value.canonical)") }
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
