public import Foundation

/// A moment on a clock on the wall, which a template may write into a prompt.
public struct TemplateTime: Hashable, Sendable {
    /// Year, month from 1, day from 1, hour from 0, minute and second.
    public let year, month, day, hour, minute, second: Int

    /// A moment from its parts; each is brought into its range.
    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        func within(_ value: Int, _ range: ClosedRange<Int>) -> Int { min(max(value, range.lowerBound), range.upperBound) }
        self.year = within(year, 1...9999)
        self.month = within(month, 1...12)
        self.day = within(day, 1...Self.days(of: within(month, 1...12), in: within(year, 1...9999)))
        (self.hour, self.minute, self.second) = (within(hour, 0...23), within(minute, 0...59), within(second, 0...59))
    }

    /// What clocks in a time zone show at a moment.
    public init(_ date: Date, in zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        self.init(
            year: parts.year ?? 1, month: parts.month ?? 1, day: parts.day ?? 1, hour: parts.hour ?? 0, minute: parts.minute ?? 0, second: parts.second ?? 0)
    }

    private static func days(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    private static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The day of the year, from 1.
    private var dayOfYear: Int { (1..<month).reduce(day) { $0 + Self.days(of: $1, in: year) } }

    /// The day of the week, Sunday being 0.
    private var weekday: Int {
        let past = year - 1
        return (past * 365 + past / 4 - past / 100 + past / 400 + dayOfYear) % 7
    }

    /// The time in a format of C's `strftime`, in English.
    func written(_ format: ExactText, limit: Int) throws(TemplateFailure) -> [UInt8] {
        var out: [UInt8] = []
        var rest = format.bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), var code = rest.popFirst() else {
                out.append(byte)
                continue
            }
            var isPadded = true
            if code == UInt8(ascii: "-"), let next = rest.popFirst() {
                isPadded = false
                code = next
            }
            out += Array(try part(Character(Unicode.Scalar(code)), isPadded: isPadded).utf8)
            guard out.count <= limit else { throw TemplateRun.tooLong(limit) }
        }
        return out
    }

    private func part(_ code: Character, isPadded: Bool) throws(TemplateFailure) -> String {
        func number(_ value: Int, _ width: Int, _ fill: String = "0") -> String {
            let digits = String(value)
            return isPadded ? String(repeating: fill, count: max(0, width - digits.count)) + digits : digits
        }
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        switch code {
        case "Y": return String(year)
        case "y": return number(year % 100, 2)
        case "C": return number(year / 100, 2)
        case "m": return number(month, 2)
        case "d": return number(day, 2)
        case "e": return number(day, 2, " ")
        case "H": return number(hour, 2)
        case "I": return number(hour12, 2)
        case "k": return number(hour, 2, " ")
        case "l": return number(hour12, 2, " ")
        case "M": return number(minute, 2)
        case "S": return number(second, 2)
        case "f": return "000000"
        case "j": return number(dayOfYear, 3)
        case "p": return hour < 12 ? "AM" : "PM"
        case "B": return Self.monthNames[month - 1]
        case "b", "h": return String(Self.monthNames[month - 1].prefix(3))
        case "A": return Self.dayNames[weekday]
        case "a": return String(Self.dayNames[weekday].prefix(3))
        case "w": return String(weekday)
        case "u": return String(weekday == 0 ? 7 : weekday)
        case "U": return number((dayOfYear + 6 - weekday) / 7, 2)
        case "W": return number((dayOfYear + 6 - (weekday + 6) % 7) / 7, 2)
        case "F": return "\(year < 1000 ? String(repeating: "0", count: 4 - String(year).count) : "")\(year)-\(number(month, 2))-\(number(day, 2))"
        case "T", "X": return "\(number(hour, 2)):\(number(minute, 2)):\(number(second, 2))"
        case "R": return "\(number(hour, 2)):\(number(minute, 2))"
        case "D", "x": return "\(number(month, 2))/\(number(day, 2))/\(number(year % 100, 2))"
        case "c":
            return "\(Self.dayNames[weekday].prefix(3)) \(Self.monthNames[month - 1].prefix(3)) \(number(day, 2, " ")) "
                + "\(number(hour, 2)):\(number(minute, 2)):\(number(second, 2)) \(year)"
        case "n": return "\n"
        case "t": return "\t"
        case "z", "Z": return ""
        case "%": return "%"
        default: throw TemplateFailure("“strftime_now” does not know “%\(code)”")
        }
    }
}
