/// Reads what `PackedWriter` has packed; bytes that it cannot have written are an error, never a crash.
struct PackedReader {
    /// The bytes are not what a writer makes.
    struct Unreadable: Error, CustomStringConvertible {
        /// Where.
        var place: Int
        var description: String { "the packed record makes no sense at byte \(place)" }
    }

    private let bytes: [UInt8]
    private var place = 0
    private var texts: [[UInt8]] = []
    private var shapes: [[String]] = []
    private var objects: [PackedValue] = []
    private var depth = 0

    /// A reader of packed bytes.
    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        guard try byte() == PackedTag.format else { throw Unreadable(place: 0) }
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { place == bytes.count }

    /// The next value.
    mutating func value() throws -> PackedValue {
        guard depth < 200 else { throw Unreadable(place: place) }
        depth += 1
        defer { depth -= 1 }
        let start = place
        let definitions = texts.count + shapes.count
        switch try tag() {
        case .null: return .null
        case .no: return .bool(false)
        case .yes: return .bool(true)
        case .integer: return .integer(try signed())
        case .unsigned: return .unsigned(try unsigned())
        case .float: return .float(Float(bitPattern: try little()))
        case .double: return .double(Double(bitPattern: try little()))
        case .text, .newText:
            place = start
            return .text(try text())
        case .tokens:
            return .tokens(
                try elements(atLeast: 1) { reader in
                    guard let token = Int32(exactly: try reader.signed()) else { throw Unreadable(place: reader.place) }
                    return token
                })
        case .floats: return .floats(try elements(atLeast: 4) { Float(bitPattern: try $0.little()) })
        case .list: return .list(try elements(atLeast: 1) { try $0.value() })
        case .object:
            let number = try unsigned()
            guard number < shapes.count else { throw Unreadable(place: place) }
            return try object(shapes[Int(number)], start, definitions)
        case .newShape:
            let number = shapes.count
            shapes.append([])
            shapes[number] = try elements(atLeast: 2) { try $0.text() }
            return try object(shapes[number], start, definitions)
        case .again:
            let number = try unsigned()
            guard number < objects.count else { throw Unreadable(place: place) }
            return objects[Int(number)]
        }
    }

    private mutating func object(_ keys: [String], _ start: Int, _ definitions: Int) throws -> PackedValue {
        var members: [(key: String, value: PackedValue)] = []
        members.reserveCapacity(keys.count)
        for key in keys { members.append((key, try value())) }
        let object = PackedValue.object(members)
        if texts.count + shapes.count == definitions, place - start >= PackedTag.shortestReferred { objects.append(object) }
        return object
    }

    private mutating func text() throws -> String {
        switch try tag() {
        case .text:
            let number = try unsigned()
            guard number < texts.count else { throw Unreadable(place: place) }
            return String(decoding: texts[Int(number)], as: UTF8.self)
        case .newText:
            let share = try unsigned()
            var spelled: [UInt8] = []
            if share > 0 {
                let back = try unsigned()
                guard back < min(texts.count, PackedTag.recentTexts) else { throw Unreadable(place: place) }
                let other = texts[texts.count - 1 - Int(back)]
                guard share <= other.count else { throw Unreadable(place: place) }
                spelled += other[..<Int(share)]
            }
            let rest = try unsigned()
            guard rest <= bytes.count - place else { throw Unreadable(place: place) }
            spelled += bytes[place..<place + Int(rest)]
            place += Int(rest)
            texts.append(spelled)
            return String(decoding: spelled, as: UTF8.self)
        default: throw Unreadable(place: place)
        }
    }

    private mutating func elements<T>(atLeast size: Int, _ one: (inout PackedReader) throws -> T) throws -> [T] {
        let count = try unsigned()
        // A count is believed only when the bytes for it are there.
        guard count <= (bytes.count - place) / size else { throw Unreadable(place: place) }
        var all: [T] = []
        all.reserveCapacity(Int(count))
        for _ in 0..<count { all.append(try one(&self)) }
        return all
    }

    private mutating func byte() throws -> UInt8 {
        guard place < bytes.count else { throw Unreadable(place: place) }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func tag() throws -> PackedTag {
        guard let tag = PackedTag(rawValue: try byte()) else { throw Unreadable(place: place - 1) }
        return tag
    }

    private mutating func unsigned() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw Unreadable(place: place)
    }

    private mutating func signed() throws -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private mutating func little<T: FixedWidthInteger>() throws -> T {
        var value: T = 0
        for shift in stride(from: 0, to: T.bitWidth, by: 8) { value |= T(truncatingIfNeeded: try byte()) << shift }
        return value
    }
}
