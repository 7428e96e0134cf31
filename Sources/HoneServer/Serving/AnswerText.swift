import HoneCore

/// The text of one answer as its tokens come: stops at stop texts and stop tokens, and holds back what may become a stop text.
struct AnswerText: Sendable {
    /// A drawn token with the part of the answer's text that it completed.
    struct Token: Sendable, Hashable {
        var drawn: StreamedToken
        /// The bytes of the text, from the answer's beginning, that it completed.
        var bytes: Range<Int>
        /// How many Unicode scalars stand before it in the text.
        var scalarOffset: Int
    }

    /// Text that may be sent, and the tokens that it consists of.
    struct Piece: Sendable, Hashable {
        var text = ""
        var tokens: [Token] = []
        var isEmpty: Bool { text.isEmpty && tokens.isEmpty }
    }

    /// Why the answer ended; nil while it goes on.
    private(set) var finish: Completion.Finish?
    /// What ended it: a stop text, or the id of a stop token that is not the end of text.
    private(set) var stopReason: JSONValue?
    /// How many tokens were drawn for it.
    private(set) var drawnCount = 0
    /// The sum of their log-probabilities.
    private(set) var logProbSum = 0.0

    private let stops: [[UInt8]]
    private let keepsStopText: Bool
    private let stopTokens: Set<TokenID>
    private let endOfText: TokenID
    /// Whether tokens without a visible part in the text belong to pieces too.
    private let keepsAllTokens: Bool
    /// Text that has not been given out.
    private var held: [UInt8] = []
    /// How many bytes and scalars have been given out or are held.
    private var taken = 0
    private var scalarsTaken = 0
    private var pending: [Token] = []
    /// How many bytes have been given out.
    private var released = 0
    /// Whether a stop text ended the answer.
    private var isCut = false

    init(stops: [String], keepsStopText: Bool, stopTokens: Set<TokenID>, endOfText: TokenID, keepsAllTokens: Bool) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
        self.keepsStopText = keepsStopText
        self.stopTokens = stopTokens
        self.endOfText = endOfText
        self.keepsAllTokens = keepsAllTokens
    }

    /// Takes the next token; gives what may be sent now. Tokens after the end are ignored.
    mutating func take(_ token: StreamedToken) -> Piece {
        guard finish == nil else { return Piece() }
        drawnCount += 1
        logProbSum += Double(token.logProb)
        let endsHere = stopTokens.contains(token.token)
        let text = endsHere ? "" : token.text
        let count = text.utf8.count
        pending.append(Token(drawn: token, bytes: taken..<taken + count, scalarOffset: scalarsTaken))
        held += text.utf8
        taken += count
        scalarsTaken += text.unicodeScalars.count
        if let (range, stop) = firstStop() {
            finish = .stop
            stopReason = .string(stop)
            isCut = true
            held.removeSubrange((keepsStopText ? range.upperBound : range.lowerBound)...)
            return release(held.count)
        }
        if endsHere {
            finish = .stop
            if token.token != endOfText { stopReason = .integer(Int(token.token)) }
            return release(held.count)
        }
        if let end = token.finish {
            finish = end
            return release(held.count)
        }
        return release(held.count - possibleStopCount())
    }

    /// The stop text that is complete first in what is held; of several that are complete together the one that begins first.
    private func firstStop() -> (Range<Int>, String)? {
        var first: (range: Range<Int>, stop: [UInt8])?
        for stop in stops where stop.count <= held.count {
            for start in 0...(held.count - stop.count) where held[start] == stop[0] && held[start..<start + stop.count].elementsEqual(stop) {
                let range = start..<start + stop.count
                if first.map({ (range.upperBound, range.lowerBound) < ($0.range.upperBound, $0.range.lowerBound) }) ?? true { first = (range, stop) }
                break
            }
        }
        return first.map { ($0.range, String(decoding: $0.stop, as: UTF8.self)) }
    }

    /// How many bytes at the end of what is held may be the beginning of a stop text.
    private func possibleStopCount() -> Int {
        var longest = 0
        for stop in stops {
            let most = min(stop.count - 1, held.count)
            guard most > longest else { continue }
            for count in stride(from: most, to: longest, by: -1) where held.suffix(count).elementsEqual(stop.prefix(count)) {
                longest = count
                break
            }
        }
        return longest
    }

    /// Gives out the first bytes of what is held, and the tokens that are complete with them.
    private mutating func release(_ count: Int) -> Piece {
        let end = taken - (finish == nil ? held.count - count : 0)
        var piece = Piece(text: String(decoding: held.prefix(count), as: UTF8.self))
        if finish != nil {
            // What a stop text cut away, and stop tokens, are no part of the text.
            let visibleEnd = released + count
            piece.tokens =
                keepsAllTokens
                ? pending : pending.filter { (!isCut || $0.bytes.lowerBound < visibleEnd) && !stopTokens.contains($0.drawn.token) }
            pending.removeAll()
        } else {
            let complete = pending.firstIndex { $0.bytes.upperBound > end } ?? pending.count
            // Tokens within an unfinished character wait for its last one.
            piece.tokens = count > 0 ? Array(pending[..<complete]) : []
            if count > 0 { pending.removeFirst(complete) }
        }
        released += count
        held.removeFirst(count)
        return piece
    }
}
