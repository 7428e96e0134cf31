import HoneCore

extension RunHistory {
    /// Metrics in the order readers look for them; others follow by name.
    private static let order = ["reward", "loss", "kl", "entropy", "length", "gradientNorm", "ratio", "clipFraction", "logProb", "rate"]

    /// The held-out measures other than those given, each as a small picture.
    public func measureSection(without shown: Set<String>) -> RunReport.Section {
        let charts = measureNames.filter { !shown.contains($0) }.map { name in
            RunReport.Chart(
                title: name, xLabel: "tokens sampled and trained", yLabel: Self.unitWords(first(name)?.unit ?? ""),
                curves: [curve(name, named: name)])
        }
        return RunReport.Section(title: "More about the held-out answers", charts: charts)
    }

    /// What training saw and optimisers reported, stage by stage; what never changed is told in words.
    ///
    /// `meanings` explains metrics by their name; prefixes with a model's name are passed over.
    public func stageSections(meanings: [String: String] = [:]) -> [RunReport.Section] {
        var stages: [StageName] = []
        for record in records where record.index >= 0 && !stages.contains(record.stage) { stages.append(record.stage) }
        return stages.map { stage in
            let own = records.filter { $0.index >= 0 && $0.stage == stage }
            let curves = Self.curves(of: own)
            let (still, moving) = (curves.filter { Self.constant($0) != nil }, curves.filter { Self.constant($0) == nil })
            let charts = moving.map { curve in
                RunReport.Chart(
                    title: Self.title(curve.name), note: Self.meaning(of: curve.name, meanings), xLabel: "iteration",
                    yLabel: Self.unitWords(curve.points.first?.y.unit ?? ""), countsWhole: true, curves: [curve])
            }
            let words = still.compactMap { curve in Self.constant(curve).map { "\(Self.title(curve.name)) \(Figure.significant($0))" } }
            let note = words.isEmpty ? "" : "The same in all \(own.count) iterations: \(words.joined(separator: ", "))."
            return RunReport.Section(title: "Training: stage “\(stage)”", note: note, charts: charts)
        }
    }

    private static func curves(of records: [IterationRecord]) -> [RunReport.Curve] {
        var points: [String: [(x: Double, y: Estimate)]] = [:]
        for record in records {
            let x = Double(record.index + 1)
            for (name, estimate) in record.training { points[name, default: []].append((x, estimate)) }
            for (name, value) in record.updates {
                // What training saw and what an optimiser reported may share a name.
                let key = record.training[name] == nil ? name : "update.\(name)"
                points[key, default: []].append((x, Estimate(mean: value, low: value, high: value, count: 0, unit: "")))
            }
        }
        func rank(_ name: String) -> Int { order.firstIndex(of: plainName(name)) ?? order.count }
        let names = points.keys.sorted { (rank($0), $0) < (rank($1), $1) }
        return names.map { RunReport.Curve(name: $0, points: points[$0] ?? []) }
    }

    /// The value of a curve that has at least two points, all equal and known exactly.
    private static func constant(_ curve: RunReport.Curve) -> Double? {
        guard curve.points.count > 1, let value = curve.points.first?.y.mean, value.isFinite else { return nil }
        return curve.points.allSatisfy { $0.y.mean == value && $0.y.low == value && $0.y.high == value } ? value : nil
    }

    private static func meaning(of name: String, _ meanings: [String: String]) -> String {
        switch plainName(name) {
        case "reward": "mean return of the episodes played in training"
        case "entropy": meanings["entropy"] ?? "mean entropy before each sampled token"
        case "length": "mean count of sampled tokens"
        case "gradientNorm": "before clipping, mean over optimiser steps"
        case "rate": "learning rate, mean over optimiser steps"
        case let plain: meanings[plain] ?? ""
        }
    }

    /// A metric's name as words: `policy.clipFraction` becomes `policy: clip fraction`.
    static func title(_ name: String) -> String {
        let words = name.split(separator: ".").map { part in
            part.unicodeScalars.reduce(into: "") { text, scalar in
                if scalar.properties.isUppercase { text += " " + scalar.properties.lowercaseMapping } else { text.unicodeScalars.append(scalar) }
            }
        }
        return words.joined(separator: ": ")
    }

    private static func unitWords(_ unit: String) -> String { unit == "share" ? "share of problems" : unit }
}
