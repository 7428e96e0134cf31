import HoneCore
import HoneText

/// A number in a written form whose value is known because it was grown together with the form.
struct WrittenNumber {
    var text: String
    var value: Rational
    /// Whether it is written as a percentage.
    var isPercent = false
    /// Whether a unit or a currency stands with it.
    var hasUnit = false

    /// The gold answer that has its value in the plainest form.
    var gold: String { isPercent ? "\((value * 100).description)%" : value.description }

    private static func grouped(_ digits: String, by comma: String) -> String {
        var groups: [String] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.insert(String(rest.suffix(3)), at: 0)
            rest = rest.dropLast(3)
        }
        return ([String(rest)] + groups).joined(separator: comma)
    }

    private static func fraction(_ above: Int, _ below: Int, _ generator: inout SeededGenerator) -> String {
        switch generator.integer(in: 0...4) {
        case 0: "\(above)/\(below)"
        case 1: "\\frac{\(above)}{\(below)}"
        case 2: "\\dfrac{\(above)}{\(below)}"
        case 3: "\\tfrac{ \(above) }{ \(below) }"
        default: "\(above) / \(below)"
        }
    }

    private static func quotient(_ above: Int, _ below: Int) -> Rational { Rational(above).divided(by: Rational(below)) ?? 0 }

    /// A number above 0 without sign, percent or unit.
    private static func magnitude(_ generator: inout SeededGenerator) -> WrittenNumber {
        let whole = generator.integer(in: 1...[9, 99, 999, 99_999, 9_999_999][generator.integer(in: 0...4)])
        switch generator.integer(in: 0...8) {
        case 0, 1: return WrittenNumber(text: "\(whole)", value: Rational(whole))
        case 2:
            let comma = generator.element(of: [",", "{,}", ",\\!"]) ?? ","
            return WrittenNumber(text: grouped("\(whole)", by: comma), value: Rational(whole))
        case 3:
            let places = (0..<generator.integer(in: 1...5)).map { _ in String(generator.integer(in: 0...9)) }.joined()
            let isGrouped = generator.chance(0.3)
            return WrittenNumber(
                text: (isGrouped ? grouped("\(whole)", by: ",") : "\(whole)") + "." + places, value: Rational("\(whole).\(places)") ?? 0)
        case 4:
            let below = generator.integer(in: 2...99)
            return WrittenNumber(text: fraction(whole, below, &generator), value: quotient(whole, below))
        case 5:
            let below = generator.integer(in: 2...20)
            let above = generator.integer(in: 1...(below - 1))
            let isSpaced = generator.chance(0.5)
            let share = isSpaced ? " \(above)/\(below)" : "\\frac{\(above)}{\(below)}"
            return WrittenNumber(text: "\(whole)\(share)", value: Rational(whole) + quotient(above, below))
        case 6:
            let power = generator.integer(in: -6...9)
            let digits = "\(generator.integer(in: 1...9)).\(generator.integer(in: 0...99))"
            let form = generator.element(of: ["e#", "E#", "*10^#", " * 10^{#}", " × 10^#", "\\times 10^{#}", " \\cdot 10^{#}"]) ?? "e#"
            let scale = Rational(10).power(power) ?? 1
            return WrittenNumber(text: digits + form.replacing("#", with: "\(power)"), value: (Rational(digits) ?? 0) * scale)
        case 7:
            let (word, scale) = generator.element(of: [("hundred", 100), ("thousand", 1000), ("million", 1_000_000)]) ?? ("hundred", 100)
            let digits = "\(generator.integer(in: 1...99)).\(generator.integer(in: 1...9))"
            return WrittenNumber(text: "\(digits) \(word)", value: (Rational(digits) ?? 0) * Rational(scale), hasUnit: true)
        default:
            let (sign, share) = generator.element(of: [("½", 2), ("⅓", 3), ("¼", 4)]) ?? ("½", 2)
            return WrittenNumber(text: "\(whole)\(sign)", value: Rational(whole) + quotient(1, share))
        }
    }

    /// A number with a sign, a percent sign, a currency or a unit where these may stand.
    static func random(_ generator: inout SeededGenerator) -> WrittenNumber {
        var number = magnitude(&generator)
        if !number.hasUnit {
            switch generator.integer(in: 0...5) {
            case 0:
                guard !number.text.contains("/"), !number.text.contains("frac") else { break }
                number.text += generator.element(of: ["%", " %", "\\%", " percent"]) ?? "%"
                number.value = number.value * quotient(1, 100)
                (number.isPercent, number.hasUnit) = (true, true)
            case 1:
                number.text = (generator.element(of: ["$", "€", "\\$", "£"]) ?? "$") + number.text
                number.hasUnit = true
            case 2:
                number.text += generator.element(of: [" apples", " km", " cm^2", " \\text{ meters}", " hours", "\\mathrm{kg}", " m²"]) ?? ""
                number.hasUnit = true
            default: break
            }
        }
        if generator.chance(0.25) {
            number.text = (generator.element(of: ["-", "−"]) ?? "-") + number.text
            number.value = -number.value
        }
        return number
    }

    /// Responses that give a number; `#` stands for it.
    static let frames = [
        "#", "#.", " # \n", "The answer is #.", "The answer is: #", "So the final answer is **#**.", "Answer: #",
        "#### #", "Work.\n#### #\n",
        "\\boxed{#}", "Thus $x = \\boxed{#}$.", "\\boxed{x = #}", "x = #",
        "First 7 birds came.\nSo the total is #.", "We get \\boxed{#} in the end.",
        "1. We read.\n2. The answer is #", "It is #.\nI hope this helps!", "`#`", "<think>7 or 8?</think>#",
    ]

    /// The number in a frame.
    func framed(_ frame: String) -> String {
        let parts = frame.split(separator: "#### #", omittingEmptySubsequences: false)
        return parts.map { $0.replacing("#", with: text) }.joined(separator: "#### \(text)")
    }
}
