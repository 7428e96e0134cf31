import HoneCore

/// How stop texts are kept in answers.
///
/// Hone keeps the text that ended a completion; OpenAI-compatible servers leave it out and say only “stop”, which also stands
/// for the model's own end of text. Where the server can keep it (`include_stop_str_in_output`) or tells it (`stop_reason`), the
/// answer is exact. Where it does neither and there is one stop text, that is added to every answer that ended with “stop”: an
/// end of text in front of it cannot be told apart. Where there are several, or the server ignores them, the answer is drawn to its
/// limit and cut here, after the stop text that is complete first: exact, but the rest was drawn for nothing.
public enum StopTexts: Hashable, Sendable {
    /// There are none.
    case none
    /// The server keeps the text.
    case keptByServer
    /// The server leaves it out and tells it.
    case toldByServer
    /// The server leaves it out; it can only be this one.
    case assumed(String)
    /// The server does not know of them.
    case cutHere([String])

    /// The way for these texts, by what the server can do. Empty texts, which would end every answer at once, are left out.
    public init(_ texts: [String], _ abilities: EndpointCapabilities, cutsHere: Bool = false) {
        let texts = texts.filter { !$0.isEmpty }
        if texts.isEmpty {
            self = .none
        } else if cutsHere || abilities.stop == .no {
            self = .cutHere(texts)
        } else if abilities.keepsStopText == .yes {
            self = .keptByServer
        } else if abilities.tellsStopText == .yes {
            self = .toldByServer
        } else if texts.count == 1 {
            self = .assumed(texts[0])
        } else {
            self = .cutHere(texts)
        }
    }

    /// Puts into a request what the server has to do.
    func apply(_ texts: [String], to request: inout EndpointRequest) {
        switch self {
        case .none, .cutHere: request.stop = []
        case .keptByServer:
            request.stop = texts.filter { !$0.isEmpty }
            request.keepsStopText = true
        case .toldByServer, .assumed: request.stop = texts.filter { !$0.isEmpty }
        }
    }

    /// The end of the stop text that is complete first, as an offset into the text's UTF-8; nil when there is none.
    public static func end(of texts: [String], in text: String) -> Int? {
        let bytes = Array(text.utf8)
        var earliest: Int?
        for stop in texts.map({ Array($0.utf8) }) where !stop.isEmpty && stop.count <= bytes.count {
            let last = min(bytes.count, earliest ?? bytes.count) - stop.count
            guard last >= 0 else { continue }
            for start in 0...last where bytes[start] == stop[0] && bytes[start..<start + stop.count].elementsEqual(stop) {
                earliest = start + stop.count
                break
            }
        }
        return earliest
    }
}
