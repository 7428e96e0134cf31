import Foundation
import HoneCore

/// Byte-level BPE written from its definition, slowly and without anything of the library: what the library is held against.
struct NaiveBPE {
    struct Added {
        var text: String
        var id: Int
        var isSpecial = true
        var takesSpaceBefore = false
        var takesSpaceBehind = false
        var isWholeWord = false
    }

    /// What an encoding should be.
    struct Encoding: Equatable {
        var tokens: [TokenID] = []
        var bytes: [Range<Int>] = []
        var scalars: [Range<Int>] = []
    }

    /// Spellings by id.
    var spellings: [String]
    var merges: [(left: String, right: String)] = []
    var added: [Added] = []
    var addsPrefixSpace = false
    var splitsWords = true
    var ignoresMerges = false

    /// GPT-2's table: printable bytes are themselves, the others are numbered from 256 on.
    static let alphabet: [Character] = {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        let others = (0...255).filter { !printable.contains($0) }
        var table = [Character](repeating: " ", count: 256)
        for byte in printable { table[byte] = Character(Unicode.Scalar(UInt8(byte))) }
        for (place, byte) in others.enumerated() { table[byte] = Unicode.Scalar(UInt32(256 + place)).map { Character($0) } ?? " " }
        return table
    }()

    /// A vocabulary of all bytes in a random order, with random merges of the spellings of the given texts.
    static func random(_ generator: inout SeededGenerator, merges count: Int, over parts: [String]) -> NaiveBPE {
        var model = NaiveBPE(spellings: generator.shuffled(alphabet.map { String($0) }))
        var known = Set(model.spellings)
        var symbols = Set(parts.flatMap { Array($0.utf8) }).sorted().map { String(alphabet[Int($0)]) }
        var pairs: Set<String> = []
        while model.merges.count < count {
            guard let left = generator.element(of: symbols), let right = generator.element(of: symbols),
                (left + right).count <= 6, pairs.insert("\(left) \(right)").inserted
            else { continue }
            model.merges.append((left, right))
            if known.insert(left + right).inserted {
                model.spellings.append(left + right)
                symbols.append(left + right)
            }
        }
        return model
    }

    /// The `tokenizer.json` of this tokenizer.
    var json: JSONValue {
        var vocabulary: [String: JSONValue] = [:]
        for (id, spelling) in spellings.enumerated() { vocabulary[spelling] = .integer(id) }
        let byteLevel = JSONValue.object([
            "type": .string("ByteLevel"), "add_prefix_space": .bool(addsPrefixSpace), "use_regex": .bool(splitsWords),
        ])
        return .object([
            "added_tokens": .array(
                added.map {
                    .object([
                        "content": .string($0.text), "id": .integer($0.id), "special": .bool($0.isSpecial),
                        "lstrip": .bool($0.takesSpaceBefore), "rstrip": .bool($0.takesSpaceBehind),
                        "single_word": .bool($0.isWholeWord),
                    ])
                }),
            "pre_tokenizer": byteLevel, "decoder": byteLevel,
            "model": .object([
                "type": .string("BPE"), "ignore_merges": .bool(ignoresMerges), "vocab": .object(vocabulary),
                "merges": .array(merges.map { .array([.string($0.left), .string($0.right)]) }),
            ]),
        ])
    }

