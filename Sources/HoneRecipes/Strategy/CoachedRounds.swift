import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics
import HoneSocieties

extension Role {
    /// Who sells.
    static var seller: Role { "seller" }
    /// Who buys.
    static var buyer: Role { "buyer" }
}

/// Where the coached player's advice comes from.
public enum FeedbackSource: String, Codable, Hashable, Sendable, CaseIterable {
    /// The critic reads the last talks.
    case critic
    /// Always the same, which names no tactic: do better.
    case constant
    /// Tactics drawn at random.
    case random
    /// There is none.
    case none
}

/// Nothing but a place to haggle in: the society knows the rules, and rounds follow each other in one episode.
struct HagglingRoom: World {
    static let card = PartCard(name: "haggling-room", summary: "rounds of talks about one price", source: "Fu et al. 2023", gives: [.branches, .demonstrations])

    /// The name in a plan.
    static let name: WorldName = "haggling-room"

    struct State: KnowsProblem, Hashable, Sendable, Codable {
        var problem: Problem
    }

    var rules: WorldRules { WorldRules(roles: [.seller, .buyer, .critic]) }
    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }
    func turn(in state: State) -> Turn { .moves(of: [.seller]) }
    func observation(of state: State, for role: Role) -> Observation { Observation(news: [.text(state.problem.text, from: .prompt)]) }
    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {}
    func returns(of state: State) -> [Role: Double] { [:] }
}

/// Plays rounds of the balloon game with one side coached in between (Fu et al. 2023).
///
/// After a round the critic reads the coached player's talks, all of them in words and the last ones in short prompts, and what it says stands before the coached player's
/// prompts of the next round. The rival begins each round as if it were the first. All that is said is a step; rounds are found again by `CoachedRounds.rounds`.
struct CoachedRounds: Society {
    static let card = PartCard(name: "coached-rounds", summary: "rounds of bargaining with a critic's advice for one side in between", source: "Fu et al. 2023")

    /// How prompts are written.
    let prompt: HagglingPrompt
    /// The coached seat.
    let coached: Int
    /// How many rounds.
    let count: Int
    /// Where advice comes from.
    let feedback: FeedbackSource

    private static let roles: [Role] = [.seller, .buyer]

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, cast: cast)
        do {
            var past: [HagglingRound] = []
            var advice: [String] = []
            for number in 0..<count {
                let own = scope.child("round", number)
                past.append(try await round(past, advice, &episode, in: own))
                guard number + 1 < count else { break }
                switch feedback {
                case .critic:
                    let said = try await speak(.critic, prompt.critic(coached, advice: advice, past: past), &episode, in: own.child("critic"))
                    advice.append(prompt.advice(said))
                case .constant: advice.append(prompt.written([.better]))
                case .random:
                    var generator = own.seed.child("advice").generator
                    let tactics = generator.shuffled(HagglingTactic.allCases.filter { $0 != .better }).prefix(generator.integer(in: 1...3))
                    advice.append(prompt.written(Array(tactics)))
                case .none: break
                }
            }
            episode.ending = .completed
        } catch { episode.ending = try .failed(by: error) }
        await start.world.release(start.state)
        return episode
    }

    private func round(_ past: [HagglingRound], _ advice: [String], _ episode: inout Episode, in scope: Scope) async throws -> HagglingRound {
        var round = HagglingRound(state: prompt.game.start)
        while case .seat(let seat) = prompt.game.turn(in: round.state) {
            let isCoached = seat == coached && feedback != .none
            let text = prompt.player(seat, round.state, advice: isCoached ? advice : [], past: isCoached ? past : [])
            let said = try await speak(Self.roles[seat], text, &episode, in: scope.child("turn", round.state.events.count))
            guard let action = prompt.move(said, in: round.state) else {
                round.isUnreadable = true
                break
            }
            prompt.game.apply(action, to: &round.state)
        }
        return round
    }

    private func speak(_ role: Role, _ text: String, _ episode: inout Episode, in scope: Scope) async throws -> String {
        guard let player = episode.cast[role] else { throw CoreError.unknown(kind: "player for role", name: role.text, known: episode.cast.keys.map(\.text).sorted()) }
        let view = View(role: role, transcript: [.text(text, from: .prompt)])
        let move = try await scope.services.policy(player.policy).move(on: view, as: player, in: scope)
        episode.steps.append(Step(role: role, context: move.context ?? view.transcript, move: move.filed))
        return move.text
    }

    /// The rounds of an episode, by playing its moves again.
    func rounds(of episode: Episode) -> [HagglingRound] {
        var rounds: [HagglingRound] = []
        var round = HagglingRound(state: prompt.game.start)
        for step in episode.steps where step.role != .critic {
            if let action = prompt.move(step.move.text, in: round.state) {
                prompt.game.apply(action, to: &round.state)
                if case .seat = prompt.game.turn(in: round.state) { continue }
            } else {
                round.isUnreadable = true
            }
            rounds.append(round)
            round = HagglingRound(state: prompt.game.start)
        }
        return rounds
    }
}

/// Prices and deals round by round, and how far the coached side got.
///
/// `gain, round k` is the change of the price since round 1 in the coached side's favour, over games with a deal in both; `price, round k` is the mean of all deals, and
/// `payoff, round k` the coached side's price gain over no deal, which counts 0.
struct BargainingTrial: Measure {
    static let card = PartCard(
        name: "bargaining-trial", summary: "prices, deals and the coached side's gains, round by round",
        source: "Fu et al. 2023, “Improving Language Model Negotiation with Self-Play and In-Context Learning from AI Feedback”")

    /// The games: problems that differ in their names only.
    let problems: [Problem]
    /// Who plays.
    let cast: Cast
    /// How they play.
    let society: CoachedRounds

    func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, cast: cast, label: "game").groups(in: scope)
        return findings(groups.map { ($0.assignment.problem.id, $0.episodes.first.map(society.rounds) ?? []) })
    }

    /// The measures of games.
    func findings(_ games: [(problem: String, rounds: [HagglingRound])]) -> Findings {
        var found = Findings()
        let game = society.prompt.game
        let sign = society.coached == 0 ? 1.0 : -1.0
        func price(_ rounds: [HagglingRound], _ number: Int) -> Double? { rounds.indices.contains(number) ? game.price(in: rounds[number].state).map(Double.init) : nil }
        for number in 0..<society.count {
            let name = "round \(number + 1)"
            found.add("deal rate, \(name)", unit: "share", games.map { ($0.problem, [price($0.rounds, number) == nil ? 0 : 1]) })
            found.addRatio("price, \(name)", unit: "price", games.map { ($0.problem, numerator: price($0.rounds, number) ?? 0, denominator: price($0.rounds, number) == nil ? 0 : 1) })
            let floor = Double(society.coached == 0 ? game.settings.prices[0] : game.settings.prices[1])
            found.add("payoff, \(name)", unit: "price", games.map { ($0.problem, [price($0.rounds, number).map { sign * ($0 - floor) } ?? 0]) })
            guard number > 0 else { continue }
            found.addRatio(
                "gain, \(name)", unit: "price",
                games.map { one in
                    guard let first = price(one.rounds, 0), let now = price(one.rounds, number) else { return (one.problem, numerator: 0, denominator: 0) }
                    return (one.problem, numerator: sign * (now - first), denominator: 1)
                })
        }
        found.add("unreadable", unit: "share", games.map { ($0.problem, $0.rounds.map { $0.isUnreadable ? 1 : 0 }) })
        return found
    }
}
