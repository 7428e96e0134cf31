import Foundation
import HoneTensor
import Testing

private actor Host {
    nonisolated var unownedExecutor: UnownedSerialExecutor { TensorThread.shared.asUnownedSerialExecutor() }
    private var total = 0.0

    func add(_ value: Double) throws -> Bool {
        preconditionIsolated()
        let sum = try Tensor(scalar: value, type: .float64) + total
        total = try sum.item()
        return TensorThread.shared.isCurrent
    }

    func sum() -> Double { total }

    /// Records on this actor must not be switched off by another that ran on the same thread.
    func gradientModeIsOn() -> Bool { GradientMode.isOn }
}

@TensorActor
private func onTensorActor() -> Bool { TensorThread.shared.isCurrent }

@Suite("The tensor thread")
struct TensorThreadTests {
    @Test("actors on it run one at a time on one thread")
    func oneThread() async throws {
        let first = Host()
        let second = Host()
        let places = try await withThrowingTaskGroup(of: Bool.self) { group in
            for i in 1...100 {
                group.addTask { try await first.add(Double(i)) }
                group.addTask { try await second.add(1) }
            }
            var places: [Bool] = []
            for try await place in group { places.append(place) }
            return places
        }
        #expect(places.count == 200)
        #expect(places.allSatisfy { $0 })
        #expect(await first.sum() == 5050)
        #expect(await second.sum() == 100)
    }

    @Test("the test itself is elsewhere, and the tensor actor is there")
    func isolation() async {
        #expect(!TensorThread.shared.isCurrent)
        #expect(await onTensorActor())
        #expect(await Host().gradientModeIsOn())
    }

    @Test("the runtime knows what it is")
    func runtime() throws {
        #expect(TensorRuntime.version.hasPrefix("2.13"))
        #expect(["CPU", "CUDA"].contains(TensorRuntime.build))
        #expect(["AVX512", "AVX2", "NEON", "portable"].contains(TensorRuntime.instructionSet))
        #expect(!TensorRuntime.capability.isEmpty)
        #expect(TensorRuntime.residentBytes > 1 << 20)
        #expect(TensorRuntime.threads >= 1)
    }
}
