import Foundation
import HoneTensor
import Testing

@Suite("Tensor operations give hand-computed values")
struct TensorTests {
    let a: Tensor
    let b: Tensor

    init() throws {
        a = try Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])
        b = try Tensor([10, 20, 30] as [Double], shape: [3])
    }

    @Test("operators are elementwise and broadcast rows")
    func operators() throws {
        #expect(try (a + b).doubles() == [11, 22, 33, 14, 25, 36])
        #expect(try (b - a).doubles() == [9, 18, 27, 6, 15, 24])
        #expect(try (a * b).doubles() == [10, 40, 90, 40, 100, 180])
        #expect(try (b / a).doubles() == [10, 10, 10, 2.5, 4, 5])
        #expect(try (a + 1).doubles() == [2, 3, 4, 5, 6, 7])
        #expect(try (a - 0.5).doubles() == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
        #expect(try (10 - a).doubles() == [9, 8, 7, 6, 5, 4])
        #expect(try (12 / a).doubles() == [12, 6, 4, 3, 12 / 5, 2])
        #expect(try (-a / 2).doubles() == [-0.5, -1, -1.5, -2, -2.5, -3])
        #expect(try (2 * b).doubles() == [20, 40, 60])
        #expect(try (1 / a.to(.float32)).dataType == .float32)
    }

    @Test("a whole number added to an int64 tensor keeps it int64")
    func integersStayIntegers() throws {
        let tokens = try Tensor([1, 2] as [Int64], shape: [2])
        #expect(try (tokens + 1).dataType == .int64)
        #expect(try (tokens * 3).integers() == [3, 6])
        #expect(try (tokens * 0.5).dataType == .float32)
    }

    @Test("elementwise functions")
    func functions() throws {
        let x = try Tensor([-1, 0, 2] as [Double], shape: [3])
        #expect(try x.relu().doubles() == [0, 0, 2])
        #expect(try x.abs().doubles() == [1, 0, 2])
        #expect(try x.sign().doubles() == [-1, 0, 1])
        #expect(try x.square().doubles() == [1, 0, 4])
        #expect(try x.clamp(-0.5, 1).doubles() == [-0.5, 0, 1])
        #expect(try x.clamp(nil, 1).doubles() == [-1, 0, 1])
        #expect(try x.clamp(0, nil).doubles() == [0, 0, 2])
        #expect(try x.pow(3).doubles() == [-1, 0, 8])
        #expect(try distance(x.exp().doubles(), [Foundation.exp(-1), 1, Foundation.exp(2)]) < 1e-15)
        #expect(try distance(x.sigmoid().doubles(), [1 / (1 + M_E), 0.5, 1 / (1 + Foundation.exp(-2))]) < 1e-15)
        #expect(try x.minimum(Tensor([0, 0, 0] as [Double], shape: [3])).doubles() == [-1, 0, 0])
        #expect(try x.maximum(Tensor([0, 0, 0] as [Double], shape: [3])).doubles() == [0, 0, 2])
    }

    @Test("comparisons give masks, and masks choose and fill")
    func masks() throws {
        #expect(try a.isGreater(than: 3).bools() == [false, false, false, true, true, true])
        #expect(try a.isAtLeast(3).bools() == [false, false, true, true, true, true])
        #expect(try a.isLess(than: b).bools() == [true, true, true, true, true, true])
        #expect(try a.isEqual(to: 2).bools() == [false, true, false, false, false, false])
        let mask = try Tensor([true, false, true], shape: [3])
        #expect(try a.maskedFill(mask, -9).doubles() == [-9, 2, -9, -9, 5, -9])
        #expect(try mask.choose(b, b * 0).doubles() == [10, 0, 30])
        #expect(try mask.logicalNot().bools() == [false, true, false])
        #expect(try mask.logicalAnd(mask.logicalNot()).bools() == [false, false, false])
    }

    @Test("reductions over all, one and two dimensions")
    func reductions() throws {
        #expect(try a.sum().item() == 21)
        #expect(try a.mean().item() == 3.5)
        #expect(try a.sum(0).doubles() == [5, 7, 9])
        #expect(try a.sum(-1, keep: true).shape == [2, 1])
        #expect(try a.sum(0, 1).item() == 21)
        #expect(try a.mean(1).doubles() == [2, 5])
        #expect(try a.variance(1).doubles() == [1, 1])
        #expect(try distance(a.variance(1, correction: 0).doubles(), [2 / 3, 2 / 3]) < 1e-15)
        #expect(try a.max().item() == 6)
        #expect(try a.min().item() == 1)
        let highest = try a.max(1)
        #expect(try highest.values.doubles() == [3, 6])
        #expect(try highest.indices.integers() == [2, 2])
        #expect(try a.argmax(0).integers() == [1, 1, 1])
        #expect(try distance([a.norm().item()], [(91.0).squareRoot()]) < 1e-14)
        #expect(try a.cumsum(1).doubles() == [1, 3, 6, 4, 9, 15])
    }

    @Test("sorting keeps the order of equal elements")
    func sorting() throws {
        let x = try Tensor([2, 1, 2, 0] as [Double], shape: [4])
        let sorted = try x.sort(0)
        #expect(try sorted.values.doubles() == [0, 1, 2, 2])
        #expect(try sorted.indices.integers() == [3, 1, 0, 2])
        #expect(try x.topk(1, 0, largest: false).indices.integers() == [3])
    }

    @Test("views and joins")
    func shapes() throws {
        #expect(try a.reshape([3, -1]).shape == [3, 2])
        #expect(try a.transpose(0, 1).doubles() == [1, 4, 2, 5, 3, 6])
        #expect(try a.permute([1, 0]).isContiguous == false)
        #expect(try a.permute([1, 0]).contiguous().isContiguous)
        #expect(try a.narrow(1, from: 1, length: 2).doubles() == [2, 3, 5, 6])
        #expect(try a.select(0, -1).doubles() == [4, 5, 6])
        #expect(try a.unsqueeze(0).shape == [1, 2, 3])
        #expect(try a.unsqueeze(0).squeeze(0).shape == [2, 3])
        #expect(try b.unsqueeze(0).expand([2, -1]).doubles() == [10, 20, 30, 10, 20, 30])
        #expect(try b.repeatInterleave(2, 0).doubles() == [10, 10, 20, 20, 30, 30])
        #expect(try Tensor.cat([a, a], 1).shape == [2, 6])
        #expect(try Tensor.stack([b, b], 0).shape == [2, 3])
        #expect(try a.chunk(3, 1).map { try $0.doubles() } == [[1, 4], [2, 5], [3, 6]])
        #expect(try a.flip(1).doubles() == [3, 2, 1, 6, 5, 4])
        #expect(try a.tril().doubles() == [1, 0, 0, 4, 5, 0])
        #expect(try a.triu(1).doubles() == [0, 2, 3, 0, 0, 6])
    }

    @Test("indices read, add and write where they should")
    func indexing() throws {
        let index = try Tensor([2, 0] as [Int64], shape: [2])
        #expect(try a.indexSelect(1, index).doubles() == [3, 1, 6, 4])
        #expect(try a.gather(1, index.unsqueeze(1)).doubles() == [3, 4])
        let ones = try Tensor.ones([2, 1], type: .float64)
        #expect(try a.scatterAdd(1, index.unsqueeze(1), ones).doubles() == [1, 2, 4, 5, 5, 6])
        #expect(try a.scatter(1, index.unsqueeze(1), ones).doubles() == [1, 2, 1, 1, 5, 6])
        #expect(try b.indexAdd(0, index, Tensor([1, 2] as [Double], shape: [2])).doubles() == [12, 20, 31])
        #expect(try index.oneHot(3).integers() == [0, 0, 1, 1, 0, 0])
    }

    @Test("in-place operations change the receiver and its views")
    func inPlace() throws {
        let x = try a.clone()
        let row = try x.select(0, 0)
        try row.add(b, times: 0.1)
        try x.scale(by: 2)
        #expect(try x.doubles() == [4, 8, 12, 8, 10, 12])
        try x.fill(7)
        #expect(try row.doubles() == [7, 7, 7])
        try x.assign(b)
        #expect(try x.doubles() == [10, 20, 30, 10, 20, 30])
        #expect(try a.doubles() == [1, 2, 3, 4, 5, 6])
    }

    @Test("element types convert and report themselves", arguments: DataType.allCases)
    func types(_ type: DataType) throws {
        let x = try Tensor([0, 1, 1] as [Float], shape: [3]).to(type)
        #expect(x.dataType == type)
        #expect(x.byteCount == 3 * type.width)
        #expect(try x.floats() == [0, 1, 1])
        #expect(try x.bytes().count == 3 * type.width)
    }

    @Test("whole-tensor sums have the same bits for 1 and 2 threads")
    func sumsDoNotDependOnThreads() throws {
        let x = try ramp([300_007]).to(.float32)
        let before = TensorRuntime.threads
        defer { TensorRuntime.threads = before }
        TensorRuntime.threads = 1
        let one = try (x.sum().item(), x.mean().item(), x.norm().item())
        TensorRuntime.threads = 2
        let two = try (x.sum().item(), x.mean().item(), x.norm().item())
        #expect(one == two)
        let exact = try x.doubles().reduce(0, +)
        #expect(abs(one.0 - exact) < 1e-2)
    }

    @Test("handles are released when tensors go away")
    func handlesAreStable() throws {
        let before = Tensor.liveCount
        for _ in 0..<3000 { _ = try (a + b).sum().item() }
        // Other tests run at the same time and hold some of their own.
        #expect(Tensor.liveCount - before < 1000)
    }
}
