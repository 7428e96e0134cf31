import HoneCore
import HoneGames
import HoneWorlds

extension GamePlaySettings {
    /// How the game is put into words for the learner; throws sentences where the game cannot be made or be told so.
    var words: GameWorldSettings {
        get throws {
            let task = common.task
            // The words of another program are its own.
            guard !ProgramCommand.isCommand(task.world) else { return GameWorldSettings() }
            return try text.words(for: common.model.size, in: GameCatalog.make(name: task.world, settings: task.settings))
        }
    }

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = common.faults()
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(["auto", "words", "short", "squares"].contains(text.form), "text.form", text.form, "auto, words, short or squares")
        require(["auto", "all", "latest"].contains(text.memory), "text.memory", text.memory, "auto, all or latest")
        require(text.illegalPenalty >= 0, "text.illegalPenalty", text.illegalPenalty, "0 or more")
        require(opponents.keepEvery >= 1, "opponents.keepEvery", opponents.keepEvery, "1 or more")
        require(opponents.pool >= 1, "opponents.pool", opponents.pool, "1 or more")
        require(opponents.hardness >= 0, "opponents.hardness", opponents.hardness, "0 or more")
        require(opponents.trials >= 1, "opponents.trials", opponents.trials, "1 or more")
        require(opponents.exploiterLife >= 1, "opponents.exploiterLife", opponents.exploiterLife, "1 or more")
        require((0...1).contains(selfPlay.decay), "selfPlay.decay", selfPlay.decay, "between 0 and 1")
        require((0..<1).contains(selfPlay.smoothing), "selfPlay.smoothing", selfPlay.smoothing, "0 (none) or more, and below 1")
        require(selfPlay.averaged >= 0, "selfPlay.averaged", selfPlay.averaged, "0 (none) or more")
        require(selfPlay.finalRate > 0 && selfPlay.finalRate <= 1, "selfPlay.finalRate", selfPlay.finalRate, "above 0, and at most 1")
        require(
            selfPlay.finalRate == 1 || common.learner.miniBatch == 0, "learner.miniBatch", common.learner.miniBatch,
            "0 (one step an iteration) where selfPlay.finalRate is below 1")
        require(selfPlay.epsilon > 0, "selfPlay.epsilon", selfPlay.epsilon, "above 0")
        require(selfPlay.eta >= 0, "selfPlay.eta", selfPlay.eta, "0 or more")
        require(selfPlay.finalEta >= 0, "selfPlay.finalEta", selfPlay.finalEta, "0 (keeps η) or more")
        require(selfPlay.phases >= 1, "selfPlay.phases", selfPlay.phases, "1 or more")
        require(yardsticks.rated >= 0, "yardsticks.rated", yardsticks.rated, "0 (none) or more")
        if yardsticks.rated > 0, yardsticks.against.isEmpty { faults.append("“yardsticks.rated” counts ratings from a yardstick; name one in yardsticks.against") }
        require(selfPlay.refreshEvery >= 0, "selfPlay.refreshEvery", selfPlay.refreshEvery, "0 (never) or more")
        require(yardsticks.plays >= 1, "yardsticks.plays", yardsticks.plays, "1 or more")
        if ModelSettings.isEndpoint(common.model.size) {
            faults.append("“model.size” is an endpoint, which cannot learn by playing; give a size or a model folder")
        }
        return faults
    }
}
