/// What a bidder writes down after a sale, and what it then takes for true: what it has left to spend, and everybody's profit so far.
///
/// Source: the status of Chen et al. 2023, AucArena; winning bids, which the paper's also lists, are left out.
public struct AuctionRecord: Hashable, Codable, Sendable {
    /// What the bidder has left to spend.
    public var budget: Int
    /// Profits: its own first, then the others' by seat.
    public var profits: [Int]

    /// A record.
    public init(budget: Int, profits: [Int]) {
        self.budget = budget
        self.profits = profits
    }

    /// What is true for a seat after the first so many sales.
    public init(for seat: Int, after count: Int, in state: AscendingAuction.State, of game: AscendingAuction) {
        self.init(budget: game.settings.budget, profits: [Int](repeating: 0, count: game.settings.bidders))
        for item in 0..<min(count, state.sales.count) {
            let sale = state.sales[item]
            note(winner: sale.winner.map { Self.place(of: $0, for: seat) }, price: sale.price, value: state.values[item])
        }
    }

    /// The record in a text of whole numbers, the budget first; nil where there are not as many as there should be.
    public init?(_ text: String, bidders: Int) {
        let numbers = text.split(separator: " ").map { Int($0) }
        guard numbers.count == bidders + 1 else { return nil }
        var all: [Int] = []
        for number in numbers {
            guard let number else { return nil }
            all.append(number)
        }
        self.init(budget: all[0], profits: Array(all.dropFirst()))
    }

    /// The place of a seat in another's record: its own first, then the others in ascending order.
    public static func place(of other: Int, for seat: Int) -> Int { other == seat ? 0 : other < seat ? other + 1 : other }

    /// Its numbers, one blank apart.
    public var text: String { ([budget] + profits).map(String.init).joined(separator: " ") }

    /// Takes in a sale: who bought, as a place of the record (nil for nobody), at which price, and the true value.
    public mutating func note(winner: Int?, price: Int, value: Int) {
        guard let winner, profits.indices.contains(winner) else { return }
        profits[winner] += value - price
        if winner == 0 { budget -= price }
    }

    /// How many of the two numbers about oneself are wrong.
    public func ownErrors(against truth: AuctionRecord) -> Int {
        (budget == truth.budget ? 0 : 1) + (profits.first == truth.profits.first ? 0 : 1)
    }

    /// How many of the numbers about others are wrong; one that is missing is.
    public func otherErrors(against truth: AuctionRecord) -> Int {
        truth.profits.indices.dropFirst().count { !profits.indices.contains($0) || profits[$0] != truth.profits[$0] }
    }
}
