import HoneCore
import HoneEvaluation
import Testing

@Suite("First wrong steps that are named")
struct FirstFaultTests {
    @Test("F1 by hand: 1 of 2 wrong answers and 2 of 3 right ones; what cannot be read is wrong")
    func faults() {
        typealias Case = FirstFaults.Case
        let faults = FirstFaults(cases: [
            Case(problem: "a", fault: 1, named: 1), Case(problem: "b", fault: 1, named: 2), Case(problem: "a", fault: nil, named: nil),
            Case(problem: "b", fault: nil, named: nil), Case(problem: "c", fault: nil, named: nil, isRead: false),
        ])
        #expect(faults.onWrong == 0.5 && abs(faults.onRight - 2.0 / 3) < 1e-12 && abs(faults.f1 - 4.0 / 7) < 1e-12)
        #expect(faults.mastered == ["a"])
        #expect(FirstFaults(cases: []).f1 == 0)
        var found = Findings()
        found.add(faults, by: "asked")
        #expect(found["F1 (asked)"].map { abs($0.mean - 4.0 / 7) < 1e-12 } == true && found.values["F1 (asked)"]?.count == 3)
        #expect(FirstFaults.read("0") == (nil, true) && FirstFaults.read(" step 3\n") == (2, true) && FirstFaults.read("none") == (nil, false))
    }
}
