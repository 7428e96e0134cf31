import HoneCore
import HoneWorlds

/// Defaults that suit a world, found by trying; every one can be set.
enum Tuned {
    /// The settings a world starts from, arithmetic with so many terms where another number suits the recipe; an unknown world keeps the general
    /// defaults and is refused when the plan is made.
    static func settings(for world: String, terms: Int? = nil) -> CommonSettings {
        let defaults = (try? WorldCatalog.entry(world).defaults) ?? .object([:])
        var settings = CommonSettings(task: TaskSettings(world: world, settings: defaults))
        switch world {
        case "arithmetic":
            settings.play.limit = 24
            if let terms { settings.task.settings = settings.task.settings.setting(["terms"], to: .integer(terms)) }
        case "code":
            // Files are small and their programs long: nothing is taught unless asked for.
            settings.base.demonstrations = 0
            settings.base.passes = 0
            settings.play.limit = 512
            settings.model.size = "nano@2048:ascii"
        case "constraints":
            settings.base.demonstrations = 4000
            settings.play.limit = 32
        case "countdown":
            settings.base.demonstrations = 1000
            settings.play.limit = 24
        case "repo-repair":
            // Moves are short lines; nothing is demonstrated in one answer.
            settings.base.demonstrations = 0
            settings.base.passes = 0
            settings.play.limit = 16
        case "word-problems":
            settings.base.demonstrations = 1000
            settings.play.limit = 96
        case "file":
            settings.base.demonstrations = 1000
            settings.task.trainProblems = 20_000
            settings.play.limit = 16
        case _ where ProgramCommand.isCommand(world):
            // A program writes no demonstrations, and its moves may be sentences.
            settings.base.demonstrations = 0
            settings.base.passes = 0
            settings.play.limit = 64
        default: break
        }
        return settings
    }
}
