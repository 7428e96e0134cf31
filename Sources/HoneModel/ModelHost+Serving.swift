import HoneCore
import HoneTensor

extension ModelHost {
    /// This model through adapters of a folder, over the same weights: nothing of them is copied until something is drawn.
    ///
    /// For answering, not for learning. The decoder of each adapter keeps a copy of the weights with the adapter merged in.
    /// Throws where this model has adapters of its own, or the folder's do not fit.
    public func over(_ adapters: AdapterFolder, as name: ModelName) throws -> ModelHost {
        guard network.adapters == nil else {
            throw ModelError("Model “\(self.name)” learns through adapters of its own; load others over its base, or over its exported folder")
        }
        // All hosts live on the one tensor thread, so weights that nobody changes can be shared.
        nonisolated(unsafe) let base = network.base
        let shape = self.shape
        return try ModelHost(name: name, tokenizer: tokenizer, settings: settings, origin: origin) {
            try Network(base: base, adapters: try adapters.adapters(for: shape))
        }
    }
}
