import Foundation
import Testing

/// The package folder, three levels above this file.
private let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The layers in order: a target may import those before it that its line names.
private let allowed: [String: Set<String>] = [
    "HoneCore": [], "HoneNumerics": ["HoneCore"], "HoneTensor": ["CTorch"], "HoneText": ["HoneCore"],
    "HoneModel": ["CTorch", "HoneCore", "HoneTensor", "HoneText"], "HoneEndpoint": ["HoneCore", "HoneText"],
    "HoneServer": ["HoneCore", "HoneText"], "HoneWorlds": ["HoneCore", "HoneText", "HoneSandbox"],
    "HoneGames": ["HoneCore", "HoneNumerics"],
    "HoneJudges": ["HoneCore", "HoneText"], "HoneCredit": ["HoneCore", "HoneNumerics"],
    "HoneObjectives": ["HoneCore", "HoneNumerics", "HoneTensor", "HoneModel"], "HoneCurricula": ["HoneCore", "HoneNumerics"],
    "HoneSocieties": ["HoneCore", "HoneText"], "HoneSandbox": ["HoneCore"], "HoneSearch": ["HoneCore", "HoneNumerics"], "HoneMemory": ["HoneCore"], "HoneEvaluation": ["HoneCore", "HoneNumerics"],
    "HoneStore": ["HoneCore"], "HoneReport": ["HoneCore"],
    "HoneComparison": ["HoneCore", "HoneNumerics", "HoneEngine", "HoneRecipes", "HoneStore"],
]

private func swiftFiles(in folder: String) throws -> [URL] {
    let root = package.appendingPathComponent("Sources/\(folder)")
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }
    return names.sorted().map { root.appendingPathComponent($0) }
}

@Suite("The layers")
struct LayeringTests {
    @Test("each target imports only what its layer may see", arguments: allowed.keys.sorted())
    func importsPointDownwards(target: String) throws {
        let files = try swiftFiles(in: target)
        #expect(!files.isEmpty, "\(target) has no source files")
        for file in files {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 1, words.count > place + 1 else { continue }
                let module = String(words[place + 1])
                guard module.hasPrefix("Hone") || module == "CTorch" else { continue }
                #expect(allowed[target]?.contains(module) == true, "\(file.lastPathComponent) of \(target) imports \(module)")
            }
        }
    }

    @Test("no source traps on a user's mistake, and tensors are not smuggled across threads")
    func sourcesHoldNoTraps() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: package.appendingPathComponent("Sources").path)
        for folder in folders.sorted() where folder != "CTorch" {
            for file in try swiftFiles(in: folder) {
                let text = try String(contentsOf: file, encoding: .utf8)
                for trap in ["fatal" + "Error(", "try" + "! ", "Task" + ".detached", "nonisolated(" + "unsafe)"] {
                    #expect(!text.contains(trap), "\(file.lastPathComponent) of \(folder) uses \(trap)")
                }
                #expect(text.split(separator: "\n").count <= 600, "\(file.lastPathComponent) of \(folder) is longer than 600 lines")
            }
        }
    }
}
