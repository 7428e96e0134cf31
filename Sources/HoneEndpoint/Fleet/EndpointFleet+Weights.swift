import HoneCore
import Synchronization

/// What came of handing new weights to a fleet.
public struct WeightRefresh: Hashable, Sendable {
    /// The model that is asked from now on.
    public var served: ServedModel
    /// The endpoints that took the weights.
    public var taken: [Int]
    /// Those that did not, with the reason; they get no calls until a later refresh reaches them.
    public var refused: [Int: EndpointFault]

    /// An outcome.
    public init(served: ServedModel, taken: [Int], refused: [Int: EndpointFault]) {
        self.served = served
        self.taken = taken
        self.refused = refused
    }
}

extension EndpointFleet {
    /// Puts new weights behind the model: a PEFT adapter's folder, which the servers must be able to read under the same path.
    ///
    /// Every endpoint loads it (vLLM's `/v1/load_lora_adapter`, which needs `VLLM_ALLOW_RUNTIME_LORA_UPDATING`) as `name-v<version>`,
    /// so that no call is answered by other weights than it was meant for; then calls go to the new name and their samples carry the
    /// version as their update. The former adapter is unloaded when no call asks it any more, at the latest by the next refresh that
    /// finds it so. When no endpoint takes the weights, the old ones stay and the fault is thrown.
    @discardableResult
    public func refreshWeights(adapter folder: String, name: String, version: Int) async throws -> WeightRefresh {
        guard folder.hasPrefix("/") else {
            throw EndpointFault(.badSettings, "the adapter's folder “\(folder)” is no absolute path; the servers run in folders of their own")
        }
        guard !name.isEmpty, name.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || "-_.".utf8.contains($0) }),
            version >= 0
        else {
            throw EndpointFault(
                .badSettings,
                "“\(name)” version \(version) is no name for an adapter; use letters, digits, “-”, “_” and “.”, and a version of 0 or more")
        }
        return try await refreshing.run {
            let new = ServedModel("\(name)-v\(version)", update: version)
            guard served.name != new.name else {
                throw EndpointFault(.badSettings, "the adapter \(new.name) is already served; give the new weights another version")
            }
            let outcomes = await load(new.name, from: folder)
            let taken = outcomes.indices.filter { outcomes[$0] == nil }
            var refused: [Int: EndpointFault] = [:]
            for (index, fault) in outcomes.enumerated() { refused[index] = fault }
            guard !taken.isEmpty else {
                throw EndpointFault(
                    .adapterRefused, "no endpoint took the adapter \(new.name); the first says: \(refused[0].map(\.description) ?? "nothing")")
            }
            let base = clients[0].settings.model
            state.withLock { state in
                if state.served.name != base { state.former.append(state.served.name) }
                state.served = new
                for index in state.members.indices { state.members[index].isCurrent = refused[index] == nil }
            }
            await unloadFormer()
            return WeightRefresh(served: new, taken: Array(taken), refused: refused)
        }
    }

    private func load(_ name: String, from folder: String) async -> [EndpointFault?] {
        await withTaskGroup(of: (Int, EndpointFault?).self) { group in
            for (index, client) in clients.enumerated() {
                group.addTask {
                    do {
                        _ = try await client.json("POST", "/load_lora_adapter", .object(["lora_name": .string(name), "lora_path": .string(folder)]))
                        return (index, nil)
                    } catch let fault as EndpointFault {
                        // A refresh that broke off half-way may have reached this one.
                        return (index, fault.detail.lowercased().contains("already been loaded") ? nil : fault)
                    } catch {
                        return (index, EndpointFault(.adapterRefused, "the loading was cancelled"))
                    }
                }
            }
            var all = [EndpointFault?](repeating: nil, count: clients.count)
            for await (index, fault) in group { all[index] = fault }
            return all
        }
    }

    /// Unloads adapters that no call asks any more; a server that does not have them any more is content too.
    private func unloadFormer() async {
        let idle = state.withLock { state in
            let idle = state.former.filter { state.calls[$0, default: 0] == 0 }
            state.former.removeAll { idle.contains($0) }
            for name in idle { state.calls[name] = nil }
            return idle
        }
        for name in idle {
            for client in clients { _ = try? await client.json("POST", "/unload_lora_adapter", .object(["lora_name": .string(name)])) }
        }
    }
}
