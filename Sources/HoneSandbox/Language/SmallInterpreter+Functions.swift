import HoneCore

extension SmallInterpreter {
    /// A function of the language. Texts are counted in Unicode scalars, places from 0.
    mutating func ownFunction(_ name: String, _ values: [SmallValue], at place: SmallPlace) throws -> SmallValue {
        let (second, third) = (values.dropFirst().first, values.dropFirst(2).first)
        switch (name, values.first, second, third) {
        case ("size", .list(let members)?, _, _): return .int(members.count)
        case ("size", .text(let text)?, _, _): return .int(try scalars(text).count)
        case ("at", .list(let members)?, .int(let index)?, _):
            guard members.indices.contains(index) else { throw outside(index, members.count, at: place) }
            return members[index]
        case ("at", .text(let text)?, .int(let index)?, _):
            let scalars = try scalars(text)
            guard scalars.indices.contains(index) else { throw outside(index, scalars.count, at: place) }
            return try made(.text(String(scalars[index])))
        case ("part", .list(let members)?, .int(let start)?, .int(let end)?):
            try within(start, end, members.count, at: place)
            return try made(.list(Array(members[start..<end])))
        case ("part", .text(let text)?, .int(let start)?, .int(let end)?):
            let scalars = try scalars(text)
            try within(start, end, scalars.count, at: place)
            return try made(.text(String(String.UnicodeScalarView(scalars[start..<end]))))
        case ("range", .int(let start)?, .int(let end)?, _):
            guard start < end else { return try made(.list([])) }
            let (count, overflows) = end.subtractingReportingOverflow(start)
            try reserve(overflows ? .max : count)
            return try made(.list((start..<end).map { .int($0) }))
        case ("has", .list(let members)?, let sought?, _):
            for member in members where try equal(member, sought) { return .bool(true) }
            return .bool(false)
        case ("show", .int(let number)?, _, _): return try made(.text(String(number)))
        case ("number", .text(let text)?, _, _):
            // Only what a program may write: an optional minus and digits.
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
                throw SmallProgram.fault("\(SmallPrinter.quoted(String(text.prefix(40)))) is no whole number of 64 bits", at: place)
            }
            return .int(number)
        case ("split", .text(let text)?, .text(let separator)?, _): return try split(text, separator, at: place)
        case ("join", .list(let members)?, .text(let separator)?, _):
            let texts = members.compactMap { if case .text(let text) = $0 { text } else { nil } }
            try reserve((texts.reduce(0) { $0 + $1.utf8.count } + separator.utf8.count * texts.count) / 8)
            return try made(.text(texts.joined(separator: separator)))
        default: break
        }
        throw SmallProgram.fault("“\(name)” got \(values.map(\.description).joined(separator: ", "))", at: place)
    }

    private mutating func scalars(_ text: String) throws -> [Unicode.Scalar] {
        try spend(text.utf8.count / 8)
        return Array(text.unicodeScalars)
    }

    private func outside(_ index: Int, _ count: Int, at place: SmallPlace) -> CoreError {
        SmallProgram.fault(count == 0 ? "Place \(index) of what is empty" : "Place \(index) is outside, expected 0 to \(count - 1)", at: place)
    }

    private func within(_ start: Int, _ end: Int, _ count: Int, at place: SmallPlace) throws {
        guard 0 <= start, start <= end, end <= count else {
            throw SmallProgram.fault("The part from \(start) to \(end) is outside, expected 0 to \(count) in order", at: place)
        }
    }

    /// The pieces between separators; a text without one is one piece.
    private mutating func split(_ text: String, _ separator: String, at place: SmallPlace) throws -> SmallValue {
        let (all, sought) = (try scalars(text), try scalars(separator))
        guard !sought.isEmpty else { throw SmallProgram.fault("A text cannot be split at “”", at: place) }
        try reserve(all.count)
        try spend(all.count)
        var pieces: [SmallValue] = []
        var begin = 0
        var index = 0
        while index + sought.count <= all.count {
            try spend(sought.count / 8)
            if all[index..<index + sought.count].elementsEqual(sought) {
                pieces.append(try made(.text(String(String.UnicodeScalarView(all[begin..<index])))))
                index += sought.count
                begin = index
            } else {
                index += 1
            }
        }
        pieces.append(try made(.text(String(String.UnicodeScalarView(all[begin...])))))
        return try made(.list(pieces))
    }
}
