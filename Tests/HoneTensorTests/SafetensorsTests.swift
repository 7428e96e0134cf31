import Foundation
import HoneTensor
import Testing

/// A file with this header text and this many bytes behind it.
private func file(_ header: String, body: Int = 0) -> Data {
    file(Array(header.utf8), body: body)
}

private func file(_ header: [UInt8], body: Int = 0) -> Data {
    var data = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    data.append(contentsOf: header)
    data.append(Data(count: body))
    return data
}

private func refusal(_ data: Data) -> String {
    sentence { _ = try SafetensorsFile(data: data) }
}

@Suite("Safetensors files")
struct SafetensorsTests {
    @Test("a file of the format's own package reads in all types")
    func readsPython() throws {
        let file = try SafetensorsFile(path: Fixture.url("mixed.safetensors").path)
        #expect(file.names.count == 11)
        #expect(file.metadata == ["format": "pt", "note": "a \"quoted\" line\nand another"])
        #expect(try distance(file.tensor("weights.f32").doubles(), ramp([6]).to(.float32).doubles()) == 0)
        #expect(try file.tensor("weights.f32").shape == [2, 3])
        #expect(try distance(file.tensor("weights.bf16").doubles(), ramp([4]).to(.bfloat16).doubles()) == 0)
        #expect(try distance(file.tensor("weights.f16").doubles(), ramp([3]).to(.float16).doubles()) == 0)
        #expect(try distance(file.tensor("weights.f64").doubles(), ramp([4]).doubles()) < 1e-15)
        #expect(try file.tensor("index.i64").integers() == [1, -2, 3, 1 << 40])
        #expect(try file.tensor("index.i32").integers() == [7, -8])
        #expect(try file.tensor("bytes.u8").integers() == [0, 255, 7])
        #expect(try file.tensor("mask").bools() == [true, false, true])
        #expect(try file.tensor("empty").shape == [0, 5])
        #expect(try file.tensor("scalar").item() == 2.5)
        #expect(try file.tensor("größe \"x\"\n").floats() == [1])
    }

    @Test("what is written reads back the same, and Python's layout rule holds")
    func roundTrip() throws {
        let original = try SafetensorsFile(path: Fixture.url("mixed.safetensors").path)
        let data = try SafetensorsFile.data(original.tensors(), metadata: original.metadata)
        let copy = try SafetensorsFile(data: data)
        #expect(copy.metadata == original.metadata)
        #expect(Set(copy.names) == Set(original.names))
        for name in original.names {
            #expect(try copy.tensor(name).bytes() == original.tensor(name).bytes(), "\(name)")
            #expect(copy.entries[name]?.type == original.entries[name]?.type)
            #expect(copy.entries[name]?.shape == original.entries[name]?.shape)
            let entry = try #require(copy.entries[name])
            #expect(entry.range.lowerBound % entry.type.width == 0, "\(name) is aligned")
        }
    }

    @Test("the bytes depend on the tensors only, and every byte is as the format says")
    func deterministic() throws {
        let x = try Tensor([1, 2] as [Float], shape: [2])
        let flag = try Tensor([true], shape: [1])
        let one = try SafetensorsFile.data(["b": x, "a": flag], metadata: ["z": "1", "k": "2"])
        let other = try SafetensorsFile.data(["a": flag, "b": x], metadata: ["k": "2", "z": "1"])
        #expect(one == other)
        var wanted = #"{"__metadata__":{"k":"2","z":"1"},"a":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"#
        wanted += #""b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        let padded = wanted.utf8.count + (8 - wanted.utf8.count % 8) % 8
        #expect(Array(one.prefix(8)) == [UInt8(padded), 0, 0, 0, 0, 0, 0, 0])
        #expect(String(decoding: one[8..<(8 + wanted.utf8.count)], as: UTF8.self) == wanted)
        #expect(Array(one.suffix(9)) == [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 1])
    }

    @Test("a file is written whole or not at all")
    func writes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("x.safetensors").path
        let x = try ramp([5])
        try SafetensorsFile.write(["x": x], to: path)
        #expect(try SafetensorsFile(path: path).tensor("x").doubles() == x.doubles())
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == SafetensorsFile.data(["x": x]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.safetensors"])
        let nowhere = folder.appendingPathComponent("no/such/x.safetensors").path
        #expect(sentence { try SafetensorsFile.write(["x": x], to: nowhere) } == "Cannot write \(nowhere): No such file or directory")
        #expect(sentence { try SafetensorsFile.write(["__metadata__": x], to: path) }.contains("rename it"))
    }

