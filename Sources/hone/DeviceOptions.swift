import ArgumentParser
import HoneCore
import HoneTensor

/// The option that says where models are computed, for every command that opens one.
struct DeviceOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Where models learn, score and draw: cpu, cuda, cuda:<number>, or registered for one that an extension of libtorch brings.")
    var device: String?

    /// Chooses the device, before any model is made; one that is not there gets a sentence. Without the option it is `other`, or the processor.
    func use(or other: String? = nil) async throws {
        do { try await Self.choose(try Device(device ?? other ?? "cpu")) } catch { throw CoreError.invalid("--device: \(error)") }
    }

    @TensorActor
    private static func choose(_ device: Device) throws(TensorError) { if device != .cpu { try device.use() } }
}
