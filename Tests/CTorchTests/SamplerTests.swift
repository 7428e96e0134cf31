import CTorch
import Testing

@Suite struct SamplerTests {
    struct Drawn: Equatable {
        var tokens: [Int32], logProbs: [Float], entropies: [Float], status: Int32, failedRow: Int32
    }

    static func draw(
        _ logits: [[Float]], temperature: [Float]? = nil, topK: [Int32]? = nil, topP: [Float]? = nil, key: [UInt64]? = nil,
        step: UInt64 = 0
    ) -> Drawn {
        let rows = logits.count, vocabulary = logits[0].count
        let keys = key ?? (0..<UInt64(rows)).map { $0 }, steps = [UInt64](repeating: step, count: rows)
        var drawn = Drawn(
            tokens: .init(repeating: -1, count: rows), logProbs: .init(repeating: 0, count: rows),
            entropies: .init(repeating: 0, count: rows), status: 0, failedRow: -1)
        let flat = Array(logits.joined())
        let temperatures = temperature ?? .init(repeating: 1, count: rows)
        let tops = topK ?? .init(repeating: 0, count: rows), shares = topP ?? .init(repeating: 1, count: rows)
        drawn.status = ht_sample(
            flat, Int32(rows), Int32(vocabulary), temperatures, tops, shares, keys, steps, &drawn.tokens, &drawn.logProbs,
            &drawn.entropies, &drawn.failedRow)
        return drawn
    }

    /// Natural logarithm by Newton steps on the test's own exponential.
    static func logarithm(_ x: Double) -> Double {
        var y = 0.0
        for _ in 0..<60 { y += 2 * (x - exponential(y)) / (x + exponential(y)) }
        return y
    }

    @Test("Philox gives the published words for zero key and counter, and others for others")
    func philoxKnownAnswer() {
        var words = [UInt32](repeating: 0, count: 4)
        ht_philox(0, 0, &words)
        #expect(words == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(ht_uniform(0, 0) == (Double(words[0] >> 5) * 67_108_864 + Double(words[1] >> 6)) / 9_007_199_254_740_992)
        #expect(Set((0..<1000).map { ht_uniform(5, $0) }).count == 1000)
        #expect(ht_uniform(1 << 40, 3) != ht_uniform(0, 3))
        #expect(ht_uniform(0, 1 << 40) != ht_uniform(0, 0))
    }

    @Test("tokens come as often as softmax says", arguments: [Float(0.5), 1, 2])
    func frequencies(temperature: Float) {
        let row: [Float] = (0..<21).map { Float($0 % 7) * 0.5 - Float($0) * 0.05 }
        let rows = 20000
        let drawn = Self.draw(Array(repeating: row, count: rows), temperature: .init(repeating: temperature, count: rows))
        let weights = row.map { exponential(Double($0) / Double(temperature)) }
        let total = weights.reduce(0, +)
        var counts = [Double](repeating: 0, count: row.count)
        for token in drawn.tokens { counts[Int(token)] += 1 }
        let expected = weights.map { $0 / total * Double(rows) }
        let chi = zip(counts, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
        #expect(chi < 45.3)  // the 0.999 quantile with 20 degrees of freedom
        let entropy = -weights.reduce(0) { $0 + $1 / total * Self.logarithm($1 / total) }
        for i in 0..<50 {
            let expected = Self.logarithm(weights[Int(drawn.tokens[i])] / total)
            #expect(abs(Double(drawn.logProbs[i]) - expected) < 1e-6)
            #expect(abs(Double(drawn.entropies[i]) - entropy) < 2e-6)
        }
    }

    @Test("a row's draw depends on its key and step alone", arguments: [40, 4096])
    func drawsAreTheRowsOwn(vocabulary: Int) {
        let rows = (0..<40).map { r in (0..<vocabulary).map { Float(ht_uniform(UInt64(r), UInt64($0))) * 4 } }
        let all = Self.draw(rows, step: 9)
        for r in [0, 17, 39] {
            let alone = Self.draw([rows[r]], key: [UInt64(r)], step: 9)
            #expect(alone.tokens[0] == all.tokens[r])
            #expect(alone.logProbs[0] == all.logProbs[r])
            #expect(alone.entropies[0] == all.entropies[r])
        }
        #expect(Self.draw(rows, step: 10).tokens != all.tokens)
    }

    @Test("temperature zero takes the largest logit, the lowest of equals")
    func greedy() {
        var row = [Float](repeating: 0, count: 50)
        row[20] = 3
        row[41] = 3
        #expect(Self.draw([row], temperature: [0]).tokens == [20])
    }

    @Test("top-k and top-p draw only from the kept tokens and report their own log-probabilities")
    func truncation() {
        let row: [Float] = [0, 2, 1, 2, -1]
        let rows = Array(repeating: row, count: 4000), fill = { (x: Int32) in [Int32](repeating: x, count: 4000) }
        let three = Self.draw(rows, topK: fill(3))
        #expect(Set(three.tokens) == [1, 2, 3])
        let total = 2 * exponential(2) + exponential(1)
        for (token, logProb) in zip(three.tokens, three.logProbs) {
            #expect(abs(Double(logProb) - (Double(row[Int(token)]) - Self.logarithm(total))) < 1e-6)
        }
        #expect(Set(Self.draw(rows, topK: fill(1)).tokens) == [1])
        // Shares: 0.3877 twice, 0.1426, 0.0525, 0.0193.
        let share = { (x: Float) in [Float](repeating: x, count: 4000) }
        #expect(Set(Self.draw(rows, topP: share(0.38)).tokens) == [1])
        #expect(Set(Self.draw(rows, topP: share(0.5)).tokens) == [1, 3])
        #expect(Set(Self.draw(rows, topP: share(0.9)).tokens) == [1, 2, 3])
        #expect(Set(Self.draw(rows, topK: fill(2), topP: share(0.45)).tokens) == [1])
        #expect(Self.draw(rows, topK: fill(99), topP: share(1)) == Self.draw(rows))
    }

    @Test("a forbidden token is never drawn")
    func forbidden() {
        var row = [Float](repeating: -.infinity, count: 37)
        row[3] = -50
        row[36] = -50
        let drawn = Self.draw(Array(repeating: row, count: 1000))
        #expect(drawn.status == 0)
        #expect(Set(drawn.tokens) == [3, 36])
        #expect(abs(drawn.entropies[0] - 0.6931472) < 1e-6)
    }

    @Test("rows that are not numbers and settings out of range are refused with their row")
    func refusals() {
        let good = [Float](repeating: 0, count: 20)
        for wrong in [Float.nan, .infinity] {
            for place in [0, 15, 16, 19] {
                var row = good
                row[place] = wrong
                let drawn = Self.draw([good, row, good])
                #expect(drawn.status == HT_DECODER_NON_FINITE)
                #expect(drawn.failedRow == 1)
                #expect(drawn.tokens[2] >= 0)
            }
        }
        #expect(Self.draw([good.map { _ in -.infinity }]).status == HT_DECODER_NON_FINITE)
        #expect(Self.draw([good], temperature: [-1]).status == HT_DECODER_BAD_SETTING)
        #expect(Self.draw([good], temperature: [.nan]).status == HT_DECODER_BAD_SETTING)
        #expect(Self.draw([good], topK: [-1]).status == HT_DECODER_BAD_SETTING)
        #expect(Self.draw([good, good], topP: [1, 0]).failedRow == 1)
    }
}
