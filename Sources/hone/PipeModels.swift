import Foundation
import HoneCore
import HoneModel
import HoneText

/// Things read from files: kept while the files stay as they are, the four used last.
final class FileShelf<Thing> {
    /// What tells one state of a file from another: its number on the disk, size and time of change.
    private struct Stamp: Equatable {
        let paths: [String]
        let facts: [[Int]]

        init(_ paths: [String]) {
            self.paths = paths
            facts = paths.map { path in
                var facts = stat()
                guard stat(path, &facts) == 0 else { return [] }
                return [Int(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec]
            }
        }
    }
    private var things: [(stamp: Stamp, thing: Thing)] = []

    /// The thing of these files, read when it is new or a file has changed.
    func thing(of paths: [String], reading read: () async throws -> Thing) async throws -> Thing {
        let stamp = Stamp(paths)
        if let place = things.firstIndex(where: { $0.stamp == stamp }) {
            let kept = things.remove(at: place)
            things.append(kept)
            return kept.thing
        }
        things.removeAll { $0.stamp.paths == paths }
        let thing = try await read()
        things.append((stamp, thing))
        if things.count > 4 { things.removeFirst() }
        return thing
    }
}

/// A model's logits or log-probabilities over a pipe, by the full forward pass.
struct LogitsPort: Port {
    private let models = FileShelf<ModelHost>()

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let folder = try line.requiredText("model")
        guard let rows = line["tokens"]?.elements else { throw CoreError.invalid("The line needs “tokens”, a list of rows of token numbers") }
        let tokens = try rows.map { try $0.tokens("tokens") }
        let wanted = try line.optionalText("return") ?? "logits"
        guard wanted == "logits" || wanted == "logProbs" else {
            throw CoreError.invalid("“return” is “\(wanted)”; it should be logits or logProbs")
        }
        let files = ["config.json", "model.safetensors", "model.safetensors.index.json"].map { "\(folder)/\($0)" }
        let host = try await models.thing(of: files) {
            // Tokens come as numbers, so the folder needs no tokenizer.
            try await ModelHost.make(name: "model", folder: try ModelFolder(path: folder), tokenizer: CharacterTokenizer(alphabet: ""))
        }
        let logits = try await host.logits(of: tokens)
        func numbers(_ values: [Float]) -> JSONValue { .array(values.map { .number(Double($0)) }) }
        if wanted == "logits" { return [.object(["logits": .array(logits.map { .array($0.map(numbers)) })])] }
        let logProbs = zip(logits, tokens).map { table, row in
            zip(table, row.dropFirst()).map { values, token in
                let top = Double(values.max() ?? 0)
                let sum = values.reduce(0) { $0 + exp(Double($1) - top) }
                return JSONValue.number(Double(values[Int(token)]) - top - log(sum))
            }
        }
        return [.object(["logProbs": .array(logProbs.map { .array($0) })])]
    }
}
