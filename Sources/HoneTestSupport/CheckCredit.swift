import HoneCore

/// Checks what every credit promises, on random judged groups: whoever is listed in the catalogue is proven by being listed.
///
/// Returns one sentence per broken promise, at most eight; an empty list means that all were kept. Checked are: no groups give
/// an empty batch; groups kept for measuring are refused; per-token lists have one entry per token and every number is finite;
/// only tokens that may be learned are trained (demonstrations only by credits that give them), never a row's first; trained
/// tokens of on-policy credits have the sampler's own log-probabilities and an advantage; pairs name two rows of the batch with
/// a probability, a margin and a weight that make sense, and come only from credits that give pairs; the same input gives the
/// same output, also after what is carried went through JSON; without anything carried, the order of groups changes no row; a
/// reward that is not finite is refused in a sentence or touches nothing; and over all batches there was something to learn.
public func checkCredit(_ credit: any Credit, seed: Seed, batches: Int = 60) throws -> [String] {
    var broken: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append(sentence()) }
    }
    let card = type(of: credit).card
    require(!card.name.isEmpty && !card.summary.isEmpty && !card.source.isEmpty, "the card lacks a name, a summary or a source")
    require(try batch(of: credit, [], ScoreTable()) == TrainingBatch(), "no groups give a batch that is not empty")
    var (rows, pairs) = (0, 0)
    var carried = credit
    for number in 0..<batches {
        let plays = RandomPlays(seed: seed.child("groups", number), number: number)
        let scores = plays.scores(for: credit.needs, seed: seed.child("scores", number))
        let made = try batch(of: credit, plays.groups, scores)
        rows += made.trainedTokens
        pairs += made.pairs.count
        for sentence in faults(of: made, card: card, groups: plays.groups) { require(false, "batch \(number): \(sentence)") }
        require(try batch(of: credit, plays.groups, scores) == made, "batch \(number): the same groups give another batch")

        var resumed = try restored(carried, into: credit)
        let next = try carried.batch(for: RandomPlays.roles, from: plays.groups, scores: scores)
        require(
            try resumed.batch(for: RandomPlays.roles, from: plays.groups, scores: scores) == next,
            "batch \(number): what is carried does not survive coding")
        if !(credit is any Stateful) {
            let turned = try batch(of: credit, plays.groups.reversed(), scores)
            require(isSame(made, turned, groups: plays.groups.count), "batch \(number): the order of groups changes what is learned")
        }
        var held = plays.groups
        held[number % held.count].assignment.problem.isHeldOut = true
        require(
            refusal { _ = try batch(of: credit, held, scores) }?.contains("held out") == true,
            "batch \(number): a group kept for measuring is learned from")
        for bad in [Double.nan, .infinity, -.infinity] {
            var spoiled = plays.groups
            for index in spoiled[0].verdicts.indices where index % 3 == number % 3 { spoiled[0].verdicts[index].value = bad }
            do {
                let made = try batch(of: credit, spoiled, scores)
                for sentence in faults(of: made, card: card, groups: plays.groups) { require(false, "batch \(number), a verdict of \(bad): \(sentence)") }
            } catch { require("\(error)".count > 20, "batch \(number): a verdict of \(bad) is refused without a sentence") }
        }
    }
    require(rows > 0, "there was never a token to learn")
    require(pairs > 0 || !card.gives.contains(.pairs), "the card promises pairs, but there were none")
    return broken
}

private func batch(of credit: any Credit, _ groups: [EpisodeGroup], _ scores: ScoreTable) throws -> TrainingBatch {
    var copy = credit
    return try copy.batch(for: RandomPlays.roles, from: groups, scores: scores)
}

private func refusal(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
}

