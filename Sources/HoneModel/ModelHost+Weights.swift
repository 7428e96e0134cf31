import Foundation
import HoneCore
import HoneTensor
import HoneText

extension ModelHost {
    private static let stateFile = "state.safetensors"
    private static let countsFile = "counts.json"

    /// The counts of a checkpoint.
    private struct Counts: Codable {
        var updates: Int
        var optimiserSteps: Int
        var snapshots: [String: Int]
        /// The fingerprint of a frozen base.
        var base: String?
    }

    /// All that resume needs: what learns, moments, step counts and snapshots in one safetensors file, counts as JSON, and what
    /// learns alone under Hugging Face's and PEFT's names. A frozen base is not kept: it comes from where it came from, and its
    /// fingerprint is kept so that another one is refused. The same state gives the same bytes.
    public func checkpointFiles() throws -> [String: Data] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        var tensors: [String: Tensor] = [:]
        for (name, tensor) in network.trainable { tensors["weights.\(name)"] = try tensor.detach() }
        let moments = try optimiser.moments()
        for (index, name) in trainableNames.enumerated() {
            tensors["first.\(name)"] = moments.first[index]
            tensors["second.\(name)"] = moments.second[index]
            tensors["steps.\(name)"] = moments.steps[index]
        }
        for (snapshot, kept) in snapshots {
            for (name, tensor) in kept.network.trainable { tensors["snapshot.\(snapshot).\(name)"] = tensor }
        }
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) where !(try tensor.isFinite()) {
            throw ModelError(
                "“\(name)” of model “\(self.name)” holds a number that is not finite; no checkpoint is written. "
                    + "Go on from the one before with a lower rate")
        }
        let counts = Counts(
            updates: updates, optimiserSteps: optimiserSteps, snapshots: snapshots.mapValues(\.update), base: try baseFingerprint())
        return [
            Self.stateFile: try SafetensorsFile.data(tensors),
            Self.countsFile: Data(try JSONValue(encoding: counts).canonical.utf8),
            "weights.safetensors": try weights(),
        ]
    }

    /// Puts back what `checkpointFiles` gave; throws before anything is changed when a file does not fit.
    public func restore(_ files: [String: Data]) throws {
        guard let data = files[Self.stateFile], let text = files[Self.countsFile] else {
            throw ModelError("The checkpoint holds no state of model “\(name)”; it belongs to another plan")
        }
        let file = try SafetensorsFile(data: data)
        let counts: Counts
        do { counts = try JSONValue(parsing: String(decoding: text, as: UTF8.self)).decode(Counts.self) } catch {
            throw ModelError("\(Self.countsFile) of the checkpoint of model “\(name)” cannot be read: \(error)")
        }
        if let base = counts.base, let own = try baseFingerprint(), base != own {
            throw ModelError(
                "The checkpoint's adapters of model “\(name)” were learned over other weights than those of its model folder now; put "
                    + "back the folder that the run began with")
        }
        let mode = GradientMode.off()
        defer { mode.restore() }
        var moves: [(to: Tensor, from: Tensor)] = []
        func plan(_ target: Tensor, _ key: String) throws {
            let source = try file.tensor(key)
            try source.expect(target.shape, "“\(key)” of the checkpoint")
            moves.append((target, source))
        }
        for (name, tensor) in network.trainable { try plan(tensor, "weights.\(name)") }
        let moments = try optimiser.moments()
        for (index, name) in trainableNames.enumerated() {
            try plan(moments.first[index], "first.\(name)")
            try plan(moments.second[index], "second.\(name)")
            try plan(moments.steps[index], "steps.\(name)")
        }
        var kept: [String: (network: Network, update: Int)] = [:]
        for (snapshot, update) in counts.snapshots {
            let copy = try network.copied()
            for (name, tensor) in copy.trainable { try plan(tensor, "snapshot.\(snapshot).\(name)") }
            kept[snapshot] = (copy, update)
        }
        for (target, source) in moves { try target.assign(source) }
        snapshots = kept
        updates = counts.updates
        optimiserSteps = counts.optimiserSteps
        for queue in queues.values { queue.isStale = true }
    }

    /// A hash that tells frozen bases apart: names, shapes, and the beginning of each tensor; nil where everything learns.
    private func baseFingerprint() throws -> String? {
        guard network.adapters != nil else { return nil }
        if let known = fingerprint { return known }
        let mode = GradientMode.off()
        defer { mode.restore() }
        let facts = try zip(Transformer.names(of: shape), network.base.parameters).map { name, tensor in
            let start = try tensor.detach().reshape([tensor.count]).narrow(0, from: 0, length: min(1024, tensor.count)).floats()
            return "\(name) \(tensor.shape) \(start.map { String($0.bitPattern, radix: 16) }.joined(separator: " "))"
        }
        let made = SHA256.hex(facts.joined(separator: "\n"))
        fingerprint = made
        return made
    }

    /// All that learns as a safetensors file under Hugging Face's and PEFT's names.
    public func weights() throws -> Data { try network.file() }

    /// Replaces the weights and starts the optimiser afresh. Adapters and heads that the file lacks stay as they are.
    public func load(weights data: Data) throws {
        try network.load(try SafetensorsFile(data: data), isLenient: true, isMade: true)
        markStale()
        try resetOptimiser()
    }

    /// Writes a Hugging Face folder: `config.json`, `model.safetensors`, `tokenizer.json`, and what else stood beside the weights this
    /// model began with; adapters are merged in.
    public func save(to folder: String) throws {
        let merged = try Network(base: try Transformer(shape: shape, parameters: try network.mergedParameters()))
        try ModelFolder.write(merged, tokenizer: tokenizer, origin: origin, to: folder)
    }

    /// Writes the adapters as a PEFT folder over the model at `base`; throws where there are none.
    public func saveAdapters(to folder: String, base: String) throws {
        guard let adapters = network.adapters else {
            throw ModelError("Model “\(name)” learns all its weights and has no adapters; export the whole model")
        }
        try AdapterFolder.write(adapters, base: base, to: folder)
    }

    /// Keeps a copy of the weights under a name, for `ModelRef.snapshot`.
    public func snapshot(_ snapshot: String) throws {
        snapshots[snapshot] = (try network.copied(), updates)
        markStale(snapshot)
    }

    /// The names of all snapshots, sorted.
    public var snapshotNames: [String] { snapshots.keys.sorted() }

    /// Puts back the weights of a snapshot; the optimiser stays as it is.
    public func returnTo(snapshot: String) throws {
        try network.assign(try network(of: snapshot))
        markStale()
    }

    /// Moves a snapshot towards the live weights: `keep` of its own, the rest of theirs.
    public func blend(into snapshot: String, keep: Double) throws {
        let mode = GradientMode.off()
        defer { mode.restore() }
        let target = try network(of: snapshot)
        for (own, live) in zip(target.trainable, network.trainable) {
            try own.tensor.scale(by: keep)
            try own.tensor.add(live.tensor, times: 1 - keep)
        }
        snapshots[snapshot]?.update = updates
        markStale(snapshot)
    }

    /// Forgets the optimiser's moments and step count.
    public func resetOptimiser() throws {
        optimiser.reset()
        optimiserSteps = 0
    }

    /// Does something to the weights. Operations between two models are for whoever holds both.
    public func apply(_ operation: WeightOperation) throws {
        switch operation {
        case .copy(let from, let to) where from.name == name && to.name == name:
            switch (from.snapshot, to.snapshot) {
            case (nil, nil): return
            case (nil, let to?): try snapshot(to)
            case (let from?, nil): try returnTo(snapshot: from)
            case (let from?, let to?):
                let source = try network(of: from)
                snapshots[to] = (try source.copied(), snapshots[from]?.update ?? 0)
                markStale(to)
            }
        case .blend(let from, let into, let keep) where from == ModelRef(name) && into.name == name && into.snapshot != nil:
            try blend(into: into.snapshot ?? "", keep: keep)
        case .reset(name, let optimiserOnly):
            if !optimiserOnly { try returnTo(snapshot: "base") }
            try resetOptimiser()
        default:
            throw CoreError.unsupported("Model “\(name)” cannot do \(operation): it holds only its own weights and snapshots")
        }
    }
}
