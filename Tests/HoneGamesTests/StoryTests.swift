import HoneCore
import HoneGames
import Testing

@Suite("2×2 games told as stories")
struct StoryTests {
    /// A telling of each of the 144 games, going through all stories, wordings, names and orders.
    private func settings(_ number: Int) -> OrdinalMatrixGame.Settings {
        var settings = OrdinalMatrixGame.Settings()
        settings.game = OrdinalGame.all[number].name
        settings.presentation = .story
        settings.story = Story.all[number % Story.all.count].name
        settings.wording = number % Story.wordings
        (settings.exchangesRowNames, settings.exchangesColumnNames) = (number % 2 == 1, number / 2 % 2 == 1)
        settings.outcomeOrder = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]][number / 4 % 4]
        return settings
    }

    @Test("the stories are sorted by name, and their moves can be told apart")
    func stories() {
        let names = Story.all.map(\.name)
        #expect(names.count >= 12 && names == names.sorted() && Set(names).count == names.count)
        for story in Story.all {
            let labels = story.deeds.joined().map(\.label)
            #expect(Set(labels).count == 4 && labels.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D } })
            #expect(story.people.count == 2 && story.people[0] != story.people[1] && story.scene.hasSuffix("."))
        }
        #expect(throws: CoreError.self) { try Story.named("markt") }
    }

    @Test("a dressed game has the tree of the undressed one under other names")
    func trees() throws {
        for number in OrdinalGame.all.indices {
            var plain = OrdinalMatrixGame.Settings()
            plain.game = OrdinalGame.all[number].name
            let bare = try OrdinalMatrixGame(plain)
            let dressed = try OrdinalMatrixGame(settings(number))
            let one = try GameTree(bare)
            let other = try GameTree(dressed)
            #expect(one.nodeCount == other.nodeCount && one.endCount == other.endCount && bare.facts == dressed.facts)
            #expect(one.informationSets.map(\.seat) == other.informationSets.map(\.seat))
            #expect(other.informationSets.map(\.moves) == dressed.names && one.informationSets.map(\.moves) == bare.names)
            // Place by place the same actions, states and returns.
            for first in bare.actions(in: bare.start) {
                let state = bare.applying(first, to: bare.start)
                #expect(dressed.applying(first, to: dressed.start) == state && dressed.actions(in: dressed.start) == bare.actions(in: bare.start))
                for second in bare.actions(in: state) {
                    let end = bare.applying(second, to: state)
                    #expect(dressed.returns(of: dressed.applying(second, to: state)) == bare.returns(of: end))
                }
            }
        }
    }

    @Test("every outcome is told once, with the payoffs of the deeds it names")
    func outcomes() throws {
        for number in OrdinalGame.all.indices {
            let settings = settings(number)
            let game = try OrdinalMatrixGame(settings)
            let story = try Story.named(settings.story)
            let pays = game.game.payoffs
            let sentences = game.instructions.components(of: ". ")
            for i in 0...1 {
                for j in 0...1 {
                    let deeds = [story.deeds[0].first { $0.label == game.names[0][i] }, story.deeds[1].first { $0.label == game.names[1][j] }]
                    let phrases = deeds.compactMap { $0?.phrase }
                    // The sentences of the outcomes alone have numbers of prizes for both.
                    let told = sentences.filter { sentence in
                        phrases.allSatisfy { sentence.contains($0) } && sentence.contains(story.prize) && !sentence.contains("chooses") && !sentence.contains("Neither")
                    }
                    try #require(told.count == 1, "\(game.instructions)")
                    let numbers = told[0].split { !$0.isNumber }.compactMap { Int($0) }
                    let expected = [pays.row[i][j], pays.column[i][j]]
                    #expect(numbers == (settings.wording == 2 ? expected.reversed() : expected))
                }
            }
        }
    }

    @Test("a story reads as it should")
    func reading() throws {
        var settings = settings(0)
        (settings.story, settings.wording) = ("ferry", 0)
        let game = try OrdinalMatrixGame(settings)
        let pays = game.game.payoffs
        #expect(
            game.instructions.hasPrefix(
                "Two boats leave opposite shores in fog, and two channels lead across. Player 0 is the captain and chooses “north” (the captain takes the north channel) or “south” (takes the south channel). "
                    + "Player 1 is the pilot and chooses “east” (the pilot takes the east channel) or “west” (takes the west channel). Neither knows what the other does; each wants as many barrels of oil saved as possible. "
                    + "If the captain takes the north channel and the pilot takes the east channel, the captain gets \(pays.row[0][0]) barrels of oil saved and the pilot \(pays.column[0][0])."
            ))
        #expect(game.view(of: game.start, for: 1) == "You are player 1, the pilot.")
        // The table is what it has always been.
        #expect(
            try OrdinalMatrixGame().instructions
                == "Both players choose at once; player 0 from A1, A2, player 1 from B1, B2. Payoffs (player 0, player 1): A1 B1: 3,3; A1 B2: 1,4; A2 B1: 4,1; A2 B2: 2,2.")
    }

    @Test("composed games told as stories keep their returns and bans")
    func composed() throws {
        for form in ComposedMatrixGame.Form.allCases {
            var settings = ComposedMatrixGame.Settings()
            (settings.games, settings.form) = (["g111", "g322", "g413"], form)
            let bare = try ComposedMatrixGame(settings)
            settings.presentation = .story
            settings.stories = ["market", "station"]
            let dressed = try ComposedMatrixGame(settings)
            for index in 0..<100 {
                var generator = Seed(3).child("play", index).generator
                var state = bare.start
                while !bare.isOver(state) {
                    let actions = bare.actions(in: state)
                    #expect(dressed.actions(in: state) == actions)
                    let action = generator.element(of: actions) ?? actions[0]
                    #expect(dressed.action(for: dressed.text(of: action, in: state), by: bare.turn(in: state).mover, in: state) == action)
                    bare.apply(action, to: &state)
                }
                #expect(dressed.isOver(state) && dressed.returns(of: state) == bare.returns(of: state))
            }
            #expect(dressed.instructions.contains("Player 0 is the potter") && dressed.instructions.contains("Player 1 is the signaller"))
            #expect(dressed.instructions.contains("After 1-bowls and 1-rugs, player 0 cannot choose 2-go.") == (form == .nested))
            let broken = checkGame(dressed, seed: Seed(5), plays: 100)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
        for change in [{ $0.story = "moon" }, { $0.wording = 3 }, { $0.outcomeOrder = [0, 1, 1, 3] }] as [(inout OrdinalMatrixGame.Settings) -> Void] {
            var settings = OrdinalMatrixGame.Settings()
            change(&settings)
            #expect(throws: CoreError.self) { try OrdinalMatrixGame(settings) }
        }
        let broken = checkGame(try OrdinalMatrixGame(settings(77)), seed: Seed(5), plays: 100)
        #expect(broken == [], "\(broken.joined(separator: "\n"))")
    }
}

extension String {
    /// The parts between a separator.
    fileprivate func components(of separator: String) -> [String] {
        replacing(separator, with: "\n").split(separator: "\n").map(String.init)
    }
}
