import HoneCore

/// A graph and a number of colours, as a problem's text shows them: `ab ac bd:3=` has the edges a–b, a–c and b–d.
///
/// A colouring is written vertex by vertex, `a1b2c2d1`, or with its working: before each vertex its earlier neighbours with their colours,
/// `a1,a1b2,a1c2,b2d1`.
public struct ColouringProblem: Hashable, Sendable {
    /// Two vertices that need different colours.
    public struct Edge: Hashable, Sendable {
        /// The vertex that comes first in the alphabet, counted from 0.
        public let low: Int
        /// The other one.
        public let high: Int

        /// As it is written: `ab`.
        public var name: String { ColouringProblem.letter(low) + ColouringProblem.letter(high) }
    }

    /// How many vertices there are: the letters up to the last one that occurs.
    public let vertices: Int
    /// The edges, in the order of the text.
    public let edges: [Edge]
    /// How many colours may be used.
    public let colours: Int

    /// A problem of these edges.
    init(vertices: Int, edges: [Edge], colours: Int) {
        self.vertices = vertices
        self.edges = edges
        self.colours = colours
    }

    /// The problem of a text; nil where it is none.
    public init?(_ text: String) {
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count == 2, sides[1].hasSuffix("="), let colours = Int(sides[1].dropLast()), colours > 0 else { return nil }
        var edges: [Edge] = []
        for pair in sides[0].split(separator: " ", omittingEmptySubsequences: false) {
            let ends = pair.unicodeScalars.map(Self.vertex)
            guard ends.count == 2, let low = ends[0], let high = ends[1], low < high else { return nil }
            edges.append(Edge(low: low, high: high))
        }
        guard let last = edges.map(\.high).max() else { return nil }
        self.init(vertices: last + 1, edges: edges, colours: colours)
    }

    /// As it is put.
    public var text: String { edges.map(\.name).joined(separator: " ") + ":\(colours)=" }

    /// The colours of a response by vertex, from 1; nil unless every vertex has exactly one of the allowed colours.
    ///
    /// Of a response with working only what it settles on is read: the last vertex of each group.
    public func colouring(_ response: String) -> [Int]? {
        let text = response.unicodeScalars.last == "\n" ? response.unicodeScalars.dropLast() : response.unicodeScalars[...]
        guard text.contains(",") else { return colours(in: text).flatMap(whole) }
        let groups = text.split(separator: ",", omittingEmptySubsequences: false).map(colours(in:))
        guard groups.allSatisfy({ $0?.isEmpty == false }) else { return nil }
        return whole(groups.compactMap { $0?.last })
    }

    /// The pairs of vertex and colour that a text lists; nil where it is something else.
    private func colours(in text: Substring.UnicodeScalarView) -> [(vertex: Int, colour: Int)]? {
        let scalars = Array(text)
        guard scalars.count % 2 == 0 else { return nil }
        var pairs: [(vertex: Int, colour: Int)] = []
        for place in stride(from: 0, to: scalars.count, by: 2) {
            guard let vertex = Self.vertex(scalars[place]), vertex < vertices, let colour = Int(String(scalars[place + 1])),
                (1...colours).contains(colour)
            else { return nil }
            pairs.append((vertex, colour))
        }
        return pairs
    }

    /// The colours by vertex; nil unless there is exactly one for each.
    private func whole(_ pairs: [(vertex: Int, colour: Int)]) -> [Int]? {
        var found = [Int](repeating: 0, count: vertices)
        for pair in pairs {
            guard found[pair.vertex] == 0 else { return nil }
            found[pair.vertex] = pair.colour
        }
        return found.contains(0) ? nil : found
    }

    /// As a colouring is written.
    public static func text(of colouring: [Int]) -> String {
        colouring.enumerated().map { letter($0.offset) + String($0.element) }.joined()
    }

    /// As a colouring of this graph is written, with its working where that is wanted.
    public func text(of colouring: [Int], recites: Bool) -> String {
        guard recites else { return Self.text(of: colouring) }
        let groups = colouring.indices.map { vertex in
            (edges.filter { $0.high == vertex }.map(\.low) + [vertex]).map { Self.letter($0) + String(colouring[$0]) }.joined()
        }
        return groups.joined(separator: ",")
    }

    /// The edges whose ends have the same colour.
    public func badEdges(of colouring: [Int]) -> [Edge] { edges.filter { colouring[$0.low] == colouring[$0.high] } }

    /// A colouring without bad edges, drawn by the seed; nil where there is none with so many colours.
    ///
    /// Vertices are coloured in order with a colour drawn evenly from those still free, going back where none is; that is not an even
    /// draw from all such colourings.
    public func solution(seed: Seed) -> [Int]? {
        var generator = seed.generator
        var found = [Int](repeating: 0, count: vertices)
        return extend(&found, from: 0, colours, &generator) ? found : nil
    }

    /// Whether so many colours suffice.
    public func isColourable(with count: Int) -> Bool {
        var generator = Seed(0).generator
        var found = [Int](repeating: 0, count: vertices)
        return extend(&found, from: 0, count, &generator)
    }

    private func extend(_ found: inout [Int], from vertex: Int, _ count: Int, _ generator: inout SeededGenerator) -> Bool {
        guard vertex < vertices else { return true }
        let taken = Set(edges.filter { $0.high == vertex }.map { found[$0.low] })
        for colour in generator.shuffled(count > 0 ? Array(1...count) : []) where !taken.contains(colour) {
            found[vertex] = colour
            if extend(&found, from: vertex + 1, count, &generator) { return true }
        }
        found[vertex] = 0
        return false
    }

    static func letter(_ vertex: Int) -> String { String(UnicodeScalar(UInt8(97 + vertex))) }

    private static func vertex(_ scalar: Unicode.Scalar) -> Int? {
        (97...122).contains(scalar.value) ? Int(scalar.value) - 97 : nil
    }
}
