extension TemplateFilters {
    /// The filters of lists and mappings.
    static func sequence(_ name: String, _ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        switch name {
        case "list":
            try none(name, call)
            return try run.checked(try run.items(of: value))
        case "first", "last":
            try none(name, call)
            let items = try run.items(of: value)
            if name == "last", case .object(let object) = value, object is TemplateGenerator {
                throw TemplateFailure("A value of type \(value.typeName) has no last item")
            }
            return (name == "first" ? items.first : items.last) ?? .undefined(MissingValue(sentence: "There is no \(name) item"))
        case "join": return try join(value, call, run)
        case "reverse":
            try none(name, call)
            if let text = value.exact { return .string(ExactText(bytes: TemplateText.scalars(text.bytes).reversed().flatMap { Array($0) })) }
            let items = try run.items(of: value)
            if case .object = value { return try run.checked(items.reversed()) }
            return try run.lazily("list_reverseiterator", from: [value]) { () throws(TemplateFailure) in items.reversed() }
        case "items":
            try none(name, call)
            if case .undefined = value { return try run.lazily(from: []) { () throws(TemplateFailure) in [] } }
            guard case .mapping(let mapping) = value else { throw TemplateFailure("“items” takes a mapping, not a value of type \(value.typeName)") }
            return try run.lazily(from: [value]) { () throws(TemplateFailure) in mapping.entries.map { .tuple([$0.key, $0.value]) } }
        case "dictsort": return try dictsort(value, call, run)
        case "sort":
            let given = try call.bound(["reverse", "case_sensitive", "attribute"], of: name)
            let isSensitive = given[1]?.isTrue ?? false
            let keys = try keys(given[2], run)
            let items = try run.items(of: value)
            try run.step(for: items.count * 4, per: 1)
            return try run.checked(
                try TemplateOperations.sorted(items, isReversed: given[0]?.isTrue ?? false, in: run) { (item) throws(TemplateFailure) in
                    var parts = try keys(item)
                    if !isSensitive { for index in parts.indices { parts[index] = try run.caseIgnored(parts[index]) } }
                    return given[2] == nil ? parts[0] : .list(parts)
                })
        case "unique":
            let given = try call.bound(["case_sensitive", "attribute"], of: name)
            let (isSensitive, key) = (given[0]?.isTrue ?? false, try key(given[1], run))
            return try run.lazily(from: [value]) { () throws(TemplateFailure) in
                var seen: Set<TemplateMapping.Hash> = []
                var kept: [TemplateValue] = []
                for item in try run.items(of: value) {
                    try run.step()
                    let key = try key(item)
                    guard let hash = try run.hash(isSensitive ? key : try run.caseIgnored(key)) else {
                        throw TemplateFailure("A value of type \(key.typeName) cannot be compared by its hash")
                    }
                    if seen.insert(hash).inserted { kept.append(item) }
                }
                return kept
            }
        case "min", "max": return try extreme(name, value, call, run)
        case "sum":
            let given = try call.bound(["attribute", "start"], of: name)
            let key = try key(given[0], run)
            var total = given[1] ?? .integer(0)
            for item in try run.items(of: value) { total = try TemplateOperations.number(total, .add, try key(item)) }
            return total
        case "map": return try map(value, call, run)
        case "select", "reject", "selectattr", "rejectattr": return try select(name, value, call, run)
        case "groupby": return try group(value, call, run)
        case "batch", "slice": return try parts(name, value, call, run)
        default: throw TemplateFailure("There is no filter called “\(name)”")
        }
    }

    /// What an attribute such as `a.b.0` gives for an item; the item itself without one.
    private static func key(
        _ attribute: TemplateValue?, _ run: TemplateRun, standard: TemplateValue? = nil
    ) throws(TemplateFailure) -> (TemplateValue) throws(TemplateFailure) -> TemplateValue {
        guard let attribute, attribute.isNotNone else { return { (item) throws(TemplateFailure) in item } }
        let path: [TemplateValue]
        if let text = attribute.exact {
            guard text.bytes.count <= 1000 else { throw TemplateFailure("The path of an attribute has \(text.bytes.count) bytes; up to 1000 are read") }
            path = text.string.split(separator: ".", omittingEmptySubsequences: false).map { part in
                !part.isEmpty && part.allSatisfy(\.isASCII) && part.allSatisfy(\.isNumber) ? Int(part).map { .integer($0) } ?? .text(String(part)) : .text(String(part))
            }
        } else if attribute.whole != nil {
            path = [attribute]
        } else {
            throw TemplateFailure("An attribute is a name or a number, not a value of type \(attribute.typeName)")
        }
        return { (item) throws(TemplateFailure) in
            var value = item
            for part in path {
                value = try run.item(part, of: value)
                if case .undefined = value, let standard { value = standard }
            }
            return value
        }
    }

