/// Things and what they are like, for guessing games.
public enum Things {
    /// A thing with its attributes, bit by their place in the list.
    public struct Thing: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Bit i is set where attribute i holds.
        public let attributes: UInt32
    }

    /// What can be asked for.
    public static let attributes = [
        "living", "animal", "plant", "mammal", "bird", "pet", "flies", "swims", "edible", "sweet", "manmade", "electric", "metal", "wooden", "wheels",
        "vehicle", "tool", "clothing", "indoors", "big",
    ]

    /// How many things there are.
    public static var count: Int { all.count }

    /// All things; no two have the same attributes.
    public static let all: [Thing] = table.split(separator: "\n").map { line in
        let words = line.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init)
        let bits = words.dropFirst().compactMap { attributes.firstIndex(of: $0) }.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
        return Thing(name: words.first ?? "", attributes: bits)
    }

    private static let table = """
        cat: living animal mammal pet indoors
        oak: living plant wooden big
        car: manmade metal wheels vehicle big
        apple: plant edible sweet
        sparrow: living animal bird flies
        hammer: manmade tool metal wooden
        lamp: manmade electric indoors
        salmon: living animal swims edible
        dog: living animal mammal pet swims
        shirt: manmade clothing
        cake: edible sweet manmade indoors
        train: manmade metal wheels vehicle big electric
        whale: living animal mammal swims big
        rose: living plant
        guitar: manmade wooden indoors
        bee: living animal flies
        horse: living animal mammal big
        cow: living animal mammal edible big
        mouse: living animal mammal indoors
        bat: living animal mammal flies
        penguin: living animal bird swims
        hen: living animal bird edible
        parrot: living animal bird pet flies indoors
        goldfish: living animal pet swims indoors
        shark: living animal swims big
        snail: living animal
        cactus: living plant indoors
        carrot: plant edible
        bread: edible manmade indoors
        honey: edible sweet
        bicycle: manmade metal wheels vehicle
        aeroplane: manmade metal wheels vehicle big flies
        boat: manmade wooden vehicle swims big
        cart: manmade wooden wheels vehicle
        drone: manmade electric flies
        saw: manmade tool metal
        drill: manmade tool metal electric
        ladder: manmade tool wooden big
        helmet: manmade clothing metal
        fridge: manmade electric metal indoors big
        table: manmade wooden indoors big
        spoon: manmade tool metal indoors
        robot: manmade electric metal wheels
        """
}
