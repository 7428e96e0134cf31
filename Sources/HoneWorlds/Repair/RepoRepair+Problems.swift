import HoneCore

extension RepoRepair {
    public func problem(_ index: Int, seed: Seed) -> Problem? {
        for attempt in 0..<200 {
            var generator = seed.child("repo-repair", index).child("attempt", attempt).generator
            let right = repository(using: &generator)
            guard let (shown, hidden) = tests(of: right, using: &generator) else { continue }
            let wrong = damaged(right, using: &generator)
            // Somebody who sees the tests has to be able to notice.
            guard !RepairTest.pass(shown, in: wrong, budget: budget) else { continue }
            func line(_ tests: [RepairTest]) -> String { tests.map(\.text).joined(separator: " ") }
            let details = ["files": wrong.text, "right": right.text, "tests": line(shown), "hidden": line(hidden)]
            var problem = Problem(id: "", world: name, details: details)
            problem.id = "\(wrong.text)|\(line(shown))"
            problem.text = problem.id
            return problem
        }
        return nil
    }

    /// Functions that use their argument, some of them through earlier ones.
    private func repository(using generator: inout SeededGenerator) -> PostfixRepository {
        var files: [PostfixRepository.File] = []
        for name in PostfixRepository.names.prefix(settings.files) {
            let earlier = files.map(\.name)
            func operand(_ generator: inout SeededGenerator, argument: Bool) -> [String] {
                let own = argument ? "x" : generator.chance(0.3) ? "x" : String(generator.integer(in: 1...9))
                return generator.chance(settings.calls) ? [own] + (generator.element(of: earlier).map { [$0] } ?? []) : [own]
            }
            var tokens: [String]
            if generator.chance(settings.choices) {
                tokens = ["x", String(generator.integer(in: 2...8)), "<"] + operand(&generator, argument: true) + operand(&generator, argument: false) + ["?"]
            } else {
                tokens = operand(&generator, argument: true)
                for _ in 0..<generator.integer(in: 1...settings.operators) {
                    tokens += operand(&generator, argument: false) + [generator.element(of: PostfixRepository.operators) ?? "+"]
                }
            }
            files.append(.init(name: name, tokens: tokens))
        }
        return PostfixRepository(files: files)
    }

    /// Tests that are shown and tests that are not, of different arguments; nil where a function gives numbers of more than two digits or always the same.
    private func tests(of right: PostfixRepository, using generator: inout SeededGenerator) -> (shown: [RepairTest], hidden: [RepairTest])? {
        var (shown, hidden): ([RepairTest], [RepairTest]) = ([], [])
        for file in right.files {
            let asked = generator.shuffled(Array(0...9)).prefix(settings.visible + settings.hidden).map { RepairTest(file: file.name, argument: $0, expected: 0) }
            let all = zip(asked, RepairTest.values(asked, in: right, budget: budget)).compactMap { test, value in
                value.map { RepairTest(file: test.file, argument: test.argument, expected: $0) }
            }
            guard all.count == asked.count, all.allSatisfy({ abs($0.expected) <= 99 }), Set(all.map(\.expected)).count > 1 else { return nil }
            shown += all.prefix(settings.visible)
            hidden += all.dropFirst(settings.visible)
        }
        return (shown, hidden)
    }

    /// The same with wrong tokens in it: an operand for an operand, or an operator for an operator.
    private func damaged(_ right: PostfixRepository, using generator: inout SeededGenerator) -> PostfixRepository {
        var wrong = right
        var left: [(file: Int, place: Int)] = []
        for (file, own) in right.files.enumerated() {
            for (place, token) in own.tokens.enumerated() where PostfixRepository.operands.contains(token) || PostfixRepository.operators.contains(token) {
                left.append((file, place))
            }
        }
        for target in generator.shuffled(left).prefix(generator.integer(in: 1...settings.bugs)) {
            let token = right.files[target.file].tokens[target.place]
            let kind = PostfixRepository.operators.contains(token) ? PostfixRepository.operators : PostfixRepository.operands
            wrong.files[target.file].tokens[target.place] = generator.element(of: kind.filter { $0 != token }) ?? token
        }
        return wrong
    }

    /// The tokens in which a state's files differ from the right ones: what is still to be mended, by file and place from 0. Other files may give the
    /// same numbers, so an empty list is enough to be resolved, not needed.
    public func differences(in state: State) -> [(file: Int, place: Int, token: String)] {
        guard let right = state.problem.details["right"].flatMap({ PostfixRepository($0) }), right.files.count == state.repository.files.count else { return [] }
        return right.files.enumerated().flatMap { file, own in
            zip(own.tokens, state.repository.files[file].tokens).enumerated().compactMap { place, pair in
                pair.0 == pair.1 ? nil : (file: file, place: place, token: pair.0)
            }
        }
    }

    /// What somebody who knows the right files does next: has a look at a file with a bug before mending it, tests, and finishes when all is right.
    public func expertMove(in state: State) -> String {
        if let next = differences(in: state).first {
            let file = state.repository.files[next.file].name
            return !state.viewed[next.file] ? (state.report == nil ? "test" : "view \(file)") : "edit \(file) \(next.place + 1) \(next.token)"
        }
        return state.report == nil ? "test" : "finish"
    }
}
