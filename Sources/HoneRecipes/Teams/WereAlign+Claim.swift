import HoneCore
import HoneNumerics

extension WereAlign {
    /// The entry's bars: alignment goes with winning (ρ above 0.6), more than survival does by 0.1; and it tells agents apart.
    static let claim = Claim(
        "Over ten agents alignment with the winning side goes with the win rate, and more so than survival does; a model trained by self-play is more aligned than "
            + "one that imitates average players, and that more than chance",
        arms: [Claim.Arm("bench", recipe: "werealign")],
        checks: [
            Claim.Check(
                "alignment and win rate: rank correlation of at least 0.6", contrast: [Claim.Term("bench", "alignment and winning")], direction: .higherByMargin,
                smallest: 0.6),
            Claim.Check(
                "alignment goes with winning more than survival does, by at least 0.1", contrast: [Claim.Term("bench", "advantage of alignment")],
                direction: .higherByMargin, smallest: 0.1),
            Claim.Check(
                "self-play is more aligned than imitation",
                contrast: [Claim.Term("bench", "macro accuracy of self-play"), Claim.Term("bench", "macro accuracy of imitation", weight: -1)], direction: .higher,
                smallest: 0),
            Claim.Check(
                "imitation is more aligned than chance",
                contrast: [Claim.Term("bench", "macro accuracy of imitation"), Claim.Term("bench", "macro accuracy of noise 1.0", weight: -1)], direction: .higher,
                smallest: 0),
        ],
        control: Claim.Term("bench", "macro accuracy of imitation"), planted: 0.1,
        quick: Claim.Size(
            seeds: 2,
            settings: [
                "base.demonstrations": .integer(1500), "base.passes": .integer(2), "items.plays": .integer(30), "items.taught": .integer(40), "plays": .integer(120),
                "iterations": .integer(4), "evaluation.samples": .integer(5),
            ]),
        full: Claim.Size(seeds: 5, settings: ["plays": .integer(600)]))
}
