import HoneCore
import HoneSearch
import HoneSocieties
import HoneWorlds

/// Writes what a small model is taught of a shop: plays of a careless customer, and which of some commands is the most useful.
///
/// What is wrong in them is put in by chance, so it is known by construction.
struct ShopLessons: Codable, Hashable, Sendable {
    /// The share of commands that are any the page offers.
    var noise = 0.4
    /// The share of the customer's clicks that fall on any listed item, whatever its size and price.
    var carelessness = 0.9
    /// Questions for the critic, beside `base.demonstrations` plays.
    var ranks = 3000
    /// The share of the critic's answers that are any.
    var rankErrors = 0.25

    /// What cannot work, as sentences with the key in front.
    func faults(_ key: String) -> [String] {
        var faults = [("noise", noise), ("carelessness", carelessness), ("rankErrors", rankErrors)].compactMap { name, share in
            (0...1).contains(share) ? nil : "“\(key).\(name)” is \(share); it should be between 0 and 1"
        }
        if ranks < 0 { faults.append("“\(key).ranks” is \(ranks); it should be 0 or more") }
        return faults
    }

    /// A play so far: what is shown first, and commands with what is shown after each.
    private struct Walk {
        var state: WebShop.State
        var commands: [String] = []
        var pages: [String] = []
    }

    /// So many plays, then the critic's questions, as exchanges to rehearse about training problems in turn.
    func problems(_ training: [Problem], of shop: WebShop, plays: Int, seed: Seed) throws -> [Problem] {
        guard !training.isEmpty else { return [] }
        var lessons: [Problem] = []
        for index in 0..<plays {
            var generator = seed.child("play", index).generator
            let walk = walk(training[index % training.count], in: shop, commands: shop.settings.turns, &generator)
            lessons.append(try lesson(walk.state.problem, "play \(index)", answers: walk.commands, pages: walk.pages))
        }
        for index in 0..<ranks {
            var generator = seed.child("rank", index).generator
            let problem = training[index % training.count]
            func begun() -> Walk {
                let commands = generator.integer(in: 0...(shop.settings.turns - 2))
                return self.walk(problem, in: shop, commands: commands, &generator)
            }
            // Plays end at a purchase; questions are asked before that.
            var walk = begun()
            while case .over = shop.turn(in: walk.state) { walk = begun() }
            let moves = moves(in: walk.state, of: shop, &generator)
            guard moves.count > 1 else { continue }
            let best = generator.chance(rankErrors) ? generator.integer(in: 0...(moves.count - 1)) : Self.best(of: moves, in: walk.state, of: shop)
            let (question, answer) = (RankedMoves.question(moves), String(best + 1))
            guard let last = walk.pages.indices.last else {
                let first = shop.observation(of: walk.state, for: .solver).news.text + question
                lessons.append(try Script(answers: [answer]).given(to: WrittenItems.problem(id: "rank \(index)", prompt: first, answer: answer)))
                continue
            }
            walk.pages[last] += question
            lessons.append(try lesson(problem, "rank \(index)", answers: walk.commands + [answer], pages: walk.pages, firstTaught: walk.commands.count))
        }
        return lessons
    }

    /// An exchange: the answers with the pages between them; a page after the last answer is not shown.
    private func lesson(_ problem: Problem, _ label: String, answers: [String], pages: [String], firstTaught: Int = 0) throws -> Problem {
        var taught = try Script(answers: answers, between: Array(pages.prefix(answers.count - 1)), firstTaught: firstTaught).given(to: problem)
        taught.id = "\(problem.id) \(label)"
        return taught
    }

    /// A play of at most so many commands.
    private func walk(_ problem: Problem, in shop: WebShop, commands: Int, _ generator: inout SeededGenerator) -> Walk {
        var walk = Walk(state: WebShop.State(problem: problem))
        while walk.commands.count < commands, let command = command(in: walk.state, of: shop, &generator) {
            shop.apply(command, to: &walk.state)
            walk.commands.append(command)
            walk.pages.append(shop.observation(of: walk.state, for: .solver).news.text)
        }
        return walk
    }

    /// What the careless customer does next; nil where a play is over.
    private func command(in state: WebShop.State, of shop: WebShop, _ generator: inout SeededGenerator) -> String? {
        guard let wanted = shop.customer(in: state) else { return nil }
        let offered = Self.offered(in: state, of: shop)
        if generator.chance(noise) { return generator.element(of: offered) ?? wanted }
        guard wanted.hasPrefix("click"), generator.chance(carelessness) else {
            // Who clicked on the wrong thing does not see it, and buys it.
            guard case .item(let id, let size, _, _) = state.page, generator.chance(carelessness) else { return wanted }
            let sizes = shop.catalogue.items[id].sizes
            return size == nil ? sizes.first { state.problem.text.contains(" \($0) ") }.map { "option(\($0))" } ?? "option(\(sizes[0]))" : "buy"
        }
        return generator.element(of: offered.filter { $0.hasPrefix("click") }) ?? wanted
    }

    /// What the page itself offers; on the first page all searches.
    private static func offered(in state: WebShop.State, of shop: WebShop) -> [String] {
        let legal = shop.legalMoves(in: state)
        let own = legal.filter { !$0.hasPrefix("search") }
        return own.isEmpty ? legal : own
    }

    /// Up to four different commands in any order, the customer's among them more often than not.
    private func moves(in state: WebShop.State, of shop: WebShop, _ generator: inout SeededGenerator) -> [String] {
        let offered = generator.shuffled(Self.offered(in: state, of: shop))
        let wanted = shop.customer(in: state).map { generator.chance(0.8) ? [$0] : [] } ?? []
        let others = offered.filter { !wanted.contains($0) }.prefix(generator.integer(in: 2...4) - wanted.count)
        return generator.shuffled(wanted + others)
    }

    /// The place of the command from which the knowing customer is soonest done; of equals the first.
    static func best(of moves: [String], in state: WebShop.State, of shop: WebShop) -> Int {
        let distances = moves.map { move in
            var after = state
            shop.apply(move, to: &after)
            return shop.distance(from: after) ?? Int.max
        }
        return distances.indices.min { (distances[$0], $0) < (distances[$1], $1) } ?? 0
    }
}
