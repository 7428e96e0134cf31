import Foundation

/// Quantiles and distribution functions that intervals need.
public enum Distributions {
    /// The quantile of the standard normal distribution, for 0 < p < 1 (Acklam's rational approximation with one step of
    /// Halley's method: accurate to about 1e-15).
    public static func normalQuantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "A quantile needs a probability between 0 and 1")
        let a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00]
        let b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01]
        let c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00]
        func polynomial(_ k: [Double], _ x: Double) -> Double { k.reduce(0) { $0 * x + $1 } }
        let x: Double
        if p < 0.02425 {
            let q = (-2 * log(p)).squareRoot()
            x = polynomial(c, q) / polynomial(d + [1], q)
        } else if p > 1 - 0.02425 {
            let q = (-2 * log(1 - p)).squareRoot()
            x = -polynomial(c, q) / polynomial(d + [1], q)
        } else {
            let q = p - 0.5
            let r = q * q
            x = polynomial(a, r) * q / polynomial(b + [1], r)
        }
        let e = 0.5 * erfc(-x / 2.0.squareRoot()) - p
        let u = e * (2 * Double.pi).squareRoot() * exp(x * x / 2)
        return x - u / (1 + x * u / 2)
    }

    /// The distribution function of Student's t.
    public static func studentCDF(_ t: Double, degrees: Double) -> Double {
        let x = degrees / (degrees + t * t)
        let tail = 0.5 * incompleteBeta(degrees / 2, 0.5, x)
        return t > 0 ? 1 - tail : tail
    }

    /// The quantile of Student's t, by bisection on the distribution function.
    public static func studentQuantile(_ p: Double, degrees: Double) -> Double {
        precondition(p > 0 && p < 1 && degrees > 0, "A quantile needs 0 < p < 1 and degrees above 0")
        if p == 0.5 { return 0 }
        if p < 0.5 { return -studentQuantile(1 - p, degrees: degrees) }
        var low = 0.0
        var high = 1.0
        while studentCDF(high, degrees: degrees) < p, high < 1e12 { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if studentCDF(middle, degrees: degrees) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function, by its continued fraction (modified Lentz).
    public static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        if x > (a + 1) / (a + b + 2) { return 1 - front * fraction(b, a, 1 - x) / b }
        return front * fraction(a, b, x) / a
    }

    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var h = d
        for m in 1...500 {
            let k = Double(m)
            var step = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
            d = 1 + step * d
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = 1 + step / c
            if abs(c) < tiny { c = tiny }
            h *= d * c
            step = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
            d = 1 + step * d
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = 1 + step / c
            if abs(c) < tiny { c = tiny }
            let change = d * c
            h *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return h
    }
}
