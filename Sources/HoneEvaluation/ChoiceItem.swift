import HoneCore

/// A question with options of which one is right.
public struct ChoiceItem: Hashable, Sendable, Codable {
    /// Unique among its set.
    public var id: String
    /// What kind of question it is: classes are reported apart.
    public var kind: String
    /// What is known: the situation as it is shown.
    public var situation: String
    /// The question.
    public var question: String
    /// The options.
    public var options: [String]
    /// Which of them is right, counted from 0.
    public var answer: Int

    /// An item.
    public init(id: String, kind: String, situation: String, question: String, options: [String], answer: Int) {
        self.id = id
        self.kind = kind
        self.situation = situation
        self.question = question
        self.options = options
        self.answer = answer
    }

    /// The letters of options.
    public static let letters = Array("abcdefghijklmnopqrstuvwxyz").map(String.init)

    /// The order that a seed draws: the option that stands first, second, and so on.
    public func order(_ seed: Seed) -> [Int] {
        var generator = seed.generator
        return generator.shuffled(Array(options.indices))
    }

    /// The item with its options in the order that a seed draws, so that a letter says nothing.
    public func shuffled(_ seed: Seed) -> ChoiceItem {
        let order = order(seed)
        var copy = self
        copy.options = order.map { options[$0] }
        copy.answer = order.firstIndex(of: answer) ?? 0
        return copy
    }

    /// The prompt: situation, question, and the options with letters; `a r1 b r2` where it is terse, else one line each.
    public func prompt(isTerse: Bool) -> String {
        let lettered = zip(Self.letters, options)
        if isTerse { return situation + "\n" + question + " " + lettered.map { $0 + ")" + $1 }.joined(separator: " ") + ":" }
        return situation + "\n\n" + question + "\n" + lettered.map { "\($0)) \($1)" }.joined(separator: "\n") + "\nAnswer with one letter.\n"
    }

    /// The letter of the right option.
    public var letter: String { Self.letters[answer] }

    /// The option a response names: the first letter of an option that stands alone; nil where there is none.
    public func choice(in response: String) -> Int? {
        let words = response.lowercased().split { !$0.isLetter && !$0.isNumber }
        for word in words { if let place = Self.letters.prefix(options.count).firstIndex(of: String(word)) { return place } }
        return nil
    }

    /// The accuracy of the best constant answer by question, which sees no situation: how far the set can be answered blind.
    public static func blindAccuracy(_ items: [ChoiceItem]) -> Double {
        var counts: [String: [String: Int]] = [:]
        for item in items { counts["\(item.kind)|\(item.question)", default: [:]][item.options[item.answer], default: 0] += 1 }
        return items.isEmpty ? 0 : Double(counts.values.reduce(0) { $0 + ($1.values.max() ?? 0) }) / Double(items.count)
    }
}
