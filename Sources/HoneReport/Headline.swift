import Foundation
import HoneCore

/// The result of a run in one glance: before, after, the difference, and a control where there is one.
public struct Headline: Sendable {
    /// A difference of two estimates with its 95 % interval.
    public struct Difference: Hashable, Sendable {
        /// The difference of the means.
        public let value: Double
        /// The lower end of its interval.
        public let low: Double
        /// The upper end of its interval.
        public let high: Double

        /// The difference `after` − `before`.
        ///
        /// The interval combines the distances of both estimates to their own limits: low = d − √((a − aₗ)² + (bᵤ − b)²),
        /// high = d + √((aᵤ − a)² + (b − bₗ)²) (Zou and Donner 2008, equation 5; Newcombe 1998, method 10 for shares). It
        /// takes the estimates for independent; answers to the same problems go together, so it is rather too wide.
        public init(_ after: Estimate, minus before: Estimate) {
            value = after.mean - before.mean
            low = value - hypot(after.mean - after.low, before.high - before.mean)
            high = value + hypot(after.high - after.mean, before.mean - before.low)
        }

        /// Whether the interval lies on one side of 0.
        public var isClear: Bool { low > 0 || high < 0 }
    }

    /// What was measured: `pass@1`.
    public var measure: String
    /// At the start.
    public var before: Estimate
    /// At the end; nil when it was measured once.
    public var after: Estimate?
    /// What the control ended at, and what it was.
    public var control: (words: String, estimate: Estimate)?
    /// The seeds of the runs the numbers are from.
    public var seeds: [UInt64]

    /// A result.
    public init(
        measure: String, before: Estimate, after: Estimate?, control: (words: String, estimate: Estimate)? = nil, seeds: [UInt64]
    ) {
        self.measure = measure
        self.before = before
        self.after = after
        self.control = control
        self.seeds = seeds
    }

    /// The improvement, where it was measured twice.
    public var difference: Difference? { after.map { Difference($0, minus: before) } }

    /// What the numbers allow to say, in sentences.
    public var reading: [String] {
        guard let after, let difference else { return ["It was measured once, so there is nothing to compare."] }
        var sentences: [String] = []
        if [difference.low, difference.high].contains(where: { !$0.isFinite }) {
            sentences.append("An end of an interval is not finite, so nothing can be said about the difference.")
        } else if !difference.isClear {
            sentences.append("The interval of the difference holds 0: on these problems no change is shown.")
        } else {
            sentences.append("The interval of the difference does not hold 0: \(difference.low > 0 ? "more" : "less") than before, beyond the chance of sampling.")
        }
        if let control {
            let margin = Difference(after, minus: control.estimate)
            let words = margin.isClear ? "the interval does not hold 0" : "the interval holds 0"
            sentences.append(
                "Against the control: \(Figure.change(margin.value, unit: after.unit)) "
                    + "(95 % interval \(Self.ends(margin, unit: after.unit))); \(words).")
        }
        if seeds.count == 1 {
            sentences.append("One run: the interval tells how well these problems were measured, not how another seed would fare.")
        }
        return sentences
    }

    /// The ends of a difference's interval with their signs.
    static func ends(_ difference: Difference, unit: String) -> String {
        "\(Figure.change(difference.low, unit: unit)) to \(Figure.change(difference.high, unit: unit))"
    }

    /// The headline as HTML.
    func html() -> String {
        func figure(_ name: String, _ estimate: Estimate) -> String {
            "<div><dt>\(HTML.escaped(name))</dt><dd><b>\(HTML.escaped(Figure.value(estimate.mean, unit: estimate.unit)))</b> "
                + "<span class=\"soft\">\(HTML.escaped(Figure.interval(estimate.low, estimate.high, unit: estimate.unit)))</span></dd></div>"
        }
        func big(_ estimate: Estimate) -> String { HTML.escaped(Figure.value(estimate.mean, unit: estimate.unit)) }
        var out = "<section class=\"headline\" aria-label=\"The result\">\n<p class=\"soft\">\(HTML.escaped(measure)) on held-out problems</p>\n"
        out += "<p class=\"big\"><span>\(big(before))</span>"
        if let after { out += " <span class=\"soft\">→</span> <span>\(big(after))</span>" }
        out += "</p>\n"
        if let difference {
            out += "<p class=\"delta\"><b>\(HTML.escaped(Figure.change(difference.value, unit: before.unit)))</b> "
            out += "<span class=\"soft\">95 % interval \(HTML.escaped(Self.ends(difference, unit: before.unit)))</span></p>\n"
        }
        out += "<dl class=\"facts\">\(figure("before", before))"
        if let after { out += figure("after", after) }
        if let control { out += figure("control: \(control.words)", control.estimate) }
        out += "<div><dt>problems</dt><dd>\((after ?? before).count)</dd></div>"
        out += "<div><dt>\(seeds.count == 1 ? "seed" : "seeds")</dt><dd>\(seeds.map(String.init).joined(separator: ", "))</dd></div></dl>\n"
        for sentence in reading { out += HTML.element("p", sentence, class: "reading") + "\n" }
        return out + "</section>\n"
    }
}
