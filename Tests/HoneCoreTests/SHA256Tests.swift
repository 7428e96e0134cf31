import HoneCore
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test("gives the standard's digests", arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func standard(text: String, digest: String) {
        #expect(SHA256.hex(text) == digest)
    }

    @Test("gives the standard's digest of a million letters")
    func million() {
        #expect(SHA256.hex([UInt8](repeating: 97, count: 1_000_000)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    static func message(_ length: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) } }

    @Test("pads lengths around the ends of blocks as other implementations do", arguments: Reference.all.digests)
    func lengths(reference: Reference.Digest) {
        #expect(SHA256.hex(Self.message(reference.length)) == reference.digest)
    }

    @Test("pieces of any sizes give the digest of the whole")
    func pieces() {
        var generator = Seed(1).generator
        for round in 0..<60 {
            let bytes = Self.message(generator.integer(in: 0...400))
            var hash = SHA256()
            var rest = bytes[...]
            while !rest.isEmpty {
                let size = generator.integer(in: 0...(round % 3 == 0 ? 3 : 130))
                hash.update(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(hash.hexDigest() == SHA256.hex(bytes))
        }
    }

    @Test("asking for a digest changes nothing, and copies go their own way")
    func values() {
        var hash = SHA256()
        hash.update(Self.message(100))
        #expect(hash.hexDigest() == hash.hexDigest())
        var copy = hash
        copy.update([1])
        #expect(copy.hexDigest() == SHA256.hex(Self.message(100) + [1]))
        #expect(hash.hexDigest() == SHA256.hex(Self.message(100)))
    }

    @Test("texts are hashed as their bytes: composed and decomposed letters differ")
    func texts() {
        #expect(SHA256.hex("\u{E9}") != SHA256.hex("e\u{301}"))
        #expect(SHA256.hex("\u{E9}") == SHA256.hex([0xC3, 0xA9] as [UInt8]))
        #expect(SHA256.hex("\r\n") == SHA256.hex([13, 10] as [UInt8]))
    }

    @Test("takes any collection of bytes", arguments: [0, 5, 64, 100])
    func collections(length: Int) {
        let bytes = Self.message(length)
        #expect(SHA256.hex(bytes[...]) == SHA256.hex(bytes))
        #expect(SHA256.hex(bytes.lazy.map { $0 }) == SHA256.hex(bytes))
        #expect(SHA256.hex(bytes).utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
        #expect(SHA256.hex(bytes).count == 64)
    }
}
