import HoneCore
import HoneText

extension ModelService {
    /// `/health`.
    var health: JSONValue {
        let load = admission.counts
        return .object(["status": .string("ok"), "running": .integer(load.running), "waiting": .integer(load.waiting)])
    }

    /// `/v1/models`: every model, and each with its strategies as variants.
    var listing: JSONValue {
        let data = hosted.flatMap { hosted in [description(of: hosted, nil)] + hosted.strategies.map { description(of: hosted, $0) } }
        return .object(["object": .string("list"), "data": .array(data)])
    }

    /// One model of the list.
    func description(of hosted: HostedModel, _ strategy: SearchStrategy?) -> JSONValue {
        .object([
            "id": .string(strategy.map { "\(hosted.name)@\($0)" } ?? hosted.name), "object": .string("model"), "created": .integer(begun),
            "owned_by": .string("hone"), "root": .string(hosted.name),
            "parent": strategy == nil ? hosted.parent.map { .string($0) } ?? .null : .string(hosted.name),
            "max_model_len": .integer(hosted.contextLength),
        ])
    }

    /// `/tokenize`: the tokens of a text, or of a conversation.
    func tokenize(_ fields: RequestFields) throws -> JSONValue {
        let (hosted, _) = try model(of: fields)
        let tokens: [TokenID]
        if fields.value("messages") != nil {
            tokens = try hosted.prompt.tokens(of: conversation(fields), with: hosted.tokenizer)
        } else {
            guard let text = try fields.string("prompt") else { throw ServerRefusal.invalid("“prompt” or “messages” is missing", param: "prompt") }
            tokens = try self.tokens(of: text, for: hosted, addsSpecialTokens: try fields.bool("add_special_tokens") ?? true)
        }
        var members: [String: JSONValue] = [
            "count": .integer(tokens.count), "max_model_len": .integer(hosted.contextLength), "tokens": .array(tokens.map { .integer(Int($0)) }),
            "token_strs": .null,
        ]
        if try fields.bool("return_token_strs") ?? false {
            members["token_strs"] = .array(tokens.map { .string(String(decoding: hosted.shownBytes(of: $0), as: UTF8.self)) })
        }
        return .object(members)
    }

    /// `/detokenize`: the text of tokens, without special tokens.
    func detokenize(_ fields: RequestFields) throws -> JSONValue {
        let (hosted, _) = try model(of: fields)
        guard let tokens = try fields.tokens("tokens", vocabulary: hosted.tokenizer.vocabularySize) else {
            throw ServerRefusal.invalid("“tokens” is missing", param: "tokens")
        }
        return .object(["prompt": .string(hosted.tokenizer.decode(tokens))])
    }

    /// The tokens of a text in which written forms of special tokens become those tokens, as other servers read prompts.
    func tokens(of text: String, for hosted: HostedModel, addsSpecialTokens: Bool) throws(ServerRefusal) -> [TokenID] {
        do throws(TextError) {
            let tokens = try hosted.tokenizer.encodeRecognizingAddedTokens(text)
            return addsSpecialTokens ? hosted.tokenizer.template.applied(to: tokens) : tokens
        } catch {
            throw .invalid(error.description, param: "prompt")
        }
    }

    /// `/v1/load_lora_adapter`.
    func loadAdapter(_ fields: RequestFields) async throws -> JSONValue {
        let loader = try adapterLoader()
        guard let name = try fields.string("lora_name"), !name.isEmpty, name.utf8.count <= 256 else {
            throw ServerRefusal.invalid("“lora_name” is missing, empty or longer than 256 bytes", param: "lora_name")
        }
        guard let folder = try fields.string("lora_path"), !folder.isEmpty else {
            throw ServerRefusal.invalid("“lora_path” is missing or empty", param: "lora_path")
        }
        let replaces = try fields.bool("load_inplace") ?? false
        let base = try fields.string("base_model_name").map { try named($0).0 } ?? hosted.first { $0.parent == nil }
        guard let base else { throw ServerRefusal.missing("No model is served that an adapter could stand on", param: "base_model_name") }
        let known = hosted.first { $0.name == name }
        if let known, !replaces || known.parent == nil {
            throw ServerRefusal.invalid("“\(name)” has already been loaded", param: "lora_name", code: "already_loaded")
        }
        let adapter = try await loader.load(name, from: folder, over: base)
        try changeModels { models throws(ServerRefusal) in
            if let place = models.firstIndex(where: { $0.name == name }) {
                // Somebody else may have loaded the same name in the meantime: the later of the two stays.
                guard models[place].parent != nil else { throw .invalid("“\(name)” is a model", param: "lora_name", code: "already_loaded") }
                models[place] = adapter
            } else {
                models.append(adapter)
            }
        }
        return .object(["message": .string("The adapter “\(name)” is loaded")])
    }

    /// `/v1/unload_lora_adapter`.
    func unloadAdapter(_ fields: RequestFields) async throws -> JSONValue {
        let loader = try adapterLoader()
        guard let name = try fields.string("lora_name") else { throw ServerRefusal.invalid("“lora_name” is missing", param: "lora_name") }
        let gone = try changeModels { models throws(ServerRefusal) in
            guard let place = models.firstIndex(where: { $0.name == name && $0.parent != nil }) else {
                throw .missing("No adapter “\(name)” is loaded", param: "lora_name", code: "adapter_not_found")
            }
            return models.remove(at: place)
        }
        try await loader.unload(gone)
        return .object(["message": .string("The adapter “\(name)” is unloaded")])
    }

    private func adapterLoader() throws(ServerRefusal) -> any AdapterLoading {
        guard let adapters else {
            throw ServerRefusal(403, "This server was not started to load adapters", type: "permission_error", code: "adapters_not_allowed")
        }
        return adapters
    }
}
