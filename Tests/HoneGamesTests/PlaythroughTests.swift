import Foundation
import HoneCore
import HoneGames
import Testing

/// One random play of every game, as text, compared byte for byte: whoever changes a rule, a view or a text sees what changed.
///
/// After a change on purpose, `HONE_WRITE_PLAYTHROUGHS=1 swift test --filter PlaythroughTests` writes the files anew; read the difference
/// before committing it.
@Suite("Playthroughs")
struct PlaythroughTests {
    /// How many actions are shown with what their mover sees; the rest of a play is a list of moves.
    private let shown = 30

    private func file(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/playthroughs/\(name).txt")
    }

    @Test("a seeded random play of every game is what it was", arguments: CatalogTests.names)
    func unchanged(name: String) throws {
        let entry = try GameCatalog.entry(name)
        let text = try play(try entry.make(entry.defaults))
        if ProcessInfo.processInfo.environment["HONE_WRITE_PLAYTHROUGHS"] != nil {
            try FileManager.default.createDirectory(at: file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file(name))
        }
        let known = try String(decoding: Data(contentsOf: file(name)), as: UTF8.self)
        guard !known.utf8.elementsEqual(text.utf8) else { return }
        let lines = known.split(separator: "\n", omittingEmptySubsequences: false)
        let now = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(lines, now).enumerated().first { !$1.0.utf8.elementsEqual($1.1.utf8) }?.offset ?? min(lines.count, now.count)
        Issue.record(
            "the play of “\(name)” differs from line \(line + 1) on: “\(line < now.count ? now[line] : "")”, was “\(line < lines.count ? lines[line] : "")”")
    }

    @Test("every file is that of a game")
    func noStrangers() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: file("x").deletingLastPathComponent().path)
        #expect(files.sorted() == CatalogTests.names.map { "\($0).txt" }.sorted())
    }

    private func play<G: ExtensiveGame>(_ game: G) throws -> String {
        let facts = game.facts
        var generator = Seed(6).child(G.card.name).generator
        var lines = ["game: \(G.card.name)", "settings: \(try JSONValue(encoding: game.settings).canonical)", "instructions: \(game.instructions)"]
        lines += [
            "seats \(facts.seats), returns \(facts.range.lowerBound) to \(facts.range.upperBound), sum \(facts.sum.map { "\($0)" } ?? "varies"), at most \(facts.longest) actions"
        ]
        var state = game.start
        var rest: [String] = []
        var count = 0
        while !game.isOver(state) {
            let turn = game.turn(in: state)
            let actions = game.actions(in: state)
            let texts = actions.map { game.text(of: $0, in: state) }
            let drawn = turn == .chance ? game.drawChance(in: state, using: &generator) : generator.element(of: actions)
            let action = try #require(drawn)
            let text = game.text(of: action, in: state)
            if count < shown {
                lines += ["", "# \(count)"]
                if let mover = turn.mover {
                    if case .together(let seats) = turn { lines.append("together: \(seats)") }
                    lines += ["seat \(mover) knows: \(game.informationState(of: state, for: mover))", game.view(of: state, for: mover)]
                }
                lines.append("moves: \(texts.count > 60 ? "\(texts.count) from \(texts[0]) to \(texts[texts.count - 1])" : texts.joined(separator: ", "))")
                if turn == .chance { lines.append("odds: \(Set(game.chanceProbabilities(in: state)).sorted().prefix(12))") }
                lines.append("\(turn.mover.map { "seat \($0)" } ?? "chance") plays: \(text)")
            } else {
                rest.append(text)
            }
            game.apply(action, to: &state)
            count += 1
        }
        if !rest.isEmpty { lines += ["", "then: \(rest.joined(separator: ", "))"] }
        lines += ["", "over after \(count) actions"]
        for seat in 0..<facts.seats { lines += ["seat \(seat) knows: \(game.informationState(of: state, for: seat))", game.view(of: state, for: seat)] }
        lines.append("returns: \(game.returns(of: state))")
        return lines.joined(separator: "\n") + "\n"
    }
}