    @Test("a missing file, a folder and an empty file are refused in a sentence")
    func unreadable() throws {
        #expect(sentence { _ = try SafetensorsFile(path: "/nowhere/x.safetensors") }.contains("Cannot read /nowhere/x.safetensors"))
        #expect(sentence { _ = try SafetensorsFile(path: "/tmp") }.contains("/tmp"))
        #expect(refusal(Data()) == "it has 0 bytes, and the header's length alone takes 8")
        let good = try SafetensorsFile(data: SafetensorsFile.data(["x": ramp([1])]))
        #expect(sentence { _ = try good.tensor("y") } == "There is no tensor “y” in the file; it has x")
    }

    @Test("a malformed file is refused, and the sentence names the cause", arguments: malformed)
    func malformedFiles(_ bad: Malformed) {
        let found = refusal(bad.data)
        #expect(found.contains(bad.cause), "\(bad.name): \(found)")
        #expect(!found.contains("\n"))
    }

    @Test("a BOOL tensor of other bytes than 0 and 1 is refused")
    func booleans() throws {
        var data = file(#"{"m":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, body: 2)
        #expect(try SafetensorsFile(data: data).tensor("m").bools() == [false, false])
        data[data.count - 1] = 2
        #expect(sentence { _ = try SafetensorsFile(data: data).tensor("m") }.contains("bytes other than 0 and 1"))
    }

    @Test("spaces, escapes, surrogate pairs and headers without metadata are understood")
    func lenient() throws {
        let data = file(
            " {".dropFirst() + #" "\u00e9\ud83d\ude00\/\t" : { "shape" : [ ] , "data_offsets":[0,4],"dtype":"F32" } }  "#,
            body: 4)
        let read = try SafetensorsFile(data: data)
        #expect(read.names == ["é😀/\t"])
        #expect(try SafetensorsFile(data: file("{}")).names.isEmpty)
        #expect(try SafetensorsFile(data: file("{}")).tensors().isEmpty)
    }

    @Test("no single changed byte of a header crashes the reader")
    func fuzz() throws {
        let good = try SafetensorsFile.data(["a": ramp([2]), "b": ramp([1]).to(.float32)])
        var accepted = 0
        for place in 0..<(good.count - 20) {
            for value in [0, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x5c, 0x7d, 0xff] as [UInt8] {
                var bad = good
                bad[place] = value
                if refusal(bad).isEmpty { accepted += 1 }
            }
        }
        // Names and spaces may change without harm; sizes, types and offsets may not.
        #expect(accepted < good.count * 2)
    }
}

struct Malformed: Sendable, CustomTestStringConvertible {
    var name: String
    var data: Data
    var cause: String
    var testDescription: String { name }
}

private func one(_ members: String) -> String { "{\"x\":{\(members)}}" }
private let fine = #""dtype":"F32","shape":[1],"data_offsets":[0,4]"#

private let malformed: [Malformed] = [
    Malformed(name: "seven bytes", data: Data(count: 7), cause: "it has 7 bytes"),
    Malformed(name: "length beyond the file", data: Data([200, 0, 0, 0, 0, 0, 0, 0, 123, 125]), cause: "claims 200 bytes, but only 2 follow"),
    Malformed(name: "enormous length", data: Data([255, 255, 255, 255, 255, 255, 255, 255, 123]), cause: "at most 100000000"),
    Malformed(name: "no header", data: file(""), cause: "does not begin with “{”"),
    Malformed(name: "an array", data: file("[]"), cause: "does not begin with “{”"),
    Malformed(name: "a leading space", data: file(" {}"), cause: "does not begin with “{”"),
    Malformed(name: "not JSON", data: file("{abc}"), cause: "has “a” at byte 1"),
    Malformed(name: "cut off", data: file("{\"x\":{"), cause: "its end"),
    Malformed(name: "no comma", data: file(#"{"__metadata__":{}"x":{}}"#), cause: "“,” was expected"),
    Malformed(name: "a comma too many", data: file(#"{"__metadata__":{},}"#), cause: "was expected"),
    Malformed(name: "text behind", data: file("{}x"), cause: "nothing but spaces"),
    Malformed(name: "a NUL behind", data: file([0x7b, 0x7d, 0]), cause: "byte 0"),
    Malformed(name: "no type", data: file(one(#""shape":[1],"data_offsets":[0,4]"#), body: 4), cause: "lacks dtype"),
    Malformed(name: "unknown type", data: file(one(#""dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]"#), body: 4), cause: "has type F8_E4M3; known are BF16, BOOL"),
    Malformed(name: "negative size", data: file(one(#""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#), body: 4), cause: "whole number of 0 or more"),
    Malformed(name: "fractional size", data: file(one(#""dtype":"F32","shape":[1.0],"data_offsets":[0,4]"#), body: 4), cause: "has “.” at byte"),
    Malformed(name: "leading zero", data: file(one(#""dtype":"F32","shape":[01],"data_offsets":[0,4]"#), body: 4), cause: "whole number of 0 or more"),
    Malformed(name: "number too large", data: file(one(#""dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]"#), body: 4), cause: "too large"),
    Malformed(name: "product too large", data: file(one(#""dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]"#), body: 4), cause: "impossible shape"),
    Malformed(name: "product wraps to the right size", data: file(one(#""dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,0]"#)), cause: "impossible shape"),
    Malformed(name: "offsets reversed", data: file(one(#""dtype":"F32","shape":[1],"data_offsets":[4,0]"#), body: 4), cause: "needs 4 bytes"),
    Malformed(name: "offsets too wide", data: file(one(#""dtype":"F32","shape":[1],"data_offsets":[0,8]"#), body: 8), cause: "needs 4 bytes"),
    Malformed(name: "three offsets", data: file(one(#""dtype":"F32","shape":[1],"data_offsets":[0,4,8]"#), body: 4), cause: "data_offsets [0, 4, 8]"),
    Malformed(name: "unknown member", data: file(one(fine + #","code":"x""#), body: 4), cause: "has the member “code”"),
    Malformed(name: "member twice", data: file(one(fine + #","dtype":"U8""#), body: 4), cause: "has the member “dtype”"),
    Malformed(name: "overlap", data: file(#"{"x":{\#(fine)},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, body: 6), cause: "begins at byte 2, inside the one before"),
    Malformed(name: "the same bytes twice", data: file(#"{"x":{\#(fine)},"y":{\#(fine)}}"#, body: 4), cause: "inside the one before"),
    Malformed(name: "hole", data: file(#"{"x":{\#(fine)},"y":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}"#, body: 10), cause: "leaves a hole from 4"),
    Malformed(name: "bytes behind", data: file(one(fine), body: 5), cause: "need 4 bytes, but 5 follow"),
    Malformed(name: "bytes missing", data: file(one(fine), body: 3), cause: "need 4 bytes, but 3 follow"),
    Malformed(name: "name twice", data: file(#"{"x":{\#(fine)},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, body: 8), cause: "names the tensor “x” twice"),
    Malformed(name: "name twice in two Unicode forms", data: file("{\"\u{e9}\":{\(fine)},\"e\u{301}\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", body: 8), cause: "twice"),
    Malformed(name: "metadata twice", data: file(#"{"__metadata__":{},"__metadata__":{}}"#), cause: "“__metadata__” twice"),
    Malformed(name: "metadata key twice", data: file(#"{"__metadata__":{"a":"1","a":"2"}}"#), cause: "“a” twice"),
    Malformed(name: "metadata number", data: file(#"{"__metadata__":{"a":1}}"#), cause: "has “1” at byte"),
    Malformed(name: "not UTF-8", data: file(Array(#"{"__metadata__":{"a":""#.utf8) + [0xff] + Array(#""}}"#.utf8)), cause: "not UTF-8"),
    Malformed(name: "half a surrogate pair", data: file(#"{"__metadata__":{"a":"\ud83d"}}"#), cause: "surrogate pair"),
    Malformed(name: "unknown escape", data: file(#"{"__metadata__":{"a":"\x"}}"#), cause: "one of JSON's escapes"),
    Malformed(name: "control byte in a text", data: file("{\"__metadata__\":{\"a\":\"\n\"}}"), cause: "without control bytes"),
]
