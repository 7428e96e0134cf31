// Row loops of the fused training operations, compiled per instruction set like DecoderKernels.h and with its rules.

#include "DecoderLanes.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

static void normForward(const float *x, const float *w, int64_t rows, int64_t width, float eps, float *y, float *scales) {
    for (int64_t r = 0; r < rows; ++r, x += width, y += width) {
        Lanes sum = {};
        for (int64_t i = 0; i < width; i += kLanes) sum = fma(load(x + i), load(x + i), sum);
        const float scale = 1.0f / __builtin_sqrtf(sumLanes(sum) / float(width) + eps);
        scales[r] = scale;
        for (int64_t i = 0; i < width; i += kLanes) store(y + i, load(x + i) * splat(scale) * load(w + i));
    }
}

static void normBackward(
    const float *x, const float *w, const float *scales, const float *dy, int64_t rows, int64_t width, float *dx, float *dw) {
    for (int64_t i = 0; i < width; i += kLanes) store(dw + i, Lanes{});
    for (int64_t r = 0; r < rows; ++r, x += width, dy += width, dx += width) {
        const Lanes scale = splat(scales[r]);
        Lanes sum = {};
        for (int64_t i = 0; i < width; i += kLanes) {
            const Lanes v = load(x + i), d = load(dy + i);
            sum = fma(d * load(w + i), v, sum);
            store(dw + i, fma(d, v * scale, load(dw + i)));
        }
        const Lanes pull = splat(-sumLanes(sum) / float(width) * scales[r] * scales[r]);
        for (int64_t i = 0; i < width; i += kLanes)
            store(dx + i, fma(load(x + i), pull, load(dy + i) * load(w + i)) * scale);
    }
}

static void gatedForward(const float *gateUp, int64_t rows, int64_t inner, float *out) {
    for (int64_t r = 0; r < rows; ++r, gateUp += 2 * inner, out += inner)
        for (int64_t i = 0; i < inner; i += kLanes) {
            const Lanes gate = load(gateUp + i);
            store(out + i, gate / (splat(1.0f) + exponential(-gate)) * load(gateUp + inner + i));
        }
}

static void gatedBackward(const float *gateUp, const float *dy, int64_t rows, int64_t inner, float *dGateUp) {
    for (int64_t r = 0; r < rows; ++r, gateUp += 2 * inner, dGateUp += 2 * inner, dy += inner)
        for (int64_t i = 0; i < inner; i += kLanes) {
            const Lanes gate = load(gateUp + i), up = load(gateUp + inner + i), d = load(dy + i);
            const Lanes share = splat(1.0f) / (splat(1.0f) + exponential(-gate));
            store(dGateUp + i, d * up * share * fma(gate, splat(1.0f) - share, splat(1.0f)));
            store(dGateUp + inner + i, d * gate * share);
        }
}

static void rotateHeads(
    const float *from, int64_t fromStep, float *to, int64_t toStep, int64_t heads, int64_t size, const float *cosines,
    const float *sines, float sign) {
    const int64_t half = size / 2;
    for (int64_t h = 0; h < heads; ++h, from += fromStep, to += toStep) {
        int64_t i = 0;
        for (; i + kLanes <= half; i += kLanes) {
            const Lanes a = load(from + i), b = load(from + half + i), c = load(cosines + i), s = load(sines + i) * splat(sign);
            store(to + i, a * c - b * s);
            store(to + half + i, b * c + a * s);
        }
        for (; i < half; ++i) {
            const float a = from[i], b = from[half + i], c = cosines[i], s = sines[i] * sign;
            to[i] = a * c - b * s;
            to[half + i] = b * c + a * s;
        }
    }
}

/// Sixteen logits from `i` on, `fill` beyond the end.
HONE_INLINE Lanes loadSome(const float *row, int64_t i, int64_t count, float fill) {
    if (i + kLanes <= count) return load(row + i);
    Lanes v = splat(fill);
    for (int64_t l = 0; l < count - i; ++l) v[l] = row[i + l];
    return v;
}

static void logProbForward(
    const float *logits, const int64_t *targets, int64_t rows, int64_t vocabulary, float inverse, float *logProb, float *logSum,
    float *entropy) {
    for (int64_t r = 0; r < rows; ++r, logits += vocabulary) {
        Lanes top = splat(-__builtin_inff());
        for (int64_t i = 0; i < vocabulary; i += kLanes)
            top = larger(loadSome(logits, i, vocabulary, -__builtin_inff()) * splat(inverse), top);
        const float largest = largestLane(top);
        Lanes sum = {}, weighted = {};
        for (int64_t i = 0; i < vocabulary; i += kLanes) {
            const Lanes z = larger(
                fma(loadSome(logits, i, vocabulary, -__builtin_inff()), splat(inverse), splat(-largest)), splat(-200.0f));
            const Lanes w = exponential(z);
            sum += w;
            weighted = fma(w, z, weighted);
        }
        const float total = sumLanes(sum);
        const double logTotal = __builtin_log(double(total));
        logSum[r] = float(double(largest) + logTotal);
        logProb[r] = float(double(logits[targets[r]]) * double(inverse) - double(largest) - logTotal);
        entropy[r] = float(logTotal - double(sumLanes(weighted)) / double(total));
    }
}

static void logProbBackward(
    const float *logits, const int64_t *targets, int64_t rows, int64_t vocabulary, float inverse, const float *logSum,
    const float *entropy, const float *dLogProb, const float *dEntropy, float *dLogits) {
    for (int64_t r = 0; r < rows; ++r, logits += vocabulary, dLogits += vocabulary) {
        const float pull = dLogProb[r] * inverse, spread = dEntropy != nullptr ? dEntropy[r] * inverse : 0.0f;
        const Lanes base = splat(pull), slope = splat(spread), shift = splat(-logSum[r]), mean = splat(entropy[r]);
        for (int64_t i = 0; i < vocabulary; i += kLanes) {
            const Lanes z = larger(
                fma(loadSome(logits, i, vocabulary, -__builtin_inff()), splat(inverse), shift), splat(-200.0f));
            const Lanes d = -(exponential(z) * fma(slope, z + mean, base));
            if (i + kLanes <= vocabulary) {
                store(dLogits + i, d);
            } else {
                for (int64_t l = 0; l < vocabulary - i; ++l) dLogits[i + l] = d[l];
            }
        }
        dLogits[targets[r]] += pull;
    }
}

#pragma clang diagnostic pop

static const RowKernels table = {
    normForward, normBackward, gatedForward, gatedBackward, rotateHeads, logProbForward, logProbBackward,
};
