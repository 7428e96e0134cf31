extension Collection where Element: Sendable {
    /// What the work makes of each element, all at once, in the elements' order, whoever is done first; `index` counts from 0.
    ///
    /// The first error ends the others' tasks and is thrown.
    public func concurrently<Result: Sendable>(
        _ work: @escaping @Sendable (_ index: Int, _ element: Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { tasks in
            for (index, element) in enumerated() { tasks.addTask { (index, try await work(index, element)) } }
            var results: [(Int, Result)] = []
            for try await result in tasks { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