    /// What several attributes with commas between give for an item.
    private static func keys(
        _ attributes: TemplateValue?, _ run: TemplateRun
    ) throws(TemplateFailure) -> (TemplateValue) throws(TemplateFailure) -> [TemplateValue] {
        var list: [(TemplateValue) throws(TemplateFailure) -> TemplateValue] = []
        if let text = attributes?.exact {
            guard text.bytes.count <= 1000 else { throw TemplateFailure("The path of an attribute has \(text.bytes.count) bytes; up to 1000 are read") }
            for part in text.string.split(separator: ",") { list.append(try key(.text(String(part)), run)) }
        } else {
            list.append(try key(attributes, run))
        }
        let keys = list
        return { (item) throws(TemplateFailure) in
            var values: [TemplateValue] = []
            for key in keys { values.append(try key(item)) }
            return values
        }
    }

    private static func join(_ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(["d", "attribute"], of: "join")
        let separator = try given[0].map { (given) throws(TemplateFailure) in try run.printed(given).bytes } ?? []
        let key = try key(given[1], run)
        var out: [UInt8] = []
        for (index, item) in try run.items(of: value).enumerated() {
            if index > 0 { out += separator }
            try run.step()
            out += try run.printed(try key(item)).bytes
            guard out.count <= run.limits.output else { throw TemplateRun.tooLong(run.limits.output) }
        }
        return try run.checked(out)
    }

    private static func dictsort(_ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(["case_sensitive", "by", "reverse"], of: "dictsort")
        guard case .mapping(let mapping) = value else { throw TemplateFailure("“dictsort” takes a mapping, not a value of type \(value.typeName)") }
        let by = given[1]?.exact?.string ?? "key"
        guard by == "key" || by == "value" else { throw TemplateFailure("“dictsort” sorts by key or by value") }
        let isSensitive = given[0]?.isTrue ?? false
        try run.step(for: mapping.count * 4, per: 1)
        return try run.checked(
            try TemplateOperations.sorted(mapping.entries.map { .tuple([$0.key, $0.value]) }, isReversed: given[2]?.isTrue ?? false, in: run) {
                (item) throws(TemplateFailure) in
                guard case .sequence(let pair) = item else { return item }
                let own = pair.items[by == "key" ? 0 : 1]
                return isSensitive ? own : try run.caseIgnored(own)
            })
    }

    private static func extreme(_ name: String, _ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(["case_sensitive", "attribute"], of: name)
        let (isSensitive, key) = (given[0]?.isTrue ?? false, try key(given[1], run))
        try run.step(for: (try? length(value)) ?? 0, per: 1)
        var best: (key: TemplateValue, item: TemplateValue)?
        for item in try run.items(of: value) {
            let own = try key(item)
            let compared = isSensitive ? own : try run.caseIgnored(own)
            if let known = best {
                let isBetter = try name == "min" ? TemplateOperations.isOrdered(compared, known.key, in: run) : TemplateOperations.isOrdered(known.key, compared, in: run)
                guard isBetter else { continue }
            }
            best = (compared, item)
        }
        return best?.item ?? .undefined(MissingValue(sentence: "“\(name)” was asked of an empty list"))
    }

    private static func map(_ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let change: (TemplateValue) throws(TemplateFailure) -> TemplateValue
        if call.positional.isEmpty, let attribute = call.named.first(where: { $0.name == "attribute" }) {
            if let other = call.named.first(where: { $0.name != "attribute" && $0.name != "default" }) {
                throw TemplateFailure("“map” has no parameter “\(other.name)”")
            }
            change = try key(attribute.value, run, standard: call.named.first { $0.name == "default" }?.value)
        } else {
            guard let name = call.positional.first?.exact?.string else { throw TemplateFailure("“map” needs the name of a filter, or an attribute") }
            let rest = TemplateCall(positional: Array(call.positional.dropFirst()), named: call.named)
            change = { (item) throws(TemplateFailure) in
                guard names.contains(name) else { throw TemplateFailure("There is no filter called “\(name)”") }
                return try run.deeper { () throws(TemplateFailure) in try apply(name, to: item, rest, in: run) }
            }
        }
        return try run.lazily(from: [value] + call.positional + call.named.map(\.value)) { () throws(TemplateFailure) in
            var out: [TemplateValue] = []
            // Nothing is asked of what counts as empty, whatever it is.
            guard value.isTrue else { return out }
            for item in try run.items(of: value) {
                try run.step()
                out.append(try change(item))
            }
            return out
        }
    }

