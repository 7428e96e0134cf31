import CTorch
import Foundation

extension SafetensorsFile {
    /// The bytes of a file with these tensors: the same tensors give the same bytes.
    ///
    /// Wide elements come first and each kind by name, so that every tensor is aligned to its elements.
    public static func data(
        _ tensors: [String: Tensor], metadata: [String: String] = ["format": "pt"]
    ) throws(TensorError) -> Data {
        let plan = try plan(tensors, metadata)
        var out = Data(capacity: plan.head.count + plan.size)
        out.append(contentsOf: plan.head)
        for tensor in plan.tensors { out.append(contentsOf: try tensor.bytes()) }
        return out
    }

    /// Writes a file so that a crash leaves either the old one or the new one: a neighbour is written, synced, renamed.
    public static func write(
        _ tensors: [String: Tensor], metadata: [String: String] = ["format": "pt"], to path: String
    ) throws(TensorError) {
        let plan = try plan(tensors, metadata)
        let partial = path + ".partial"
        let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw unwritable(path) }
        do throws(TensorError) {
            try append(plan.head, to: file, path)
            for tensor in plan.tensors { try append(try tensor.bytes(), to: file, path) }
            guard fsync(file) == 0 else { throw unwritable(path) }
        } catch {
            close(file)
            unlink(partial)
            throw error
        }
        guard close(file) == 0, rename(partial, path) == 0 else {
            let error = unwritable(path)
            unlink(partial)
            throw error
        }
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func append(_ bytes: [UInt8], to file: Int32, _ path: String) throws(TensorError) {
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress?.advanced(by: done), $0.count - done) }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw unwritable(path) }
            done += wrote
        }
    }

    private static func unwritable(_ path: String) -> TensorError {
        TensorError("Cannot write \(path): \(String(cString: strerror(errno)))")
    }

    private static func plan(
        _ tensors: [String: Tensor], _ metadata: [String: String]
    ) throws(TensorError) -> (head: [UInt8], tensors: [Tensor], size: Int) {
        guard tensors["__metadata__"] == nil else {
            throw TensorError("A tensor cannot be called “__metadata__” in a safetensors file; rename it")
        }
        let order = tensors.sorted { a, b in
            let (x, y) = (a.value.dataType.width, b.value.dataType.width)
            return x == y ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8) : x > y
        }
        var next = 0
        var members: [(name: String, text: String)] = []
        for (name, tensor) in order {
            let end = next + tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let type = typeName(tensor.dataType)
            members.append((name, "{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(next),\(end)]}"))
            next = end
        }
        members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var parts = members.map { "\(quoted($0.name)):\($0.text)" }
        if !metadata.isEmpty {
            let notes = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            parts.insert(
                "\"__metadata__\":{" + notes.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",") + "}",
                at: 0)
        }
        var json = Array(("{" + parts.joined(separator: ",") + "}").utf8)
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        guard json.count <= SafetensorsHeader.longest else {
            throw TensorError("The header would take \(json.count) bytes; at most \(SafetensorsHeader.longest) are allowed")
        }
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) }
        return (length + json, order.map(\.value), next)
    }

    private static func typeName(_ type: DataType) -> String {
        switch type {
        case .float32: "F32"
        case .bfloat16: "BF16"
        case .float64: "F64"
        case .int64: "I64"
        case .bool: "BOOL"
        case .float16: "F16"
        case .int32: "I32"
        case .uint8: "U8"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
