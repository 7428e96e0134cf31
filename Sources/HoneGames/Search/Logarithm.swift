import Foundation

/// The natural logarithm, the one function of the C library that searches need.
enum Logarithm {
    @inline(__always)
    static func natural(_ value: Double) -> Double { log(value) }
}
