extension TemplateMethods {
    /// What a method of a text gives.
    static func text(_ name: String, _ bytes: [UInt8], _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        try run.step(for: bytes.count, per: 8)
        func made(_ bytes: some Sequence<UInt8>) throws(TemplateFailure) -> TemplateValue { try run.checked(Array(bytes)) }
        switch name {
        case "strip", "lstrip", "rstrip":
            let characters: [UInt8]? = if let given = try positional(["chars"], name, call)[0] { try given.characters() } else { nil }
            return try made(TemplateText.trimmed(bytes, of: characters, leading: name != "rstrip", trailing: name != "lstrip"))
        case "split", "rsplit": return try split(name, bytes, call, run)
        case "splitlines":
            let keeps = try positional(["keepends"], name, call)[0]?.isTrue ?? false
            let lines = TemplateText.lines(bytes, keepingEnds: keeps, limit: run.limits.iterations + 1)
            return try run.checked(lines.map { .string(ExactText(bytes: $0)) })
        case "startswith", "endswith": return .bool(try begins(name, bytes, call))
        case "find", "rfind", "index", "rindex", "count": return try place(name, bytes, call)
        case "replace":
            let given = try positional(["old", "new", "count"], name, call, required: 2)
            guard let old = given[0]?.exact, let new = given[1]?.exact else { throw TemplateFailure("“replace” takes texts") }
            return try made(
                try TemplateText.replaced(bytes, old.bytes, with: new.bytes, count: given[2]?.whole ?? -1, limit: run.limits.output))
        case "join":
            guard let list = try positional(["iterable"], name, call, required: 1)[0] else { return .none }
            var out: [UInt8] = []
            for (index, item) in try run.items(of: list).enumerated() {
                guard let part = item.exact else { throw TemplateFailure("“join” joins texts, and item \(index) is of type \(item.typeName)") }
                if index > 0 { out += bytes }
                out += part.bytes
                guard out.count <= run.limits.output else { throw TemplateRun.tooLong(run.limits.output) }
            }
            return try made(out)
        case "format": return try made(try TemplateFormat.braces(bytes, call, in: run))
        case "zfill", "ljust", "rjust", "center": return try pad(name, bytes, call, run)
        case "partition", "rpartition":
            guard let separator = try positional(["sep"], name, call, required: 1)[0]?.exact, !separator.bytes.isEmpty else {
                throw TemplateFailure("“\(name)” needs a text that is not empty")
            }
            let cut =
                name == "partition" ? TemplateText.place(of: separator.bytes, in: bytes) : TemplateText.lastPlace(of: separator.bytes, in: bytes)
            let parts: [[UInt8]] =
                cut.map { [Array(bytes[..<$0]), separator.bytes, Array(bytes[($0 + separator.bytes.count)...])] }
                ?? (name == "partition" ? [bytes, [], []] : [[], [], bytes])
            return .tuple(parts.map { .string(ExactText(bytes: $0)) })
        case "removeprefix", "removesuffix":
            guard let part = try positional(["part"], name, call, required: 1)[0]?.exact?.bytes else { throw TemplateFailure("“\(name)” takes a text") }
            guard !part.isEmpty else { return try made(bytes) }
            if name == "removeprefix" { return try made(bytes.starts(with: part) ? Array(bytes.dropFirst(part.count)) : bytes) }
            return try made(bytes.count >= part.count && bytes.suffix(part.count).elementsEqual(part) ? Array(bytes.dropLast(part.count)) : bytes)
        default:
            _ = try positional([], name, call)
            return try plain(name, bytes, run)
        }
    }

    /// The methods without arguments.
    private static func plain(_ name: String, _ bytes: [UInt8], _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        func all(_ belongs: (Unicode.Scalar) -> Bool) -> TemplateValue { .bool(!scalars.isEmpty && scalars.allSatisfy(belongs)) }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { ScalarClasses.of(scalar.value).contains(.letter) }
        switch name {
        case "upper": return try run.checked(TemplateText.uppercased(bytes))
        case "lower", "casefold": return try run.checked(TemplateText.lowercased(bytes))
        case "title": return try run.checked(TemplateText.titled(bytes))
        case "capitalize": return try run.checked(TemplateText.capitalized(bytes))
        case "swapcase":
            var swapped = ""
            for scalar in scalars { swapped += scalar.properties.isUppercase ? scalar.properties.lowercaseMapping : scalar.properties.uppercaseMapping }
            return try run.checked(Array(swapped.utf8))
        case "isdecimal": return all { $0.properties.numericType == .decimal }
        case "isdigit": return all { $0.properties.numericType == .decimal || $0.properties.numericType == .digit }
        case "isnumeric": return all { $0.properties.numericType != nil }
        case "isalpha": return all(isLetter)
        case "isalnum": return all { isLetter($0) || $0.properties.numericType != nil }
        case "isspace": return .bool(!bytes.isEmpty && TemplateText.trimmed(bytes).isEmpty)
        case "isupper": return .bool(try TemplateTests.holds("upper", for: .string(ExactText(bytes: bytes)), TemplateCall(), in: run))
        case "islower": return .bool(try TemplateTests.holds("lower", for: .string(ExactText(bytes: bytes)), TemplateCall(), in: run))
        default: throw TemplateFailure("A text has no method “\(name)”")
        }
    }

