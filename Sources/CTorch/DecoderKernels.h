// The decoder's inner loops, written once with vectors of 16 lanes and compiled per instruction set by the files that
// include this one inside a namespace of their own. Lane-wise operations, fused multiply-adds and fixed reduction
// trees only, so every instruction set computes the same bits. No standard-library templates: an inline function
// compiled here for a newer processor could be the copy that the linker keeps for all.
//
// Before including: HONE_TILE_ROWS (rows of a product tile), HONE_VALUE_VECTORS (vectors of values at once).

#include "DecoderLanes.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

// MARK: Products

/// R rows times P panels: each of the R · P · 16 outputs is one accumulator over ascending k.
template <int R, int P, class W>
static void productTile(const float *source, int64_t stride, const W *panels, int64_t panelStep, int k, float *out) {
    Lanes sum[R][P] = {};
    for (int i = 0; i < k; ++i) {
        Lanes w[P];
#pragma clang loop unroll(full)
        for (int p = 0; p < P; ++p) w[p] = load(panels + p * panelStep + int64_t(i) * kLanes);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; ++r) {
            const Lanes a = splat(source[r * stride + i]);
#pragma clang loop unroll(full)
            for (int p = 0; p < P; ++p) sum[r][p] = fma(a, w[p], sum[r][p]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; ++r)
#pragma clang loop unroll(full)
        for (int p = 0; p < P; ++p) store(out + (r * P + p) * kLanes, sum[r][p]);
}

template <class W>
using Tile = void (*)(const float *, int64_t, const W *, int64_t, int, float *);

template <int P, class W>
HONE_INLINE Tile<W> tileOf(int rows) {
    switch (rows) {
        case 1: return productTile<1, P, W>;
        case 2: return productTile<2, P, W>;
        case 3: return productTile<3, P, W>;
#if HONE_TILE_ROWS > 3
        case 4: return productTile<4, P, W>;
        case 5: return productTile<5, P, W>;
        case 6: return productTile<6, P, W>;
        case 7: return productTile<7, P, W>;
        case 8: return productTile<8, P, W>;
        case 9: return productTile<9, P, W>;
        case 10: return productTile<10, P, W>;
        case 11: return productTile<11, P, W>;
        default: return productTile<12, P, W>;
#else
        default: return productTile<3, P, W>;
#endif
    }
}

/// Walks panels [first, last) in steps of four (few rows: more chains in flight), two or one, and rows in even tiles;
/// `done(row, rows, panel, panels, values)` takes each finished tile, [rows][panels][16].
template <class W, class Done>
HONE_INLINE void eachTileOf(
    const float *source, int64_t stride, int rows, const W *panels, int k, int first, int last, const Done &done) {
    alignas(64) float values[12 * 4 * kLanes];
    const int64_t step = panelStride(k);
    const int tiles = (rows + HONE_TILE_ROWS - 1) / HONE_TILE_ROWS;
    for (int panel = first; panel < last;) {
        const int left = last - panel;
        const int width = rows <= 3 && left >= 4 ? 4 : left >= 2 ? 2 : 1;
        const W *here = panels + panel * step;
        int row = 0;
        for (int t = 0; t < tiles; ++t) {
            const int height = (rows - row) / (tiles - t);
            const Tile<W> tile = width == 4
                ? (height == 1 ? productTile<1, 4, W> : height == 2 ? productTile<2, 4, W> : productTile<3, 4, W>)
                : width == 2 ? tileOf<2, W>(height) : tileOf<1, W>(height);
            tile(source + row * stride, stride, here, step, k, values);
            done(row, height, panel, width, values);
            row += height;
        }
        panel += width;
    }
}

template <class Done>
HONE_INLINE void eachTile(
    const float *source, int64_t stride, int rows, const Panels &panels, int k, int first, int last, const Done &done) {
    if (panels.half != nullptr) {
        eachTileOf(source, stride, rows, panels.half, k, first, last, done);
    } else {
        eachTileOf(source, stride, rows, panels.full, k, first, last, done);
    }
}

static void addProduct(
    const float *source, int64_t stride, int rows, const Panels &panels, int k, int first, int last, float *target,
    int64_t targetStride) {
    eachTile(source, stride, rows, panels, k, first, last, [=](int row, int height, int panel, int width, const float *v) {
        for (int r = 0; r < height; ++r)
            for (int p = 0; p < width; ++p) {
                float *t = target + (row + r) * targetStride + (panel + p) * kLanes;
                store(t, load(t) + load(v + (r * width + p) * kLanes));
            }
    });
}

static void gatedProduct(
    const float *source, int64_t stride, int rows, const float *scales, const Panels &panels, int k, int first, int last,
    float *target, int64_t targetStride, bool usesGelu) {
    eachTile(
        source, stride, rows, panels, k, 2 * first, 2 * last, [=](int row, int height, int panel, int width, const float *v) {
            for (int r = 0; r < height; ++r)
                for (int p = 0; p < width; p += 2) {
                    const Lanes scale = splat(scales[row + r]);
                    const Lanes gate = load(v + (r * width + p) * kLanes) * scale;
                    const Lanes up = load(v + (r * width + p + 1) * kLanes) * scale;
                    // GELU's tanh form is x·σ(2u) with u = √(2/π)·(x + 0.044715 x³).
                    const Lanes slope = usesGelu
                        ? gate * fma(gate * gate, splat(0.0713548162726f), splat(1.59576912161f)) : gate;
                    store(
                        target + (row + r) * targetStride + (panel + p) / 2 * kLanes,
                        gate / (splat(1.0f) + exponential(-slope)) * up);
                }
        });
}

static void logits(
    const float *source, int64_t stride, int rows, const float *scales, const Panels &panels, int k, int first, int last,
    float *target, const int32_t *outRow, int columns) {
    eachTile(source, stride, rows, panels, k, first, last, [=](int row, int height, int panel, int width, const float *v) {
        for (int r = 0; r < height; ++r)
            for (int p = 0; p < width; ++p) {
                const Lanes value = load(v + (r * width + p) * kLanes) * splat(scales[row + r]);
                const int column = (panel + p) * kLanes;
                float *t = target + int64_t(outRow[row + r]) * columns + column;
                if (column + kLanes <= columns) {
                    store(t, value);
                } else {
                    for (int c = 0; c < columns - column; ++c) t[c] = value[c];
                }
            }
    });
}

static void rowScales(const float *x, int64_t stride, int rows, int width, float eps, float *scales) {
    const int padded = (width + kLanes - 1) / kLanes * kLanes;  // the padding holds zeros
    for (int r = 0; r < rows; ++r) {
        Lanes sum = {};
        for (int i = 0; i < padded; i += kLanes) {
            const Lanes v = load(x + r * stride + i);
            sum = fma(v, v, sum);
        }
        scales[r] = 1.0f / __builtin_sqrtf(sumLanes(sum) / float(width) + eps);
    }
}

static void weighRows(const float *x, int64_t stride, int rows, int padded, const float *weight, float *target) {
    for (int r = 0; r < rows; ++r)
        for (int i = 0; i < padded; i += kLanes) store(target + r * stride + i, load(x + r * stride + i) * load(weight + i));
}

static void addNormed(
    const float *x, int64_t stride, int rows, int padded, const float *scales, const float *weight, float *target) {
    for (int r = 0; r < rows; ++r) {
        const Lanes scale = splat(scales[r]);
        for (int i = 0; i < padded; i += kLanes) {
            float *t = target + r * stride + i;
            store(t, fma(load(x + r * stride + i) * scale, load(weight + i), load(t)));
        }
    }
}

// MARK: Attention

/// A head's RMSNorm in place; the padding holds zeros.
HONE_INLINE void normHead(float *head, const float *weight, int dimension, int dimensionP, float eps) {
    Lanes sum = {};
    for (int i = 0; i < dimensionP; i += kLanes) sum = fma(load(head + i), load(head + i), sum);
    const Lanes scale = splat(1.0f / __builtin_sqrtf(sumLanes(sum) / float(dimension) + eps));
    for (int i = 0; i < dimensionP; i += kLanes) store(head + i, load(head + i) * scale * load(weight + i));
}

/// Half-split rotary pairs (i, i + half) in place.
HONE_INLINE void rotate(float *head, const float *cosines, const float *sines, int half) {
    for (int i = 0; i < half; ++i) {
        const float a = head[i], b = head[i + half];
        head[i] = a * cosines[i] - b * sines[i];
        head[i + half] = b * cosines[i] + a * sines[i];
    }
}

/// out[0 ..< N · 16] = sum over keys of share · value; four partial sums by key mod 4, joined as (0+1) + (2+3).
template <int N>
HONE_INLINE void weighValues(
    const float *shares, const float *values, int64_t stride, int keys, float inverse, const float *nextValues, float *out) {
    Lanes sum[4][N] = {};
    int key = 0;
    for (; key + 4 <= keys; key += 4) {
#pragma clang loop unroll(full)
        for (int s = 0; s < 4; ++s)
#pragma clang loop unroll(full)
            for (int n = 0; n < N; ++n) __builtin_prefetch(nextValues + (key + s) * stride + n * kLanes, 0, 2);
#pragma clang loop unroll(full)
        for (int s = 0; s < 4; ++s)
#pragma clang loop unroll(full)
            for (int n = 0; n < N; ++n)
                sum[s][n] = fma(splat(shares[key + s]), load(values + (key + s) * stride + n * kLanes), sum[s][n]);
    }
#pragma clang loop unroll(full)
    for (int s = 0; s < 3; ++s)
        if (key + s < keys)
#pragma clang loop unroll(full)
            for (int n = 0; n < N; ++n)
                sum[s][n] = fma(splat(shares[key + s]), load(values + (key + s) * stride + n * kLanes), sum[s][n]);
#pragma clang loop unroll(full)
    for (int n = 0; n < N; ++n) store(out + n * kLanes, ((sum[0][n] + sum[1][n]) + (sum[2][n] + sum[3][n])) * splat(inverse));
}

/// Scores of B blocks of 16 keys, each one accumulator over ascending dimension.
template <int B>
HONE_INLINE void scoreBlocks(
    const float *query, const float *keys, int dimension, int64_t blockStride, const float *nextKeys, float *scores) {
    Lanes sum[B] = {};
    for (int d = 0; d < dimension; ++d) {
        const Lanes q = splat(query[d]);
#pragma clang loop unroll(full)
        for (int b = 0; b < B; ++b) __builtin_prefetch(nextKeys + b * blockStride + d * kLanes, 0, 2);
#pragma clang loop unroll(full)
        for (int b = 0; b < B; ++b) sum[b] = fma(q, load(keys + b * blockStride + d * kLanes), sum[b]);
    }
#pragma clang loop unroll(full)
    for (int b = 0; b < B; ++b) store(scores + b * kLanes, sum[b]);
}

/// One query over keys skipped ..< count of its own slot, skipped below 16. `nextKeys` and `nextValues` are what the next call will read: they
/// come from memory meanwhile (the cache of a batch is larger than any processor's).
static void attend(
    const float *query, const float *keys, const float *values, int skipped, int count, int dimension, int dimensionP,
    const float *nextKeys, const float *nextValues, float *scores, float *out) {
    const int blocks = (count + kLanes - 1) / kLanes;
    const int64_t blockStride = int64_t(dimensionP) * kLanes;
    int block = 0;
    for (; block + 4 <= blocks; block += 4)
        scoreBlocks<4>(query, keys + block * blockStride, dimension, blockStride, nextKeys + block * blockStride, scores + block * kLanes);
    for (; block < blocks; ++block)
        scoreBlocks<1>(query, keys + block * blockStride, dimension, blockStride, nextKeys + block * blockStride, scores + block * kLanes);
    const Lanes none = splat(-__builtin_inff());
    float *tail = scores + (blocks - 1) * kLanes;
    store(tail, select(kIndex < (Ints{} + (count - (blocks - 1) * kLanes)), load(tail), none));
    if (skipped > 0) store(scores, select(kIndex < (Ints{} + skipped), none, load(scores)));
    Lanes top = none;
    for (int b = 0; b < blocks; ++b) top = larger(load(scores + b * kLanes), top);
    const Lanes largest = splat(largestLane(top));
    Lanes sum = {};
    for (int b = 0; b < blocks; ++b) {
        const Lanes share = exponential(load(scores + b * kLanes) - largest);
        store(scores + b * kLanes, share);
        sum += share;
    }
    const float inverse = 1.0f / sumLanes(sum);
    int n = 0;
    for (; n + HONE_VALUE_VECTORS * kLanes <= dimensionP; n += HONE_VALUE_VECTORS * kLanes)
        weighValues<HONE_VALUE_VECTORS>(scores, values + n, dimensionP, count, inverse, nextValues + n, out + n);
#if HONE_VALUE_VECTORS > 2
    for (; n + 2 * kLanes <= dimensionP; n += 2 * kLanes) weighValues<2>(scores, values + n, dimensionP, count, inverse, nextValues + n, out + n);
#endif
    for (; n < dimensionP; n += kLanes) weighValues<1>(scores, values + n, dimensionP, count, inverse, nextValues + n, out + n);
}

static void attendGroup(
    const Dimensions &sizes, const LayerWeights &weights, float *cache, const float *cosines, const float *sines, int layer,
    int group, const Span &span, const float *scales, float *scratch) {
    const int columns = sizes.groupColumns(), panels = sizes.groupPanels(), half = sizes.headDim / 2;
    float *projected = scratch, *scores = scratch + int64_t(span.rows) * columns, *out = scores + sizes.contextP;
    const float *bias = weights.qkvBias ? weights.qkvBias + int64_t(group) * columns : nullptr;
    eachTile(
        span.normed, sizes.hiddenP, span.rows, weights.qkv, sizes.hidden, group * panels, (group + 1) * panels,
        [=](int row, int height, int panel, int width, const float *v) {
            for (int r = 0; r < height; ++r)
                for (int p = 0; p < width; ++p) {
                    const int column = (panel - group * panels + p) * kLanes;
                    Lanes value = load(v + (r * width + p) * kLanes) * splat(scales[row + r]);
                    if (bias) value += load(bias + column);
                    store(projected + int64_t(row + r) * columns + column, value);
                }
        });
    const int64_t base = layer * sizes.layerFloats() + group * 2 * sizes.keyFloats();
    const int64_t blockFloats = int64_t(sizes.headDimP) * kLanes;
    for (int row = 0; row < span.rows; ++row) {
        float *mine = projected + int64_t(row) * columns;
        const int position = span.position[row];
        const float *c = cosines + int64_t(position) * half, *s = sines + int64_t(position) * half;
        if (weights.queryNorm != nullptr)
            for (int h = 0; h <= sizes.perGroup; ++h)
                normHead(
                    mine + h * sizes.headDimP, h < sizes.perGroup ? weights.queryNorm : weights.keyNorm, sizes.headDim, sizes.headDimP,
                    sizes.eps);
        for (int h = 0; h <= sizes.perGroup; ++h) rotate(mine + h * sizes.headDimP, c, s, half);
        for (int i = 0; i < sizes.perGroup * sizes.headDimP; ++i) mine[i] *= sizes.scale;
        float *keys = cache + span.slot[row] * sizes.slotFloats() + base;
        float *values = keys + sizes.keyFloats() + int64_t(position) * sizes.headDimP;
        keys += position / kLanes * blockFloats + position % kLanes;
        const float *key = mine + sizes.perGroup * sizes.headDimP, *value = key + sizes.headDimP;
        for (int d = 0; d < sizes.headDim; ++d) keys[d * kLanes] = key[d];
        for (int d = 0; d < sizes.headDimP; d += kLanes) store(values + d, load(value + d));
    }
    for (int row = 0; row < span.rows; ++row) {
        const float *keys = cache + span.slot[row] * sizes.slotFloats() + base;
        const float *next = row + 1 < span.rows ? cache + span.slot[row + 1] * sizes.slotFloats() + base : keys;
        const int count = span.position[row] + 1;
        const int begin = weights.isLocal && count > sizes.window ? count - sizes.window : 0, block = begin / kLanes;
        for (int h = 0; h < sizes.perGroup; ++h) {
            attend(
                projected + int64_t(row) * columns + h * sizes.headDimP, keys + block * blockFloats,
                keys + sizes.keyFloats() + int64_t(block) * blockFloats, begin % kLanes, count - block * kLanes, sizes.headDim,
                sizes.headDimP, next + block * blockFloats, next + sizes.keyFloats() + int64_t(block) * blockFloats, scores, out);
            float *target = span.attention + int64_t(row) * sizes.attentionP + (group * sizes.perGroup + h) * sizes.headDim;
            for (int d = 0; d < sizes.headDim; ++d) target[d] = out[d];
        }
    }
}

// MARK: Sampling

static int scanRow(const float *row, int count, float *largest) {
    const float infinity = __builtin_inff();
    Lanes top = splat(-infinity);
    Ints bad = {};
    int i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        const Lanes v = load(row + i);
        bad |= (v != v) | (v == splat(infinity));
        top = larger(v, top);
    }
    float best = largestLane(top);
    int wrong = 0;
    for (int l = 0; l < kLanes; ++l) wrong |= bad[l];
    for (; i < count; ++i) {
        if (row[i] != row[i] || row[i] == infinity) wrong = 1;
        if (row[i] > best) best = row[i];
    }
    *largest = best;
    return wrong == 0 && best > -infinity;
}

