extension [ChanceOutcome] {
    /// What chance does; outcomes without probability never happen, also where the others add up to a little less than 1. Nil where there
    /// is none.
    public func drawn(seed: Seed) -> String? {
        var generator = seed.generator
        var rest = generator.unit()
        let drawn = first { outcome in
            rest -= outcome.probability
            return rest < 0
        }
        return (drawn ?? last { $0.probability > 0 })?.move
    }
}
