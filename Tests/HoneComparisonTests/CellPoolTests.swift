import HoneComparison
import HoneCore
import Synchronization
import Testing

/// Work that answers a cell with its seed, after a while that depends on it, and writes down what ran.
private final class Desk: Sendable {
    let ran = Mutex<[UInt64]>([])
    func work(_ cell: Cell) async throws -> CellResult? {
        ran.withLock { $0.append(cell.seed) }
        try await Task.sleep(for: .milliseconds(Int(7 * (10 - cell.seed % 10))))
        if cell.seed == 99 { throw CoreError.invalid("cell 99 is broken") }
        var made = result(["p": Double(cell.seed)])
        made.iterations = Int(cell.seed)
        return made
    }
}

@Suite("A pool of cells")
struct CellPoolTests {
    private func cell(_ seed: UInt64) -> Cell { Cell(.recipe("star", settings: .object([:])), seed: seed) }
    private func pool(_ desk: Desk, jobs: Int, stopping: StopRequest = StopRequest()) -> CellPool {
        CellPool(folder: "/nowhere", jobs: jobs, stopping: stopping) { cell, _, _ in try await desk.work(cell) }
    }

    @Test("gives results in the order of the cells, however many run at once", arguments: [1, 2, 5])
    func order(jobs: Int) async throws {
        let results = try await pool(Desk(), jobs: jobs).results([3, 1, 8, 5].map { (cell($0), "") })
        #expect(results?.map(\.iterations) == [3, 1, 8, 5])
    }

    @Test("runs equal cells once")
    func duplicates() async throws {
        let desk = Desk()
        let results = try await pool(desk, jobs: 2).results([4, 4, 2, 4].map { (cell($0), "") })
        #expect(results?.map(\.iterations) == [4, 4, 2, 4])
        #expect(desk.ran.withLock { $0.sorted() } == [2, 4])
    }

    @Test("asked to stop, begins nothing more and has no result")
    func stopping() async throws {
        let stopping = StopRequest()
        stopping.make()
        let desk = Desk()
        #expect(try await pool(desk, jobs: 2, stopping: stopping).results([(cell(1), "")]) == nil)
        #expect(desk.ran.withLock { $0.isEmpty })
    }

    @Test("what a cell throws ends all, with its sentence")
    func errors() async {
        let desk = Desk()
        await #expect(throws: CoreError.invalid("cell 99 is broken")) {
            _ = try await pool(desk, jobs: 1).results([1, 99, 2].map { (cell($0), "") })
        }
        #expect(desk.ran.withLock { $0 } == [1, 99])
    }

    @Test("a cell's key depends on everything that decides its result, and on nothing else")
    func keys() throws {
        let one = try cell(1).key
        #expect(try one == cell(1).key)
        let others = [
            cell(2), Cell(.recipe("sft", settings: .object([:])), seed: 1), Cell(.recipe("star", settings: .object(["a": .integer(1)])), seed: 1),
            Cell(.recipe("star", settings: .object([:])), seed: 1, improving: Budget(.steps, 3)),
            Cell(.recipe("star", settings: .object([:])), seed: 1, answering: Budget(.calls, 3)),
        ]
        #expect(try Set(others.map { try $0.key } + [one]).count == 6)
    }
}
