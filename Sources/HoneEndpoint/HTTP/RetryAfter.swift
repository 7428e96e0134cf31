/// Reads how long a server asks to wait (RFC 9110, 10.2.3).
public enum RetryAfter {
    /// The seconds to wait by the header of an answer: `retry-after-ms`, as some servers send, else `Retry-After`, in seconds or
    /// as a date; nil when neither can be read. Dates that have passed give 0.
    public static func seconds(in fields: [HTTPField], now secondsSince1970: Double) -> Double? {
        if let text = fields.value(of: "retry-after-ms"), let milliseconds = number(text) { return milliseconds / 1000 }
        guard let text = fields.value(of: "retry-after") else { return nil }
        if let seconds = number(text) { return seconds }
        return date(text).map { max(0, $0 - secondsSince1970) }
    }

    private static func number(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }),
            let value = Double(text)
        else { return nil }
        return value
    }

    /// The seconds since 1970 of an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two older spellings
    /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    public static func date(_ text: String) -> Double? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        let day: Int?
        let month: Int?
        var year: Int?
        let clock: String
        if words.count == 6, words[5] == "GMT" || words[5] == "UTC" {
            day = digits(words[1])
            month = months.firstIndex(of: words[2].lowercased())
            year = digits(words[3])
            clock = words[4]
            // Two digits mean the century that keeps the date from lying far ahead.
            if let short = year, words[3].utf8.count == 2 { year = short + (short < 70 ? 2000 : 1900) }
        } else if words.count == 5 {
            month = months.firstIndex(of: words[1].lowercased())
            day = digits(words[2])
            clock = words[3]
            year = digits(words[4])
        } else {
            return nil
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { digits(String($0)) }
        guard let day, let month, let year, parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            1...31 ~= day, 1970...9999 ~= year, 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second
        else { return nil }
        return Double(((days(year: year, month: month + 1, day: day) * 24 + hour) * 60 + minute) * 60 + second)
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func digits(_ text: String) -> Int? {
        text.utf8.count <= 4 && text.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(text) : nil
    }

    /// Days since 1 January 1970 in the Gregorian calendar, counted in years that begin in March.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}
