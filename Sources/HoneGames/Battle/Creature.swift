/// A kind of creature for team battles.
public struct Creature: Hashable, Sendable {
    /// What beats what: fire beats grass, grass beats water, water beats fire.
    public enum Element: Int, Hashable, Sendable, CaseIterable {
        case fire, grass, water

        /// The damage of an attack of this element to another in halves of the usual: 1 where it is weak, 2 among equals, 4 where it is strong.
        public func effect(on other: Element) -> Int { (other.rawValue - rawValue + 3) % 3 == 1 ? 4 : self == other ? 2 : 1 }
    }

    /// Its name.
    public let name: String
    /// What it is made of.
    public let element: Element
    /// Its health at the start.
    public let health: Int
    /// How hard it hits; 10 is usual.
    public let attack: Int
    /// The faster one attacks first.
    public let speed: Int
    /// The element of its second attack.
    public let cover: Element

    /// The twelve kinds.
    public static let all: [Creature] = [
        Creature(name: "cinder", element: .fire, health: 26, attack: 11, speed: 9, cover: .water),
        Creature(name: "ashfinch", element: .fire, health: 22, attack: 12, speed: 12, cover: .grass),
        Creature(name: "lavaboar", element: .fire, health: 34, attack: 10, speed: 3, cover: .grass),
        Creature(name: "torchcat", element: .fire, health: 28, attack: 10, speed: 8, cover: .water),
        Creature(name: "fernhorn", element: .grass, health: 30, attack: 10, speed: 6, cover: .fire),
        Creature(name: "mosstoise", element: .grass, health: 36, attack: 9, speed: 2, cover: .water),
        Creature(name: "thornlynx", element: .grass, health: 24, attack: 12, speed: 10, cover: .fire),
        Creature(name: "budowl", element: .grass, health: 26, attack: 10, speed: 11, cover: .water),
        Creature(name: "rillfish", element: .water, health: 24, attack: 11, speed: 10, cover: .grass),
        Creature(name: "dewotter", element: .water, health: 28, attack: 10, speed: 7, cover: .fire),
        Creature(name: "tidecrab", element: .water, health: 34, attack: 10, speed: 4, cover: .grass),
        Creature(name: "mistheron", element: .water, health: 22, attack: 12, speed: 11, cover: .fire),
    ]

    /// Sheets of four kinds each, by their numbers: eight to play with and eight held out, none twice.
    public static let sheets: [[Int]] = [
        [0, 4, 8, 5], [1, 6, 10, 9], [2, 7, 11, 3], [3, 5, 9, 6], [0, 7, 10, 1], [2, 4, 11, 8], [1, 5, 8, 7], [3, 6, 11, 10],
        [0, 5, 11, 6], [1, 4, 9, 10], [2, 6, 8, 0], [3, 7, 10, 4], [0, 6, 9, 11], [1, 7, 8, 2], [2, 5, 10, 9], [3, 4, 11, 7],
    ]
}
