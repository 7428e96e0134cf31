import Foundation
import HoneCore

/// How rotary frequencies are stretched so that a model reaches further than it was first trained to.
public enum RotaryScaling: Hashable, Sendable, Codable {
    /// All frequencies are divided by the factor (Chen et al. 2023, “Extending Context Window … via Positional Interpolation”).
    case linear(factor: Double)
    /// Low frequencies are divided by the factor, high ones kept, those between blended, as Llama 3.1 does.
    case llama3(factor: Double, low: Double, high: Double, context: Int)

    /// The rotary frequencies of a head, [headWidth / 2], in steps of float32 as Hugging Face computes them.
    static func frequencies(headWidth: Int, theta: Double, scaling: RotaryScaling?) -> [Float] {
        let plain = (0..<headWidth / 2).map { index in
            Float(1 / pow(theta, Double(Float(2 * index) / Float(headWidth))))
        }
        switch scaling {
        case nil: return plain
        case .linear(let factor): return plain.map { $0 / Float(factor) }
        case .llama3(let factor, let low, let high, let context):
            let (longest, shortest) = (Float(Double(context) / low), Float(Double(context) / high))
            return plain.map { frequency in
                // Float.pi is rounded towards zero; the nearest float32 to 2π is what others divide.
                let wavelength = Float(2 * Double.pi) / frequency
                if wavelength > longest { return frequency / Float(factor) }
                if wavelength < shortest { return frequency }
                let share = (Float(context) / wavelength - Float(low)) / Float(high - low)
                return (1 - share) * frequency / Float(factor) + share * frequency
            }
        }
    }

    /// What cannot work, as a sentence.
    var fault: String? {
        switch self {
        case .linear(let factor): factor > 0 ? nil : "Rotary positions are scaled by the factor \(factor); it should be above 0"
        case .llama3(let factor, let low, let high, let context):
            factor > 0 && low > 0 && high > low && context > 0
                ? nil
                : "Rotary positions are scaled with the factors \(factor), \(low) (low) and \(high) (high) from a context of \(context); all should be "
                    + "above 0, and the high one above the low one"
        }
    }

    /// The scaling that `rope_scaling` or `rope_parameters` of a `config.json` describes; nil for none.
    init?(_ fields: ConfigurationFields) throws {
        let kind = try fields.text("rope_type") ?? fields.text("type") ?? "default"
        switch kind {
        case "default": return nil
        case "linear": self = .linear(factor: try fields.needed("factor"))
        case "llama3":
            self = .llama3(
                factor: try fields.needed("factor"), low: try fields.needed("low_freq_factor"), high: try fields.needed("high_freq_factor"),
                context: try fields.neededWhole("original_max_position_embeddings"))
        default:
            throw ModelError(
                "\(fields.place) asks for rotary positions of kind “\(kind.prefix(60))”; default, linear and llama3 can be computed")
        }
    }

    /// As `config.json` has it, beside the base of the frequencies.
    func fields() -> [String: JSONValue] {
        switch self {
        case .linear(let factor): ["rope_type": .string("linear"), "factor": .number(factor)]
        case .llama3(let factor, let low, let high, let context):
            [
                "rope_type": .string("llama3"), "factor": .number(factor), "low_freq_factor": .number(low),
                "high_freq_factor": .number(high), "original_max_position_embeddings": .integer(context),
            ]
        }
    }
}
