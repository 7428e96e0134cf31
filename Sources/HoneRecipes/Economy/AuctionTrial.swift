import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics
import HoneSocieties

/// What a model's bidder earns, how it keeps to its plan, and how right its records are; and what bidders by rule earn among themselves.
///
/// For auctions in random order, and for the other orders with `, ascending` or `, descending` behind the name: `profit` and `items` of the model, `profit of rule`, the mean of its
/// rivals of that kind, `ahead of rule`, the difference. For all: `failed bids`, the share of answers that were no bid; `own belief errors` and `other belief errors`, the share of wrong
/// numbers in records; `plan changes`, the share of new plans that differ; `plan and spending`, Spearman's ρ of first priorities and what was paid; `rating` and `rating of rule` (the best of them), TrueSkill by
/// profit. By rule: `profit of rule bidders` of three of them, `profit of raisers` of two who raise while they can pay, beside `profit of rule beside raisers`; and `profit per thing of
/// estimate bidders`, three with twice the budget.
struct AuctionTrial: Measure {
    static let card = PartCard(
        name: "auction-trial", summary: "profit, items, rating, failed bids, belief errors and plans of a bidder; profits of bidders by rule",
        source: "Chen et al. 2023, “Put Your Money Where Your Mouth Is: Evaluating Strategic Planning and Execution of LLM Agents in an Auction Arena”")

    /// The auctions.
    let problems: [Problem]
    /// Who bids.
    let cast: Cast
    /// The rules of an auction in random order.
    let game: AscendingAuction
    /// Who sits beside the model.
    let rivals: [AuctionRival]

