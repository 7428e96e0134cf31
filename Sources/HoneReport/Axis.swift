import Foundation

/// A linear axis with round marks: 1, 2 or 5 times a power of ten apart.
struct Axis: Sendable {
    /// What an axis measures, as far as its marks depend on it.
    enum Kind {
        /// Shares, from 0 to at most 1; written in percent.
        case share
        /// Whole numbers, such as iterations.
        case whole
        /// Any number.
        case number
    }

    /// Its lower end; less than `high`.
    let low: Double
    /// Its upper end.
    let high: Double
    /// The positions of its marks, ascending, within its ends.
    let marks: [Double]
    private let step: Double
    private let kind: Kind

    /// An axis that covers the values with about `most` marks; values that are not finite are passed over.
    init(covering values: [Double], kind: Kind = .number, most: Int = 5) {
        let bound = 1e300
        let finite = values.filter(\.isFinite).map { min(bound, max(-bound, $0)) }
        var (least, greatest) = (finite.min() ?? 0, finite.max() ?? 1)
        switch kind {
        case .share:
            (least, greatest) = (0, min(1, max(greatest, 0.01)))
        case .whole, .number:
            // Zero is shown when it is near, so that a small change does not look like a large one.
            if least > 0, least < 0.6 * greatest { least = 0 }
            if greatest < 0, greatest > 0.6 * least { greatest = 0 }
            if greatest - least <= 1e-9 * max(abs(least), abs(greatest)) || greatest - least < 1e-290 {
                let room = kind == .whole ? 1 : max(abs(greatest) * 0.1, abs(greatest) < 1e-290 ? 1 : 0)
                (least, greatest) = (least - room, greatest + room)
                if kind == .whole, least < 0, (finite.min() ?? 0) >= 0 { least = 0 }
            }
        }
        var step = Self.roundStep((greatest - least) / Double(max(1, most)))
        if kind == .whole { step = max(1, step) }
        // Ends move out to a mark when that costs little room.
        let down = (least / step).rounded(.down) * step
        let up = kind == .share ? min(1, (greatest / step).rounded(.up) * step) : (greatest / step).rounded(.up) * step
        self.kind = kind
        self.step = step
        low = kind == .whole ? least : down
        high = kind == .whole ? greatest : up
        let first = Int((low / step - 1e-6).rounded(.up))
        let last = Int((high / step + 1e-6).rounded(.down))
        marks = first <= last ? (first...min(last, first + 20)).map { Double($0) * step } : [low]
    }

    /// The smallest of 1, 2, 5 times a power of ten that is not below the size.
    private static func roundStep(_ size: Double) -> Double {
        let power = pow(10, log10(size).rounded(.down))
        guard power > 0, power.isFinite else { return 1 }
        let factor = size / power
        return (factor <= 1.0001 ? 1 : factor <= 2.0001 ? 2 : factor <= 5.0001 ? 5 : 10) * power
    }

    /// Where a value lies, from 0 at the lower end to 1 at the upper one; values outside lie at the ends.
    func place(_ value: Double) -> Double {
        guard value.isFinite else { return value > 0 ? 1 : 0 }
        let share = (value / 2 - low / 2) / (high / 2 - low / 2)
        return share.isFinite ? min(1, max(0, share)) : 0
    }

    /// A mark in words.
    func label(_ mark: Double) -> String {
        let shown = kind == .share ? 100 * mark : mark
        let size = kind == .share ? 100 * step : step
        if max(abs(low), abs(high)) >= 1e4, kind != .share { return Figure.short(mark) }
        if kind != .share, size < 1e-4 { return abs(mark) < step / 2 ? "0" : Figure.significant(mark) }
        let decimals = max(0, Int((-log10(size) - 1e-9).rounded(.up)))
        return Figure.fixed(shown, decimals: min(6, decimals)) + (kind == .share ? " %" : "")
    }
}
