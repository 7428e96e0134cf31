import HoneCore

/// Reads `--lora r=16,alpha=32,modules=q_proj+v_proj,rslora`.
enum LoRAInput {
    /// The settings it stands for.
    static func entries(_ text: String) throws -> [SettingsOverlay.Entry] {
        var entries: [SettingsOverlay.Entry] = []
        func put(_ key: String, _ value: JSONValue) {
            entries.append(SettingsOverlay.Entry(path: ["model", "lora", key], value: value, place: "--lora \(text)"))
        }
        var hasRank = false
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            switch (sides.first ?? "", sides.count) {
            case ("r", 2):
                guard let rank = Int(sides[1]), rank > 0 else { throw CoreError.invalid("--lora \(text): r is “\(sides[1])”; it should be 1 or more") }
                put("rank", .integer(rank))
                hasRank = true
            case ("alpha", 2):
                guard let alpha = Double(sides[1]), alpha > 0 else { throw CoreError.invalid("--lora \(text): alpha is “\(sides[1])”; it should be above 0") }
                put("alpha", .number(alpha))
            case ("modules", 2): put("modules", .array(sides[1].split(separator: "+").map { .string(String($0)) }))
            case ("rslora", 1): put("rankStabilised", .bool(true))
            default:
                throw CoreError.invalid("--lora \(text): “\(part)” is none of r=…, alpha=…, modules=…+…, rslora; for example --lora r=16")
            }
        }
        guard hasRank else { throw CoreError.invalid("--lora \(text) names no rank; for example --lora r=16") }
        return entries
    }
}
