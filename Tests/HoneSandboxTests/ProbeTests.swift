import Foundation
import HoneSandbox
import Testing

@Suite("Probes of the sandbox", .serialized)
struct ProbeTests {
    static let surroundings = Result { try Surroundings() }

    @Test("nothing that a program tries gets out, and none of its processes is left", arguments: Probe.all)
    func contained(probe: Probe) async throws {
        let token = "hone-probe-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let outcome = try await Self.surroundings.get().isolated(probe, token: token, in: try Isolation.required())
        if let fault = Surroundings.fault(probe, outcome) { Issue.record("\(probe): \(fault)") }
        let left = Surroundings.processes(with: token)
        #expect(left.isEmpty, "\(probe): processes \(left) are left")
    }

    @Test("without the sandbox the same probe reaches what it is after", arguments: Probe.all.filter(\.reachesFree))
    func reaches(probe: Probe) throws {
        let text = try Self.surroundings.get().unconfined(probe, token: "hone-free-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
        #expect(text.contains("REACHED"), "\(probe): \(text)")
    }

    @Test("there are at least forty probes, of all groups, ten of them proven to be sharp")
    func number() {
        #expect(Probe.all.count >= 40)
        #expect(Set(Probe.all.map(\.description)).count == Probe.all.count)
        #expect(Probe.all.filter(\.reachesFree).count >= 10)
        #expect(Set(Probe.all.map(\.group)) == ["file", "network", "process", "memory", "time", "output", "descriptor", "environment"])
    }

    @Test("a probe that is not contained, tries nothing or ends otherwise is found out")
    func faults() {
        func outcome(_ text: String, _ ending: ProgramOutcome.Ending = .status(0), _ limit: ProgramOutcome.Limit? = nil) -> ProgramOutcome {
            ProgramOutcome(ending: ending, limit: limit, output: ProgramOutcome.Written(Array(text.utf8)))
        }
        let held = Probe("file", "held", script: "")
        #expect(Surroundings.fault(held, outcome("held x\n")) == nil)
        #expect(Surroundings.fault(held, outcome("held x\nREACHED y\n")) != nil)
        #expect(Surroundings.fault(held, outcome("")) != nil)
        #expect(Surroundings.fault(held, outcome("held x\n", .status(1))) != nil)
        let timed = Probe("time", "timed", .python, .limit(.time), script: "")
        #expect(Surroundings.fault(timed, outcome("", .signal(9), .time)) == nil)
        #expect(Surroundings.fault(timed, outcome("", .signal(9))) != nil)
    }
}
