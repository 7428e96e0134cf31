import ArgumentParser
import Foundation
import HoneReport
import HoneTensor

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

    /// With which characters pictures are drawn on a stream: plain ASCII where it is no terminal or plain output is asked for.
    func textStyle(
        on stream: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> TextChart.Style {
        let isPlain = !environment["NO_COLOR", default: ""].isEmpty || environment["TERM"] == "dumb"
        return isatty(stream) == 1 && !isPlain ? .braille : .ascii
    }

    /// The text in the colour of a curve, where pictures are not plain.
    func painted(_ text: String, _ curve: Int, on stream: Int32) -> String {
        let colours = [34, 33, 37, 35, 36]
        return textStyle(on: stream) == .braille ? "\u{1B}[\(colours[curve % colours.count])m\(text)\u{1B}[0m" : text
    }

    /// Lines of a result beside the one on standard output.
    func show(_ lines: [String]) {
        guard !isQuiet else { return }
        clear()
        for line in lines { write(line + "\n") }
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

    private func write(_ text: String) { put(text, on: STDERR_FILENO) }
}

/// Writes text to an open file, all of it; gives the number of the error that kept it from being written.
@discardableResult
func put(_ text: String, on file: Int32) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
    }
    return nil
}

/// Writes a result to standard output. A reader that has gone (`| head`) has seen enough; anything else that keeps the result
/// from being written ends the program with a sentence.
func printResult(_ text: String) {
    guard let error = put(text + "\n", on: STDOUT_FILENO), error != EPIPE else { return }
    put("error: The result cannot be written to standard output: \(String(cString: strerror(error)))\n", on: STDERR_FILENO)
    leave(status: Exit.environment.rawValue)
}

/// Seconds as people say them: `8 s`, `2 min 05 s`.
func spoken(seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    if seconds < 120 { return String(format: "%.0f s", seconds) }
    let whole = Int(seconds)
    if whole < 7200 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
}

/// A count with thousands apart: `1 234 567`.
func grouped(_ number: Int) -> String { Figure.grouped(number) }