    private static func select(_ name: String, _ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        var rest = call.positional[...]
        var find: (TemplateValue) throws(TemplateFailure) -> TemplateValue = { (item) throws(TemplateFailure) in item }
        if name.hasSuffix("attr") {
            guard let attribute = rest.popFirst() else { throw TemplateFailure("“\(name)” needs the name of an attribute") }
            find = try key(attribute, run)
        }
        let test = rest.popFirst()
        let arguments = TemplateCall(positional: Array(rest), named: call.named)
        let wanted = name.hasPrefix("select")
        let chosen = find
        return try run.lazily(from: [value] + call.positional + call.named.map(\.value)) { () throws(TemplateFailure) in
            var kept: [TemplateValue] = []
            guard value.isTrue else { return kept }
            for item in try run.items(of: value) {
                try run.step()
                let own = try chosen(item)
                let holds: Bool
                if let test {
                    guard let name = test.exact?.string, TemplateTests.names.contains(name) else {
                        throw TemplateFailure("There is no test called “\(try run.printed(test).string)”")
                    }
                    holds = try TemplateTests.holds(name, for: own, arguments, in: run)
                } else {
                    holds = own.isTrue
                }
                if holds == wanted { kept.append(item) }
            }
            return kept
        }
    }

    private static func group(_ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound(["attribute", "default", "case_sensitive"], of: "groupby")
        guard let attribute = given[0] else { throw TemplateFailure("“groupby” needs the name of an attribute") }
        let (key, isSensitive) = (try key(attribute, run, standard: given[1]), given[2]?.isTrue ?? false)
        func compared(_ item: TemplateValue) throws(TemplateFailure) -> TemplateValue { isSensitive ? try key(item) : try run.caseIgnored(try key(item)) }
        let all = try run.items(of: value)
        try run.step(for: all.count * 4, per: 1)
        let items = try TemplateOperations.sorted(all, in: run) { (item) throws(TemplateFailure) in try compared(item) }
        var groups: [(key: TemplateValue, shown: TemplateValue, items: [TemplateValue])] = []
        for item in items {
            let own = try compared(item)
            if let last = groups.last, try run.areEqual(last.key, own) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((own, try key(item), [item]))
            }
        }
        return try run.checked(
            groups.map { .sequence(TemplateSequence(items: [$0.shown, .list($0.items)], kind: .tuple, names: ["grouper", "list"])) })
    }

    private static func parts(_ name: String, _ value: TemplateValue, _ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        let given = try call.bound([name == "batch" ? "linecount" : "slices", "fill_with"], of: name)
        guard let count = given[0]?.whole, count <= run.limits.iterations else { throw TemplateFailure("“\(name)” needs a whole number") }
        let fill = given[1].flatMap { $0.isNotNone ? $0 : nil }
        return try run.lazily(from: [value] + call.positional + call.named.map(\.value)) { () throws(TemplateFailure) in
            let items = try run.items(of: value)
            if name == "slice" { try run.step(for: count, per: 1) }
            var out: [TemplateValue] = []
            if name == "batch" {
                var part: [TemplateValue] = []
                for item in items {
                    if part.count == count {
                        out.append(.list(part))
                        part = []
                    }
                    part.append(item)
                }
                guard !part.isEmpty else { return out }
                if let fill { while part.count < count { part.append(fill) } }
                return out + [.list(part)]
            }
            guard count != 0 else { throw TemplateFailure("A list is cut into no parts") }
            guard count > 0 else { return out }
            let (size, rest) = items.count.quotientAndRemainder(dividingBy: count)
            var start = 0
            for number in 0..<count {
                let end = start + size + (number < rest ? 1 : 0)
                var part = Array(items[start..<end])
                if let fill, number >= rest { part.append(fill) }
                out.append(.list(part))
                start = end
            }
            return out
        }
    }
}
