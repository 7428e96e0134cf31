import HoneCore
import HoneGames

/// Writes what a bidder is asked when it plans, bids and sums up, short for small models and in words for others, and reads what it says.
struct AuctionPrompt: Sendable {
    /// Whether prompts are short.
    let isShort: Bool
    /// The game.
    let game: AscendingAuction

    private func goal(of seat: Int) -> String {
        game.goal(of: seat) == .profit
            ? "Your goal is the highest profit of all bidders at the end: true values of what you buy, less what you pay."
            : "Your goal is to buy more things than any other bidder."
    }

    private func status(_ record: AuctionRecord) -> String {
        "You have noted: \(record.budget) left to spend; profits so far: yours \(record.profits.first ?? 0), the others' \(record.profits.dropFirst().map(String.init).joined(separator: ", "))."
    }

    /// Asks for the priorities of the things that are left: at the beginning for all, later for what the old priorities should become.
    func plan(_ seat: Int, _ state: AscendingAuction.State, record: AuctionRecord, old: [Int]) -> String {
        let items = state.sales.count..<game.settings.items.count
        let estimates = items.map { game.estimate(of: $0, for: seat, in: state) }
        if isShort { return "p$\(record.budget)|\(estimates.map(String.init).joined(separator: " "))=" }
        var text = "\(game.instructions)\nYou are player \(seat). \(goal(of: seat))\n\(status(record))\nLeft to be sold, with your estimates: "
        text += items.map { "\(game.settings.items[$0]) \(game.estimate(of: $0, for: seat, in: state))" }.joined(separator: ", ")
        if state.sales.isEmpty {
            text += ".\nPlan: give each thing a priority from 1 (give it up to save money) over 2 to 3 (most important)."
        } else {
            text += ".\nYour priorities were: " + items.map { "\(game.settings.items[$0]) \(old[$0])" }.joined(separator: ", ")
            text += ". Change them where what has happened asks for it: 1 is give it up to save money, 3 is most important."
        }
        return text + " Think briefly, and end with one line such as “\(items.map { "\(game.settings.items[$0]) 2" }.joined(separator: ", "))”."
    }

    /// The priorities a text gives to the things that are left; nil where one is missing.
    func priorities(_ text: String, from first: Int) -> [Int]? {
        let items = game.settings.items.dropFirst(first)
        if isShort {
            let digits = text.firstLine.map { $0.wholeNumberValue ?? 0 }
            return digits.count == items.count && digits.allSatisfy { (1...3).contains($0) } ? digits : nil
        }
        let last = text.split { $0.isNewline }.last.map { $0.lowercased() } ?? ""
        let words = last.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        var priorities: [Int] = []
        for item in items {
            guard let place = words.lastIndex(of: item), place + 1 < words.count, let number = Int(words[place + 1]), (1...3).contains(number) else { return nil }
            priorities.append(number)
        }
        return priorities
    }

    /// Asks for a bid; again after one that was not allowed.
    func bid(_ seat: Int, _ state: AscendingAuction.State, record: AuctionRecord, priority: Int, isRepeated: Bool) -> String {
        let item = state.sales.count
        let estimate = game.estimate(of: item, for: seat, in: state)
        let least = game.smallestBid(in: state)
        if isShort { return "\(isRepeated ? "!" : "")b\(priority) \(estimate) \(least) $\(record.budget)=" }
        var text = "\(game.instructions)\n\(goal(of: seat))\n\(game.view(of: state, for: seat))\n\(status(record))\nYour priority for \(game.settings.items[item]) is \(priority) of 3.\n"
        if isRepeated { text += "Your last answer was no allowed bid: bids go from \(least) up to what you have left to spend.\n" }
        let allowed = game.actions(of: seat, in: state).map { game.text(of: $0, in: state) }
        return text + "Give a short reason, and end with one line that is one of: \(allowed.joined(separator: "; "))."
    }

    /// The bid a text names; nil where it names none that is allowed.
    func bid(_ text: String, of seat: Int, in state: AscendingAuction.State) -> AscendingAuction.Action? {
        let allowed = game.actions(of: seat, in: state)
        if isShort {
            let word = text.firstLine
            if word == "out" { return .out }
            guard word.hasPrefix("+"), let step = Int(word.dropFirst()), step >= 1 else { return nil }
            let bid = AscendingAuction.Action.bid(game.smallestBid(in: state) + (step - 1) * game.settings.increment)
            return allowed.contains(bid) ? bid : nil
        }
        let last = text.split { $0.isNewline }.last.map { $0.lowercased() } ?? ""
        let words = last.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        if let place = words.lastIndex(of: "bid"), place + 1 < words.count, let amount = Int(words[place + 1]) {
            return allowed.contains(.bid(amount)) ? .bid(amount) : nil
        }
        return words.contains("out") ? .out : nil
    }

    /// How a bid is written in short prompts: how many steps above what it has to be at least less one.
    func short(_ action: AscendingAuction.Action, in state: AscendingAuction.State) -> String {
        guard case .bid(let bid) = action else { return "out" }
        return "+\((bid - game.smallestBid(in: state)) / game.settings.increment + 1)"
    }

    /// Asks what the record becomes after a sale.
    func summary(_ seat: Int, _ item: Int, _ state: AscendingAuction.State, record: AuctionRecord) -> String {
        let sale = state.sales[item]
        let place = sale.winner.map { AuctionRecord.place(of: $0, for: seat) }
        if isShort { return "s\(record.text)|" + (place.map { "\($0) \(sale.price) \(state.values[item])" } ?? "-") + "=" }
        let others = (0..<game.settings.bidders).filter { $0 != seat }.map { "player \($0)" }.joined(separator: ", ")
        let event = sale.winner.map { $0 == seat ? "You bought it for \(sale.price)" : "Player \($0) bought it for \(sale.price)" } ?? "Nobody bought it"
        return "You are player \(seat) in an auction. \(status(record)) The others are \(others), in this order.\nNow \(game.settings.items[item]) was offered. \(event); its true value is "
            + "\(state.values[item]).\nUpdate your notes. End with one line of \(game.settings.bidders + 1) whole numbers: what you have left to spend, your profit so far, then the others' "
            + "in the same order."
    }

    /// The record a text gives; nil where it gives none.
    func record(_ text: String) -> AuctionRecord? {
        if isShort { return AuctionRecord(text.firstLine, bidders: game.settings.bidders) }
        let last = text.split { $0.isNewline }.last.map(String.init) ?? ""
        return AuctionRecord(last.wholeNumbers.map(String.init).joined(separator: " "), bidders: game.settings.bidders)
    }
}
