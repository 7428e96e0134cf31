/// The functions that every template has.
enum TemplateGlobals {
    /// The most numbers that `range` gives, as in Jinja's sandbox.
    static let longestRange = 100_000

    /// Names that begin with an underscore are kept for the interpreter itself.
    static func check(_ name: String) throws(TemplateFailure) {
        guard !name.hasPrefix("_") else { throw TemplateFailure("A namespace cannot keep “\(name)”, because the name begins with an underscore") }
    }

    static func values(run: TemplateRun) -> [String: TemplateValue] {
        var values: [String: TemplateValue] = [:]
        func add(_ name: String, _ body: @escaping (TemplateCall) throws(TemplateFailure) -> TemplateValue) {
            values[name] = .object(TemplateFunction(name, body))
        }
        add("range") { [unowned run] (call) throws(TemplateFailure) in try range(call, run) }
        add("dict") { [unowned run] (call) throws(TemplateFailure) in try run.checked(try mapping(call, run)) }
        add("namespace") { [unowned run] (call) throws(TemplateFailure) in
            let namespace = try run.kept(TemplateNamespace())
            namespace.values = try mapping(call, run)
            _ = try run.checked(namespace.values)
            for entry in namespace.values.entries {
                guard let name = entry.key.exact else { throw TemplateFailure("A namespace keeps its values under names") }
                try check(name.string)
            }
            return .object(namespace)
        }
        add("raise_exception") { [unowned run] (call) throws(TemplateFailure) in
            let message = try call.bound(["message"], of: "raise_exception")[0] ?? .text("")
            var failure = TemplateFailure(try run.printed(message).string)
            failure.isRaised = true
            throw failure
        }
        add("strftime_now") { [unowned run] (call) throws(TemplateFailure) in
            guard let format = try call.bound(["format"], of: "strftime_now")[0]?.exact else {
                throw TemplateFailure("“strftime_now” needs a text that says how the time is written")
            }
            return try run.checked(try run.now.written(format, limit: run.limits.output))
        }
        add("joiner") { [unowned run] (call) throws(TemplateFailure) in
            let separator = try call.bound(["sep"], of: "joiner")[0] ?? .text(", ")
            var isFirst = true
            return try run.function("joiner", keeping: [separator]) { (_) throws(TemplateFailure) in
                defer { isFirst = false }
                return isFirst ? .text("") : separator
            }
        }
        return values
    }

    private static func range(_ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateValue {
        guard call.named.isEmpty, (1...3).contains(call.positional.count) else { throw TemplateFailure("“range” takes one to three whole numbers") }
        var numbers: [Int] = []
        for value in call.positional {
            guard let number = value.whole else { throw TemplateFailure("“range” takes whole numbers, not a value of type \(value.typeName)") }
            numbers.append(number)
        }
        let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let step = numbers.count == 3 ? numbers[2] : 1
        guard step != 0 else { throw TemplateFailure("The step of “range” may not be 0") }
        let distance = step > 0 ? Double(stop) - Double(start) : Double(start) - Double(stop)
        guard distance / Double(step.magnitude) <= Double(longestRange) else {
            throw TemplateFailure("“range” gives up to \(longestRange) numbers")
        }
        var items: [TemplateValue] = []
        var next = (partialValue: start, overflow: false)
        while !next.overflow, step > 0 ? next.partialValue < stop : next.partialValue > stop {
            items.append(.integer(next.partialValue))
            next = next.partialValue.addingReportingOverflow(step)
        }
        try run.step(for: items.count, per: 1)
        return .sequence(TemplateSequence(items: items, kind: .range(start: start, stop: stop, step: step)))
    }

    /// A mapping from another, or from pairs, and from named values.
    private static func mapping(_ call: TemplateCall, _ run: TemplateRun) throws(TemplateFailure) -> TemplateMapping {
        guard call.positional.count <= 1 else { throw TemplateFailure("A mapping is made from one value and named values") }
        var mapping = TemplateMapping()
        if case .mapping(let other)? = call.positional.first {
            mapping = other
        } else if let pairs = call.positional.first {
            for pair in try run.items(of: pairs) {
                let parts = try run.items(of: pair)
                guard parts.count == 2, let hash = try run.hash(parts[0]) else { throw TemplateFailure("A mapping is made from pairs of a key and a value") }
                mapping.set(hash, to: parts[1], key: parts[0])
            }
        }
        for (name, value) in call.named { mapping.set(name, to: value) }
        return mapping
    }

    /// The function that makes a mapping from keys and one value.
    static func fromKeys(run: TemplateRun) -> TemplateValue {
        .object(
            TemplateFunction("fromkeys") { [unowned run] (call) throws(TemplateFailure) in
                let values = try call.bound(["iterable", "value"], of: "fromkeys")
                var mapping = TemplateMapping()
                for key in try run.items(of: values[0] ?? .none) {
                    guard let hash = try run.hash(key) else { throw TemplateFailure("A value of type \(key.typeName) cannot be a key") }
                    mapping.set(hash, to: values[1] ?? .none, key: key)
                }
                return try run.checked(mapping)
            })
    }
}
