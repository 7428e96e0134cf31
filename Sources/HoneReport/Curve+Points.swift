import HoneCore

extension RunReport.Curve {
    /// A point of a curve, for drawing.
    struct Point: Sendable {
        /// Where.
        let x: Double
        /// What was estimated there.
        let y: Estimate

        /// Whether there is an interval to draw: finite, around a finite mean, and resting on observations.
        var hasInterval: Bool { y.count > 0 && y.mean.isFinite && y.low.isFinite && y.high.isFinite }

        /// The estimate in words, with its interval where it has one.
        var words: String {
            let mean = Figure.value(y.mean, unit: y.unit)
            return hasInterval ? "\(mean), 95 % interval \(Figure.interval(y.low, y.high, unit: y.unit))" : mean
        }
    }

    /// The points that have a place in a picture, in the order given.
    var drawable: [Point] {
        points.filter { $0.x.isFinite && $0.y.mean.isFinite }.map { Point(x: $0.x, y: $0.y) }
    }

    /// At most about `most` of the points: of each stretch the lowest and the highest, and always the first and the last.
    ///
    /// Points that are not finite stay gaps as long as nothing is left out; in long curves a stretch without any finite
    /// point stays a gap.
    func thinned(to most: Int) -> [Point] {
        let all = points.map { Point(x: $0.x, y: $0.y) }
        guard all.count > most, most >= 4 else { return all }
        let stretches = most / 2 - 1
        var kept: [Int] = [0]
        for stretch in 0..<stretches {
            let range = stretch * all.count / stretches..<(stretch + 1) * all.count / stretches
            let finite = range.filter { all[$0].y.mean.isFinite }
            guard let least = finite.min(by: { all[$0].y.mean < all[$1].y.mean }),
                let greatest = finite.max(by: { all[$0].y.mean < all[$1].y.mean })
            else {
                kept.append(range.lowerBound)
                continue
            }
            kept += [least, greatest].sorted()
        }
        kept.append(all.count - 1)
        var last = -1
        return kept.filter { index in
            defer { last = max(last, index) }
            return index > last
        }.map { all[$0] }
    }

    /// The places of at most `most` of the points, evenly apart, with the first and the last.
    static func spread(_ count: Int, most: Int) -> [Int] {
        guard count > most, most > 1 else { return Array(0..<max(0, count)) }
        return (0..<most).map { $0 * (count - 1) / (most - 1) }
    }
}

extension RunReport.Chart {
    /// How many rows a table of one curve has at most.
    static let mostRows = 200

    /// The numbers behind the picture, as a table that opens on demand.
    func details() -> String {
        "<details><summary>Numbers<span class=\"hidden\"> of \(HTML.escaped(title))</span></summary>\(table())</details>\n"
    }

    /// All points as rows; of very long curves every so-manieth, with a sentence that says so.
    func table() -> String {
        let hasIntervals = curves.contains { $0.points.contains { $0.y.count > 0 } }
        let isSingle = curves.filter { !$0.points.isEmpty }.count <= 1
        var heads = [xLabel, "mean"]
        if !isSingle { heads.insert("curve", at: 0) }
        if hasIntervals { heads += ["95 % interval", "n"] }
        var out = ""
        for curve in curves where curve.points.count > Self.mostRows {
            out += HTML.element(
                "p", "\(Self.mostRows) of the \(curve.points.count) points of “\(curve.name)”, evenly apart; the run's records hold all.",
                class: "soft")
        }
        out += "<div class=\"scroll\"><table class=\"numbers\"><thead><tr>\(heads.map { "<th scope=\"col\">\(HTML.escaped($0))</th>" }.joined())</tr></thead><tbody>\n"
        for curve in curves {
            for index in RunReport.Curve.spread(curve.points.count, most: Self.mostRows) {
                let (x, y) = curve.points[index]
                var cells = [Figure.short(x), Figure.value(y.mean, unit: y.unit)]
                if !isSingle { cells.insert(curve.name, at: 0) }
                if hasIntervals { cells += y.count > 0 ? [Figure.interval(y.low, y.high, unit: y.unit), String(y.count)] : ["–", "–"] }
                out += "<tr>\(cells.map { HTML.element("td", $0) }.joined())</tr>\n"
            }
        }
        return out + "</tbody></table></div>"
    }
}
