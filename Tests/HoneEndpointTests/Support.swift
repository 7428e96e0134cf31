import Foundation
import HoneCore
import HoneEndpoint
import Synchronization

/// A clock on which waiting takes no time and is written down.
final class TestClock: EndpointClock {
    private let state = Mutex((now: 0.0, waits: [Double]()))
    /// Seconds since 1970 at uptime 0: Sun, 06 Nov 1994 08:49:37 GMT.
    static let start = 784_111_777.0

    var secondsSince1970: Double { Self.start + uptimeSeconds }
    var uptimeSeconds: Double { state.withLock { $0.now } }
    var waits: [Double] { state.withLock { $0.waits } }

    func wait(seconds: Double) async throws {
        try Task.checkCancellation()
        advance(seconds)
        state.withLock { $0.waits.append(seconds) }
    }

    func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }
}

/// A folder of its own for a test.
func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-endpoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// Settings with limits of tens of milliseconds and one further try.
func quickSettings(_ url: String) -> EndpointSettings {
    var settings = EndpointSettings(url: url, model: "m")
    settings.connectSeconds = 0.2
    settings.firstByteSeconds = 0.12
    settings.betweenBytesSeconds = 0.08
    settings.deadlineSeconds = 20
    settings.retries.limit = 1
    settings.retries.firstSeconds = 0.5
    return settings
}

/// Settings that leave a slow machine time.
func patientSettings(_ url: String) -> EndpointSettings {
    var settings = quickSettings(url)
    settings.connectSeconds = 20
    settings.firstByteSeconds = 20
    settings.betweenBytesSeconds = 20
    return settings
}

/// Abilities of a plain chat server.
func plainChat(_ change: (inout EndpointCapabilities) -> Void = { _ in }) -> EndpointCapabilities {
    var capabilities = EndpointCapabilities()
    capabilities.chat = .yes
    capabilities.completions = .no
    capabilities.samples = .no
    capabilities.logProbs = .no
    capabilities.tokenIDs = .no
    capabilities.topK = .no
    capabilities.stop = .yes
    change(&capabilities)
    return capabilities
}

func model(
    _ settings: EndpointSettings, _ capabilities: EndpointCapabilities = plainChat(), clock: any EndpointClock = TestClock(),
    environment: [String: String] = [:]
) throws -> EndpointModel {
    EndpointModel("remote", try EndpointClient(settings, environment: environment, clock: clock), settings: settings, capabilities: capabilities)
}

func question(_ text: String = "2+2=", count: Int = 1, sampling: Sampling = Sampling(), seed: Seed = Seed(7)) -> Completion.Request {
    Completion.Request(context: [.text(text, from: .world)], sampling: sampling, seed: seed, count: count)
}

/// The fault that the work ends with; nil when it succeeds or fails otherwise.
func fault(_ work: () async throws -> some Sendable) async -> EndpointFault? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? EndpointFault
    }
}

/// Texts in the order in which they were seen.
final class Seen: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
