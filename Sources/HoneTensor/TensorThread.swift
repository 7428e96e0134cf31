import CTorch
import Dispatch
import Foundation
import Synchronization

/// The process's one tensor thread, as an executor for actors that hold tensors.
///
/// libtorch's gradient mode and OpenMP's worker team are per thread, so all tensor work of a process happens here.
/// The thread has a 16 MiB stack, for deep graphs. Actors use it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }`.
public final class TensorThread: SerialExecutor, Sendable {
    private let jobs = Mutex<[UnownedJob]>([])
    private let arrivals = DispatchSemaphore(value: 0)
    /// The thread's `pthread_t`; 0 until it has started.
    private let identity = Atomic<UInt>(0)

    /// The one thread.
    public static let shared = TensorThread()

    private init() {
        let thread = Thread { [unowned self] in
            identity.store(UInt(pthread_self()), ordering: .releasing)
            _ = ht_thread_name("hone-tensor")
            _ = ht_keep_memory()
            work()
        }
        thread.stackSize = 16 << 20
        thread.name = "hone-tensor"
        thread.start()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        arrivals.signal()
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    public func checkIsolated() {
        precondition(isCurrent, "Tensors were touched outside the tensor thread")
    }

    /// Whether the caller runs on the tensor thread.
    public var isCurrent: Bool { identity.load(ordering: .acquiring) == UInt(pthread_self()) }

    private func work() {
        while true {
            arrivals.wait()
            let batch = jobs.withLock { waiting in
                defer { waiting.removeAll(keepingCapacity: true) }
                return waiting
            }
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
