// What the decoder's driver and its kernels share. No libtorch, and no code: the kernels are compiled once per
// instruction set, so nothing that the linker could merge between them may stand here.
#ifndef HONE_CTORCH_DECODER_TYPES_H
#define HONE_CTORCH_DECODER_TYPES_H

#include <stdint.h>

namespace hone_decoder {

/// Columns of a weight panel and lanes of the vectors in every kernel, whatever the processor's width.
constexpr int kLanes = 16;

/// Sizes in elements; a trailing P means padded to a multiple of `kLanes`.
struct Dimensions {
    int hidden, hiddenP, layers, heads, kvHeads, perGroup, headDim, headDimP, mlp, mlpP, vocabulary, vocabularyP;
    int slots, context, contextP, attention, attentionP;
    float eps, scale, embeddingScale;
    int window;  // tokens a row of a local layer sees, itself included; 0 for all
    bool usesGelu;

    /// Columns of one key/value head's panels: its query heads, its key, its value.
    int groupColumns() const { return (perGroup + 2) * headDimP; }
    int groupPanels() const { return groupColumns() / kLanes; }
    /// Floats of one key/value head's keys (or values) in one layer of one slot.
    int64_t keyFloats() const { return int64_t(contextP) * headDimP; }
    int64_t layerFloats() const { return 2 * keyFloats() * kvHeads; }
    int64_t slotFloats() const { return layerFloats() * layers; }
};

/// Distance in floats between panels of K rows. One extra line keeps panels read side by side out of one cache set.
inline constexpr int64_t panelStride(int64_t k) { return k * kLanes + kLanes; }

/// Panels of 16 columns, [k][16] each, in float32 or in bfloat16; the other pointer is null.
struct Panels {
    const float *full;
    const uint16_t *half;
};

/// Weights of one layer. Norms that are folded into the panels behind them, or that a family does not have, are null.
struct LayerWeights {
    Panels qkv, output, gateUp, down;
    const float *qkvBias, *attentionNorm, *mlpNorm, *queryNorm, *keyNorm, *afterAttention, *afterMlp;
    bool isLocal;
};

/// Consecutive rows that pass through the layers together.
struct Span {
    int rows;
    const int32_t *slot, *position;
    float *x;          // [rows][hiddenP], the residual stream
    float *attention;  // [rows][attentionP], heads side by side
    float *inner;      // [rows][mlpP]
    const float *normed;  // [rows][hiddenP], the stream times the norm's weights: what is projected
};

/// The kernels of one instruction set.
struct Kernels {
    const char *name;
    /// 1 / root-mean-square of each row.
    void (*rowScales)(const float *x, int64_t stride, int rows, int width, float eps, float *scales);
    /// target[row] = x[row] · weight, over `padded` columns.
    void (*weighRows)(const float *x, int64_t stride, int rows, int padded, const float *weight, float *target);
    /// target[row] += x[row] · scales[row] · weight, over `padded` columns.
    void (*addNormed)(
        const float *x, int64_t stride, int rows, int padded, const float *scales, const float *weight, float *target);
    /// Projects one key/value head's q, k and v, rotates, writes keys and values to the cache, attends.
    void (*attendGroup)(
        const Dimensions &sizes, const LayerWeights &weights, float *cache, const float *cosines, const float *sines,
        int layer, int group, const Span &span, const float *scales, float *scratch);
    /// target[row][columns of panels] += source · panels.
    void (*addProduct)(
        const float *source, int64_t stride, int rows, const Panels &panels, int k, int first, int last, float *target,
        int64_t targetStride);
    /// target = act(gate) · up over pairs (gate panel, up panel).
    void (*gatedProduct)(
        const float *source, int64_t stride, int rows, const float *scales, const Panels &panels, int k, int first,
        int last, float *target, int64_t targetStride, bool usesGelu);
    /// target[outRow[row]][column] for columns below `columns`.
    void (*logits)(
        const float *source, int64_t stride, int rows, const float *scales, const Panels &panels, int k, int first,
        int last, float *target, const int32_t *outRow, int columns);
    /// Largest entry and whether the row is usable: 1 if no NaN or +infinity and something finite.
    int (*scanRow)(const float *logits, int count, float *largest);
    /// Weights w = exp(z), z = (logit - largest) · inverse, with running totals of their blocks of 16; gives the
    /// token that `uniform` falls on, the total of w and the total of w · z.
    int (*drawRow)(
        const float *logits, int count, float largest, double inverse, double uniform, float *weights, double *totals,
        double *total, double *weightedSum);
};

const Kernels *avx512Kernels();
const Kernels *avx2Kernels();
const Kernels *portableKernels();

}  // namespace hone_decoder
#endif
