import Foundation

/// The processes of a sandbox as they are seen from outside: the first one of its process namespace and all below it. Orphans become
/// children of the first one, so none is missed.
struct ProcessTree: Sendable {
    /// The first process, by its number outside.
    let root: pid_t

    /// What the processes use.
    struct Usage: Hashable, Sendable {
        /// Memory in bytes, shared pages counted once where that makes a difference.
        var memory = 0
        /// Processor time in seconds, with that of ended processes that somebody waited for.
        var processorTime = 0.0
    }

    private static let page = sysconf(Int32(_SC_PAGESIZE))
    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// Whether the kernel tells a process's children.
    static var isSupported: Bool { access("/proc/self/task/\(getpid())/children", R_OK) == 0 }

    /// The numbers of all processes.
    func numbers() -> [pid_t] {
        var found = [root]
        var place = 0
        // A process that moves while it is looked at can turn up twice or not at all; the next look finds it.
        while place < found.count, found.count < 100_000 {
            let number = found[place]
            place += 1
            for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/task")) ?? [] {
                guard let line = SystemCalls.text(of: "/proc/\(number)/task/\(thread)/children") else { continue }
                for child in line.split(separator: " ").compactMap({ pid_t($0) }) where !found.contains(child) { found.append(child) }
            }
        }
        return found
    }

    /// What all processes use now. Pages that they share are first counted for each; only where that exceeds the limit are they looked at
    /// closely, which costs more.
    func usage(limit: Int) -> Usage {
        var usage = Usage()
        let numbers = numbers()
        for number in numbers {
            // The name of the program stands in parentheses and may hold anything.
            guard let line = SystemCalls.text(of: "/proc/\(number)/stat"), let end = line.lastIndex(of: ")") else { continue }
            let fields = line[line.index(after: end)...].split(separator: " ")
            guard fields.count > 21 else { continue }
            usage.processorTime += fields[11...14].reduce(0) { $0 + (Double($1) ?? 0) } / Self.ticks
            usage.memory += (Int(fields[21]) ?? 0) * Self.page
        }
        guard usage.memory > limit else { return usage }
        var exact = 0
        for number in numbers {
            guard let text = SystemCalls.text(of: "/proc/\(number)/smaps_rollup") else {
                if kill(number, 0) == 0 { return usage }
                continue
            }
            let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") }
            exact += (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
        }
        usage.memory = exact
        return usage
    }

    /// How many files and folders there are in the sandbox's working folder; nil where it cannot be seen.
    func scratchFiles() -> Int? {
        var found = statvfs()
        guard statvfs("/proc/\(root)/root\(SandboxCommand.folder)", &found) == 0 else { return nil }
        return Int(found.f_files) - Int(found.f_ffree) - 1
    }
}
