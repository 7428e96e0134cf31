import Foundation

/// Arithmetic and order as in Python.
enum TemplateOperations {
    static let tooLarge = TemplateFailure("A whole number leaves the range of 64 bits")

    /// An operation on two numbers.
    static func number(_ left: TemplateValue, _ operation: TemplateOperator, _ right: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        guard let a = left.double, let b = right.double else {
            throw TemplateFailure("“\(operation.rawValue)” has no meaning between values of the types \(left.typeName) and \(right.typeName)")
        }
        if let a = left.whole, let b = right.whole, operation != .divide { return try whole(a, operation, b) }
        switch operation {
        case .add: return .number(a + b)
        case .subtract: return .number(a - b)
        case .multiply: return .number(a * b)
        case .divide:
            guard b != 0 else { throw TemplateFailure("A number is divided by zero") }
            return .number(a / b)
        case .floorDivide, .remainder:
            guard b != 0 else { throw TemplateFailure("A number is divided by zero") }
            var rest = a.truncatingRemainder(dividingBy: b)
            if rest != 0, (rest < 0) != (b < 0) { rest += b }
            if operation == .remainder { return .number(rest == 0 ? (b < 0 ? -0.0 : 0.0) : rest) }
            return .number(((a - rest) / b).rounded())
        case .power:
            guard !(a == 0 && b < 0) else { throw TemplateFailure("Zero is raised to a negative power") }
            let value = pow(a, b)
            guard !value.isNaN || a.isNaN || b.isNaN else { throw TemplateFailure("A power of a negative number is no real number") }
            guard value.isFinite || !a.isFinite || !b.isFinite else { throw TemplateFailure("A power is too large") }
            return .number(value)
        }
    }

    private static func whole(_ a: Int, _ operation: TemplateOperator, _ b: Int) throws(TemplateFailure) -> TemplateValue {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide, .floorDivide, .remainder:
            guard b != 0 else { throw TemplateFailure("A number is divided by zero") }
            guard !(a == .min && b == -1) else { throw tooLarge }
            let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
            let isBelow = rest != 0 && (rest < 0) != (b < 0)
            return .integer(operation == .remainder ? (isBelow ? rest + b : rest) : (isBelow ? quotient - 1 : quotient))
        case .power:
            guard b >= 0 else { return try number(.number(Double(a)), .power, .integer(b)) }
            var value = (partialValue: 1, overflow: false)
            var left = b
            if a == 0 || a == 1 || a == -1 { left = a == -1 ? b % 2 : min(b, 1) }
            while left > 0, !value.overflow {
                value = value.partialValue.multipliedReportingOverflow(by: a)
                left -= 1
            }
            result = value
        }
        guard !result.overflow else { throw tooLarge }
        return .integer(result.partialValue)
    }

    /// Whether the first comes before the second; throws for types that have no order.
    static func isOrdered(
        _ left: TemplateValue, _ right: TemplateValue, orEqual: Bool = false, depth: Int = 0, in run: TemplateRun
    ) throws(TemplateFailure) -> Bool {
        try run.step()
        for value in [left, right] { if case .undefined(let missing) = value { throw TemplateFailure(missing.sentence) } }
        if let a = left.whole, let b = right.whole { return orEqual ? a <= b : a < b }
        if let a = left.double, let b = right.double { return orEqual ? a <= b : a < b }
        if case .string(let a) = left, case .string(let b) = right {
            // The order of UTF-8 bytes is that of scalars.
            return a == b ? orEqual : a.bytes.lexicographicallyPrecedes(b.bytes)
        }
        if case .sequence(let a) = left, case .sequence(let b) = right, a.kind == b.kind, a.kind == .list || a.kind == .tuple, depth < 60 {
            for (x, y) in zip(a.items, b.items) where try !run.areEqual(x, y) {
                return try isOrdered(x, y, orEqual: orEqual, depth: depth + 1, in: run)
            }
            return orEqual ? a.items.count <= b.items.count : a.items.count < b.items.count
        }
        throw TemplateFailure("Values of the types \(left.typeName) and \(right.typeName) have no order")
    }

    /// Values in order; equal ones keep theirs.
    static func sorted(
        _ values: [TemplateValue], isReversed: Bool = false, in run: TemplateRun, by key: (TemplateValue) throws(TemplateFailure) -> TemplateValue
    ) throws(TemplateFailure) -> [TemplateValue] {
        var keyed: [(key: TemplateValue, value: TemplateValue)] = []
        for value in values { keyed.append((try key(value), value)) }
        // Texts are sorted at once, with their places to decide between equal ones.
        let texts = keyed.compactMap { $0.key.exact?.bytes }
        if texts.count == keyed.count {
            let order = keyed.indices.sorted { a, b in
                if texts[a] == texts[b] { return a < b }
                return texts[a].lexicographicallyPrecedes(texts[b]) != isReversed
            }
            return order.map { keyed[$0].value }
        }
        // Merging halves, because the order may fail.
        func sort(_ part: [(key: TemplateValue, value: TemplateValue)]) throws(TemplateFailure) -> [(key: TemplateValue, value: TemplateValue)] {
            guard part.count > 1 else { return part }
            let middle = part.count / 2
            let (left, right) = (try sort(Array(part[..<middle])), try sort(Array(part[middle...])))
            var out: [(key: TemplateValue, value: TemplateValue)] = []
            var (i, j) = (0, 0)
            while i < left.count, j < right.count {
                let takesRight = try isReversed ? isOrdered(left[i].key, right[j].key, in: run) : isOrdered(right[j].key, left[i].key, in: run)
                out.append(takesRight ? right[j] : left[i])
                if takesRight { j += 1 } else { i += 1 }
            }
            return out + left[i...] + right[j...]
        }
        return try sort(keyed).map(\.value)
    }
}
