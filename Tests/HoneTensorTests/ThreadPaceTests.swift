import HoneTensor
import Testing

@Suite("The choice between one thread and all")
struct ThreadPaceTests {
    /// Lets a choice work for some turns, where a unit of work takes so long each way; gives how often one thread was taken.
    private func work(_ pace: inout ThreadPace, turns: Int, alone: Double, together: Double) -> Int {
        var count = 0
        for turn in 0..<turns {
            let way = pace.choose()
            let size = Double(1 + turn % 3)
            if way == .alone { count += 1 }
            pace.record(way, seconds: size * (way == .alone ? alone : together), work: size)
        }
        return count
    }

    @Test("takes all threads on a quiet machine, and tries one alone about once in a hundred turns")
    func quiet() {
        var pace = ThreadPace()
        #expect(work(&pace, turns: 1000, alone: 1.8, together: 1) <= 9)
        #expect(pace.usual == .together)
    }

    @Test("goes over to one thread soon after the machine has become busy, and back when it is quiet")
    func busy() {
        var pace = ThreadPace()
        _ = work(&pace, turns: 50, alone: 1.8, together: 1)
        #expect(work(&pace, turns: 40, alone: 2, together: 6) >= 28)
        #expect(pace.usual == .alone)
        #expect(work(&pace, turns: 60, alone: 1.8, together: 1) <= 24)
        #expect(pace.usual == .together)
    }

    @Test("finds out that a machine was busy from the start")
    func busyFromTheStart() {
        var pace = ThreadPace()
        #expect(work(&pace, turns: 100, alone: 2, together: 20) >= 85)
    }

    @Test("does not mind turns without work or time")
    func nothing() {
        var pace = ThreadPace()
        for _ in 0..<20 { pace.record(pace.choose(), seconds: 0, work: 0) }
        #expect(pace.usual == .together)
    }
}
