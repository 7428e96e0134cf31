import HoneCore
import HoneCurricula
import HoneEngine
import HoneGames
import HoneJudges
import HoneSocieties

/// AucArena: a bidder that plans, bids, keeps a record and plans again in an ascending auction against rule bidders, and learns from what it earns.
public enum AucArena: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var auction: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Whether the model plans again after each thing.
            public var replans = true
            /// Whether its record is put right after it was checked; else it goes on with its own errors.
            public var correctsRecord = true
            /// Who sits on the other seats, in turn: rule, estimate, planner.
            public var rivals = [AuctionRival.rule]
            /// How often a bid is asked for that was not allowed.
            public var tries = 2
            /// How likely a taught bid is any allowed one.
            public var noise = 0.15
            /// The orders of things in which it is measured; it learns in random order.
            public var orders = AscendingAuction.Order.allCases
        }

        public init(world: String) {
            var game = AscendingAuction.Settings()
            // The paper's proportions: raises of a tenth of the first price, true values around twice the first price, and money for two or three of the things.
            (game.items, game.values, game.startPrice, game.increment, game.budget) = (["vase", "lamp", "clock", "chair", "table"], [12, 28], 10, 1, 40)
            let defaults = world == AucArena.world ? (try? JSONValue(encoding: game)) : (try? GameCatalog.entry(world).defaults)
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults ?? .object([:]), trainProblems: 512))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 10_000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play = PlaySettings(problems: 8, samples: 8, temperature: 1, limit: 24)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 256, rows: 1024)
            common.evaluation = EvaluationSettings(every: 20, problems: 150, samples: 1)
            common.iterations = 40
            auction = Particular()
        }
    }

    public static let world = "ascending-auction"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "aucarena",
        summary: "an auction of several things out of one budget: plan, bid, sum up, plan again; profit, belief errors, and learning against rule bidders",
        source: "Chen et al. 2023, “Put Your Money Where Your Mouth Is: Evaluating Strategic Planning and Execution of LLM Agents in an Auction Arena”; "
            + "repository jiangjiechen/auction-arena",
        departures: [
            "true values are drawn, all things have one first price, and bids rise by the least increment or a few of them",
            "bids are moves, so that the game's rules take the auctioneer's place; a bid that is none is asked for once more",
            "records hold budget and profits, not winning bids, and say nothing of how others behave",
            "the bidder learns by policy gradient from plays of the same deal, which the paper does not",
            "notes from earlier auctions are left out; TrueSkill by profit in place of its rating by pairs",
        ],
        parts: [
            "base: plans, bids and records of a bidder by rule", "society: auction-rounds", "judge: profit", "credit: relative to plays of the same deal",
            "objective: clipped policy gradient", "measure: profit, things, rating, failed bids, belief errors, plan against spending; bidders by rule",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.auction
        let player = try TaughtPlayer(settings.common, world: world, learns: true, faults: settings.faults())
        var rules = try settings.common.task.settings.decode(AscendingAuction.Settings.self)
        var prompts: [AscendingAuction.Order: AuctionPrompt] = [:]
        for order in AscendingAuction.Order.allCases {
            rules.order = order
            prompts[order] = AuctionPrompt(isShort: !player.isGiven, game: try AscendingAuction(rules))
        }
        rules.order = .random
        let game = try AscendingAuction(rules)
        func society(keepsRecord: Bool) -> AuctionRounds {
            AuctionRounds(
                prompts: prompts, rivals: own.rivals, replans: own.replans, keepsRecord: keepsRecord, correctsRecord: own.correctsRecord, tries: own.tries)
        }
        let training = (0..<settings.common.task.trainProblems).map {
            AuctionRounds.problem("deal \($0)", drawn: seed.child("deal", $0), order: .random, seat: $0 % rules.bidders, isHeldOut: false)
        }
        // The same for all seeds, so that runs can be compared.
        let measured = own.orders.flatMap { order in
            (0..<settings.common.evaluation.problems).map {
                AuctionRounds.problem(
                    "\(order.rawValue) auction \($0)", drawn: Seed(0).child("measured").child(order.rawValue, $0), order: order, seat: $0 % rules.bidders, isHeldOut: true)
            }
        }
        let cast = player.speakers([.bidder, .scribe])
        var stage = Stage(
            name: "auctions", iterations: player.iterations, perIteration: settings.common.play.problems,
            // Where records are put right, what stands in them changes no bid, and learning needs none.
            society: society(keepsRecord: !own.correctsRecord), cast: cast, judges: [WorldReturns()],
            measures: [
                ScheduledMeasure(
                    every: settings.common.evaluation.every, AuctionTrial(problems: measured, cast: cast, game: game, rivals: own.rivals),
                    society: society(keepsRecord: true))
            ])
        if player.iterations > 0 {
            stage.curriculum = ProblemStream(problems: training, samples: settings.common.play.samples)
            stage.updates = [player.groupUpdate([.bidder])]
        }
        let range = game.facts.range
        let lessons = try player.isTaught ? AuctionLessons(prompts: prompts, noise: own.noise).problems(settings.common.base.demonstrations, seed: seed.child("lessons")) : []
        return try player.plan(stage, worlds: [EconomyRoom.name: EconomyRoom(roles: [.bidder, .scribe], range: range)], rehearsing: lessons)
    }
}

extension AucArena.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“auction.\(key)” is \(found); it should be \(expected)") }
        }
        require(!auction.rivals.isEmpty, "rivals", "empty", "one or more of \(AuctionRival.allCases.map(\.rawValue).joined(separator: ", "))")
        require(auction.tries >= 1, "tries", auction.tries, "1 or more")
        require((0...1).contains(auction.noise), "noise", auction.noise, "between 0 and 1")
        let orders = auction.orders.map(\.rawValue).joined(separator: ", ")
        require(!auction.orders.isEmpty && Set(auction.orders).count == auction.orders.count, "orders", "“\(orders)”", "one or more, without repetition")
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught short prompts; set it to 0 for a model folder")
        }
        return faults
    }
}
