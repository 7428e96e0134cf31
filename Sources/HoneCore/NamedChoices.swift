extension RawRepresentable where Self: Decodable & CaseIterable, RawValue == String {
    /// Reads one of the named choices; the error of a name that is none says which there are.
    ///
    /// Every enumeration of texts whose cases can be listed is read by this one, in place of the standard library's, which says only that it failed.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(rawValue: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "“\(text)” is not known; known: \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = value
    }
}
