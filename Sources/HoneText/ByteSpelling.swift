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

    private static let bytes: [Unicode.Scalar: UInt8] = {
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for (byte, scalar) in scalars.enumerated() { bytes[scalar] = UInt8(byte) }
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
    static func bytes(of spelling: [UInt8]) -> [UInt8]? {
        let text = String(decoding: spelling, as: UTF8.self)
        var result: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = bytes[scalar] else { return nil }
            result.append(byte)
        }
        return result
    }
}
