import HoneCore

/// What one role did in one episode as one chain of trained tokens, over all its steps: what token-level credit works on.
struct RolePath {
    /// The place of a trained token.
    struct Place: Hashable {
        /// Its row, one per step of the role.
        var row: Int
        /// Its position in the row.
        var token: Int
    }

    /// What a chain is cut into for rewards, values and discounts.
    typealias Unit = CreditUnit

    let group: Int
    let index: Int
    let episode: Episode
    let role: Role
    /// The numbers in the episode of the steps that the rows are of.
    let steps: [Int]
    /// The trained tokens, in order.
    let places: [Place]
    /// Where the move of each row begins.
    let moveStarts: [Int]
    /// One number per place.
    var advantages: [Double]
    /// More numbers per place, by channel.
    var channels: [String: [Double]] = [:]
    private(set) var rows: [Example]

    /// The chain of a role's part in an episode; its rows carry the reward.
    init(_ play: Play) throws {
        group = play.group
        index = play.index
        episode = play.episode
        role = play.role
        let episode = play.episode
        let steps = episode.steps.indices.filter { episode.steps[$0].role == play.role }
        var rows: [Example] = []
        for step in steps {
            rows.append(try ExampleBuilder.example(of: episode.steps[step], group: play.group, episode: episode.id, needsLogProbs: true))
            rows[rows.count - 1].scalars["reward"] = play.reward
        }
        moveStarts = steps.map { episode.steps[$0].context.tokens?.count ?? 0 }
        places = rows.enumerated().flatMap { row, example in
            example.tokens.indices.filter { example.isTrained[$0] }.map { Place(row: row, token: $0) }
        }
        self.steps = steps
        self.rows = rows
        advantages = [Double](repeating: 0, count: places.count)
    }

    /// Which unit each place belongs to, counted from 0 without gaps.
    func units(_ unit: CreditUnit) -> [Int] {
        if unit == .token { return Array(places.indices) }
        var result: [Int] = []
        for (number, place) in places.enumerated() {
            guard number > 0, let last = result.last else {
                result.append(0)
                continue
            }
            let before = places[number - 1].row
            let isNew = before != place.row && (unit == .step || steps[place.row] != steps[before] + place.row - before)
            result.append(isNew ? last + 1 : last)
        }
        return result
    }

    /// Where a reward that came with a token of a row belongs: the last place at or before it; nil when there is none.
    func place(atOrBefore token: Int, row: Int) -> Int? {
        // Places are in order: how many lie at or before it is found by halving.
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if (places[middle].row, places[middle].token) <= (row, token) { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// −coefficient · (log π − log π_ref) at each place, with the sampler's log-probabilities as log π.
    func penalties(_ coefficient: Double, reference: ModelRef, _ scores: ScoreTable) throws -> [Double] {
        guard coefficient > 0 else { return [Double](repeating: 0, count: places.count) }
        let reference = try values(of: Score(.logProbs, by: reference), in: scores)
        return zip(places, reference).map { place, other in
            -coefficient * (Double(rows[place.row].samplerLogProbs[place.token]) - other)
        }
    }

    /// A score at each place: of the token itself, or by a head from the state before it.
    func values(of score: Score, in table: ScoreTable) throws -> [Double] {
        guard let known = table.rows[score] else {
            throw CreditError("The score \(score) was not computed; expected it for every step that credit is given for")
        }
        return try places.map { place in
            let step = ScoreTable.Place(episode: episode.id, step: steps[place.row])
            guard let own = known[step] else {
                throw CreditError("Episode “\(episode.id)” has no score \(score) for step \(steps[place.row])")
            }
            guard own.values.count == rows[place.row].tokens.count - 1 else {
                throw CreditError(
                    "Episode “\(episode.id)” has \(own.values.count) numbers of \(score) for the \(rows[place.row].tokens.count) tokens of step "
                        + "\(steps[place.row]); expected one for each token after the first")
            }
            let value = Double(own.values[place.token - 1])
            guard value.isFinite else {
                throw CreditError("Episode “\(episode.id)” has the score \(value) of \(score) at step \(steps[place.row]); expected a finite number")
            }
            return value
        }
    }

    /// The rows of many chains, in canonical order: groups, then roles as given, then episodes.
    static func examples(of paths: [RolePath]) throws -> [Example] {
        let order = paths.indices.sorted { (paths[$0].group, $0) < (paths[$1].group, $1) }
        return try order.flatMap { try paths[$0].finished() }
    }

    /// The rows with advantages and channels at their places and 0 elsewhere.
    private func finished() throws -> [Example] {
        var result = rows
        for row in result.indices {
            let zeros = [Float](repeating: 0, count: result[row].tokens.count)
            result[row].advantages = zeros
            for name in channels.keys { result[row].channels[name] = zeros }
        }
        for (number, place) in places.enumerated() {
            result[place.row].advantages[place.token] = try ExampleBuilder.single(advantages[number], "advantage", of: episode.id)
            for (name, values) in channels {
                result[place.row].channels[name]?[place.token] = try ExampleBuilder.single(values[number], name, of: episode.id)
            }
        }
        return result
    }
}

/// What returns are counted over.
public enum CreditUnit: String, Hashable, Sendable, Codable, CaseIterable {
    /// Each trained token.
    case token
    /// Each step of the role: one move.
    case step
    /// Each turn: the role's steps until another role moves.
    case turn
}
