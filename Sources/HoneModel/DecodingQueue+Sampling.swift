import CTorch
import HoneCore

extension DecodingQueue {
    /// Draws a token for each row; a row whose logits cannot be drawn from is handed back.
    func sample(_ rows: [SampleRow]) -> [(row: SampleRow, error: ModelError)] {
        let temperature = rows.map { Float($0.sampling.temperature) }
        let topK = rows.map { Int32($0.sampling.topK) }
        let topP = rows.map { Float($0.sampling.topP) }
        let keys = rows.map(\.key)
        let steps = rows.map { UInt64($0.tokens.count) }
        var drawn = [Int32](repeating: 0, count: rows.count)
        var logProbs = [Float](repeating: 0, count: rows.count)
        var entropies = logProbs
        let vocabulary = decoder.shape.vocabulary
        var failed: [(row: SampleRow, error: ModelError)] = []
        var first = 0
        // After a failure the rows behind it are drawn again from there; draws depend on key and step, so they agree.
        while first < rows.count {
            var bad: Int32 = -1
            let status = logits.withUnsafeBufferPointer { all in
                drawn.withUnsafeMutableBufferPointer { drawn in
                    logProbs.withUnsafeMutableBufferPointer { logProbs in
                        entropies.withUnsafeMutableBufferPointer { entropies in
                            draw(
                                all, from: first, vocabulary, temperature, topK, topP, keys, steps, drawn, logProbs,
                                entropies, &bad)
                        }
                    }
                }
            }
            if status == 0 { break }
            let index = first + Int(max(0, bad))
            let sentence = String(cString: ht_decoder_status_text(status))
            failed.append((rows[index], ModelError("No token could be drawn: \(sentence)")))
            first = index + 1
        }
        for (index, row) in rows.enumerated() where !failed.contains(where: { $0.row === row }) {
            row.take(
                drawn[index], logProb: logProbs[index], entropy: entropies[index], tokenizer: tokenizer, ends: ends)
            if let listener = row.listener {
                let own = logits[index * vocabulary..<(index + 1) * vocabulary]
                listener.hear(drawn[index], logProb: logProbs[index], of: own, at: row.sampling.temperature, finish: row.finish)
            }
        }
        return failed
    }

    private func draw(
        _ logits: UnsafeBufferPointer<Float>, from first: Int, _ vocabulary: Int, _ temperature: [Float], _ topK: [Int32],
        _ topP: [Float], _ keys: [UInt64], _ steps: [UInt64], _ drawn: UnsafeMutableBufferPointer<Int32>,
        _ logProbs: UnsafeMutableBufferPointer<Float>, _ entropies: UnsafeMutableBufferPointer<Float>, _ bad: inout Int32
    ) -> Int32 {
        guard let base = logits.baseAddress, let drawn = drawn.baseAddress, let logProbs = logProbs.baseAddress,
            let entropies = entropies.baseAddress
        else { return 0 }
        return temperature.withUnsafeBufferPointer { t in
            topK.withUnsafeBufferPointer { k in
                topP.withUnsafeBufferPointer { p in
                    keys.withUnsafeBufferPointer { keys in
                        steps.withUnsafeBufferPointer { steps in
                            ht_sample(
                                base + first * vocabulary, Int32(temperature.count - first), Int32(vocabulary),
                                t.baseAddress.map { $0 + first }, k.baseAddress.map { $0 + first },
                                p.baseAddress.map { $0 + first }, keys.baseAddress.map { $0 + first },
                                steps.baseAddress.map { $0 + first }, drawn + first, logProbs + first, entropies + first,
                                &bad)
                        }
                    }
                }
            }
        }
    }
}
