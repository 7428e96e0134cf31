import HoneCore

/// Advice to somebody who haggles over a price, without naming one.
public enum HagglingTactic: String, Codable, Hashable, Sendable, CaseIterable {
    /// Stay with the first price until half of the turns are over.
    case anchor = "a"
    /// Do better than last time: names no tactic.
    case better = "b"
    /// Take what is nearly as good as one's own next offer.
    case early = "e"
    /// Give way in large steps.
    case fast = "f"
    /// Give way every second time only.
    case hold = "h"
    /// Propose the middle between both last offers.
    case middle = "m"
    /// Give way in small steps.
    case slow = "s"
    /// Leave rather than take a price on the other's side of the middle.
    case walk = "w"

    /// The advice in words.
    public var advice: String {
        switch self {
        case .anchor: "stay with your first price for the first half of the talks"
        case .better: "try to do better than in the last round"
        case .early: "close early: take an offer that is nearly as good as the one you would make next"
        case .fast: "give way in large steps, so that there is a deal"
        case .hold: "give way every second time only, and repeat your offer otherwise"
        case .middle: "propose to meet in the middle"
        case .slow: "give way in small steps"
        case .walk: "be ready to leave without a deal when the other stays far away"
        }
    }
}

/// Haggles by tactics in the balloon game: a rule to learn from, and a rival.
///
/// Without a tactic it gives way by two, and takes an offer that is as good as the one it would make next. The tactics are our own micro-language of the advice
/// that critics give in Fu et al. 2023.
public struct Haggler: Hashable, Sendable {
    /// What it follows, up to three.
    public var tactics: Set<HagglingTactic>
    /// How likely a step is drawn anew, from one to three.
    public var noise: Double

    /// A haggler.
    public init(_ tactics: Set<HagglingTactic> = [], noise: Double = 0) {
        self.tactics = tactics
        self.noise = noise
    }

    /// What it does on a seat whose turn it is; the openings have been made.
    public func action(in state: BuyerSeller.State, for seat: Int, of game: BuyerSeller, seed: Seed) -> BuyerSeller.Action {
        let prices = game.settings.prices
        let own = game.lastOffer(of: seat, in: state) ?? (seat == 0 ? prices[1] : prices[0])
        let taken = game.turnsTaken(in: state)
        let next = offer(own: own, other: game.lastOffer(of: 1 - seat, in: state), taken: taken, seat: seat, game: game, seed: seed)
        guard let other = game.lastOffer(of: 1 - seat, in: state) else { return .offer(next, tag: nil) }
        // How much worse the other's offer is than one's own next one.
        let gap = seat == 0 ? next - other : other - next
        if gap <= (tactics.contains(.early) ? 2 : 0) { return .accept }
        let left = game.settings.turns - taken
        let isFar = seat == 0 ? 2 * other < prices[0] + prices[1] : 2 * other > prices[0] + prices[1]
        if left == 1 { return tactics.contains(.walk) && isFar ? .reject : .accept }
        // The last own turn that can still name a price, or be answered.
        if left == 2, tactics.contains(.walk), isFar { return .reject }
        return .offer(next, tag: nil)
    }

    private func offer(own: Int, other: Int?, taken: Int, seat: Int, game: BuyerSeller, seed: Seed) -> Int {
        var generator = seed.generator
        var step = tactics.contains(.slow) ? 1 : tactics.contains(.fast) ? 3 : 2
        if generator.chance(noise) { step = generator.integer(in: 1...3) }
        if tactics.contains(.anchor), 2 * taken < game.settings.turns { step = 0 }
        if tactics.contains(.hold), taken / 2 % 2 == 0 { step = 0 }
        let prices = game.settings.prices
        guard step > 0 else { return own }
        if tactics.contains(.middle), let other { return seat == 0 ? (own + other + 1) / 2 : (own + other) / 2 }
        return seat == 0 ? max(prices[0], own - step) : min(prices[1], own + step)
    }

    /// Lets two haggle to the end; the state in which it ends.
    public static func play(_ hagglers: [Haggler], _ game: BuyerSeller, seed: Seed) -> BuyerSeller.State {
        var state = game.start
        while case .seat(let seat) = game.turn(in: state) {
            let action = hagglers[seat].action(in: state, for: seat, of: game, seed: seed.child("turn", game.turnsTaken(in: state)))
            game.apply(action, to: &state)
        }
        return state
    }

    /// The sets of tactics a critic chooses from.
    public static let advice: [[HagglingTactic]] = [
        [.slow], [.hold], [.anchor], [.fast], [.middle], [.early], [.hold, .slow], [.anchor, .slow], [.slow, .walk], [.hold, .walk], [.anchor, .hold, .slow],
        [.hold, .slow, .walk],
    ]

    /// The advice with the best mean result for a seat against rivals of these tactics, by so many replays with each: what the seat gains over no deal, which is
    /// price − least price for the seller and most price − price for the buyer, 0 without a deal. The first of equals.
    public static func bestAdvice(for seat: Int, against rivals: [Set<HagglingTactic>], _ game: BuyerSeller, replays: Int, noise: Double, seed: Seed) -> [HagglingTactic] {
        var best: (advice: [HagglingTactic], sum: Int) = ([], Int.min)
        for tactics in advice {
            var sum = 0
            for (number, rival) in rivals.enumerated() {
                for replay in 0..<replays {
                    var hagglers = [Haggler(rival, noise: noise), Haggler(rival, noise: noise)]
                    hagglers[seat] = Haggler(Set(tactics), noise: noise)
                    let end = play(hagglers, game, seed: seed.child("rival", number).child("replay", replay))
                    guard let price = game.price(in: end) else { continue }
                    sum += seat == 0 ? price - game.settings.prices[0] : game.settings.prices[1] - price
                }
            }
            if sum > best.sum { best = (tactics, sum) }
        }
        return best.advice
    }
}
