import HoneCore

extension CraftingMap {
    /// What stands in front of an expert's move, and the move: the recipes that are being followed, from what is asked for down to what is made next.
    ///
    /// `z=c+p p=w+s w=a+b: get a` says that z is asked for, that it needs p, which needs w, for which a is got. A made thing comes before one that lies about, in the
    /// order of the recipe. Where that is not the shortest way from here, as with full hands, the move is the first that is. nil where nothing helps.
    public func advice(in state: Crafting.State) -> (thought: String, move: String)? {
        guard let book = CraftingBook(state.problem.text), let first = helpfulMoves(in: state).first else { return nil }
        var chain = [book.goal]
        var move: String?
        while move == nil, let recipe = book.recipes[chain[chain.count - 1]], chain.count <= book.recipes.count {
            let missing = Self.missing(of: recipe, in: state.held)
            if missing.isEmpty {
                move = "make \(recipe.thing)"
            } else if let made = missing.first(where: { book.recipes[$0] != nil }) {
                chain.append(made)
            } else {
                move = missing.first.map { "get \($0)" }
            }
        }
        let thought = chain.compactMap { book.recipes[$0]?.text }.joined(separator: " ")
        guard let move, isHelpful(move, in: state) else { return (thought, first) }
        return (thought, move)
    }

    /// What a recipe needs and hands do not hold, in its order.
    private static func missing(of recipe: CraftingRecipe, in held: [String]) -> [String] {
        var left = held
        return [recipe.first, recipe.second].filter { part in
            guard let place = left.firstIndex(of: part) else { return true }
            left.remove(at: place)
            return false
        }
    }
}
