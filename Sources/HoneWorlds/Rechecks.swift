import HoneCore

/// Step chains that are interrupted by a trigger, behind which all steps are worked again, with fewer slips than the first time.
///
/// For `3+8-5+7=`: `3+8=1;1-5=-4;?w3+8=11;11-5=6;6+7=13|13`. A slip is a carry or borrow that is left out. A neutral filler stands in some chains, which
/// go on behind it as if nothing had been said. The answer is the one behind the last bar. `base.errorRate` is the share of demonstrations in which slips
/// happen at all.
public struct Rechecks: Corpus {
    public static let card = PartCard(
        name: "rechecks", summary: "sums in steps with missing carries, worked again behind a trigger", source: "after Chen, Koenig and Dilkina 2025",
        gives: [.demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The share of demonstrations with triggers.
        public var triggered = 0.3
        /// The share with fillers.
        public var neutral = 0.15
        /// The most triggers in one.
        public var most = 4
        /// How probable a slip is where a step carries or borrows, before any trigger.
        public var slips = 0.5
        /// How probable it is behind a trigger.
        public var missed = 0.1
        /// What a model is made to look back by.
        public var trigger = "?w"
        /// What says nothing.
        public var filler = ".."
        /// The most characters of a demonstration.
        public var longest = 200

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var longest: Int { settings.longest }
    public var hasHabits: Bool { false }
    private let chains: ErrorChains

    /// The corpus; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        for (key, share) in [("triggered", settings.triggered), ("neutral", settings.neutral), ("slips", settings.slips), ("missed", settings.missed)]
        where !(0...1).contains(share) {
            throw CoreError.invalid("“base.settings.\(key)” is \(share); it should be between 0 and 1")
        }
        guard settings.triggered + settings.neutral <= 1 else {
            throw CoreError.invalid("“base.settings.triggered” and “neutral” add up to \(settings.triggered + settings.neutral); they should to 1 at most")
        }
        guard settings.most >= 1 else { throw CoreError.invalid("“base.settings.most” is \(settings.most); it should be 1 or more") }
        for (key, text) in [("trigger", settings.trigger), ("filler", settings.filler)]
        where text.isEmpty || text.contains(where: { "0123456789+-*=;|#\n".contains($0) }) {
            throw CoreError.invalid("“base.settings.\(key)” is “\(text)”; it should be signs that stand in no step")
        }
        guard (8...4000).contains(settings.longest) else {
            throw CoreError.invalid("“base.settings.longest” is \(settings.longest); it should be from 8 to 4000")
        }
        self.settings = settings
        chains = try ErrorChains()
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let chain = Arithmetic.chain(of: problem.text), !chain.rest.isEmpty else { return nil }
        var generator = seed.generator
        func pass(_ slips: Double) -> [Calculation] {
            var total = chain.first
            return chain.rest.map { sign, number in
                let right = Calculation(left: total, sign: sign, right: number, result: Arithmetic.apply(sign, total, number))
                let said = withError && right.withoutCarry != nil && generator.chance(slips) ? right.withoutCarry ?? right : right
                total = said.result
                return said
            }
        }
        /// The first steps with a break behind them; all of them with the answer.
        func text(_ steps: [Calculation], _ count: Int) -> String {
            let lines = steps.prefix(count).map(\.text).joined(separator: ";")
            return lines + (count < steps.count ? ";" : "|\(steps.last?.result ?? chain.first)")
        }
        let first = pass(settings.slips)
        let kind = generator.unit()
        var written = ""
        if kind < settings.triggered {
            var steps = first
            for _ in 0..<generator.integer(in: 1...settings.most) {
                written += text(steps, generator.integer(in: 1...steps.count)) + settings.trigger
                steps = pass(settings.missed)
            }
            written += text(steps, steps.count)
        } else if kind < settings.triggered + settings.neutral {
            let cut = generator.integer(in: 1...first.count)
            let whole = text(first, first.count)
            let begun = cut < first.count ? text(first, cut) : ""
            written = begun + (begun.isEmpty ? "" : settings.filler) + whole.dropFirst(begun.count)
            for _ in 0..<generator.integer(in: begun.isEmpty ? 1...3 : 0...3) { written += settings.filler }
        } else {
            written = text(first, first.count)
        }
        var total = chain.first
        let faulty = first.firstIndex { step in
            defer { total = step.result }
            return step.result != Arithmetic.apply(step.sign, total, step.right)
        }
        return Demonstration(text: written, faultyStep: faulty, critique: faulty.map { "step \($0 + 1) leaves a carry out" } ?? "")
    }

    /// The number behind the last bar; nil where there is none.
    public func answer(in response: String) -> String? {
        guard let bar = response.lastIndex(of: "|") else { return nil }
        let behind = response[response.index(after: bar)...]
        return String(behind.prefix { $0 == "-" || $0.isASCII && $0.isNumber })
    }

    /// The steps behind the last trigger that is followed by an answer.
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        let whole = response.lastIndex(of: "|").map { response[..<$0] } ?? response[...]
        let plain = String(whole).replacing(settings.filler, with: "")
        return chains.checkSteps(of: plain.ranges(of: settings.trigger).last.map { String(plain[$0.upperBound...]) } ?? plain, to: problem)
    }

    /// What a step comes to where its carry or borrow is left out; nil where there is none.
    public static func withoutCarry(_ left: Int, _ sign: Character, _ right: Int) -> Int? {
        Calculation(left: left, sign: sign, right: right, result: Arithmetic.apply(sign, left, right)).withoutCarry?.result
    }

    /// How many of a problem's steps carry or borrow: how hard it is for a model that was taught so.
    public static func carries(in problem: Problem) -> Int {
        guard let chain = Arithmetic.chain(of: problem.text) else { return 0 }
        var total = chain.first
        return chain.rest.count { sign, number in
            let step = Calculation(left: total, sign: sign, right: number, result: Arithmetic.apply(sign, total, number))
            total = step.result
            return step.withoutCarry != nil
        }
    }
}

extension Calculation {
    /// The same with the carry or borrow left out; nil where there is none.
    var withoutCarry: Calculation? {
        let units = ((left % 10) + 10) % 10
        var wrong = self
        if sign == "+", units + right % 10 >= 10 { wrong.result -= 10 } else if sign == "-", units - right % 10 < 0 { wrong.result += 10 } else { return nil }
        return wrong
    }
}
