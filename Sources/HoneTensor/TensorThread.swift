import CTorch
import Foundation

/// The process's one tensor thread, as an executor for actors that hold tensors.
///
/// libtorch's gradient mode and OpenMP's worker team are per thread, so all tensor work of a process happens here.
/// The thread has a 16 MiB stack, for deep graphs. Actors use it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }`.
public final class TensorThread: SerialExecutor, @unchecked Sendable {
    // Safe: `jobs` is only touched while `lock` is held; `thread` is written once, before the executor is shared.
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
        precondition(Thread.current === thread, "Tensors were touched outside the tensor thread")
    }

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

/// Facts about libtorch and the processor, and settings of the whole process.
public enum TensorRuntime {
    /// libtorch's version, such as `2.13.0`.
    public static var version: String { String(cString: ht_version()) }
    /// Whether this libtorch holds CUDA kernels.
    public static var hasCUDABuild: Bool { ht_has_cuda_build() }
    /// The instruction set libtorch uses.
    public static var capability: String { String(cString: ht_cpu_capability()) }
    /// The instruction set of the fused decoder.
    public static var decoderInstructionSet: String { String(cString: ht_decoder_instruction_set()) }
    /// The memory the process holds, in bytes.
    public static var residentBytes: Int { Int(ht_resident_bytes()) }

    /// Threads of the operations called from the current thread.
    public static var threads: Int {
        get { Int(ht_threads()) }
        set { _ = ht_set_threads(Int32(max(1, newValue))) }
    }

    /// Ends the process at once: static destructors must not run under a busy tensor thread.
    public static func leave(status: Int32) -> Never {
        fflush(nil)
        ht_leave_process(status)
        _exit(status)
    }
}
