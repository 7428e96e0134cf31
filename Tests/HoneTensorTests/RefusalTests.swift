import HoneTensor
import Testing

@Suite("Refused operations say what was found and what was expected")
struct RefusalTests {
    let a: Tensor
    let b: Tensor

    init() throws {
        a = try Tensor.zeros([2, 3])
        b = try Tensor.zeros([4, 5])
    }

    @Test("shapes that do not fit")
    func shapes() throws {
        #expect(sentence { _ = try a + b }.contains("+: found float32 [2, 3] and float32 [4, 5], expected shapes that broadcast"))
        #expect(sentence { _ = try a.matmul(b) }.contains("matmul: found float32 [2, 3] and float32 [4, 5], expected [.., n, k]"))
        #expect(sentence { _ = try a.linear(b) }.contains("linear: found float32 [2, 3] and float32 [4, 5]"))
        #expect(sentence { _ = try a.reshape([4, 2]) }.contains("reshape: found float32 [2, 3], expected a shape of 6 elements, not [4, 2]"))
        #expect(sentence { _ = try a.narrow(1, from: 2, length: 2) }.contains("expected entries 2 ..< 4 in dimension 1"))
        #expect(sentence { _ = try Tensor.cat([a, b], 0) }.contains("cat: found float32 [2, 3] and float32 [4, 5]"))
        #expect(sentence { _ = try Tensor.stack([], 0) }.contains("stack: found no tensor"))
        #expect(sentence { _ = try a.chunk(2, 1) }.contains("expected a size that 2 divides in dimension 1"))
        #expect(sentence { _ = try a.nll(Tensor([1] as [Int64], shape: [1])) }.contains("expected targets of shape [2]"))
        #expect(sentence { _ = try a.softmax(5) }.contains("softmax: found float32 [2, 3]"))
        #expect(sentence { _ = try a.attention(keys: a, values: a) }.contains("expected one rank of 3 or more"))
        #expect(sentence { try a.expect([2, -1, 4], "“wte”") } == "“wte” has shape [2, 3]; expected [2, any, 4]")
        #expect(sentence { try a.expect([2, -1], "“wte”") } == "")
    }

    @Test("indices outside their range")
    func indices() throws {
        let far = try Tensor([0, 9] as [Int64], shape: [2])
        #expect(sentence { _ = try a.embedding(far) }.contains("expected a table [V, D] and int64 indices below V"))
        #expect(sentence { _ = try a.indexSelect(0, far) }.contains("within dimension 0"))
        #expect(sentence { _ = try a.nll(far) }.contains("int64 targets below V"))
        #expect(sentence { _ = try a.select(0, 2) }.contains("expected entry 2 in dimension 0"))
    }

    @Test("wrong element types")
    func types() throws {
        let tokens = try Tensor([1] as [Int64], shape: [1])
        #expect(sentence { try tokens.requireGradient() }.contains("requireGradient: found int64 [1], expected a floating-point leaf"))
        #expect(sentence { _ = try tokens.softmax(0) }.contains("softmax") )
        #expect(sentence { _ = try a.linear(b.to(.float64)) }.contains("float64 [4, 5]"))
    }

    @Test("wrong counts of values, impossible shapes, memory that nobody has")
    func making() throws {
        #expect(sentence { _ = try Tensor([1, 2] as [Float], shape: [3]) } == "Shape [3] needs 3 numbers, but 2 were given")
        #expect(sentence { _ = try Tensor([1] as [Float], shape: [-1]) }.contains("Found shape [-1]"))
        #expect(sentence { _ = try Tensor([1] as [Float], shape: [1 << 40, 1 << 40]) }.contains("fit in memory"))
        #expect(!sentence { _ = try Tensor.zeros([1 << 40]) }.isEmpty)
        #expect(!sentence { _ = try Tensor.zeros([1 << 40, 1 << 40]) }.isEmpty)
    }

    @Test("numbers and gradients where there are none")
    func reading() throws {
        #expect(sentence { _ = try a.item() }.contains("item: found float32 [2, 3], expected a tensor of one element"))
        #expect(sentence { try a.backward() }.contains("backward: found float32 [2, 3], expected one number with a recorded graph"))
        #expect(try Tensor([1, .nan] as [Float], shape: [2]).isFinite() == false)
        #expect(try Tensor([1, -.infinity] as [Float], shape: [2]).isFinite() == false)
        #expect(try a.isFinite())
        #expect(try Tensor([1, .nan] as [Float], shape: [2]).finiteMask().bools() == [true, false])
    }

    @Test("a refusal is one line")
    func oneLine() {
        #expect(!sentence { _ = try a.matmul(b) }.contains("\n"))
        #expect("\(a)" == "float32 [2, 3] [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]")
    }
}
