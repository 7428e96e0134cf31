import CTorch
import Foundation

/// Facts about libtorch and the processor, and settings of the whole process.
public enum TensorRuntime {
    /// libtorch's version, such as `2.13.0`.
    public static var version: String { String(cString: ht_version()) }
    /// Whether this libtorch has its CUDA part.
    public static var hasCUDABuild: Bool { ht_has_cuda_build() }
    /// Why it has none, in the loader's words; empty where it has.
    public static var whyNoCUDA: String { String(cString: ht_cuda_missing()) }
    /// How many CUDA devices there are.
    public static var cudaDevices: Int { Int(ht_cuda_devices()) }
    /// The instruction set libtorch uses.
    public static var capability: String { String(cString: ht_cpu_capability()) }
    /// The instruction set of the fused decoder.
    public static var decoderInstructionSet: String { String(cString: ht_decoder_instruction_set()) }
    /// The widest instruction set the processor offers to own kernels: AVX512, AVX2, NEON or portable.
    public static var instructionSet: String { String(cString: ht_instruction_set()) }
    /// "CPU" or "CUDA".
    public static var build: String { hasCUDABuild ? "CUDA" : "CPU" }
    /// Keeps freed memory in the process, which saves page faults in training; false where the system lacks it.
    @discardableResult
    public static func keepMemory() -> Bool { ht_keep_memory() }

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