    private static func split(_ name: String, _ bytes: [UInt8], _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try positional(["sep", "maxsplit"], name, call)
        let separator: [UInt8]? = if let given = given[0] { try given.characters() } else { nil }
        guard separator?.isEmpty != true else { throw TemplateFailure("“\(name)” cannot split at an empty text") }
        // One cut more than a list may have parts is enough to refuse it.
        let wanted = given[1]?.whole ?? -1
        let limit = wanted < 0 ? run.limits.iterations : min(wanted, run.limits.iterations)
        let parts = name == "split" || wanted < 0 ? TemplateText.split(bytes, separator, limit: limit) : TemplateText.splitFromRight(bytes, separator, limit: limit)
        return try run.checked(parts.map { .string(ExactText(bytes: $0)) })
    }

    private static func begins(_ name: String, _ bytes: [UInt8], _ call: TemplateCall) throws(TemplateFailure) -> Bool {
        let given = try positional(["prefix", "start", "end"], name, call, required: 1)
        let part = try range(bytes, given[1], given[2]).part
        var wanted: [TemplateValue] = []
        if case .sequence(let sequence)? = given[0], sequence.kind == .tuple { wanted = sequence.items } else if let one = given[0] { wanted = [one] }
        var holds = false
        for value in wanted {
            guard let text = value.exact?.bytes else { throw TemplateFailure("“\(name)” looks for a text, not for a value of type \(value.typeName)") }
            holds = holds || (name == "startswith" ? part.starts(with: text) : part.count >= text.count && part.suffix(text.count).elementsEqual(text))
        }
        return holds
    }

    /// The part of a text between two places of scalars, and how many scalars stand before it.
    private static func range(_ bytes: [UInt8], _ start: TemplateValue?, _ stop: TemplateValue?) throws(TemplateFailure) -> (part: [UInt8], before: Int) {
        guard start != nil || stop != nil else { return (bytes, 0) }
        let scalars = TemplateText.scalars(bytes)
        let places = TemplateText.slice(count: scalars.count, start: start?.whole, stop: stop?.whole, step: 1)
        return (places.flatMap { scalars[$0] }, places.first ?? 0)
    }

    private static func place(_ name: String, _ bytes: [UInt8], _ call: TemplateCall) throws(TemplateFailure) -> TemplateValue {
        let given = try positional(["sub", "start", "end"], name, call, required: 1)
        guard let wanted = given[0]?.exact?.bytes else { throw TemplateFailure("“\(name)” looks for a text") }
        let (part, before) = try range(bytes, given[1], given[2])
        if name == "count" {
            return .integer(wanted.isEmpty ? TemplateText.length(part) + 1 : ByteSearch(of: wanted, in: part).reduce(0) { count, _ in count + 1 })
        }
        let found: Int? =
            if wanted.isEmpty {
                name.hasPrefix("r") ? part.count : 0
            } else if name.hasPrefix("r") {
                TemplateText.lastPlace(of: wanted, in: part)
            } else {
                TemplateText.place(of: wanted, in: part)
            }
        guard let found else {
            if name.hasSuffix("find") { return .integer(-1) }
            throw TemplateFailure("“\(name)” looks for a text that is not there")
        }
        return .integer(before + TemplateText.length(part[..<found]))
    }

    private static func pad(_ name: String, _ bytes: [UInt8], _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try positional(name == "zfill" ? ["width"] : ["width", "fillchar"], name, call, required: 1)
        guard let width = given[0]?.whole else { throw TemplateFailure("“\(name)” needs a whole number as width") }
        if name == "zfill" {
            let hasSign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
            let digits = hasSign ? Array(bytes.dropFirst()) : bytes
            let filled = try padded(digits, hasSign ? max(width, 1) - 1 : width, fill: [48], .left, in: run)
            return hasSign ? try run.checked(bytes.prefix(1) + (filled.exact?.bytes ?? [])) : filled
        }
        let fill = given[1]?.exact?.bytes ?? [32]
        guard TemplateText.length(fill) == 1 else { throw TemplateFailure("“\(name)” fills with one character") }
        return try padded(bytes, width, fill: fill, name == "ljust" ? .right : name == "rjust" ? .left : .both, in: run)
    }
}
