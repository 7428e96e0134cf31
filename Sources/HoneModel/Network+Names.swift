import Foundation
import HoneCore
import HoneTensor

/// The joint matrices of a transformer as files have them: apart.
private struct JointMatrix {
    let joint: String
    let parts: [(name: String, rows: Int)]

    init?(_ name: String, _ shape: ModelShape) {
        let (q, k) = (shape.heads * shape.headWidth, shape.kvHeads * shape.headWidth)
        for kind in ["weight", "bias"] {
            if name.hasSuffix("qkv_proj.\(kind)") {
                joint = name
                let prefix = name.dropLast("qkv_proj.\(kind)".count)
                parts = [("q_proj", q), ("k_proj", k), ("v_proj", k)].map { ("\(prefix)\($0.0).\(kind)", $0.1) }
                return
            }
        }
        guard name.hasSuffix("gate_up_proj.weight") else { return nil }
        joint = name
        let prefix = name.dropLast("gate_up_proj.weight".count)
        parts = ["gate_proj", "up_proj"].map { ("\(prefix)\($0).weight", shape.mlp) }
    }
}

extension Network {
    /// The tensors of a file that make up a parameter of this shape, with their sizes.
    static func parts(of name: String, _ shape: ModelShape, _ sizes: [Int]) -> [(name: String, sizes: [Int])] {
        JointMatrix(name, shape)?.parts.map { ($0.name, [$0.rows] + sizes.dropFirst()) } ?? [(name, sizes)]
    }

    /// All that learns under Hugging Face's and PEFT's names, joint matrices taken apart.
    func tensorsForFile() throws -> [String: Tensor] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        var all: [String: Tensor] = [:]
        for (name, tensor) in trainable {
            guard let matrix = JointMatrix(name, shape) else {
                all[name] = try tensor.detach()
                continue
            }
            var start = 0
            for part in matrix.parts {
                all[part.name] = try tensor.detach().narrow(0, from: start, length: part.rows)
                start += part.rows
            }
        }
        return all
    }

    /// All that learns as the bytes of a safetensors file.
    func file() throws -> Data { try SafetensorsFile.data(try tensorsForFile()) }

    /// Overwrites the weights with those of a file; `find` gives the file that holds a name.
    ///
    /// Adapters and heads that the file lacks stay as they are when `isLenient` is set, and so does a frozen base.
    /// `isMade` says that the base has its weights already.
    func load(isLenient: Bool = false, isMade: Bool = false, _ find: (String) -> SafetensorsFile?) throws {
        let mode = GradientMode.off()
        defer { mode.restore() }
        let transformerNames = Set(Transformer.names(of: shape))
        for (name, tensor) in named {
            let parts = JointMatrix(name, shape)?.parts.map(\.name) ?? [name]
            let files = parts.map(find)
            let isOptional = !transformerNames.contains(name) || adapters != nil && isMade
            if isLenient, isOptional, files.allSatisfy({ $0 == nil }) { continue }
            var pieces: [Tensor] = []
            for (part, file) in zip(parts, files) {
                guard let file else { throw ModelError("The weights lack tensor “\(part)”; is the folder complete?") }
                pieces.append(try file.tensor(part).to(.float32))
            }
            let whole = pieces.count == 1 ? pieces[0] : try Tensor.cat(pieces, 0)
            try whole.expect(tensor.shape, "Tensor “\(name)” of the file")
            try tensor.assign(whole)
        }
    }

    /// Overwrites the weights with those of one file.
    func load(_ file: SafetensorsFile, isLenient: Bool = false, isMade: Bool = false) throws {
        try load(isLenient: isLenient, isMade: isMade) { file.entries[$0] == nil ? nil : file }
    }
}