    func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, cast: cast, label: "game").groups(in: scope)
        var logs: [AscendingAuction.Order: [(problem: String, log: AuctionLog)]] = [:]
        for group in groups {
            let problem = group.assignment.problem
            guard let log = group.episodes.first?.record(AuctionLog.self) else {
                throw CoreError.invalid("The auction “\(problem.id)” was not played to its end: \(group.episodes.first?.ending.map { "\($0)" } ?? "no play")")
            }
            let order = problem.details["order"].flatMap(AscendingAuction.Order.init(rawValue:)) ?? .random
            logs[order, default: []].append((problem.id, log))
        }
        var found = try scripted(seed: Seed(0).child("tables"), count: max(200, problems.count))
        for order in AscendingAuction.Order.allCases { add(logs[order] ?? [], suffix: order == .random ? "" : ", \(order.rawValue)", to: &found) }
        addPlay(AscendingAuction.Order.allCases.flatMap { logs[$0] ?? [] }, to: &found)
        try addRatings(AscendingAuction.Order.allCases.flatMap { logs[$0] ?? [] }.map(\.log), to: &found)
        return found
    }

    /// What the seats of a log earn that follow the paper's rule.
    private func ruleProfits(_ log: AuctionLog) -> [Double] {
        let count = game.settings.bidders
        return (0..<count).filter { $0 != log.seat && rivals[($0 - log.seat + count - 1) % count % rivals.count] == .rule }.map { Double(game.profit(of: $0, in: log.state)) }
    }

    func add(_ logs: [(problem: String, log: AuctionLog)], suffix: String, to found: inout Findings) {
        guard !logs.isEmpty else { return }
        let profits = logs.map { Double(game.profit(of: $0.log.seat, in: $0.log.state)) }
        found.add("profit\(suffix)", unit: "profit", zip(logs, profits).map { ($0.problem, [$1]) })
        found.add("items\(suffix)", unit: "things", logs.map { ($0.problem, [Double(game.items(of: $0.log.seat, in: $0.log.state))]) })
        let rules = logs.map { ruleProfits($0.log) }
        guard rules.allSatisfy({ !$0.isEmpty }) else { return }
        found.add("profit of rule\(suffix)", unit: "profit", zip(logs, rules).map { ($0.problem, [Statistics.mean($1)]) })
        found.add("ahead of rule\(suffix)", unit: "profit", zip(logs, zip(profits, rules)).map { ($0.problem, [$1.0 - Statistics.mean($1.1)]) })
    }

    func addPlay(_ logs: [(problem: String, log: AuctionLog)], to found: inout Findings) {
        let others = Double(game.settings.bidders - 1)
        found.addRatio("failed bids", unit: "share", logs.map { ($0.problem, numerator: Double($0.log.failedBids), denominator: Double($0.log.bids)) })
        found.add("own belief errors", unit: "share", logs.map { ($0.problem, $0.log.beliefs.map { Double($0.ownErrors) / 2 }) })
        found.add("other belief errors", unit: "share", logs.map { ($0.problem, $0.log.beliefs.map { Double($0.otherErrors) / others }) })
        found.addRatio("plan changes", unit: "share", logs.map { ($0.problem, numerator: Double($0.log.changes), denominator: Double($0.log.replans)) })
        found.add(
            "plan and spending", unit: "ρ",
            logs.map { ($0.problem, RankCorrelation.spearman($0.log.firstPlan.map(Double.init), $0.log.spent).map { [$0] } ?? []) })
    }

    /// Ratings of the model and its rivals by who has earned more, auction after auction.
    func addRatings(_ logs: [AuctionLog], to found: inout Findings) throws {
        guard !logs.isEmpty else { return }
        let count = game.settings.bidders
        func name(_ seat: Int, _ log: AuctionLog) -> String {
            let place = (seat - log.seat + count - 1) % count
            return seat == log.seat ? "model" : "\(rivals[place % rivals.count].rawValue) \(place)"
        }
        var ratings = SkillRatings(try SkillModel())
        for log in logs {
            let byProfit = Dictionary(grouping: 0..<count, by: { game.profit(of: $0, in: log.state) })
            try ratings.add(ranking: byProfit.keys.sorted(by: >).map { profit in (byProfit[profit] ?? []).map { name($0, log) } })
        }
        found.estimates["rating"] = ratings.skill(of: "model").estimate(games: logs.count)
        guard let best = ratings.players.filter({ $0.player.hasPrefix(AuctionRival.rule.rawValue) }).max(by: { $0.skill.mean < $1.skill.mean }) else { return }
        found.estimates["rating of rule"] = best.estimate
    }

    /// What bidders by rule earn among themselves.
    func scripted(seed: Seed, count: Int) throws -> Findings {
        var found = Findings()
        let seats = game.settings.bidders
        let rule = [any GamePlayer<AscendingAuction>](repeating: RuleBidder(), count: seats)
        let raiser = RuleBidder(bids: .max)
        let mixed: [any GamePlayer<AscendingAuction>] = (0..<seats).map { $0 == 0 ? RuleBidder() : raiser }
        var rich = game.settings
        rich.budget *= 2
        let richGame = try AscendingAuction(rich)
        let estimating = [any GamePlayer<AscendingAuction>](repeating: EstimateBidder(), count: seats)
        var (alone, beside, raising): ([Double], [Double], [Double]) = ([], [], [])
        var curse: [(profit: Double, things: Double)] = []
        for deal in 0..<count {
            let own = seed.child("deal", deal)
            let first = game.ended(with: rule, seed: own)
            alone.append(Statistics.mean((0..<seats).map { Double(game.profit(of: $0, in: first)) }))
            let second = game.ended(with: mixed, seed: own)
            beside.append(Double(game.profit(of: 0, in: second)))
            raising.append(Statistics.mean((1..<seats).map { Double(game.profit(of: $0, in: second)) }))
            let third = richGame.ended(with: estimating, seed: own)
            let sums = (0..<seats).map { (richGame.profit(of: $0, in: third), richGame.items(of: $0, in: third)) }
            curse.append((Double(sums.reduce(0) { $0 + $1.0 }), Double(sums.reduce(0) { $0 + $1.1 })))
        }
        func add(_ name: String, _ values: [Double]) { found.add(name, unit: "profit", values.enumerated().map { ("deal \($0)", [$1]) }) }
        add("profit of rule bidders", alone)
        add("profit of rule beside raisers", beside)
        add("profit of raisers", raising)
        found.addRatio("profit per thing of estimate bidders", unit: "profit", curse.enumerated().map { ("deal \($0)", numerator: $1.profit, denominator: $1.things) })
        return found
    }
}
