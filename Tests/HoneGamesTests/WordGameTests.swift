import HoneCore
import HoneGames
import Testing

@Suite("Wordle")
struct WordleTests {
    @Test("letters are marked as often as the hidden word has them", arguments: [
        ("crane", "crane", "+++++"), ("speed", "abide", "--?-?"), ("speed", "erase", "?-??-"), ("speed", "steal", "+-+--"), ("speed", "crepe", "-?+?-"),
        ("allay", "llama", "?+??-"), ("eerie", "there", "?-?-+"), ("geese", "eagle", "??--+"), ("aabb", "bbaa", "????"),
        ("aaab", "abaa", "+?+?"),
    ])
    func marks(guess: String, hidden: String, expected: String) { #expect(Wordle.marks(of: guess, for: hidden) == expected) }

    @Test("guesses, answers and returns")
    func plays() throws {
        var settings = Wordle.Settings()
        settings.scoring = .guessesLeft
        settings.guesses = 4
        let game = try Wordle(settings)
        let state = try played(game, ["crane", "train", "brain"])
        #expect(game.view(of: state, for: 0) == "train -++-?\nbrain -++-?\nGuesses left: 2.")
        let solved = try played(game, ["crane"], from: state)
        #expect(game.isOver(solved) && game.returns(of: solved) == [0.5])
        let lost = try played(game, ["grain", "learn"], from: state)
        #expect(game.isOver(lost) && game.returns(of: lost) == [0])
        #expect(try Wordle().returns(of: played(Wordle(), ["crane", "crane"])) == [1])
    }

    @Test("drawn words are those that would have been answered alike, and hard play guesses just those")
    func hard() throws {
        var settings = Wordle.Settings()
        settings.length = 3
        settings.words = ["bat", "cat", "hat", "hit", "tab"]
        settings.isHard = true
        let game = try Wordle(settings)
        let state = try played(game, ["hat", "bat"])
        // Only “cat” and “hat” have a and t at their places and no b.
        #expect(game.actions(in: state).map { game.text(of: $0, in: state) } == ["cat", "hat"])
        var generator = Seed(1).generator
        var drawn: Set<Int> = []
        for _ in 0..<50 { drawn.insert(try #require(game.resample(state, for: 0, using: &generator)).hidden) }
        #expect(drawn == [1, 2])
        #expect(checkGame(game, seed: Seed(1), plays: 100) == [])
    }

    @Test("the lists have words of their length only, each once; settings that cannot work are refused")
    func lists() throws {
        for length in [4, 5] {
            let words = WordList.common(length: length)
            #expect(words.count > 200 && Set(words).count == words.count && words.allSatisfy { $0.count == length })
        }
        var settings = Wordle.Settings()
        settings.length = 6
        #expect(throws: CoreError.self) { try Wordle(settings) }
        settings.words = ["letter", "wordle", "LETTER"]
        #expect(throws: CoreError.self) { try Wordle(settings) }
        settings.words = ["letter", "letter"]
        #expect(throws: CoreError.self) { try Wordle(settings) }
    }
}

@Suite("Undercover")
struct UndercoverTests {
    private func game(_ change: (inout Undercover.Settings) -> Void = { _ in }) throws -> Undercover {
        var settings = Undercover.Settings()
        change(&settings)
        return try Undercover(settings)
    }

    @Test("the spy has the other word and loses when it is voted out")
    func caught() throws {
        let game = try game()
        let state = try played(game, ["coffee with spy tea", "spy 2"])
        #expect(game.view(of: state, for: 0).hasPrefix("You are player 0. Your word: coffee.\n"))
        #expect(game.view(of: state, for: 2).hasPrefix("You are player 2. Your word: tea.\n"))
        let clues = try played(game, ["hot", "beans", "leaves", "cup"], from: state)
        #expect(game.action(for: "hot", by: 0, in: state) != nil && game.action(for: "leaves", by: 0, in: state) == nil)
        let end = try played(game, ["vote 2", "vote 2", "vote 3", "vote 2"], from: clues)
        #expect(game.returns(of: end) == [1, 1, -1, 1])
        // The second round begins with player 1; two innocents out leave the spy with one other.
        let second = try played(game, ["vote 1", "vote 0", "vote 0", "vote 0"], from: clues)
        #expect(game.turn(in: second) == .seat(1) && game.action(for: "hot", by: 1, in: second) == nil)
        let won = try played(game, ["drink", "green", "bitter", "vote 3", "vote 1", "vote 1"], from: second)
        #expect(game.returns(of: won) == [-1, -1, 1, -1])
    }

    @Test("draws are the spies that all clues allow, each as likely")
    func draws() throws {
        let game = try game()
        // “beans” fits coffee only: neither player 0, who said it, nor 1 can be a spy with tea for player 1, who has coffee.
        let state = try played(game, ["coffee with spy tea", "spy 2", "beans"])
        var spies: [Int: Int] = [:]
        var generator = Seed(4).generator
        for _ in 0..<3000 { spies[try #require(game.resample(state, for: 1, using: &generator)).spy, default: 0] += 1 }
        // Player 1 is no spy: player 0 has the same word, so 2 or 3 has the other.
        #expect(spies.keys.sorted() == [2, 3] && abs((spies[2] ?? 0) - 1500) < 120)
        spies = [:]
        for _ in 0..<4000 { spies[try #require(game.resample(state, for: 0, using: &generator)).spy, default: 0] += 1 }
        #expect(spies.keys.sorted() == [0, 1, 2, 3] && spies.values.allSatisfy { abs($0 - 1000) < 120 })
    }

    @Test("a clue in own words must not have the word in it, and variants keep the promises of a game")
    func variants() throws {
        let talk = try game { $0.talkLength = 40 }
        let state = try played(talk, ["coffee with spy tea", "spy 2"])
        #expect(talk.action(for: "say: I like Coffee", by: 0, in: state) == nil)
        #expect(talk.action(for: "say: I like it", by: 0, in: state) == .words("I like it"))
        #expect(try played(talk, ["say: I like it"], from: state).log == [.words(0, "I like it")])
        var broken = checkGame(talk, seed: Seed(1), plays: 40)
        broken += checkGame(try game { ($0.players, $0.spyKnows, $0.ties) = (3, true, .chance) }, seed: Seed(2), plays: 60)
        broken += checkGame(try game { ($0.players, $0.rounds) = (6, 8) }, seed: Seed(3), plays: 40)
        let own = WordPair(first: "one", firstClues: ["a"], second: "two", secondClues: ["b", "c"])
        broken += checkGame(try game { $0.pairs = [own] }, seed: Seed(3), plays: 60)
        #expect(broken == [])
        #expect(throws: CoreError.self) { try game { $0.pairs = [WordPair(first: "one", firstClues: ["pass"], second: "two", secondClues: ["b"])] } }
        #expect(WordPair.common.count == 16)
        #expect(throws: Never.self) { for pair in WordPair.common { _ = try game { $0.pairs = [pair] } } }
    }
}

@Suite("Twenty questions")
struct TwentyQuestionsTests {
    private func game(_ change: (inout TwentyQuestions.Settings) -> Void = { _ in }) throws -> TwentyQuestions {
        var settings = TwentyQuestions.Settings()
        change(&settings)
        return try TwentyQuestions(settings)
    }

    @Test("answers are true, a right guess wins, and guesses count as questions")
    func plays() throws {
        let game = try game { $0.questions = 3 }
        let state = try played(game, ["salmon", "ask animal", "guess cat"])
        #expect(game.view(of: state, for: 0) == "animal? yes\ncat? wrong\nQuestions left: 1.")
        #expect(game.action(for: "ask animal", by: 0, in: state) == nil && game.action(for: "guess cat", by: 0, in: state) == nil)
        #expect(game.returns(of: try played(game, ["guess salmon"], from: state)) == [1])
        let lost = try played(game, ["ask edible"], from: state)
        #expect(game.isOver(lost) && game.returns(of: lost) == [0])
    }

    @Test("no two things are alike, so that questions alone can find each")
    func things() {
        #expect(Set(Things.all.map(\.attributes)).count == Things.count && Set(Things.all.map(\.name)).count == Things.count)
        #expect(Things.all.allSatisfy { $0.attributes != 0 } && Things.count >= 40 && Things.attributes.count == 20)
    }

    @Test("an answerer may lie as often as the settings allow, and draws allow for that")
    func lies() throws {
        let game = try game { ($0.hasAnswerer, $0.lies, $0.things) = (true, 1, 10) }
        let asked = try played(game, ["salmon", "ask mammal"])
        #expect(game.turn(in: asked) == .seat(1) && game.view(of: asked, for: 1).contains("The thing is: salmon. Lies left: 1."))
        #expect(game.view(of: asked, for: 0).hasSuffix("mammal?\nQuestions left: 10."))
        let lied = try played(game, ["yes", "ask edible"], from: asked)
        #expect(game.actions(in: lied) == [.answer(true)], "the lie is used up")
        let after = try played(game, ["yes"], from: lied)
        var generator = Seed(1).generator
        var drawn: Set<Int> = []
        for _ in 0..<300 { drawn.insert(try #require(game.resample(after, for: 0, using: &generator)).thing) }
        // Of the first ten, cat and dog are mammals but not edible; apple and salmon are edible but no mammals: one lie each.
        #expect(drawn.map { Things.all[$0].name }.sorted() == ["apple", "cat", "dog", "salmon"])
        #expect(game.returns(of: try played(game, ["guess salmon"], from: after)) == [1, -1])
        var broken = checkGame(game, seed: Seed(1), plays: 60)
        broken += checkGame(try self.game { ($0.hasAnswerer, $0.questions) = (true, 5) }, seed: Seed(2), plays: 30)
        #expect(broken == [])
        #expect(throws: CoreError.self) { try self.game { $0.lies = 1 } }
    }
}
