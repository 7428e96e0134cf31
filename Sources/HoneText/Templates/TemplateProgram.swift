/// A template that has been read, with what its frames do not see.
///
/// Jinja decides before it runs which frame a name belongs to: to the innermost that gives it a value, also where that happens
/// later. Until then the name is missing there, even when a variable of the same name was passed in, unless the frame itself
/// has read the name before or gives it a value only in some branches.
struct TemplateProgram: Sendable {
    let frame: TemplateFrame
    /// The names that are missing when a frame is entered.
    let missing: [Int: [String]]

    init(_ frame: TemplateFrame) {
        self.frame = frame
        var analysis = Analysis()
        analysis.visit(frame, parameters: [], outer: [])
        missing = analysis.missing.mapValues { $0.sorted() }
    }

    /// The names of one frame: what the frame adds, and what each branch adds that is being looked at.
    private struct Names {
        struct Layer {
            /// The names that belong to the frame, read or given values.
            var known: Set<String> = []
            var stored: Set<String> = []
            /// Those that are missing at first.
            var missing: Set<String> = []
        }

        private(set) var layers: [Layer]

        init(parameters: Set<String>) { layers = [Layer(known: parameters)] }

        var all: Layer { layers[0] }

        /// Adds a name that is known; whether it was not known before.
        mutating func know(_ name: String) -> Bool {
            guard !layers.contains(where: { $0.known.contains(name) }) else { return false }
            layers[layers.count - 1].known.insert(name)
            return true
        }

        mutating func store(_ name: String) { layers[layers.count - 1].stored.insert(name) }

        mutating func miss(_ name: String) { layers[layers.count - 1].missing.insert(name) }

        /// What a branch adds, which is not added yet.
        mutating func branch(_ body: (inout Names) -> Void) -> Layer {
            layers.append(Layer())
            body(&self)
            return layers.removeLast()
        }

        /// Adds what the three branches of a condition add: what only some of them give a value was there before.
        mutating func merge(_ parts: [Layer]) {
            var counts: [String: Int] = [:]
            for part in parts {
                for name in part.stored where !layers.contains(where: { $0.stored.contains(name) }) { counts[name, default: 0] += 1 }
            }
            let top = layers.count - 1
            // The last branch that knows a name decides, as in Jinja.
            for part in parts {
                layers[top].known.formUnion(part.known)
                layers[top].stored.formUnion(part.stored)
                for name in part.known {
                    if part.missing.contains(name) { layers[top].missing.insert(name) } else { layers[top].missing.remove(name) }
                }
            }
            for (name, count) in counts where count < parts.count { layers[top].missing.remove(name) }
        }
    }

    private struct Analysis {
        var missing: [Int: Set<String>] = [:]

        /// Visits a frame, then the frames in it; `outer` are the names that belong to the frames around it, one set for each.
        mutating func visit(_ frame: TemplateFrame, parameters: Set<String>, outer: [Set<String>]) {
            var names = Names(parameters: parameters)
            collect(frame.body, &names, outer)
            if !names.all.missing.isEmpty { missing[frame.number] = names.all.missing }
            descend(frame.body, outer + [names.all.known])
        }

        private func isOuter(_ name: String, _ outer: [Set<String>]) -> Bool { outer.contains { $0.contains(name) } }

        private func load(_ name: String, _ names: inout Names, _ outer: [Set<String>]) {
            if !isOuter(name, outer) { _ = names.know(name) }
        }

        private func store(_ name: String, _ names: inout Names, _ outer: [Set<String>]) {
            names.store(name)
            guard names.know(name), !isOuter(name, outer) else { return }
            names.miss(name)
        }

        private func store(_ target: TemplateTarget, _ names: inout Names, _ outer: [Set<String>]) {
            switch target {
            case .name(let name): store(name, &names, outer)
            case .tuple(let targets): for target in targets { store(target, &names, outer) }
            case .member(let name, _): load(name, &names, outer)
            }
        }

