import HoneCore
import HoneTensor

/// All weights of one model: the transformer, adapters if it learns through them, and heads.
struct Network {
    let base: Transformer
    let adapters: Adapters?
    /// Linear heads on the final hidden state: weight [K, C], bias [K].
    let heads: [HeadName: (weight: Tensor, bias: Tensor)]

    /// A new network; heads begin at zero, so that their first outputs are 0.
    init(base: Transformer, adapters: Adapters? = nil, heads wanted: [Head] = []) throws {
        self.base = base
        self.adapters = adapters
        var heads: [HeadName: (weight: Tensor, bias: Tensor)] = [:]
        for head in wanted {
            let outputs = head.count(vocabulary: base.shape.vocabulary)
            guard outputs >= 1 else { throw ModelError("Head “\(head.name)” has \(outputs) outputs; give 1 or more") }
            heads[head.name] = (try Tensor.zeros([outputs, base.shape.width]), try Tensor.zeros([outputs]))
        }
        self.heads = heads
    }

    private init(base: Transformer, adapters: Adapters?, heads: [HeadName: (weight: Tensor, bias: Tensor)]) {
        self.base = base
        self.adapters = adapters
        self.heads = heads
    }

    var shape: ModelShape { base.shape }

    /// All tensors with their names, in a fixed order.
    var named: [(name: String, tensor: Tensor)] {
        var all = Array(zip(Transformer.names(of: shape), base.parameters)).map { (name: $0.0, tensor: $0.1) }
        if let adapters {
            all += zip(adapters.names, adapters.parameters).map { (name: $0.0, tensor: $0.1) }
        }
        for (name, head) in heads.sorted(by: { $0.key < $1.key }) {
            all.append((name: "heads.\(name).weight", tensor: head.weight))
            all.append((name: "heads.\(name).bias", tensor: head.bias))
        }
        return all
    }

    /// Those that learn: all, or adapters and heads where there are adapters.
    var trainable: [(name: String, tensor: Tensor)] {
        adapters == nil ? named : Array(named.dropFirst(base.parameters.count))
    }

    /// A copy that learns nothing, with its own memory for all that learns here; a frozen base is shared.
    func copied() throws -> Network {
        let mode = GradientMode.off()
        defer { mode.restore() }
        var copies: [HeadName: (weight: Tensor, bias: Tensor)] = [:]
        for (name, head) in heads {
            copies[name] = (try head.weight.detach().clone(), try head.bias.detach().clone())
        }
        guard adapters == nil else { return Network(base: base, adapters: try adapters?.copied(), heads: copies) }
        let transformer = try Transformer(shape: shape, parameters: try base.parameters.map { try $0.detach().clone() })
        return Network(base: transformer, adapters: nil, heads: copies)
    }

    /// Overwrites all that learns with what a network of the same form has.
    func assign(_ other: Network) throws {
        let mode = GradientMode.off()
        defer { mode.restore() }
        for (own, its) in zip(trainable, other.trainable) {
            guard own.name == its.name else {
                throw ModelError("Weights do not fit: found “\(its.name)” where “\(own.name)” was expected")
            }
            try own.tensor.assign(its.tensor)
        }
    }

    /// Makes the trainable tensors collect gradients.
    func requireGradients() throws {
        for (_, tensor) in trainable { try tensor.requireGradient() }
    }

    /// The transformer's parameters with the adapters' products added, in the order of `Transformer.names(of:)`.
    func mergedParameters() throws -> [Tensor] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        return try zip(Transformer.names(of: shape), base.parameters).map { name, tensor in
            let weight = try tensor.detach()
            guard let change = try adapters?.change(of: name) else { return weight }
            return try weight + change
        }
    }

    /// Final hidden states [B, T, C] of token rows [B, T].
    func hidden(of tokensBT: Tensor, layers: Int? = nil) throws -> Tensor {
        try base.hidden(of: tokensBT, adapters: adapters, layers: layers)
    }

    /// A head's outputs on hidden states [N, C]: [N], or [N, K] where it has K > 1.
    func output(of head: HeadName, on hiddenNC: Tensor) throws -> Tensor {
        guard let (weight, bias) = heads[head] else {
            throw CoreError.unknown(kind: "head", name: head.text, known: heads.keys.map(\.text).sorted())
        }
        return try hiddenNC.linear(weight, bias).squeeze(1)
    }
}
