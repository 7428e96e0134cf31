import HoneCore

/// One of the things compared: what it runs, what it may spend, and by which measure it is judged.
public struct Arm: Hashable, Sendable, Codable {
    /// Its name in tables.
    public var name: String
    /// What it runs under each seed.
    public var subject: Cell.Subject
    /// What improving may spend.
    public var improving: Budget?
    /// What an answer may spend.
    public var answering: Budget?
    /// The measure it is judged by.
    public var measure: String
    /// What it is, in a sentence.
    public var note: String
    /// Whether nobody asked for it: the untrained model, greedy decoding, the same compute spent on sampling.
    public var isImplied: Bool

    /// An arm.
    public init(
        name: String, subject: Cell.Subject, improving: Budget? = nil, answering: Budget? = nil, measure: String, note: String,
        isImplied: Bool = false
    ) {
        self.name = name
        self.subject = subject
        self.improving = improving
        self.answering = answering
        self.measure = measure
        self.note = note
        self.isImplied = isImplied
    }

    /// Its cell under a seed.
    public func cell(seed: UInt64) -> Cell { Cell(subject, seed: seed, improving: improving, answering: answering) }

    /// The settings its subject has.
    public var settings: JSONValue {
        switch subject {
        case .recipe(_, let settings), .checkpoint(_, _, _, let settings): settings
        }
    }
}
