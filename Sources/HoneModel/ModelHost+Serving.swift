import HoneCore
import HoneTensor

extension ModelHost {
    /// This model through adapters of a folder, over a copy of its weights: for answering beside it.
    ///
    /// Throws where this model has adapters of its own, or the folder's do not fit.
    public func over(_ adapters: AdapterFolder, as name: ModelName) throws -> ModelHost {
        guard network.adapters == nil else {
            throw ModelError("Model “\(self.name)” learns through adapters of its own; load others over its base, or over its exported folder")
        }
        let shape = self.shape
        let weights = try network.file()
        return try ModelHost(name: name, tokenizer: tokenizer, settings: settings, origin: origin) {
            let empty = try Transformer.shapes(of: shape).map { try Tensor.zeros($0) }
            let other = try Network(base: try Transformer(shape: shape, parameters: empty), adapters: try adapters.adapters(for: shape))
            try other.load(try SafetensorsFile(data: weights), isLenient: true)
            return other
        }
    }
}
