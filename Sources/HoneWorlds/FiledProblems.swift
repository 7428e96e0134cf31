import Foundation
import HoneCore

/// A world whose problems are those of files.
protocol FiledProblems: ProblemWorld {
    /// The problems of a file that is held out; empty where a share of the training file is.
    var heldOut: [Problem] { get }
    /// Whether all there is is held out: a file that is there to be measured on.
    var isHeldOutWhole: Bool { get }
}

/// Files with one JSON object a line.
enum JSONLines {
    /// What the lines of a file hold, in their order; empty lines are passed over. Throws up to ten mistakes with file and line, and a sentence where there
    /// is no file; `what` says what the lines are.
    static func read<Element>(_ path: String, what: String, _ elements: (JSONValue) throws(CoreError) -> [Element]) throws -> [Element] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CoreError.invalid("There is no file \(path), or it may not be read; give the path of a JSONL file with \(what)")
        }
        var mistakes: [String] = []
        var found: [Element] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
            guard mistakes.count < 10 else { break }
            do throws(CoreError) {
                guard let json = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)) else { throw .invalid("this line is not JSON") }
                found += try elements(json)
            } catch {
                mistakes.append("\(path):\(index + 1): \(error)")
            }
        }
        if !mistakes.isEmpty { throw CoreError.invalid(mistakes.joined(separator: "\n")) }
        return found
    }
}
