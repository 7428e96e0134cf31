import HoneCore

/// Runs cells, several at once, and keeps them in a folder: what is finished there is not run again.
public struct CellPool: Sendable {
    /// Runs one cell in its folder; nil when it was asked to stop before the end.
    public typealias Work = @Sendable (_ cell: Cell, _ folder: String, _ label: String) async throws -> CellResult?

    /// The folder with one subfolder per cell.
    public let folder: String
    /// How many at once.
    public let jobs: Int
    /// Asked before each cell.
    public let stopping: StopRequest
    private let work: Work

    /// A pool.
    public init(folder: String, jobs: Int, stopping: StopRequest, work: @escaping Work) {
        self.folder = folder
        self.jobs = max(1, jobs)
        self.stopping = stopping
        self.work = work
    }

    /// The folder of a cell.
    public func path(_ cell: Cell) throws -> String { "\(folder)/\(try cell.key)" }

    /// The results of the cells, in their order, whatever came first; nil when asked to stop before all were there.
    ///
    /// Cells that are equal run once. What one cell throws ends all, after those that run have saved.
    public func results(_ cells: [(cell: Cell, label: String)]) async throws -> [CellResult]? {
        var unique: [(key: String, cell: Cell, label: String)] = []
        var keys: [String] = []
        for (cell, label) in cells {
            let key = try cell.key
            keys.append(key)
            if !unique.contains(where: { $0.key == key }) { unique.append((key, cell, label)) }
        }
        let found = try await withThrowingTaskGroup(of: (String, CellResult?).self) { group in
            var found: [String: CellResult] = [:]
            var next = 0
            func begin() {
                guard next < unique.count, !stopping.isMade else { return }
                let (key, cell, label) = unique[next]
                next += 1
                group.addTask { [folder, work] in (key, try await work(cell, "\(folder)/\(key)", label)) }
            }
            for _ in 0..<jobs { begin() }
            do {
                while let (key, result) = try await group.next() {
                    if let result { found[key] = result }
                    begin()
                }
            } catch {
                stopping.make()
                throw error
            }
            return found
        }
        let results = keys.compactMap { found[$0] }
        return results.count == cells.count ? results : nil
    }
}
