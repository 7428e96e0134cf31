import CTorch
import Foundation

/// The process's one tensor thread, as an executor for actors that hold tensors.
///
/// libtorch's gradient mode and OpenMP's worker team are per thread, so all tensor work of a process happens here.
/// The thread has a 16 MiB stack, for deep graphs. Actors use it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }`.
// `@unchecked Sendable`: `lock` protects `jobs`; `thread` is set once, before `init` returns, and never written again.
public final class TensorThread: SerialExecutor, @unchecked Sendable {
    private let lock = NSCondition()
    private var jobs: [UnownedJob] = []
    private var thread: Thread?

    /// The one thread.
    public static let shared = TensorThread()

    private init() {
        let thread = Thread { [unowned self] in
            _ = ht_thread_name("hone-tensor")
            _ = ht_keep_memory()
            self.work()
        }
        thread.stackSize = 16 << 20
        thread.name = "hone-tensor"
        self.thread = thread
        thread.start()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        lock.lock()
        jobs.append(job)
        lock.signal()
        lock.unlock()
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    public func checkIsolated() {
        precondition(isCurrent, "Tensors were touched outside the tensor thread")
    }

    /// Whether the caller runs on the tensor thread.
    public var isCurrent: Bool { Thread.current === thread }

    private func work() {
        while true {
            lock.lock()
            while jobs.isEmpty { lock.wait() }
            let batch = jobs
            jobs.removeAll(keepingCapacity: true)
            lock.unlock()
            for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}

/// The actor for tensor code that belongs to no other actor; it runs on the tensor thread.
@globalActor
public actor TensorActor {
    /// The one instance.
    public static let shared = TensorActor()
    /// The tensor thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }
}
