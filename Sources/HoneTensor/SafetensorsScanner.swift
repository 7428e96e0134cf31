/// Reads the small part of JSON that a safetensors header is made of, byte by byte.
///
/// A general reader keeps one of two equal keys; the format forbids them, and a file that two readers understand
/// differently is a way to smuggle weights past a check.
struct SafetensorsScanner {
    private let bytes: [UInt8]
    private var place = 0
    // One flag per open object: whether a member was already read.
    private var open: [Bool] = []

    /// Stands inside the outermost object, whose brace must be the first byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        place = 1
        open = [false]
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func refuse(_ expected: String) -> TensorError {
        let found = current.map { $0 > 0x20 && $0 < 0x7f ? "“\(Character(UnicodeScalar($0)))”" : "byte \($0)" }
        return TensorError("its header has \(found ?? "its end") at byte \(place), where \(expected) was expected")
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { place += 1 }
    }

    private mutating func take(_ byte: Character) throws(TensorError) {
        skipSpace()
        guard let wanted = byte.asciiValue, current == wanted else { throw refuse("“\(byte)”") }
        place += 1
    }

    private mutating func takeIfPresent(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        place += 1
        return true
    }

    /// Enters an object.
    mutating func beginObject() throws(TensorError) {
        try take("{")
        open.append(false)
    }

    /// The next member's name, leaving its value to be read; nil after the object's end, which is read too.
    mutating func nextKey() throws(TensorError) -> String? {
        if takeIfPresent(UInt8(ascii: "}")) {
            open.removeLast()
            return nil
        }
        if open.last == true { try take(",") }
        if !open.isEmpty { open[open.count - 1] = true }
        let key = try string()
        try take(":")
        return key
    }

    /// An object of texts.
    mutating func texts() throws(TensorError) -> [String: String] {
        var texts: [String: String] = [:]
        try beginObject()
        while let key = try nextKey() {
            guard texts[key] == nil else { throw TensorError("its metadata has “\(SafetensorsHeader.shown(key))” twice") }
            texts[key] = try string()
        }
        return texts
    }

    /// An array of whole numbers of 0 or more.
    mutating func integers() throws(TensorError) -> [Int] {
        var values: [Int] = []
        try take("[")
        if takeIfPresent(UInt8(ascii: "]")) { return values }
        repeat {
            values.append(try integer())
        } while takeIfPresent(UInt8(ascii: ","))
        try take("]")
        return values
    }

    private mutating func integer() throws(TensorError) -> Int {
        skipSpace()
        let first = place
        var value = 0
        while let byte = current, byte >= 0x30, byte <= 0x39 {
            let (tens, wide) = value.multipliedReportingOverflow(by: 10)
            let (sum, wider) = tens.addingReportingOverflow(Int(byte - 0x30))
            guard !wide, !wider else { throw TensorError("its header has a number at byte \(first) that is too large") }
            value = sum
            place += 1
        }
        guard place > first, place == first + 1 || bytes[first] != 0x30 else {
            throw refuse("a whole number of 0 or more")
        }
        return value
    }

    /// A text, with JSON's escapes; its bytes must be UTF-8.
    mutating func string() throws(TensorError) -> String {
        try take("\"")
        let first = place
        var text: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw refuse("text without control bytes") }
            place += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: Array(String(Character(try escaped())).utf8))
            } else {
                text.append(byte)
            }
        }
        try take("\"")
        guard let valid = String(validating: text, as: UTF8.self) else {
            throw TensorError("its header has a text at byte \(first) that is not UTF-8")
        }
        return valid
    }

    private mutating func escaped() throws(TensorError) -> UnicodeScalar {
        guard let byte = current else { throw refuse("an escape") }
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
        ]
        if let meant = plain[byte] {
            place += 1
            return UnicodeScalar(meant)
        }
        guard byte == UInt8(ascii: "u") else { throw refuse("one of JSON's escapes") }
        place += 1
        var code = try hexadecimal()
        if code >= 0xd800, code < 0xdc00 {
            guard takeIfNext("\\"), takeIfNext("u") else { throw refuse("the second half of a surrogate pair") }
            let low = try hexadecimal()
            guard low >= 0xdc00, low < 0xe000 else { throw refuse("the second half of a surrogate pair") }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = UnicodeScalar(code) else { throw refuse("a surrogate pair") }
        return scalar
    }

    private mutating func takeIfNext(_ byte: Character) -> Bool {
        guard let wanted = byte.asciiValue, current == wanted else { return false }
        place += 1
        return true
    }

    private mutating func hexadecimal() throws(TensorError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw refuse("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }

    /// Only spaces may follow the outermost object.
    mutating func expectPadding() throws(TensorError) {
        while current == 0x20 { place += 1 }
        guard current == nil else { throw refuse("nothing but spaces") }
    }
}
