import Foundation
import HoneCore
import HoneModel
import Testing

/// What `Tests/References/tiny_llama.py` wrote.
private struct Reference: Decodable {
    var rows: [[TokenID]]
    var logits: [[[Float]]]
}

@Test("a Llama made by Hugging Face transformers gives the logits it gives there")
func transformersLogits() async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/tiny-llama")
    let data = try Data(contentsOf: folder.appendingPathComponent("logits.json"))
    let reference = try JSONDecoder().decode(Reference.self, from: data)
    let read = try ModelFolder(path: folder.path)
    #expect(read.shape.kvHeads == 2 && read.shape.epsilon == 1e-5)
    let logits = try await FullForward.logits(of: reference.rows, folder: folder.path)
    #expect(logits.count == 2)
    for (own, theirs) in zip(logits, reference.logits) {
        let (difference, size) = largestDifference(own, theirs)
        #expect(difference <= 5e-6 * size, "\(difference) of \(size)")
    }
}
