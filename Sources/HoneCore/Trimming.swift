extension StringProtocol {
    /// Without blanks and line breaks at both ends.
    public var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
