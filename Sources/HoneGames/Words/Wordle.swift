import HoneCore

/// A hidden word is guessed; each guess is answered letter by letter (Wardle 2021, after Lingo and Mastermind).
///
/// A letter at its place is marked `+`, one that stands elsewhere `?`, others `-`. A letter is marked as often as the hidden word has it: first
/// those at their places, then the others from the left.
public struct Wordle: ExtensiveGame {
    public static let card = PartCard(
        name: "wordle", summary: "find a hidden word; each guess tells which letters are right or misplaced", source: "Wardle 2021")

    /// What a solved word is worth.
    public enum Scoring: String, Codable, Hashable, Sendable, CaseIterable {
        /// 1.
        case solved
        /// 1 for the first guess, evenly less for each that follows, down to 1 / guesses for the last.
        case guessesLeft
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Letters of a word, 2 to 12.
        public var length = 5
        /// How many guesses there are, 1 to 50.
        public var guesses = 6
        /// What a solved word is worth; one that is not is worth 0.
        public var scoring = Scoring.solved
        /// Whether a guess has to fit all answers so far.
        public var isHard = false
        /// The words that are hidden and guessed; empty for the game's own of four or five letters.
        public var words: [String] = []

        /// Five letters and six guesses.
        public init() {}
    }

    /// The word and the guesses.
    public struct State: Hashable, Codable, Sendable {
        /// The number of the hidden word in the list; −1 before it is drawn.
        public var hidden = -1
        /// The numbers of the guesses.
        public var guesses: [Int] = []
    }

    /// A word by its number in the list: what chance hides, or what is guessed.
    public struct Action: Hashable, Sendable {
        /// The number.
        public var word: Int
    }

    public let settings: Settings
    /// The words, in alphabetic order.
    public let words: [String]
    private let letters: [[UInt8]]
    private let numbers: [String: Int]

    /// The game; throws a sentence when a setting is out of range or a word is none of the length.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...12).contains(settings.length), (1...50).contains(settings.guesses) else {
            throw CoreError.invalid("“length” is \(settings.length) and “guesses” \(settings.guesses); expected 2 to 12 letters and 1 to 50 guesses")
        }
        let words = settings.words.isEmpty ? WordList.common(length: settings.length) : settings.words
        guard !words.isEmpty else {
            throw CoreError.invalid("There is no list of words with \(settings.length) letters; use 4 or 5, or give “words”")
        }
        if let odd = words.first(where: { $0.utf8.count != settings.length || !$0.utf8.allSatisfy { (97...122).contains($0) } }) {
            throw CoreError.invalid("“words” has “\(odd)”; expected words of \(settings.length) small letters a to z")
        }
        guard Set(words).count == words.count else { throw CoreError.invalid("“words” has a word twice; expected different words") }
        self.settings = settings
        self.words = words.sorted()
        letters = self.words.map { Array($0.utf8) }
        numbers = Dictionary(uniqueKeysWithValues: self.words.enumerated().map { ($1, $0) })
    }

    public var facts: GameFacts {
        GameFacts(seats: 1, range: 0...1, sum: nil, hasPerfectInformation: false, hasChance: true, longest: settings.guesses + 1)
    }

    public var instructions: String {
        "Wordle. Find a hidden English word of \(settings.length) letters in at most \(settings.guesses) guesses. After each guess, + marks a letter that is right, "
            + "? a letter that is in the word but elsewhere, - a letter that is not (or not once more) in the word."
            + (settings.isHard ? " Every guess has to fit all answers so far." : "")
            + (settings.scoring == .guessesLeft ? " The fewer guesses, the better." : "")
    }

    public var start: State { State() }

    private func isSolved(_ state: State) -> Bool { state.guesses.last == state.hidden }

    public func turn(in state: State) -> GameTurn {
        if state.hidden < 0 { return .chance }
        return isSolved(state) || state.guesses.count == settings.guesses ? .over : .seat(0)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: actions += words.indices.map { Action(word: $0) }
        case .seat: actions += words.indices.filter { !settings.isHard || fits($0, state) }.map { Action(word: $0) }
        case .together, .over: break
        }
    }

    /// Whether a word would have been answered as the hidden one was.
    private func fits(_ word: Int, _ state: State) -> Bool {
        state.guesses.allSatisfy { marks(of: letters[$0], for: letters[word]) == marks(of: letters[$0], for: letters[state.hidden]) }
    }

    /// The answer to a guess of a hidden word of the same length, in the letters `+`, `?` and `-`.
    public static func marks(of guess: String, for hidden: String) -> String {
        String(decoding: marks(Array(guess.utf8), Array(hidden.utf8)), as: UTF8.self)
    }

    private func marks(of guess: [UInt8], for hidden: [UInt8]) -> [UInt8] { Self.marks(guess, hidden) }

    private static func marks(_ guess: [UInt8], _ hidden: [UInt8]) -> [UInt8] {
        var marks = [UInt8](repeating: UInt8(ascii: "-"), count: guess.count)
        var isUsed = [Bool](repeating: false, count: hidden.count)
        for place in guess.indices where place < hidden.count && guess[place] == hidden[place] {
            marks[place] = UInt8(ascii: "+")
            isUsed[place] = true
        }
        for place in guess.indices where marks[place] == UInt8(ascii: "-") {
            guard let other = hidden.indices.first(where: { !isUsed[$0] && hidden[$0] == guess[place] }) else { continue }
            marks[place] = UInt8(ascii: "?")
            isUsed[other] = true
        }
        return marks
    }

    public func apply(_ action: Action, to state: inout State) {
        if state.hidden < 0 { state.hidden = action.word } else { state.guesses.append(action.word) }
    }

    public func returns(of state: State) -> [Double] {
        guard isSolved(state) else { return [0] }
        return [settings.scoring == .solved ? 1 : Double(settings.guesses - state.guesses.count + 1) / Double(settings.guesses)]
    }

    private func answers(_ state: State) -> [String] {
        state.guesses.map { "\(words[$0]) \(String(decoding: marks(of: letters[$0], for: letters[state.hidden]), as: UTF8.self))" }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let open = turn(in: state) == .over ? [words[state.hidden]] : []
        return (["\(seat)"] + answers(state) + open).joined(separator: "|")
    }

    public func view(of state: State, for seat: Int) -> String {
        let answers = answers(state)
        var lines = answers.isEmpty ? ["No guesses yet."] : answers
        lines.append(turn(in: state) == .over ? "The word was \(words[state.hidden])." : "Guesses left: \(settings.guesses - state.guesses.count).")
        return lines.joined(separator: "\n")
    }

    public func text(of action: Action, in state: State) -> String { words[action.word] }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        // Only bytes of the word itself: equal strings can have others.
        guard let word = numbers[text], words[word].utf8.elementsEqual(text.utf8) else { return nil }
        switch (turn(in: state), seat) {
        case (.chance, nil): return Action(word: word)
        case (.seat(0), 0?): return !settings.isHard || fits(word, state) ? Action(word: word) : nil
        default: return nil
        }
    }

    /// Another word that would have been answered alike, each as likely.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.hidden >= 0, turn(in: state) != .over else { return nil }
        return generator.element(of: words.indices.filter { fits($0, state) }).map { State(hidden: $0, guesses: state.guesses) }
    }
}
