// The row loops behind the fused training operations, one table per instruction set. No libtorch here.
#ifndef HONE_CTORCH_FUSED_TYPES_H
#define HONE_CTORCH_FUSED_TYPES_H

#include <cstdint>

namespace hone_fused {

/// Rows whose parameter gradients are summed into one partial result, whatever the number of threads.
constexpr int64_t kBlockRows = 256;

/// Rows are contiguous; widths are multiples of 16 except the vocabulary. "rows" count those of the given pointers.
struct RowKernels {
    /// y = x · scale · w with scale = 1 / sqrt(mean(x²) + eps), which is kept.
    void (*normForward)(const float *x, const float *w, int64_t rows, int64_t width, float eps, float *y, float *scales);
    /// Gradients of `normForward`; the weight's is written as the sum over these rows.
    void (*normBackward)(
        const float *x, const float *w, const float *scales, const float *dy, int64_t rows, int64_t width, float *dx, float *dw);
    /// out = silu(gate) · up; gate and up lie side by side in one row.
    void (*gatedForward)(const float *gateUp, int64_t rows, int64_t inner, float *out);
    void (*gatedBackward)(const float *gateUp, const float *dy, int64_t rows, int64_t inner, float *dGateUp);
    /// Rotates half-split pairs of `heads` heads of one token: from + h · fromStep to to + h · toStep. `sign` -1 turns back.
    void (*rotateHeads)(
        const float *from, int64_t fromStep, float *to, int64_t toStep, int64_t heads, int64_t size, const float *cosines,
        const float *sines, float sign);
    /// Per row: log-probability of the target, logarithm of the sum of exponentials, entropy; of logits · inverse.
    void (*logProbForward)(
        const float *logits, const int64_t *targets, int64_t rows, int64_t vocabulary, float inverse, float *logProb,
        float *logSum, float *entropy);
    /// Logits' gradient, from those of log-probability and (unless null) entropy.
    void (*logProbBackward)(
        const float *logits, const int64_t *targets, int64_t rows, int64_t vocabulary, float inverse, const float *logSum,
        const float *entropy, const float *dLogProb, const float *dEntropy, float *dLogits);
};

const RowKernels *avx512RowKernels();
const RowKernels *avx2RowKernels();
const RowKernels *portableRowKernels();

}  // namespace hone_fused
#endif
