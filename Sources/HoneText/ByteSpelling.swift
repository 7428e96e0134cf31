/// The printable characters by which byte-level vocabularies spell the 256 bytes.
///
/// Source: Radford et al. 2019 (GPT-2). Printable bytes of Latin-1 spell themselves; the others follow from U+0100 on.
enum ByteSpelling {
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) -> Unicode.Scalar in
            let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
            defer { if !isPrintable { next += 1 } }
            return Unicode.Scalar(isPrintable ? byte : next) ?? " "
        }
    }()

    /// The byte that each character spells, -1 where it spells none.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x180)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
        return bytes
    }()

    /// The bytes in the order of the characters that spell them: the order of ids in a trained vocabulary.
    static let ordered: [UInt8] = (0...255).map { UInt8($0) }.sorted { scalars[Int($0)] < scalars[Int($1)] }

    /// The spelling of bytes.
    static func spelled(_ bytes: [UInt8]) -> String {
        var view = String.UnicodeScalarView()
        for byte in bytes { view.append(scalars[Int(byte)]) }
        return String(view)
    }

    /// The bytes of a spelling; nil for text with a character that spells no byte.
    static func bytes(of spelling: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(spelling.count)
        var code: UInt32 = 0
        for byte in spelling {
            if byte < 0x80 {
                code = UInt32(byte)
            } else if byte >= 0xC0 {
                // The characters that follow in the alphabet have two bytes.
                code = byte < 0xE0 ? UInt32(byte & 0x1F) : .max
                continue
            } else {
                code = code == .max ? .max : code << 6 | UInt32(byte & 0x3F)
            }
            guard code < bytes.count, bytes[Int(code)] >= 0 else { return nil }
            result.append(UInt8(bytes[Int(code)]))
        }
        return result
    }
}