        private func collect(_ statements: [TemplateStatement], _ names: inout Names, _ outer: [Set<String>]) {
            for statement in statements {
                switch statement.kind {
                case .data, .leave, .skip, .generation: continue
                case .output(let value): read(value, &names, outer)
                case .choice(let branches, let otherwise): collect(branches[...], otherwise, &names, outer)
                case .loop(let loop): read(loop.iterated, &names, outer)
                case .set(let target, let value):
                    read(value, &names, outer)
                    store(target, &names, outer)
                case .setBlock(let target, _, _): store(target, &names, outer)
                case .macro(let macro): store(macro.name, &names, outer)
                case .callBlock(let call, _): read(call, &names, outer)
                case .filterBlock(let filters, _): read(filters, &names, outer)
                case .with(let values, _): for (_, value) in values { read(value, &names, outer) }
                }
            }
        }

        /// A condition with its three branches: then, the other conditions, else.
        private func collect(
            _ branches: ArraySlice<(condition: TemplateExpression, body: [TemplateStatement])>, _ otherwise: [TemplateStatement], _ names: inout Names,
            _ outer: [Set<String>]
        ) {
            guard let first = branches.first else { return }
            read(first.condition, &names, outer)
            names.merge([
                names.branch { collect(first.body, &$0, outer) },
                names.branch { for branch in branches.dropFirst() { collect([branch][...], [], &$0, outer) } },
                names.branch { collect(otherwise, &$0, outer) },
            ])
        }

        private func read(_ expression: TemplateExpression?, _ names: inout Names, _ outer: [Set<String>]) {
            guard let expression else { return }
            expression.eachName { load($0, &names, outer) }
        }

        private mutating func descend(_ statements: [TemplateStatement], _ outer: [Set<String>]) {
            for statement in statements {
                switch statement.kind {
                case .choice(let branches, let otherwise):
                    for branch in branches { descend(branch.body, outer) }
                    descend(otherwise, outer)
                case .loop(let loop):
                    visit(loop.body, parameters: Set(loop.target.names).union(["loop"]), outer: outer)
                    visit(loop.otherwise, parameters: [], outer: outer)
                case .setBlock(_, _, let body), .filterBlock(_, let body), .generation(let body): visit(body, parameters: [], outer: outer)
                case .macro(let macro), .callBlock(_, let macro):
                    visit(macro.body, parameters: Set(macro.parameters).union(["caller", "varargs", "kwargs"]), outer: outer)
                case .with(let values, let body): visit(body, parameters: Set(values.flatMap { $0.target.names }), outer: outer)
                case .data, .output, .set, .leave, .skip: continue
                }
            }
        }
    }
}

extension TemplateTarget {
    /// The names that are given values.
    var names: [String] {
        switch self {
        case .name(let name): [name]
        case .tuple(let targets): targets.flatMap(\.names)
        case .member: []
        }
    }
}

extension TemplateExpression {
    /// Goes through the names that are read.
    func eachName(_ body: (String) -> Void) {
        func all(_ arguments: TemplateArguments) {
            for value in arguments.positional { value.eachName(body) }
            for (_, value) in arguments.named { value.eachName(body) }
            arguments.rest?.eachName(body)
            arguments.namedRest?.eachName(body)
        }
        switch self {
        case .none, .bool, .integer, .number, .string: return
        case .name(let name): body(name)
        case .list(let values), .tuple(let values), .concatenation(let values): for value in values { value.eachName(body) }
        case .mapping(let entries):
            for (key, value) in entries {
                key.eachName(body)
                value.eachName(body)
            }
        case .attribute(let value, _), .not(let value), .negative(let value), .positive(let value): value.eachName(body)
        case .item(let value, let place):
            value.eachName(body)
            place.eachName(body)
        case .slice(let start, let stop, let step): for part in [start, stop, step] { part?.eachName(body) }
        case .call(let function, let arguments):
            function.eachName(body)
            all(arguments)
        case .filter(let value, _, let arguments, _):
            value?.eachName(body)
            all(arguments)
        case .test(let value, _, let arguments, _):
            value.eachName(body)
            all(arguments)
        case .binary(let left, _, let right), .and(let left, let right), .or(let left, let right):
            left.eachName(body)
            right.eachName(body)
        case .comparison(let first, let rest):
            first.eachName(body)
            for (_, value) in rest { value.eachName(body) }
        case .choice(let condition, let value, let otherwise):
            condition.eachName(body)
            value.eachName(body)
            otherwise?.eachName(body)
        }
    }
}
