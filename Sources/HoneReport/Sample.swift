import HoneCore

extension RunReport {
    /// What came out when a problem was answered at one moment.
    public struct Answer: Hashable, Sendable {
        /// The answer of the first sample, as the solver wrote it.
        public var text: String
        /// Whether that answer is right.
        public var isCorrect: Bool
        /// How many of the kept samples are right.
        public var correct: Int
        /// How many samples were kept.
        public var samples: Int

        /// An answer.
        public init(text: String, isCorrect: Bool, correct: Int? = nil, samples: Int = 1) {
            self.text = text
            self.isCorrect = isCorrect
            self.correct = correct ?? (isCorrect ? 1 : 0)
            self.samples = samples
        }
    }

    /// One problem answered before and after, from the same seed.
    public struct Sample: Hashable, Sendable {
        /// The problem as it was put.
        public var problem: String
        /// The reference answer, where the problem has one.
        public var reference: String?
        /// The answer at the first measurement.
        public var before: Answer
        /// The answer at the last measurement.
        public var after: Answer

        /// A sample.
        public init(problem: String, reference: String? = nil, before: Answer, after: Answer) {
            self.problem = problem
            self.reference = reference
            self.before = before
            self.after = after
        }

        /// The problems that were answered at both moments, with those samples that were drawn from the same seed.
        ///
        /// Episodes pair by their identifier, which is the path of their random stream; a problem of which no two episodes
        /// pair, or whose text differs, is left out. The order is that of `before`.
        public static func pairs(before: [EpisodeGroup], after: [EpisodeGroup]) -> [Sample] {
            var later: [String: EpisodeGroup] = [:]
            for group in after where later[group.assignment.problem.id] == nil { later[group.assignment.problem.id] = group }
            return before.compactMap { group in
                let problem = group.assignment.problem
                guard let other = later[problem.id], other.assignment.problem.text == problem.text else { return nil }
                let shared = group.episodes.compactMap { episode in
                    other.episodes.first { $0.id == episode.id }.map { (episode, $0) }
                }
                guard let old = answer(shared.map(\.0)), let new = answer(shared.map(\.1)) else { return nil }
                return Sample(problem: problem.text, reference: problem.answer, before: old, after: new)
            }
        }

        private static func answer(_ episodes: [Episode]) -> Answer? {
            guard let first = episodes.first else { return nil }
            func isCorrect(_ episode: Episode) -> Bool { (episode.returns[.solver] ?? 0) >= 1 }
            return Answer(
                text: first.response(of: .solver), isCorrect: isCorrect(first), correct: episodes.filter(isCorrect).count,
                samples: episodes.count)
        }

        /// The problem with both answers as an item of a list.
        func html() -> String {
            func side(_ name: String, _ answer: Answer) -> String {
                let text = answer.text.isEmpty ? "(nothing)" : Self.withoutLastBreak(answer.text)
                var words = answer.isCorrect ? "✓ right" : "✗ not right"
                if answer.samples > 1 { words += ", \(answer.correct) of \(answer.samples) samples" }
                return "<div class=\"\(answer.isCorrect ? "right" : "wrong")\"><p><b>\(name)</b> <span>\(words)</span></p>"
                    + "<pre>\(HTML.preformatted(text))</pre></div>"
            }
            var out = "<li><div class=\"problem\"><pre>\(HTML.preformatted(Self.withoutLastBreak(problem)))</pre>"
            if let reference { out += "<p class=\"soft\">reference: <code>\(HTML.escaped(reference))</code></p>" }
            return out + "</div><div class=\"pair\">\(side("before", before))\(side("after", after))</div></li>\n"
        }

        private static func withoutLastBreak(_ text: String) -> String {
            var scalars = text.unicodeScalars
            while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
            return String(scalars)
        }
    }
}
