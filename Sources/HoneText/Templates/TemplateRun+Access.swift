extension TemplateRun {
    private func missing(_ name: String, in value: TemplateValue) -> TemplateValue {
        .undefined(MissingValue(sentence: "A value of type \(value.typeName) has no “\(name)”"))
    }

    /// What is under a name behind a point: a method before an item, as in Jinja.
    func attribute(_ name: String, of value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        try present(value)
        if let found = try member(name, of: value) { return found }
        if case .mapping(let mapping) = value, let item = mapping.value(name) { return item }
        return missing(name, in: value)
    }

    /// A method, or a value that belongs to an object; nil when there is none.
    private func member(_ name: String, of value: TemplateValue) throws(TemplateFailure) -> TemplateValue? {
        switch value {
        case .object(let object):
            if let namespace = object as? TemplateNamespace { return namespace.values.value(name) }
            if let loop = object as? TemplateLoop { return loop.attribute(name, in: self) }
            if let macro = object as? TemplateMacro, name == "name" { return .text(macro.syntax.name) }
            if let function = object as? TemplateFunction, function.name == "dict", name == "fromkeys" { return TemplateGlobals.fromKeys(run: self) }
            return nil
        case .sequence(let sequence):
            if let place = sequence.names.firstIndex(of: name) { return sequence.items[place] }
        default: break
        }
        guard TemplateMethods.names(of: value).contains(name) else {
            guard TemplateMethods.changing(value).contains(name) else { return nil }
            return .undefined(MissingValue(sentence: "“\(name)” would change a value of type \(value.typeName), which a template may not do"))
        }
        return try function(name, keeping: [value]) { [unowned self] (call) throws(TemplateFailure) in
            try TemplateMethods.call(name, of: value, call, in: self)
        }
    }

    /// What is at a place in brackets: an item before a method.
    func item(_ place: TemplateExpression, of value: TemplateValue, _ scope: TemplateScope) throws(TemplateFailure) -> TemplateValue {
        if case .slice(let start, let stop, let step) = place {
            func whole(_ part: TemplateExpression?) throws(TemplateFailure) -> Int? {
                guard let part else { return nil }
                let value = try evaluate(part, scope)
                if case .none = value { return nil }
                guard let whole = value.whole else {
                    try present(value)
                    throw TemplateFailure("The ends of a slice are whole numbers, not values of type \(value.typeName)")
                }
                return whole
            }
            let (first, last, stride) = (try whole(start), try whole(stop), try whole(step) ?? 1)
            try present(value)
            return try slice(value, first, last, stride)
        }
        let key = try evaluate(place, scope)
        return try item(key, of: value)
    }

    /// What is at a place; nothing where there is no such place.
    func item(_ key: TemplateValue, of value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        try present(value)
        switch value {
        case .mapping(let mapping):
            if let hash = try hash(key), let found = mapping.value(hash) { return found }
        case .sequence(let sequence):
            if let place = key.whole, let index = Self.index(place, count: sequence.items.count) {
                if case .view = sequence.kind { break }
                return sequence.items[index]
            }
        case .string(let text):
            if let place = key.whole {
                try step(for: text.bytes.count, per: 8)
                let scalars = TemplateText.scalars(text.bytes)
                if let index = Self.index(place, count: scalars.count) { return .string(ExactText(bytes: Array(scalars[index]))) }
            }
        default: break
        }
        if let name = key.exact, let found = try member(name.string, of: value) { return found }
        return missing(String(((try? printed(key).string) ?? key.typeName).prefix(100)), in: value)
    }

    private static func index(_ place: Int, count: Int) -> Int? {
        let index = place < 0 ? place + count : place
        return (0..<count).contains(index) ? index : nil
    }

    private func slice(_ value: TemplateValue, _ start: Int?, _ stop: Int?, _ step: Int) throws(TemplateFailure) -> TemplateValue {
        guard step != 0 else { throw TemplateFailure("The step of a slice may not be 0") }
        switch value {
        case .sequence(let sequence):
            var kind = sequence.kind
            if case .view = kind { break }
            let count = sequence.items.count
            let places = TemplateText.slice(count: count, start: start, stop: stop, step: step)
            try self.step(for: places.count, per: 1)
            if case .range(let first, _, let width) = kind {
                let (from, to) = TemplateText.ends(count: count, start: start, stop: stop, step: step)
                // Only how the range is printed depends on these.
                kind = .range(start: first &+ from &* width, stop: first &+ to &* width, step: width &* step)
            }
            return .sequence(TemplateSequence(items: places.map { sequence.items[$0] }, kind: kind))
        case .string(let text):
            try self.step(for: text.bytes.count, per: 8)
            let scalars = TemplateText.scalars(text.bytes)
            let places = TemplateText.slice(count: scalars.count, start: start, stop: stop, step: step)
            return .string(ExactText(bytes: places.flatMap { scalars[$0] }))
        default: break
        }
        throw TemplateFailure("A value of type \(value.typeName) cannot be sliced")
    }
}
