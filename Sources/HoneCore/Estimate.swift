/// A measured number as it is reported: never a bare mean.
public struct Estimate: Hashable, Sendable, Codable {
    /// The mean.
    public var mean: Double
    /// The lower end of its 95 % interval.
    public var low: Double
    /// The upper end of its 95 % interval.
    public var high: Double
    /// How many independent observations it rests on.
    public var count: Int
    /// Its unit: `share`, `tokens`, `nats`.
    public var unit: String

    /// An estimate.
    public init(mean: Double, low: Double, high: Double, count: Int, unit: String) {
        self.mean = mean
        self.low = low
        self.high = high
        self.count = count
        self.unit = unit
    }
}