    private static let words = try? NSRegularExpression(
        pattern: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+"#
            + #"|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+"#)

    /// The words of a text by GPT-2's pattern, which Foundation's own matcher runs.
    static func split(_ text: String) -> [String] {
        let all = NSRange(location: 0, length: text.utf16.count)
        return (words?.matches(in: text, range: all) ?? []).map { match in
            let units = Array(text.utf16)[match.range.location..<(match.range.location + match.range.length)]
            return String(decoding: units, as: UTF16.self)
        }
    }

    /// The parts of a text: added tokens with where they stand, and the texts between, in Unicode scalars; without special tokens
    /// where they are not wanted.
    private func parts(_ scalars: [Unicode.Scalar], special: Bool) -> [(id: Int?, range: Range<Int>)] {
        func isWord(_ place: Int) -> Bool {
            guard scalars.indices.contains(place) else { return false }
            let properties = scalars[place].properties
            return properties.isAlphabetic || properties.isJoinControl || scalars[place] == "_"
                || [.decimalNumber, .nonspacingMark].contains(properties.generalCategory)
        }
        var found: [(id: Int?, range: Range<Int>)] = []
        var done = 0
        var place = 0
        while place < scalars.count {
            let here = added.filter { scalars[place...].starts(with: $0.text.unicodeScalars) }
            guard let token = here.max(by: { ($0.text.utf8.count, $1.id) < ($1.text.utf8.count, $0.id) }) else {
                place += 1
                continue
            }
            var (start, end) = (place, place + token.text.unicodeScalars.count)
            place = end
            if token.isSpecial, !special { continue }
            if token.isWholeWord, isWord(start - 1) || isWord(end) { continue }
            if token.takesSpaceBefore { while start > done, scalars[start - 1].properties.isWhitespace { start -= 1 } }
            if token.takesSpaceBehind { while end < scalars.count, scalars[end].properties.isWhitespace { end += 1 } }
            if done < start { found.append((nil, done..<start)) }
            found.append((token.id, start..<end))
            (done, place) = (end, end)
        }
        if done < scalars.count { found.append((nil, done..<scalars.count)) }
        return found
    }

    /// The ids of one word.
    private func merged(_ word: String, ids: [String: Int]) -> [Int] {
        var symbols = word.utf8.map { String(Self.alphabet[Int($0)]) }
        let special = Set(added.filter(\.isSpecial).map(\.id))
        if ignoresMerges, let whole = ids[symbols.joined()], !special.contains(whole) { return [whole] }
        while true {
            let best = merges.enumerated().first { _, merge in
                zip(symbols, symbols.dropFirst()).contains { $0 == merge.left && $1 == merge.right }
                    && !special.contains(ids[merge.left + merge.right] ?? -1)
            }?.element
            guard let best else { break }
            let place = symbols.indices.dropLast().first { symbols[$0] == best.left && symbols[$0 + 1] == best.right }
            guard let place else { break }
            symbols.replaceSubrange(place...(place + 1), with: [best.left + best.right])
        }
        return symbols.compactMap { ids[$0] }
    }

    /// The tokens and offsets of a text.
    func encode(_ text: String, recognizesAddedTokens: Bool) -> Encoding {
        let ids = Dictionary(uniqueKeysWithValues: spellings.enumerated().map { ($1, $0) })
        let scalars = Array(text.unicodeScalars)
        let starts = scalars.reduce(into: [0]) { $0.append($0[$0.count - 1] + UTF8.width($1)) }
        var encoding = Encoding()
        func add(_ id: Int, _ range: Range<Int>) {
            encoding.tokens.append(TokenID(id))
            encoding.bytes.append(range)
            // A token without bytes touches the scalar it stands before, if there is one.
            let touched = scalars.indices.filter {
                let beginsBefore = range.isEmpty ? starts[$0] <= range.lowerBound : starts[$0] < range.upperBound
                return beginsBefore && range.lowerBound < starts[$0 + 1]
            }
            encoding.scalars.append((touched.first ?? scalars.count)..<((touched.last ?? scalars.count - 1) + 1))
        }
        for part in parts(scalars, special: recognizesAddedTokens) {
            let begin = starts[part.range.lowerBound]
            if let id = part.id {
                add(id, begin..<starts[part.range.upperBound])
                continue
            }
            var content = String(String.UnicodeScalarView(scalars[part.range]))
            var position = begin
            if addsPrefixSpace, !content.utf8.starts(with: [32]) {
                content = " " + content
                position -= 1
            }
            for word in splitsWords ? Self.split(content) : [content] {
                for id in merged(word, ids: ids) {
                    let length = spellings[id].unicodeScalars.count
                    add(id, max(begin, position)..<max(begin, position + length))
                    position += length
                }
            }
        }
        return encoding
    }
}
