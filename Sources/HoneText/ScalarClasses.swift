/// What splitting text into words asks of a Unicode scalar.
///
/// The tables are those of Unicode 16 as the Python library has them, not the standard library's, so that a newer Unicode
/// version does not change which tokens a text gets.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    static let letter = ScalarClass(rawValue: 1)
    static let number = ScalarClass(rawValue: 2)
    static let mark = ScalarClass(rawValue: 4)
    static let space = ScalarClass(rawValue: 8)
    /// Line feed or carriage return.
    static let newline = ScalarClass(rawValue: 16)
}

/// The classes of all scalars; what is in no class is a sign.
enum ScalarClasses {
    /// Beyond this only the variation selectors of plane 14 have a class.
    private static let end: UInt32 = 0x33480

    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: Int(end))
        for (ranges, kind) in [
            (ScalarClassData.letters, ScalarClass.letter), (ScalarClassData.numbers, .number), (ScalarClassData.marks, .mark),
        ] {
            var next = 0
            for entry in ranges.utf8.split(separator: UInt8(ascii: ",")) {
                let parts = entry.split(separator: UInt8(ascii: ".")).map { $0.reduce(0) { $0 * 36 + digit($1) } }
                let first = next + (parts.first ?? 0)
                next = first + (parts.count > 1 ? parts[1] : 1)
                for code in first..<next where code < table.count { table[code] |= kind.rawValue }
            }
        }
        let spaces: [ClosedRange<Int>] = [
            0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
            0x205F...0x205F, 0x3000...0x3000,
        ]
        for code in spaces.joined() { table[code] |= ScalarClass.space.rawValue }
        for code in [0x0A, 0x0D] { table[code] |= ScalarClass.newline.rawValue }
        return table
    }()

    private static func digit(_ byte: UInt8) -> Int { Int(byte) - (byte < 58 ? 48 : 87) }

    /// The class of a scalar.
    static func of(_ code: UInt32) -> ScalarClass {
        if code < end { return ScalarClass(rawValue: table[Int(code)]) }
        return (0xE0100...0xE01EF).contains(code) ? .mark : []
    }

    /// The scalar that begins at a place of valid UTF-8, and how many bytes it has.
    static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (code: UInt32, width: Int) {
        let lead = UInt32(bytes[place])
        func rest(_ offset: Int) -> UInt32 { place + offset < bytes.count ? UInt32(bytes[place + offset] & 0x3F) : 0 }
        if lead < 0x80 { return (lead, 1) }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | rest(1), 2) }
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | rest(1) << 6 | rest(2), 3) }
        return ((lead & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4)
    }
}
