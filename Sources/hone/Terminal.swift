import Foundation

/// How output looks: colours, width, and whether lines may be rewritten in place.
struct Terminal: Sendable {
    /// Whether colours are used: a terminal, without `NO_COLOR` or `TERM=dumb`.
    let hasColour: Bool
    /// Whether standard error is a terminal on which a line may be rewritten.
    let isLive: Bool
    /// Columns, at least 40.
    let width: Int
    /// Whether progress is left out.
    let isQuiet: Bool

    init(quiet: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        isQuiet = quiet
        isLive = isTerminal && !quiet && environment["TERM"] != "dumb"
        hasColour = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        var size = winsize()
        let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = max(40, known ? Int(size.ws_col) : Int(environment["COLUMNS"] ?? "") ?? 100)
    }

    enum Style: String {
        case bold = "1", dim = "2", green = "32", red = "31", yellow = "33", cyan = "36"
    }

    /// The text in a style, where styles are used.
    func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A line of progress: a verb, aligned, and what it is about.
    func say(_ verb: String, _ text: String, _ style: Style = .green) {
        guard !isQuiet else { return }
        clear()
        let padded = String(repeating: " ", count: max(0, 12 - verb.count)) + verb
        write(styled(padded, style) + " " + text + "\n")
    }

    /// A warning; also shown when quiet.
    func warn(_ text: String) {
        clear()
        write(styled("warning:", .yellow) + " " + text + "\n")
    }

    /// Rewrites the live line.
    func live(_ text: String) {
        guard isLive else { return }
        let cut = String(text.prefix(width - 1))
        write("\r\u{1B}[2K" + cut)
    }

    /// Removes the live line.
    func clear() { if isLive { write("\r\u{1B}[2K") } }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Writes a result to standard output.
func printResult(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

/// Seconds as people say them: `8 s`, `2 min 05 s`.
func spoken(seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    if seconds < 120 { return String(format: "%.0f s", seconds) }
    let whole = Int(seconds)
    if whole < 7200 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
}

/// A count with thousands apart: `1 234 567`.
func grouped(_ number: Int) -> String {
    let digits = String(abs(number))
    var parts: [Substring] = []
    var end = digits.endIndex
    while end > digits.startIndex {
        let start = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex) ?? digits.startIndex
        parts.insert(digits[start..<end], at: 0)
        end = start
    }
    return (number < 0 ? "-" : "") + parts.joined(separator: " ")
}
