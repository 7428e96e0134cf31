import Synchronization

/// Hands on the pieces of a stream and remembers whether there were any.
final class PieceCount: Sendable {
    private let count = Mutex(0)
    private let onPiece: (@Sendable (StreamPiece) -> Void)?

    init(_ onPiece: (@Sendable (StreamPiece) -> Void)?) { self.onPiece = onPiece }

    var hasSome: Bool { count.withLock { $0 > 0 } }

    func take(_ piece: StreamPiece) {
        count.withLock { $0 += 1 }
        onPiece?(piece)
    }
}
