import Foundation
import HoneCore
import HoneModel

/// A model as a run holds it: one that can also be checkpointed, copied, and asked for its tokens.
public protocol LiveModel: TrainableModel {
    /// Text segments of the transcript replaced by exact tokens, each segment by itself; others are left as they are.
    func tokenised(_ transcript: Transcript) async throws -> Transcript
    /// The token that ends a text.
    var endOfText: TokenID { get }
    /// How many parameters it has.
    var parameterCount: Int { get async }
    /// All that resume needs: named files with weights and optimiser state, the same bytes for the same state.
    func checkpointFiles() async throws -> [String: Data]
    /// Puts back what `checkpointFiles` gave.
    func restore(_ files: [String: Data]) async throws
    /// The weights alone, as a safetensors file under Hugging Face names.
    func weights() async throws -> Data
    /// Replaces the weights and starts the optimiser afresh.
    func load(weights: Data) async throws
    /// Keeps a copy of the weights under a name, for `ModelRef.snapshot`.
    func snapshot(_ name: String) async throws
    /// Puts back the weights of a snapshot.
    func returnTo(snapshot name: String) async throws
    /// Moves a snapshot towards the live weights: `keep` of its own, the rest of theirs.
    func blend(into snapshot: String, keep: Double) async throws
    /// Does something to its own weights and snapshots.
    func apply(_ operation: WeightOperation) async throws
    /// Forgets the optimiser's moments and step count.
    func resetOptimiser() async throws
    /// The names of all snapshots, sorted.
    var snapshotNames: [String] { get async }
    /// Optimiser steps behind the weights.
    var updateCount: Int { get async }
    /// Lets objectives ask about another model by its name in the plan.
    func connect(_ other: ModelName, to model: any Model) async
    /// The same model at an earlier moment.
    func at(snapshot name: String) throws -> any Model
}