static int drawRow(
    const float *row, int count, float largest, double inverse, double uniform, float *weights, double *totals, double *total,
    double *weightedSum) {
    const int blocks = (count + kLanes - 1) / kLanes;
    const Lanes floor = splat(-200.0f);  // a forbidden token's -infinity, kept finite: its weight is zero anyway
    Doubles low = {}, high = {};
    double running = 0;
    for (int b = 0; b < blocks; ++b) {
        Lanes v = floor + splat(largest);
        if ((b + 1) * kLanes <= count) {
            v = load(row + b * kLanes);
        } else {
            for (int l = 0; l < count - b * kLanes; ++l) v[l] = row[b * kLanes + l];
        }
        Lanes z = (v - splat(largest)) * splat(float(inverse));
        if ((b + 1) * kLanes > count) z = select(kIndex < (Ints{} + (count - b * kLanes)), z, floor);
        z = larger(z, floor);
        const Lanes w = exponential(z);
        store(weights + b * kLanes, w);
        Doubles wLow, wHigh, zLow, zHigh;
        widen(w, wLow, wHigh);
        widen(z, zLow, zHigh);
        low += wLow * zLow;
        high += wHigh * zHigh;
        running += sumDoubles(wLow + wHigh);
        totals[b] = running;
    }
    *total = running;
    *weightedSum = sumDoubles(low + high);
    const double target = uniform * running;
    int block = 0, end = blocks;
    while (block < end) {
        const int middle = (block + end) / 2;
        if (totals[middle] > target) end = middle; else block = middle + 1;
    }
    if (block == blocks) block = blocks - 1;
    // Rounding may leave the target just past the last weight of its block: then the last possible token is drawn.
    for (; block >= 0; --block) {
        double sum = block > 0 ? totals[block - 1] : 0;
        int chosen = -1;
        for (int l = 0; l < kLanes; ++l) {
            const float w = weights[block * kLanes + l];
            if (!(w > 0)) continue;
            chosen = block * kLanes + l;
            sum += w;
            if (sum > target) break;
        }
        if (chosen >= 0) return chosen;
    }
    return 0;
}

static const Kernels table = {
    HONE_KERNEL_NAME, rowScales, weighRows, addNormed, attendGroup, addProduct, gatedProduct, logits, scanRow, drawRow,
};

#pragma clang diagnostic pop
