import CTorch
import Testing

@Suite struct DecoderTests {
    static let models = [
        DecoderModel(hidden: 32, layers: 2, heads: 2, kvHeads: 2, headDim: 16, mlp: 48, vocabulary: 40),
        DecoderModel(hidden: 40, layers: 2, heads: 6, kvHeads: 2, headDim: 10, mlp: 50, vocabulary: 33, tied: true, bias: true),
        DecoderModel(hidden: 24, layers: 3, heads: 4, kvHeads: 1, headDim: 80, mlp: 20, vocabulary: 17, bias: true),
    ]

    static func tokens(_ model: DecoderModel, _ seed: UInt64, _ count: Int) -> [Int32] {
        (0..<count).map { Int32(ht_uniform(1000 + seed, UInt64($0)) * Double(model.shape.vocabulary)) }
    }

    @Test("logits agree with a float64 forward pass within 5e-6 of the largest", arguments: 0..<3)
    func agreesWithReference(index: Int) throws {
        let model = Self.models[index]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        let tokens = Self.tokens(model, 1, 37)
        var rows = DecoderRows()
        rows.add(slot: 5, tokens: tokens)
        let logits = try rows.run(decoder, vocabulary: model.shape.vocabulary).get()
        let expected = model.logits(tokens)
        let largest = max(1, expected.joined().map(abs).max() ?? 0)
        for (row, reference) in zip(logits, expected) {
            for (a, b) in zip(row, reference) { #expect(abs(Double(a) - b) <= 5e-6 * largest) }
        }
    }

    @Test("a sequence has the same bits in one step, token by token, in pieces, with one thread, and among others", arguments: 0..<3)
    func bitsDependOnTheSequenceAlone(index: Int) throws {
        let model = Self.models[index]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        let vocabulary = model.shape.vocabulary
        let tokens = Self.tokens(model, 7, 40)
        var whole = DecoderRows()
        whole.add(slot: 0, tokens: tokens)
        let expected = try whole.run(decoder, vocabulary: vocabulary).get()

        for threads: Int32 in [1, 2, 3] {
            ht_decoder_set_threads(decoder, threads)
            for (position, token) in tokens.enumerated() {
                var row = DecoderRows()
                row.add(slot: 1, tokens: [token], from: position)
                #expect(try row.run(decoder, vocabulary: vocabulary).get()[0] == expected[position])
            }
        }
        var start = 0
        for piece in [3, 17, 1, 19] {
            var rows = DecoderRows()
            rows.add(slot: 2, tokens: tokens[start..<start + piece], from: start)
            #expect(try rows.run(decoder, vocabulary: vocabulary).get() == Array(expected[start..<start + piece]))
            start += piece
        }
        // Sixty other sequences before and behind, in falling order of slots, of different lengths.
        var crowd = DecoderRows()
        var at = 0
        for slot in stride(from: 63, through: 3, by: -1) {
            if slot == 30 { at = crowd.slot.count }
            crowd.add(slot: slot, tokens: slot == 30 ? tokens : Self.tokens(model, UInt64(slot), 1 + slot % 11))
        }
        let wanted = (0..<Int32(tokens.count)).map { Int32(at) + $0 }
        #expect(try crowd.run(decoder, vocabulary: vocabulary, out: wanted + [Int32(at)]).get() == expected + [expected[0]])
    }

    @Test("a copied slot continues like the one it was copied from")
    func copiedSlotContinues() throws {
        let model = Self.models[1]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        let tokens = Self.tokens(model, 3, 30)
        var rows = DecoderRows()
        rows.add(slot: 0, tokens: tokens)
        let expected = try rows.run(decoder, vocabulary: model.shape.vocabulary).get()
        #expect(ht_decoder_copy_slot(decoder, 0, 9, 21) == 0)
        #expect(ht_decoder_slot_length(decoder, 9) == 21)
        var rest = DecoderRows()
        rest.add(slot: 9, tokens: tokens[21...], from: 21)
        #expect(try rest.run(decoder, vocabulary: model.shape.vocabulary).get() == Array(expected[21...]))
        #expect(ht_decoder_copy_slot(decoder, 9, 1, 31) == HT_DECODER_BAD_POSITION)
        #expect(ht_decoder_copy_slot(decoder, 9, 64, 1) == HT_DECODER_BAD_SLOT)
    }

    @Test("a rewound slot forgets what came later")
    func rewoundSlotForgets() throws {
        let model = Self.models[0]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        let tokens = Self.tokens(model, 4, 20), others = Self.tokens(model, 5, 20)
        var first = DecoderRows()
        first.add(slot: 0, tokens: tokens)
        _ = try first.run(decoder, vocabulary: model.shape.vocabulary).get()
        var second = DecoderRows()
        second.add(slot: 0, tokens: others[10...], from: 10)
        let rewound = try second.run(decoder, vocabulary: model.shape.vocabulary).get()
        var fresh = DecoderRows()
        fresh.add(slot: 1, tokens: tokens[..<10] + others[10...])
        #expect(try fresh.run(decoder, vocabulary: model.shape.vocabulary).get()[10...].elementsEqual(rewound))
        #expect(ht_decoder_slot_length(decoder, 0) == 20)
    }

    @Test("loading weights empties the slots")
    func loadingEmptiesSlots() throws {
        let model = Self.models[0]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        var rows = DecoderRows()
        rows.add(slot: 0, tokens: [1, 2, 3])
        _ = try rows.run(decoder, vocabulary: model.shape.vocabulary).get()
        #expect(ht_decoder_load(decoder, nil, 3) == HT_DECODER_BAD_TENSOR_COUNT)
        #expect(ht_decoder_slot_length(decoder, 0) == 3)
        let pointers = model.tensors.map { tensor in
            let copy = UnsafeMutablePointer<Float>.allocate(capacity: tensor.count)
            copy.initialize(from: tensor, count: tensor.count)
            return copy
        }
        defer { pointers.forEach { $0.deallocate() } }
        #expect(ht_decoder_load(decoder, pointers.map { UnsafePointer($0) }, Int32(pointers.count)) == 0)
        #expect(ht_decoder_slot_length(decoder, 0) == 0)
    }

    @Test("wrong rows are refused by name and change nothing")
    func wrongRowsAreRefused() throws {
        let model = Self.models[0]
        let decoder = try #require(model.makeDecoder())
        defer { ht_decoder_free(decoder) }
        func status(_ slot: [Int32], _ position: [Int32], _ token: [Int32], out: [Int32] = [0]) -> Int32 {
            switch DecoderRows(slot: slot, position: position, token: token).run(decoder, vocabulary: 40, out: out) {
            case .success: 0
            case .failure(let failure): failure.status
            }
        }
        #expect(status([64], [0], [1]) == HT_DECODER_BAD_SLOT)
        #expect(status([0], [0], [40]) == HT_DECODER_BAD_TOKEN)
        #expect(status([0], [0], [-1]) == HT_DECODER_BAD_TOKEN)
        #expect(status([0], [1], [1]) == HT_DECODER_BAD_POSITION)
        #expect(status([0, 0], [0, 0], [1, 1]) == HT_DECODER_BAD_POSITION)
        #expect(status([0], [0], [1], out: [1]) == HT_DECODER_BAD_OUT_ROW)
        #expect(ht_decoder_slot_length(decoder, 0) == 0)
        #expect(status(Array(repeating: 0, count: 49), (0..<49).map { $0 }, Array(repeating: 1, count: 49)) == HT_DECODER_BAD_POSITION)
        #expect(status([0, 0], [0, 1], [1, 1]) == 0)
    }

    @Test("shapes that do not fit and steps without weights are refused")
    func wrongShapesAreRefused() throws {
        var shape = Self.models[0].shape
        var status: Int32 = 0
        shape.kv_heads = 3
        #expect(ht_decoder_new(&shape, &status) == nil)
        #expect(status == HT_DECODER_BAD_SHAPE)
        shape = Self.models[0].shape
        shape.head_dim = 15
        #expect(ht_decoder_new(&shape, nil) == nil)
        shape = Self.models[0].shape
        let empty = try #require(ht_decoder_new(&shape, &status))
        defer { ht_decoder_free(empty) }
        #expect(DecoderRows(slot: [0], position: [0], token: [0]).run(empty, vocabulary: 40) == .failure(.init(status: 4)))
        for status: Int32 in 0...10 { #expect(String(cString: ht_decoder_status_text(status)) != "unknown decoder status") }
        #expect(["avx512", "avx2", "portable"].contains(String(cString: ht_decoder_instruction_set())))
    }
}
