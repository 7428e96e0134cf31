import Foundation
import HoneCore

/// Numbers as reports write them.
public enum Figure {
    /// What stands where there is no number.
    static let missing = "not a number"

    /// A number with the given decimals and a true minus; words for what is not finite.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        if value.isNaN { return missing }
        if value.isInfinite { return value < 0 ? "−infinite" : "infinite" }
        let text = String(format: "%.\(max(0, decimals))f", abs(value))
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        return (value < 0 && !isZero ? "−" : "") + text
    }

    /// A number with about four significant digits; very large and very small ones with a power of ten.
    public static func significant(_ value: Double) -> String {
        let size = abs(value)
        guard value.isFinite, size > 0 else { return fixed(value, decimals: 0) }
        if size >= 1e6 || size < 1e-4 {
            let exponent = Int(log10(size).rounded(.down))
            let mantissa = size / pow(10, Double(exponent))
            guard mantissa.isFinite else { return (value < 0 ? "−" : "") + String(format: "%.3g", size) }
            let sign = exponent < 0 ? "−" : ""
            return "\(value < 0 ? "−" : "")\(fixed(mantissa, decimals: 2))·10^\(sign)\(abs(exponent))"
        }
        return fixed(value, decimals: max(0, 3 - Int(log10(size).rounded(.down))))
    }

    /// A mean in its unit: shares as percent with one decimal, others with about four digits.
    public static func value(_ value: Double, unit: String) -> String {
        guard unit == "share" else { return carries(unit) ? "\(significant(value)) \(unit)" : significant(value) }
        return value.isFinite ? fixed(100 * value, decimals: 1) + " %" : fixed(value, decimals: 0)
    }

    /// Whether a number can stand before it: ranges (`−1 to 1`) and comparisons (`as the reward`) say what values mean, and measure nothing.
    private static func carries(_ unit: String) -> Bool { !unit.isEmpty && !unit.contains(" to ") && !unit.hasPrefix("as ") }

    /// An interval in the unit of an estimate: `37.0–45.6 %`.
    public static func interval(_ low: Double, _ high: Double, unit: String) -> String {
        guard unit == "share", low.isFinite, high.isFinite else { return "\(significant(low)) to \(significant(high))" }
        return "\(fixed(100 * low, decimals: 1)) to \(fixed(100 * high, decimals: 1)) %"
    }

    /// A difference with its sign: shares in percentage points.
    public static func change(_ value: Double, unit: String) -> String {
        let sign = value > 0 ? "+" : ""
        return unit == "share" ? "\(sign)\(fixed(100 * value, decimals: 1)) points" : "\(sign)\(Figure.value(value, unit: unit))"
    }

    /// A whole number with thousands apart: `1 234 567`.
    public static func grouped(_ number: Int, separator: String = " ") -> String {
        let digits = String(number.magnitude)
        var parts: [Substring] = []
        var end = digits.endIndex
        while end > digits.startIndex {
            let start = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex) ?? digits.startIndex
            parts.insert(digits[start..<end], at: 0)
            end = start
        }
        return (number < 0 ? "-" : "") + parts.joined(separator: separator)
    }

    /// A position on an axis in few characters: `850`, `12.5 k`, `1.2 M`.
    public static func short(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, decimals: 0) }
        for (size, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")] where abs(value) >= size {
            let unit = letter == "k" ? 1e3 : size
            return trimmed(value / unit, decimals: 2) + " " + letter
        }
        return trimmed(value, decimals: 3)
    }

    /// Fixed decimals without the zeros at the end.
    static func trimmed(_ value: Double, decimals: Int) -> String {
        var text = fixed(value, decimals: decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
