extension NumberReader {
    /// Weighs the words around the number: negations, percents and factors change it; hedges, denials and calculations in
    /// words refuse it.
    mutating func weighWords() throws(Refusal) {
        let words = before + after
        if let denial = words.first(where: Self.isDenial) { throw refuse("says “\(denial)”") }
        if let hedge = words.first(where: Self.hedges.contains) { throw refuse("is not sure: “\(hedge)”") }
        try weighBefore()
        if let number = [before.last, after.first].compactMap({ $0 }).first(where: Self.spelledNumbers.contains) {
            throw refuse("holds several numbers: “\(number)”")
        }
        try weighAfter()
    }

    private mutating func weighBefore() throws(Refusal) {
        guard let last = before.last else { return }
        let ending = before.suffix(2)
        if Self.vague.contains(last) || Self.vagueEndings.contains(where: { before.suffix($0.count).elementsEqual($0) }) {
            throw refuse("is not exact: “\(last)”")
        }
        if last == "as", before.dropLast().suffix(2).first == "as" { throw refuse("is to be calculated: “as … as”") }
        if isNamedByWord, Self.labels.contains(last) { throw refuse("is a number in a list: “\(last)”") }
        if last == "negative" || last == "minus" {
            guard var negated = found, negated.value > 0 else { throw refuse("has several signs") }
            negated.value = -negated.value
            found = negated
        } else if let sign = ending.first, ending.count == 2, sign == "negative" || sign == "minus" {
            throw refuse("is to be calculated: “\(sign)”")
        }
        // “half of the 42” is to be calculated as well as “half 42”.
        let base = before.reversed().drop { ["of", "the", "a", "an", "these", "those"].contains($0) }.first
        if let operation = (ending + [base].compactMap { $0 }).first(where: Self.operations.contains) {
            throw refuse("is to be calculated: “\(operation)”")
        }
    }

    private mutating func weighAfter() throws(Refusal) {
        guard let next = after.first, var scaled = found else { return }
        let second = after.count > 1 ? after[1] : ""
        if (Self.operations.contains(next) && !(next == "square" && after.count > 1)) || Self.ambiguousScales.contains(next) {
            throw refuse("is to be calculated: “\(next)”")
        }
        if next == "per", Self.scales[second] != nil || second == "mille" { throw refuse("is to be calculated: “per \(second)”") }
        for (index, word) in after.enumerated() where Self.calculations.contains(word) || (index == 0 && word == "over") {
            let operand = after[(index + 1)...].first { $0 != "a" && $0 != "an" && $0 != "the" } ?? ""
            guard Self.spelledNumbers.contains(operand) || Self.spelledShares.contains(operand) else { continue }
            throw refuse("is to be calculated: “\(word) \(operand)”")
        }
        if let power = after.first(where: { $0 == "power" || $0 == "exponent" }) { throw refuse("is to be calculated: “\(power)”") }
        if (next == "below" || next == "under") && second == "zero" { throw refuse("has a sign in words: “\(next) zero”") }
        if Self.percents.contains(next) || (next == "per" && second == "cent") {
            let behind = after.dropFirst(next == "per" ? 2 : 1).first
            guard !scaled.isPercent, behind != "points", behind != "point" else { throw refuse("is not one number") }
            scaled = Found(value: scaled.value.divided(by: 100) ?? scaled.value, isPercent: true)
        } else if let scale = Self.scales[next] {
            scaled.value = scaled.value * scale
        }
        found = scaled
    }
}
