import HoneCore

/// Two words that are much alike, each with clues; some clues fit both.
public struct WordPair: Codable, Hashable, Sendable {
    /// The first word.
    public var first: String
    /// Its clues.
    public var firstClues: [String]
    /// The second word.
    public var second: String
    /// Its clues.
    public var secondClues: [String]

    /// A pair.
    public init(first: String, firstClues: [String], second: String, secondClues: [String]) {
        self.first = first
        self.firstClues = firstClues
        self.second = second
        self.secondClues = secondClues
    }

    /// Throws where a word or clue is not one of small letters, clues are missing or twice, or a clue can be taken for another move.
    func check() throws {
        guard first != second else { throw CoreError.invalid("A pair of words has “\(first)” twice; expected two different words") }
        for (word, clues) in [(first, firstClues), (second, secondClues)] {
            let all = [word] + clues
            guard !clues.isEmpty, Set(all).count == all.count, all.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (97...122).contains($0) } }),
                !all.contains("pass")
            else {
                throw CoreError.invalid("The word “\(word)” has the clues \(clues); expected different words of small letters a to z, none of them “pass”")
            }
        }
    }

    /// The game's own pairs.
    public static let common: [WordPair] = table.split(separator: "\n").compactMap { line in
        let sides = line.split(separator: "/").map { $0.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init) }
        guard sides.count == 2, let first = sides[0].first, let second = sides[1].first else { return nil }
        return WordPair(first: first, firstClues: Array(sides[0].dropFirst()), second: second, secondClues: Array(sides[1].dropFirst()))
    }

    private static let table = """
        coffee: hot drink cup beans morning bitter / tea: hot drink cup leaves kettle green
        cat: pet fur tail whiskers purr mouse / dog: pet fur tail bark walk bone
        apple: fruit sweet tree red crisp pie / pear: fruit sweet tree green soft bell
        train: travel station ticket rails carriage whistle / bus: travel station ticket road driver school
        sun: sky light round day hot yellow / moon: sky light round night cold silver
        river: water fish boat flow bridge bank / lake: water fish boat still shore deep
        violin: music strings wood bow orchestra chin / guitar: music strings wood plectrum campfire chords
        snow: white winter cold flakes soft sledge / ice: white winter cold skate hard cube
        doctor: hospital white help medicine illness study / nurse: hospital white help care bed bandage
        king: crown palace rule man throne chess / queen: crown palace rule woman bees chess
        bicycle: wheels ride helmet pedals chain bell / motorcycle: wheels ride helmet engine petrol leather
        butter: bread yellow breakfast milk melt knife / honey: bread yellow breakfast bees sticky jar
        letter: paper write send stamp envelope postman / book: paper write read library pages author
        beach: sand sun holiday waves towel shells / desert: sand sun thirst camel dunes cactus
        spoon: kitchen metal eat soup round stir / fork: kitchen metal eat pasta prongs stab
        rain: clouds weather sky wet umbrella puddle / storm: clouds weather sky wind thunder damage
        """
}
