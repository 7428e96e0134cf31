import HoneNumerics
import Testing

@Suite("Statistics of a group")
struct GroupStatisticsTests {
    @Test("each statistic by hand")
    func byHand() {
        let values: [Double] = [3, 1, 2, 2]
        #expect(GroupStatistics.mean(values) == 2)
        #expect(GroupStatistics.deviation(values) == 0.5.squareRoot())
        #expect(GroupStatistics.deviation(values, correction: 1) == (2.0 / 3).squareRoot())
        #expect(GroupStatistics.centred(values) == [1, -1, 0, 0])
        #expect(GroupStatistics.standardised([2, 0], epsilon: 1) == [0.5, -0.5])
        #expect(GroupStatistics.standardised([2, 0, 1], correction: 1, epsilon: 0) == [1, -1, 0])
        #expect(GroupStatistics.leaveOneOutMeans([3, 0, 6]) == [3, 4.5, 1.5])
        #expect(GroupStatistics.winShares(values) == [1, 0, 0.5, 0.5])
        #expect(GroupStatistics.ranks(values) == [4, 1, 2.5, 2.5])
        #expect(GroupStatistics.weightedMean([1, 0], weights: [1, 3]) == 0.25)
    }

    @Test("groups without members, and with one")
    func small() {
        #expect(GroupStatistics.mean([]) == 0 && GroupStatistics.deviation([]) == 0 && GroupStatistics.areEqual([]))
        #expect(GroupStatistics.centred([]).isEmpty && GroupStatistics.leaveOneOutMeans([]).isEmpty && GroupStatistics.ranks([]).isEmpty)
        #expect(GroupStatistics.winShares([]).isEmpty && GroupStatistics.winShares([4]) == [0.5])
        #expect(GroupStatistics.deviation([7], correction: 1) == 0 && GroupStatistics.standardised([7], epsilon: 0) == [0])
        #expect(GroupStatistics.leaveOneOutMeans([7]) == [7] && GroupStatistics.ranks([7]) == [1])
        #expect(GroupStatistics.weightedMean([1, 2], weights: [0, 0]) == 1.5 && GroupStatistics.weightedMean([], weights: []) == 0)
    }

    @Test("equal values have deviation and distances of exactly 0, whatever rounding their mean has", arguments: 1...9)
    func equal(count: Int) {
        for value in [0.1, 1.0 / 3, -7.7, 1e300] {
            let values = [Double](repeating: value, count: count)
            #expect(GroupStatistics.mean(values) == value && GroupStatistics.weightedMean(values, weights: values.map { _ in 0.3 }) == value)
            #expect(GroupStatistics.deviation(values) == 0 && GroupStatistics.deviation(values, correction: 1) == 0)
            #expect(GroupStatistics.centred(values).allSatisfy { $0 == 0 } && GroupStatistics.leaveOneOutMeans(values) == values)
            #expect(GroupStatistics.standardised(values, epsilon: 0).allSatisfy { $0 == 0 })
        }
    }

    @Test("win shares of a preference that is no order: everyone of a cycle wins half")
    func cycle() {
        let beats: [[Double]] = [[0.5, 1, 0], [0, 0.5, 1], [1, 0, 0.5]]
        #expect(GroupStatistics.winShares(count: 3) { beats[$0][$1] } == [0.5, 0.5, 0.5])
    }

    @Test("win shares are ranks on another scale, and both add up to what they must")
    func identity() {
        let values: [Double] = [0.3, -2, 5, 5, 0.3, 0.3, 1]
        let ranks = GroupStatistics.ranks(values)
        #expect(GroupStatistics.winShares(values) == ranks.map { ($0 - 1) / 6 })
        #expect(ranks.reduce(0, +) == 28)
    }

    @Test("statistics of groups come back in the order of the values")
    func groups() {
        let values: [Double] = [1, 10, 3, 30, 5]
        #expect(GroupStatistics.byGroup(values, groups: ["a", "b", "a", "b", "c"], GroupStatistics.centred) == [-1, -10, 1, 10, 0])
    }
}
