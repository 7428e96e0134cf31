import CTorch

/// Where tensors lie and are computed.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    /// The processor.
    case cpu
    /// A CUDA device, by its number.
    case cuda(Int)
    /// The one that an extension of libtorch has registered in this process (libtorch's PrivateUse1).
    case registered

    /// Reads `cpu`, `cuda` (the first device), `cuda:1` or `registered`.
    public init(_ text: String) throws(TensorError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("cpu", 1): self = .cpu
        case ("registered", 1): self = .registered
        case ("cuda", 1): self = .cuda(0)
        case ("cuda", 2):
            guard let number = Int(parts[1]), number >= 0 else { fallthrough }
            self = .cuda(number)
        default: throw TensorError("Found device “\(text)”, expected cpu, cuda, cuda:<number> or registered")
        }
    }

    /// As `init` reads it.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .registered: "registered"
        }
    }

    /// The device on which this process makes tensors.
    public static var current: Device {
        switch Int(ht_device_kind(nil)) {
        case HT_CUDA: .cuda(Int(ht_device_index()))
        case HT_REGISTERED: .registered
        default: .cpu
        }
    }

    /// The free memory of the device on which this process makes tensors, in bytes; nil for the processor and where it is not known.
    public static var freeBytes: Int? {
        let bytes = Int(ht_device_free_bytes())
        return bytes < 0 ? nil : bytes
    }

    /// Makes the process's new tensors on this device from now on; to be called before there are any.
    ///
    /// Throws, and changes nothing, where the device is not there. libtorch remembers at the first backward pass what devices there are.
    public func use() throws(TensorError) {
        let (kind, index): (Int, Int) =
            switch self {
            case .cpu: (HT_CPU, 0)
            case .cuda(let index): (HT_CUDA, index)
            case .registered: (HT_REGISTERED, 0)
            }
        guard ht_set_device(Int32(kind), Int32(index)) else { throw TensorError("Device \(self) cannot be used: \(TensorError.latest)") }
    }
}
