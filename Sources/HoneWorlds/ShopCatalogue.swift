import HoneCore

/// The goods of a small shop, made from a seed, and what customers want of them.
public struct ShopCatalogue: Hashable, Sendable {
    /// Something on sale.
    public struct Item: Hashable, Sendable {
        /// Its number, which is also its place in the catalogue.
        public let id: Int
        /// Its colour.
        public let colour: String
        /// What it is.
        public let kind: String
        /// The sizes it can be had in, one or more.
        public let sizes: [String]
        /// What it costs.
        public let price: Int

        /// As it is listed: `red mug 7`.
        public var text: String { "\(colour) \(kind) \(price)" }
    }

    /// What a customer wants.
    public struct Goal: Hashable, Sendable {
        /// The colour.
        public let colour: String
        /// What it shall be.
        public let kind: String
        /// The size.
        public let size: String
        /// The price has to be below this.
        public let bound: Int

        /// What a customer wants.
        public init(colour: String, kind: String, size: String, bound: Int) {
            (self.colour, self.kind, self.size, self.bound) = (colour, kind, size, bound)
        }

        /// As it is said: `red mug large under 9`.
        public var text: String { "\(colour) \(kind) \(size) under \(bound)" }

        /// The goal of a text; nil where it is none.
        public init?(_ text: String) {
            let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 5, words[3] == "under", let bound = Int(words[4]), ShopCatalogue.colours.contains(words[0]),
                ShopCatalogue.kinds.contains(words[1]), ShopCatalogue.sizes.contains(words[2])
            else { return nil }
            self.init(colour: words[0], kind: words[1], size: words[2], bound: bound)
        }

        /// Whether an item can be what is wanted, in the right size and for the right price.
        public func admits(_ item: Item) -> Bool { item.colour == colour && item.kind == kind && item.price < bound && item.sizes.contains(size) }
    }

    /// The colours there are.
    public static let colours = ["red", "blue", "pink", "gray"]
    /// The kinds of goods.
    public static let kinds = ["mug", "bag", "hat", "cup", "pen", "rug"]
    /// The sizes.
    public static let sizes = ["small", "large"]

    /// The goods, by number.
    public let items: [Item]

    /// That many goods, of every colour and kind in turn where they suffice; prices from 2 to 20.
    public init(items count: Int, seed: Seed) {
        var generator = seed.child("catalogue").generator
        let combinations = generator.shuffled(Self.colours.flatMap { colour in Self.kinds.map { (colour, $0) } })
        let drawn = (0..<count).map { place in
            let (colour, kind) = combinations[place % combinations.count]
            let sizes = generator.chance(0.4) ? Self.sizes : generator.chance(0.5) ? ["small"] : ["large"]
            return (colour, kind, sizes, generator.integer(in: 2...20))
        }
        // Numbers say nothing of what an item is.
        items = generator.shuffled(drawn).enumerated().map { Item(id: $0, colour: $1.0, kind: $1.1, sizes: $1.2, price: $1.3) }
    }

    /// The items that have some of the words in their colour or kind, those with most of them first, of equals the smallest number.
    public func found(_ words: String) -> [Int] {
        let wanted = Set(words.split(separator: " ").map(String.init))
        func hits(_ item: Item) -> Int { (wanted.contains(item.colour) ? 1 : 0) + (wanted.contains(item.kind) ? 1 : 0) }
        return items.map { (hits($0), $0.id) }.filter { $0.0 > 0 }.sorted { (-$0.0, $0.1) < (-$1.0, $1.1) }.map(\.1)
    }

    /// What a customer may want: a size of some item, for a little more than it costs.
    public func goal(using generator: inout SeededGenerator) -> Goal? {
        guard let item = generator.element(of: items), let size = generator.element(of: item.sizes) else { return nil }
        return Goal(colour: item.colour, kind: item.kind, size: size, bound: item.price + generator.integer(in: 1...6))
    }
}