/// A fresh part with what another carries, by way of JSON; the other itself when nothing is carried.
private func restored(_ credit: any Credit, into fresh: any Credit) throws -> any Credit {
    guard let stateful = credit as? any Stateful & Credit else { return credit }
    func restore<S: Stateful & Credit>(_ part: S) throws -> any Credit {
        guard var target = fresh as? S else { return part }
        target.memo = try JSONValue(parsing: JSONValue(encoding: part.memo).canonical).decode(S.Memo.self)
        return target
    }
    return try restore(stateful)
}

/// What is wrong with a batch.
private func faults(of batch: TrainingBatch, card: PartCard, groups: [EpisodeGroup]) -> [String] {
    var faults: [String] = []
    for (index, row) in batch.examples.enumerated() {
        let count = row.tokens.count
        let lists = [row.isTrained.count, row.weights.count] + row.channels.values.map(\.count)
        let optional = [row.advantages.count, row.samplerLogProbs.count].filter { $0 > 0 }
        if !(lists + optional).allSatisfy({ $0 == count }) { faults.append("row \(index) has lists of other lengths than its \(count) tokens") }
        let numbers = row.weights + row.advantages + row.samplerLogProbs + row.channels.values.flatMap { $0 }
        if !numbers.allSatisfy(\.isFinite) || !row.scalars.values.allSatisfy(\.isFinite) { faults.append("row \(index) has a number that is not finite") }
        if !groups.indices.contains(row.group) || row.episode.isEmpty { faults.append("row \(index) names no group or episode") }
        guard lists.allSatisfy({ $0 == count }) else { continue }
        for (place, token) in row.tokens.enumerated() where row.isTrained[place] {
            if place == 0 { faults.append("row \(index) trains its first token") }
            if token < 1000 || token >= 2000 && !card.gives.contains(.demonstrations) { faults.append("row \(index) trains the masked token \(token)") }
            if !row.samplerLogProbs.isEmpty, token < 2000, row.samplerLogProbs[place] != RandomPlays.logProb(of: token) {
                faults.append("row \(index) has another log-probability than the sampler's at token \(place)")
            }
        }
        if card.gives.contains(.onPolicyLogProbs), row.trainedCount > 0, row.samplerLogProbs.isEmpty || row.advantages.isEmpty {
            faults.append("row \(index) lacks log-probabilities or advantages")
        }
    }
    for (index, pair) in batch.pairs.enumerated() {
        if !card.gives.contains(.pairs) { faults.append("there are pairs, which the card does not promise") }
        if !batch.examples.indices.contains(pair.chosen) || !batch.examples.indices.contains(pair.rejected) || pair.chosen == pair.rejected {
            faults.append("pair \(index) does not name two rows")
        } else if batch.examples[pair.chosen].tokens == batch.examples[pair.rejected].tokens {
            faults.append("pair \(index) prefers a row to its equal")
        }
        if !(0...1).contains(pair.probability) || !(pair.margin.isFinite && pair.margin >= 0) || !(pair.weight.isFinite && pair.weight >= 0) {
            faults.append("pair \(index) has probability \(pair.probability), margin \(pair.margin), weight \(pair.weight)")
        }
    }
    return faults
}

/// Whether two batches of the same groups, the second in reversed order, teach the same rows and pairs up to rounding.
private func isSame(_ first: TrainingBatch, _ second: TrainingBatch, groups: Int) -> Bool {
    func sorted(_ rows: [Example]) -> [Example] {
        rows.enumerated().sorted { a, b in
            (a.element.group, a.offset) < (b.element.group, b.offset)
        }.map(\.element)
    }
    let turned = second.examples.map { row in
        var copy = row
        copy.group = groups - 1 - row.group
        return copy
    }
    let (left, right) = (sorted(first.examples), sorted(turned))
    return left.count == right.count && first.pairs.count == second.pairs.count
        && zip(left, right).allSatisfy { a, b in
            a.tokens == b.tokens && a.isTrained == b.isTrained && a.group == b.group && a.episode == b.episode
                && zip(a.advantages, b.advantages).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($0)) }
        }
}
