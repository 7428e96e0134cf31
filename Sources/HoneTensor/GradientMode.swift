import CTorch

/// A switch for recording graphs on the current thread.
///
/// Used without a closure, so that nothing is captured across isolation and error paths restore it as well:
///
///     let mode = GradientMode.off()
///     defer { mode.restore() }
public struct GradientMode: ~Copyable {
    private let before: Bool

    /// Stops recording on this thread; call `restore` on the same thread, without an await in between.
    public static func off() -> GradientMode {
        let mode = GradientMode(before: ht_grad_mode())
        ht_set_grad_mode(false)
        return mode
    }

    /// Starts recording on this thread; call `restore` on the same thread, without an await in between.
    public static func on() -> GradientMode {
        let mode = GradientMode(before: ht_grad_mode())
        ht_set_grad_mode(true)
        return mode
    }

    /// Puts back what was before.
    public func restore() {
        ht_set_grad_mode(before)
    }

    /// Whether operations on this thread record graphs.
    public static var isOn: Bool { ht_grad_mode() }
}
