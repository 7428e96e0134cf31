import Foundation
import HoneCore
import HoneTensor

extension ModelHost {
    private static let stateFile = "state.safetensors"

    /// All that resume needs: weights, moments, step counts, snapshots, in one safetensors file.
    public func checkpointFiles() throws -> [String: Data] {
        let live = try state()
        var tensors: [String: Tensor] = [:]
        for (index, name) in live.model.names.enumerated() {
            tensors["weights.\(name)"] = try live.model.parameters[index].detach()
            tensors["first.\(name)"] = live.optimiser.first[index]
            tensors["second.\(name)"] = live.optimiser.second[index]
            tensors["steps.\(name)"] = live.optimiser.steps[index]
            for (snapshot, model) in live.snapshots { tensors["snapshot.\(snapshot).\(name)"] = model.parameters[index] }
        }
        let counts = [
            "updates": String(live.updates), "optimiserSteps": String(live.optimiserSteps), "format": "pt",
            "snapshots": live.snapshots.keys.sorted().joined(separator: "\n"),
        ]
        return [Self.stateFile: try SafetensorsFile.data(tensors, metadata: counts), "weights.safetensors": try weights()]
    }

    /// Puts back what `checkpointFiles` gave.
    public func restore(_ files: [String: Data]) throws {
        guard let data = files[Self.stateFile] else {
            throw ModelError("The checkpoint holds no state of model “\(name)”; it belongs to another plan")
        }
        let file = try SafetensorsFile(data: data)
        var live = try state()
        let mode = GradientMode.off()
        defer { mode.restore() }
        for (index, name) in live.model.names.enumerated() {
            try live.model.parameters[index].assign(try file.tensor("weights.\(name)"))
            try live.optimiser.first[index].assign(try file.tensor("first.\(name)"))
            try live.optimiser.second[index].assign(try file.tensor("second.\(name)"))
            try live.optimiser.steps[index].assign(try file.tensor("steps.\(name)"))
        }
        live.snapshots = [:]
        for snapshot in (file.metadata["snapshots"] ?? "").split(separator: "\n").map(String.init) {
            let copy = try live.model.copied()
            for (index, name) in copy.names.enumerated() {
                try copy.parameters[index].assign(try file.tensor("snapshot.\(snapshot).\(name)"))
            }
            live.snapshots[snapshot] = copy
        }
        live.updates = Int(file.metadata["updates"] ?? "") ?? 0
        live.optimiserSteps = Int(file.metadata["optimiserSteps"] ?? "") ?? 0
        live.decoderIsCurrent = false
        self.live = live
    }

    /// The weights as a safetensors file under Hugging Face's names for Llama.
    public func weights() throws -> Data {
        let live = try state()
        var tensors: [String: Tensor] = [:]
        let shape = settings.shape
        let d = shape.headWidth
        for (index, name) in live.model.names.enumerated() {
            let tensor = try live.model.parameters[index].detach()
            for part in HuggingFaceNames.parts(of: name, shape: shape) {
                guard let rows = part.rows else {
                    tensors[part.name] = tensor
                    continue
                }
                let unit = part.unit(d)
                tensors[part.name] =
                    try tensor.narrow(0, from: rows.lowerBound * unit, length: rows.count * unit).contiguous()
            }
        }
        return try SafetensorsFile.data(tensors)
    }

    /// Replaces the weights and starts the optimiser afresh.
    public func load(weights data: Data) throws {
        let file = try SafetensorsFile(data: data)
        var live = try state()
        let mode = GradientMode.off()
        defer { mode.restore() }
        for (index, name) in live.model.names.enumerated() {
            let parts = try HuggingFaceNames.parts(of: name, shape: settings.shape).map { try file.tensor($0.name).to(.float32) }
            let whole = parts.count == 1 ? parts[0] : try Tensor.cat(parts, 0)
            try whole.expect(live.model.parameters[index].shape, "“\(name)” of the file")
            try live.model.parameters[index].assign(whole)
        }
        live.decoderIsCurrent = false
        self.live = live
        try resetOptimiser()
    }

    /// Keeps a copy of the weights under a name.
    public func snapshot(_ snapshot: String) throws {
        var live = try state()
        live.snapshots[snapshot] = try live.model.copied()
        self.live = live
    }

    /// Puts back the weights of a snapshot; the optimiser stays as it is.
    public func returnTo(snapshot: String) throws {
        var live = try state()
        let mode = GradientMode.off()
        defer { mode.restore() }
        let model = try snapshotModel(snapshot, of: live)
        for (index, parameter) in live.model.parameters.enumerated() { try parameter.assign(model.parameters[index]) }
        live.decoderIsCurrent = false
        self.live = live
    }

    /// Moves a snapshot towards the live weights: `keep` of its own, the rest of theirs.
    public func blend(into snapshot: String, keep: Double) throws {
        let live = try state()
        let mode = GradientMode.off()
        defer { mode.restore() }
        let model = try snapshotModel(snapshot, of: live)
        for (index, parameter) in model.parameters.enumerated() {
            try parameter.assign(try parameter * keep + live.model.parameters[index] * (1 - keep))
        }
    }

    /// Forgets the optimiser's moments and step count.
    public func resetOptimiser() throws {
        var live = try state()
        try live.optimiser.reset()
        live.optimiserSteps = 0
        self.live = live
    }
}

/// Where our joint matrices stand in Hugging Face's Llama.
enum HuggingFaceNames {
    /// A part of one of our tensors.
    struct Part {
        let name: String
        /// Rows of the joint matrix, in units; nil is the whole tensor.
        let rows: Range<Int>?
        /// Whether a unit is a head rather than a single row.
        let countsHeads: Bool

        func unit(_ headWidth: Int) -> Int { countsHeads ? headWidth : 1 }
    }

    /// The tensors that make up one of ours, in row order.
    static func parts(of name: String, shape: ModelShape) -> [Part] {
        func whole(_ name: String) -> [Part] { [Part(name: name, rows: nil, countsHeads: false)] }
        switch name {
        case "embedding": return whole("model.embed_tokens.weight")
        case "norm": return whole("model.norm.weight")
        case "head": return whole("lm_head.weight")
        default: break
        }
        let pieces = name.split(separator: ".")
        guard pieces.count == 3 else { return whole(name) }
        let prefix = "model.layers.\(pieces[1])."
        let (h, k, m) = (shape.heads, shape.kvHeads, shape.mlp)
        switch pieces[2] {
        case "attentionNorm": return whole(prefix + "input_layernorm.weight")
        case "mlpNorm": return whole(prefix + "post_attention_layernorm.weight")
        case "o": return whole(prefix + "self_attn.o_proj.weight")
        case "down": return whole(prefix + "mlp.down_proj.weight")
        case "qkv":
            return [
                Part(name: prefix + "self_attn.q_proj.weight", rows: 0..<h, countsHeads: true),
                Part(name: prefix + "self_attn.k_proj.weight", rows: h..<(h + k), countsHeads: true),
                Part(name: prefix + "self_attn.v_proj.weight", rows: (h + k)..<(h + 2 * k), countsHeads: true),
            ]
        case "gateUp":
            return [
                Part(name: prefix + "mlp.gate_proj.weight", rows: 0..<m, countsHeads: false),
                Part(name: prefix + "mlp.up_proj.weight", rows: m..<(2 * m), countsHeads: false),
            ]
        default: return whole(name)
        }
    }
}
