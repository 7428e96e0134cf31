import Foundation
import HoneCore

/// Reads tokenizers from disk.
public enum TokenizerFile {
    /// The files of a folder that decide what is read.
    public static let names = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "config.json",
    ]

    /// The longest `tokenizer.json` that is read, in bytes; those in use have up to 40 million.
    public static let longest = 1 << 28

    /// The tokenizer of a model folder, or of a `tokenizer.json`.
    ///
    /// Which tokens end, begin and fill a text is taken from the files beside it, of which any may be missing:
    /// `tokenizer_config.json` and `special_tokens_map.json` name them, `generation_config.json` (or else `config.json`) gives the
    /// ids after which a model has finished. `endOfText` is the named one, or else the first of those ids; `stopTokens` are all
    /// of them. Where no file says anything, the usual names are looked for. Throws a sentence with the file's path.
    public static func read(_ path: String) throws(TextError) -> any Tokenizer {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TextError("There is no file \(path); give a model folder or the path of a tokenizer.json")
        }
        let place = isFolder.boolValue ? "\(path)/tokenizer.json" : path
        let folder = isFolder.boolValue ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        let bytes = try bytes(of: place)
        let tree: JSONTree
        do throws(TextError) { tree = try JSONTree.parse(bytes) } catch { throw TextError("\(place): \(error.description)") }
        if let characters = characters(tree, bytes) { return characters }
        // A file that is only named beside others does not speak for them.
        let roles = isFolder.boolValue || place.hasSuffix("tokenizer.json") ? try roles(in: folder) : TokenRoles()
        do throws(TextError) { return try BPETokenizer(tree: tree, source: bytes, roles: roles) } catch {
            throw TextError("\(place): \(error.description)")
        }
    }

    static func bytes(of path: String) throws(TextError) -> [UInt8] {
        let data: Data
        do {
            // Links are followed: caches of models are made of them. What is no file, such as a pipe, may have no end.
            let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: real)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { throw TextError("\(path) is no file that can be read") }
            let size = attributes[.size] as? Int ?? 0
            guard size <= longest else { throw TextError("The tokenizer file \(path) has \(size) bytes; up to \(longest) are read") }
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as TextError {
            throw error
        } catch {
            throw TextError("The tokenizer file \(path) cannot be read: \(error.localizedDescription)")
        }
        return Array(data)
    }

    /// The tokenizer of single characters that a file describes; nil for any other kind.
    private static func characters(_ tree: JSONTree, _ bytes: [UInt8]) -> CharacterTokenizer? {
        guard tree["model"]?["merges"]?.array?.isEmpty == true, tree["pre_tokenizer"]?.isNull ?? true, tree["normalizer"]?.isNull ?? true,
            tree["model"]?["unk_token"]?.isNull ?? true, tree["model"]?["byte_fallback"]?.bool != true,
            tree["post_processor"]?.isNull ?? true, tree["added_tokens"]?.array?.count == 2
        else { return nil }
        guard let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)) else { return nil }
        return try? CharacterTokenizer(json: json)
    }

    private static func roles(in folder: String) throws(TextError) -> TokenRoles {
        var roles = TokenRoles()
        for name in ["tokenizer_config.json", "special_tokens_map.json"] {
            let place = "\(folder)/\(name)"
            guard let tree = try tree(place) else { continue }
            roles.isStated = true
            func named(_ key: String) -> TokenRoles.Name? {
                // A plain text, or an added token with its settings.
                guard let text = tree[key]?.string ?? tree[key]?["content"]?.string, !text.isEmpty else { return nil }
                return .text(text, place: place)
            }
            roles.end = roles.end ?? named("eos_token")
            roles.begin = roles.begin ?? named("bos_token")
            roles.padding = roles.padding ?? named("pad_token")
        }
        for name in ["generation_config.json", "config.json"] {
            let place = "\(folder)/\(name)"
            guard let whole = try tree(place) else { continue }
            // Models that see as well keep what concerns text one level deeper.
            let tree = whole["eos_token_id"] == nil ? whole["text_config"] ?? whole : whole
            func ids(_ key: String) -> [TokenRoles.Name] {
                let listed = tree[key]?.array ?? [tree[key] ?? .null]
                // Negative ids say that there is none.
                return listed.compactMap(\.integer).filter { $0 >= 0 }.map { .id($0, place: place) }
            }
            if roles.stops.isEmpty { roles.stops = ids("eos_token_id") }
            guard !roles.isStated else { continue }
            roles.begin = roles.begin ?? ids("bos_token_id").first
            roles.padding = roles.padding ?? ids("pad_token_id").first
        }
        return roles
    }

    private static func tree(_ path: String) throws(TextError) -> JSONTree? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do throws(TextError) { return try JSONTree.parse(try bytes(of: path)) } catch {
            throw error.description.contains(path) ? error : TextError("\(path): \(error.description)")
        }
    }
}
