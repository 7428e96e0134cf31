import HoneCore
import HoneTensor

/// LoRA adapters: W x + s B A x with the base W frozen (Hu et al. 2021), s the scale of their settings.
struct Adapters {
    let settings: AdapterSettings
    /// Names as PEFT writes them, in a fixed order.
    let names: [String]
    /// A [rank, in] and B [out, rank] by turns.
    let parameters: [Tensor]
    private let places: [String: Int]
    private let shape: ModelShape

    init(_ settings: AdapterSettings, shape: ModelShape, parameters: [Tensor]) throws {
        try settings.check()
        self.settings = settings
        self.shape = shape
        self.parameters = parameters
        names = Self.names(settings, shape)
        guard names.count == parameters.count else {
            throw ModelError("The adapters need \(names.count) tensors, but \(parameters.count) were given")
        }
        for ((name, tensor), sizes) in zip(zip(names, parameters), Self.shapes(settings, shape)) {
            try tensor.expect(sizes, name)
        }
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() { places[name] = index }
        self.places = places
    }

    /// New adapters: A evenly from ±1/√in, B zero, so that the model begins as its base.
    static func initialised(_ settings: AdapterSettings, shape: ModelShape, seed: Seed) throws -> Adapters {
        try settings.check()
        var parameters: [Tensor] = []
        for (name, sizes) in zip(names(settings, shape), shapes(settings, shape)) {
            guard name.hasSuffix("lora_A.weight") else {
                parameters.append(try Tensor.zeros(sizes))
                continue
            }
            var generator = seed.child(name).generator
            let bound = 1 / Double(sizes[1]).squareRoot()
            let values = (0..<sizes[0] * sizes[1]).map { _ in Float((2 * generator.unit() - 1) * bound) }
            parameters.append(try Tensor(values, shape: sizes))
        }
        return try Adapters(settings, shape: shape, parameters: parameters)
    }

    private static func module(_ module: String, layer: Int) -> String {
        let block = ["gate_proj", "up_proj", "down_proj"].contains(module) ? "mlp" : "self_attn"
        return "base_model.model.model.layers.\(layer).\(block).\(module)"
    }

    /// A copy with its own memory that learns nothing.
    func copied() throws -> Adapters {
        try Adapters(settings, shape: shape, parameters: try parameters.map { try $0.detach().clone() })
    }

    private static func each<R>(_ settings: AdapterSettings, _ shape: ModelShape, _ body: (Int, String) -> [R]) -> [R] {
        (0..<shape.layers).flatMap { layer in
            AdapterSettings.allModules.filter(settings.modules.contains).flatMap { body(layer, $0) }
        }
    }

    static func names(_ settings: AdapterSettings, _ shape: ModelShape) -> [String] {
        each(settings, shape) { layer, module in
            let name = Self.module(module, layer: layer)
            return ["\(name).lora_A.weight", "\(name).lora_B.weight"]
        }
    }

    static func shapes(_ settings: AdapterSettings, _ shape: ModelShape) -> [[Int]] {
        each(settings, shape) { _, module in
            let (out, inner) = size(of: module, shape)
            return [[settings.rank, inner], [out, settings.rank]]
        }
    }

    static func size(of module: String, _ shape: ModelShape) -> (out: Int, inner: Int) {
        switch module {
        case "q_proj": (shape.heads * shape.headWidth, shape.width)
        case "k_proj", "v_proj": (shape.kvHeads * shape.headWidth, shape.width)
        case "o_proj": (shape.width, shape.heads * shape.headWidth)
        case "down_proj": (shape.width, shape.mlp)
        default: (shape.mlp, shape.width)
        }
    }

    private func pair(_ module: String, _ layer: Int) -> (a: Tensor, b: Tensor)? {
        places["\(Self.module(module, layer: layer)).lora_A.weight"].map { (parameters[$0], parameters[$0 + 1]) }
    }

    /// The product of a joint matrix with the adapters' share added; `modules` are its parts in order.
    func add(to product: Tensor, of input: Tensor, layer: Int, modules: [String]) throws -> Tensor {
        guard modules.contains(where: { pair($0, layer) != nil }) else { return product }
        var parts: [Tensor] = []
        for module in modules {
            if let (a, b) = pair(module, layer) {
                parts.append(try input.linear(a).linear(b))
            } else {
                parts.append(try Tensor.zeros(input.shape.dropLast() + [Self.size(of: module, shape).out]))
            }
        }
        return try product + (parts.count == 1 ? parts[0] : Tensor.cat(parts, -1)) * settings.scale
    }

    /// What is to be added to a joint matrix so that the base alone gives the same products; nil for nothing.
    func change(of name: String) throws -> Tensor? {
        let joint: [(suffix: String, modules: [String])] = [
            ("qkv_proj.weight", ["q_proj", "k_proj", "v_proj"]), ("gate_up_proj.weight", ["gate_proj", "up_proj"]),
            ("o_proj.weight", ["o_proj"]), ("down_proj.weight", ["down_proj"]),
        ]
        let fields = name.split(separator: ".")
        guard let modules = joint.first(where: { name.hasSuffix("." + $0.suffix) })?.modules, fields.count > 2,
            let layer = Int(fields[2]), modules.contains(where: { pair($0, layer) != nil })
        else { return nil }
        var parts: [Tensor] = []
        for module in modules {
            if let (a, b) = pair(module, layer) {
                parts.append(try b.matmul(a) * settings.scale)
            } else {
                let (out, inner) = Self.size(of: module, shape)
                parts.append(try Tensor.zeros([out, inner]))
            }
        }
        return try Tensor.cat(parts, 0)
    }
}
