import HoneCore
import HoneModel
import Testing

@Test("named sizes have the sizes they promise")
func namedSizes() throws {
    let nano = try ModelShape.named("nano", vocabulary: 64)
    #expect([nano.width, nano.layers, nano.heads, nano.mlp, nano.context] == [128, 4, 4, 512, 256])
    // 2·64·128 + 4·(4·128² + 3·128·512 + 2·128) + 128, counted by hand.
    #expect(nano.parameterCount == 1_066_112)
    let micro = try ModelShape.named("micro", vocabulary: 4096)
    #expect([micro.width, micro.layers, micro.heads, micro.mlp] == [384, 6, 6, 1536])
    #expect(ModelShape.sizes.map(\.name) == ["pico", "nano", "micro"])
}

@Test("an unknown size is answered with the nearest name")
func unknownSize() {
    #expect(throws: CoreError.unknown(kind: "model size", name: "nanno", known: ["pico", "nano", "micro"])) {
        try ModelShape.named("nanno", vocabulary: 64)
    }
}

@Test("sizes that do not divide are refused with both numbers")
func sizesThatDoNotDivide() {
    var shape = ModelShape(width: 64, layers: 1, heads: 4, kvHeads: 3, mlp: 64, vocabulary: 10)
    #expect(shape.faults.count == 1 && shape.faults[0].contains("4") && shape.faults[0].contains("3"))
    shape = ModelShape(width: 100, layers: 1, heads: 3, mlp: 64, vocabulary: 10)
    #expect(shape.faults.contains { $0.contains("100") && $0.contains("3") })
    shape = ModelShape(width: 6, layers: 1, heads: 2, mlp: 64, vocabulary: 10)
    #expect(shape.faults.contains { $0.contains("even") })
    shape = ModelShape(width: 64, layers: 0, heads: 2, mlp: 64, vocabulary: 10)
    #expect(shape.faults == ["A model's layers is 0; it should be 1 or more"])
    #expect(ModelShape(width: 96, layers: 1, heads: 2, headWidth: 32, mlp: 8, vocabulary: 9).faults.isEmpty)
}
