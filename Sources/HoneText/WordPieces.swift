/// Splits text as GPT-2 does before merging: words and numbers with the space before them, runs of signs, white space.
///
/// Equal to the pattern `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` of Radford et al. 2019,
/// in one pass without backtracking.
enum WordPieces {
    private enum Kind: UInt8 { case letter, number, space, sign }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.isASCII {
            if scalar.isDigit { return .number }
            if scalar.isLetter { return .letter }
            return scalar == " " || (9...13).contains(scalar.value) ? .space : .sign
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return scalar.properties.isWhitespace ? .space : .sign
        }
    }

    /// The byte ranges of the pieces, which cover the text.
    static func split(_ text: ArraySlice<UInt8>) -> [Range<Int>] {
        var kinds: [Kind] = []
        var starts: [Int] = []
        kinds.reserveCapacity(text.count)
        starts.reserveCapacity(text.count + 1)
        var position = text.startIndex
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            kinds.append(kind(scalar))
            starts.append(position)
            position += UTF8.width(scalar)
        }
        starts.append(position)
        var pieces: [Range<Int>] = []
        var index = 0
        while index < kinds.count {
            let end = self.end(of: index, kinds: kinds, starts: starts, text: text)
            pieces.append(starts[index]..<starts[end])
            index = end
        }
        return pieces
    }

    private static func end(of start: Int, kinds: [Kind], starts: [Int], text: ArraySlice<UInt8>) -> Int {
        func byte(_ index: Int) -> UInt8? { index < kinds.count ? text[starts[index]] : nil }
        if byte(start) == UInt8(ascii: "'"), let next = byte(start + 1) {
            if "stmd".utf8.contains(next) { return start + 2 }
            let second = byte(start + 2)
            switch (next, second) {
            case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
                (UInt8(ascii: "l"), UInt8(ascii: "l")):
                return start + 3
            default: break
            }
        }
        var index = start
        if byte(index) == 32, index + 1 < kinds.count, kinds[index + 1] != .space { index += 1 }
        let kind = kinds[index]
        while index < kinds.count, kinds[index] == kind { index += 1 }
        // The last of several white spaces belongs to what follows.
        return kind == .space && index < kinds.count && index - start > 1 ? index - 1 : index
    }
}
