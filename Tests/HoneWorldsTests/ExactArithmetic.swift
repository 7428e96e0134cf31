/// A second evaluator, written for these tests alone: whole-number fractions by recursive descent over bytes.
struct Fraction: Equatable, CustomStringConvertible {
    let above: Int
    let below: Int

    init(_ above: Int, _ below: Int = 1) {
        var (a, b) = (abs(above), abs(below))
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = max(a, 1) * (below < 0 ? -1 : 1)
        self.above = above / divisor
        self.below = below / divisor
    }

    var description: String { below == 1 ? "\(above)" : "\(above)/\(below)" }
}

/// The value of an expression of whole numbers, + - * / and brackets; nil for anything else and for division by 0.
func exact(_ text: some StringProtocol) -> Fraction? {
    let bytes = Array(text.utf8)
    var place = 0
    func peek() -> UInt8? { place < bytes.count ? bytes[place] : nil }
    func atom() -> Fraction? {
        if peek() == UInt8(ascii: "-") {
            place += 1
            return atom().map { Fraction(-$0.above, $0.below) }
        }
        if peek() == UInt8(ascii: "(") {
            place += 1
            let inside = sum()
            guard peek() == UInt8(ascii: ")") else { return nil }
            place += 1
            return inside
        }
        let start = place
        while let byte = peek(), (48...57).contains(byte) { place += 1 }
        return start < place ? Int(String(decoding: bytes[start..<place], as: UTF8.self)).map { Fraction($0) } : nil
    }
    func product() -> Fraction? {
        guard var value = atom() else { return nil }
        while let sign = peek(), sign == UInt8(ascii: "*") || sign == UInt8(ascii: "/") {
            place += 1
            guard let next = atom() else { return nil }
            if sign == UInt8(ascii: "*") {
                value = Fraction(value.above * next.above, value.below * next.below)
            } else {
                guard next.above != 0 else { return nil }
                value = Fraction(value.above * next.below, value.below * next.above)
            }
        }
        return value
    }
    func sum() -> Fraction? {
        guard var value = product() else { return nil }
        while let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            place += 1
            guard let next = product() else { return nil }
            let other = sign == UInt8(ascii: "+") ? next.above : -next.above
            value = Fraction(value.above * next.below + other * value.below, value.below * next.below)
        }
        return value
    }
    guard let value = sum(), place == bytes.count else { return nil }
    return value
}

/// Pearson's statistic of a count against the count a rate leads one to expect, with one degree of freedom.
func chiSquare(_ found: Int, of count: Int, rate: Double) -> Double {
    let expected = Double(count) * rate
    let rest = Double(count) - expected
    guard expected > 0, rest > 0 else { return found == Int(expected.rounded()) ? 0 : .infinity }
    let difference = Double(found) - expected
    return difference * difference * (1 / expected + 1 / rest)
}

/// Pearson's statistic of a two-by-two table, with one degree of freedom.
func chiSquare(both: Int, first: Int, second: Int, of count: Int) -> Double {
    let cells = [(both, first, second), (first - both, first, count - second), (second - both, count - first, second)]
    var sum = 0.0
    for (found, row, column) in cells + [(count - first - second + both, count - first, count - second)] {
        let expected = Double(row) * Double(column) / Double(count)
        if expected > 0 { sum += (Double(found) - expected) * (Double(found) - expected) / expected }
    }
    return sum
}

/// The value that chance exceeds once in a thousand times, with one degree of freedom.
let onceInAThousand = 10.83
