// One step of the decoder: rows are checked and sorted by slot, then carried through the layers either in units of
// rows (small models: a unit never waits for another, except a long prompt's next unit for its keys) or in phases of
// columns (few rows, or weights beyond the cache: each is read once for all rows). Both call the same kernels.
#include "Decoder.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <numeric>

#include "DecoderPool.h"

using namespace hone_decoder;

namespace {

/// Weights that fit a shared cache together with activations: then rows are divided, else columns.
constexpr int64_t kSmallWeights = int64_t(12) << 20;
constexpr int kFewRows = 16;

void embed(const ht_decoder &d, int first, int rows, float *x) {
    const Dimensions &sizes = d.sizes;
    for (int r = 0; r < rows; ++r) {
        const int64_t token = d.token[first + r];
        float *to = x + int64_t(r) * sizes.hiddenP;
        if (d.embedding != nullptr) {
            std::memcpy(to, d.embedding + token * sizes.hiddenP, size_t(sizes.hiddenP) * sizeof(float));
            continue;
        }
        const uint16_t *from = d.head.half + token / kLanes * panelStride(sizes.hidden) + token % kLanes;
        for (int i = 0; i < sizes.hidden; ++i) {
            const uint32_t bits = uint32_t(from[int64_t(i) * kLanes]) << 16;
            float value;
            std::memcpy(&value, &bits, sizeof value);
            to[i] = value * sizes.embeddingScale;
        }
        std::fill(to + sizes.hidden, to + sizes.hiddenP, 0.0f);
    }
}

/// The scales of rows, and what is projected: the rows, or the rows times a norm that is not folded into the panels.
const float *prepare(const ht_decoder &d, const float *x, int rows, const float *norm, ThreadScratch &own) {
    d.kernels->rowScales(x, d.sizes.hiddenP, rows, d.sizes.hidden, d.sizes.eps, own.scales);
    if (norm == nullptr) return x;
    d.kernels->weighRows(x, d.sizes.hiddenP, rows, d.sizes.hiddenP, norm, own.normed);
    return own.normed;
}

/// Adds what a half of a block gave to the stream, by its norm.
void addBranch(const ht_decoder &d, const float *branch, int rows, const float *norm, float *x, ThreadScratch &own) {
    d.kernels->rowScales(branch, d.sizes.hiddenP, rows, d.sizes.hidden, d.sizes.eps, own.scales);
    d.kernels->addNormed(branch, d.sizes.hiddenP, rows, d.sizes.hiddenP, own.scales, norm, x);
}

const float *cosinesOf(const ht_decoder &d, const LayerWeights &layer) { return layer.isLocal ? d.localCosines.data() : d.cosines.data(); }
const float *sinesOf(const ht_decoder &d, const LayerWeights &layer) { return layer.isLocal ? d.localSines.data() : d.sines.data(); }

/// The outputs that belong to rows [first, first + rows): a range of `outputRow`.
std::pair<int, int> outputsOf(const ht_decoder &d, int first, int rows) {
    const auto begin = std::lower_bound(d.outputRow.begin(), d.outputRow.end(), first);
    const auto end = std::lower_bound(begin, d.outputRow.end(), first + rows);
    return {int(begin - d.outputRow.begin()), int(end - d.outputRow.begin())};
}

/// Gathers up to `kChunkRows` output rows and their scales into a thread's own memory.
void gather(const ht_decoder &d, ThreadScratch &own, const float *x, int first, int from, int count) {
    for (int i = 0; i < count; ++i)
        std::memcpy(
            own.gathered + int64_t(i) * d.sizes.hiddenP, x + int64_t(d.outputRow[from + i] - first) * d.sizes.hiddenP,
            size_t(d.sizes.hiddenP) * sizeof(float));
    if (prepare(d, own.gathered, count, d.finalNorm, own) != own.gathered)
        std::memcpy(own.gathered, own.normed, size_t(count) * size_t(d.sizes.hiddenP) * sizeof(float));
}

// MARK: Units of rows

struct RowWork {
    ht_decoder &d;
    float *logits;
    int rows, units;
    std::atomic<int> claimed{0};
    std::unique_ptr<std::atomic<uint32_t>[]> layersDone;

    int start(int unit) const { return int(int64_t(rows) * unit / units); }
};

void runUnit(RowWork &work, int unit, ThreadScratch &own) {
    const ht_decoder &d = work.d;
    const Dimensions &sizes = d.sizes;
    const Kernels &k = *d.kernels;
    const int first = work.start(unit), rows = work.start(unit + 1) - first;
    const bool continues = unit > 0 && d.slot[first - 1] == d.slot[first];
    Span span{rows, d.slot.data() + first, d.position.data() + first, own.x, own.attention, own.inner, own.x};
    // With norms behind each half, its product is gathered apart and then added.
    const bool isApart = own.branch != nullptr;
    float *target = isApart ? own.branch : own.x;
    const size_t branchBytes = size_t(rows) * size_t(sizes.hiddenP) * sizeof(float);
    embed(d, first, rows, own.x);
    for (int l = 0; l < sizes.layers; ++l) {
        const LayerWeights &layer = d.layers[l];
        if (continues) {
            const std::atomic<uint32_t> &before = work.layersDone[unit - 1];
            for (uint32_t seen = before.load(); seen <= uint32_t(l); seen = before.load()) awaitChange(before, seen);
        }
        span.normed = prepare(d, own.x, rows, layer.attentionNorm, own);
        for (int group = 0; group < sizes.kvHeads; ++group)
            k.attendGroup(
                sizes, layer, d.cache.floats(), cosinesOf(d, layer), sinesOf(d, layer), l, group, span, own.scales, own.work);
        work.layersDone[unit].store(uint32_t(l + 1));
        announce(work.layersDone[unit]);
        if (isApart) std::memset(target, 0, branchBytes);
        k.addProduct(
            own.attention, sizes.attentionP, rows, layer.output, sizes.attention, 0, sizes.hiddenP / kLanes, target, sizes.hiddenP);
        if (isApart) addBranch(d, target, rows, layer.afterAttention, own.x, own);
        const float *normed = prepare(d, own.x, rows, layer.mlpNorm, own);
        k.gatedProduct(
            normed, sizes.hiddenP, rows, own.scales, layer.gateUp, sizes.hidden, 0, sizes.mlpP / kLanes, own.inner, sizes.mlpP,
            sizes.usesGelu);
        if (isApart) std::memset(target, 0, branchBytes);
        k.addProduct(own.inner, sizes.mlpP, rows, layer.down, sizes.mlp, 0, sizes.hiddenP / kLanes, target, sizes.hiddenP);
        if (isApart) addBranch(d, target, rows, layer.afterMlp, own.x, own);
    }
    const auto [from, to] = outputsOf(d, first, rows);
    for (int i = from; i < to; i += kChunkRows) {
        const int count = std::min(kChunkRows, to - i);
        gather(d, own, own.x, first, i, count);
        k.logits(
            own.gathered, sizes.hiddenP, count, own.scales, d.head, sizes.hidden, 0, sizes.vocabularyP / kLanes, work.logits,
            d.outputIndex.data() + i, sizes.vocabulary);
    }
}

// MARK: Phases of columns

struct ColumnWork {
    ht_decoder &d;
    float *logits;
    int rows, chunks, threads;
    Phases phases;

    /// What a layer does: attend, project, gate, project; with norms behind the halves, each projection is then added.
    enum class Part { attend, output, addOutput, gate, down, addDown };
    int perLayer() const { return d.branch != nullptr ? 6 : 4; }
    int perChunk() const { return perLayer() * d.sizes.layers + 2; }
    Part part(int within) const {
        constexpr Part apart[] = {Part::attend, Part::output, Part::addOutput, Part::gate, Part::down, Part::addDown};
        constexpr Part plain[] = {Part::attend, Part::output, Part::gate, Part::down};
        const int place = (within - 1) % perLayer();
        return d.branch != nullptr ? apart[place] : plain[place];
    }
    int start(int chunk) const { return int(int64_t(rows) * chunk / chunks); }

    /// Panels (or pairs) of one tile: enough tiles to balance, each wide enough to keep its chains busy.
    int tileWidth(int total, int least) const {
        const int tiles = threads * (rows < kFewRows ? 2 : 4);
        return std::max(least, ((total + tiles - 1) / tiles + least - 1) / least * least);
    }
    int tilesFor(int total, int least) const {
        const int width = tileWidth(total, least);
        return (total + width - 1) / width;
    }

    uint32_t tiles(uint32_t phase) const {
        const Dimensions &sizes = d.sizes;
        const int within = int(phase) % perChunk();
        if (within == 0) return 1;
        if (within == perChunk() - 1) return uint32_t(tilesFor(sizes.vocabularyP / kLanes, 4));
        switch (part(within)) {
            case Part::attend: return uint32_t(sizes.kvHeads);
            case Part::gate: return uint32_t(tilesFor(sizes.mlpP / kLanes, 2));
            case Part::output:
            case Part::down: return uint32_t(tilesFor(sizes.hiddenP / kLanes, 4));
            case Part::addOutput:
            case Part::addDown: return 1;
        }
        return 1;
    }

    void run(uint32_t phase, int tile, ThreadScratch &own) {
        const Dimensions &sizes = d.sizes;
        const Kernels &k = *d.kernels;
        const int chunk = int(phase) / perChunk(), within = int(phase) % perChunk();
        const int first = start(chunk), count = start(chunk + 1) - first;
        Span span{count, d.slot.data() + first, d.position.data() + first, d.x, d.attention, d.inner, d.x};
        if (within == 0) return embed(d, first, count, d.x);
        if (within == perChunk() - 1) return runHead(phase, tile, first, count, own);
        const int l = (within - 1) / perLayer();
        const Part part = this->part(within);
        const LayerWeights &layer = d.layers[l];
        if (part == Part::addOutput || part == Part::addDown) {
            own.scaledPhase = phase;
            return addBranch(d, d.branch, count, part == Part::addOutput ? layer.afterAttention : layer.afterMlp, d.x, own);
        }
        if (part == Part::attend || part == Part::gate) {
            const float *norm = part == Part::attend ? layer.attentionNorm : layer.mlpNorm;
            if (own.scaledPhase != phase) prepare(d, d.x, count, norm, own);
            own.scaledPhase = phase;
            span.normed = norm != nullptr ? own.normed : d.x;
        }
        if (part == Part::attend)
            return k.attendGroup(
                sizes, layer, d.cache.floats(), cosinesOf(d, layer), sinesOf(d, layer), l, tile, span, own.scales, own.work);
        const bool isGate = part == Part::gate;
        const int total = isGate ? sizes.mlpP / kLanes : sizes.hiddenP / kLanes;
        const int width = tileWidth(total, isGate ? 2 : 4);
        const int begin = tile * width, end = std::min(total, begin + width);
        if (isGate)
            return k.gatedProduct(
                span.normed, sizes.hiddenP, count, own.scales, layer.gateUp, sizes.hidden, begin, end, d.inner, sizes.mlpP,
                sizes.usesGelu);
        float *target = d.x;
        if (d.branch != nullptr) {
            target = d.branch;
            for (int r = 0; r < count; ++r)
                std::fill(target + int64_t(r) * sizes.hiddenP + begin * kLanes, target + int64_t(r) * sizes.hiddenP + end * kLanes, 0.0f);
        }
        if (part == Part::output) {
            k.addProduct(d.attention, sizes.attentionP, count, layer.output, sizes.attention, begin, end, target, sizes.hiddenP);
        } else {
            k.addProduct(d.inner, sizes.mlpP, count, layer.down, sizes.mlp, begin, end, target, sizes.hiddenP);
        }
    }

    void runHead(uint32_t phase, int tile, int first, int count, ThreadScratch &own) {
        const Dimensions &sizes = d.sizes;
        const auto [from, to] = outputsOf(d, first, count);
        const int total = sizes.vocabularyP / kLanes, width = tileWidth(total, 4);
        const bool isWhole = to - from <= kChunkRows;  // then gathered once per thread, not once per tile
        for (int i = from; i < to; i += kChunkRows) {
            const int some = std::min(kChunkRows, to - i);
            if (!isWhole || own.scaledPhase != phase) gather(d, own, d.x, first, i, some);
            if (isWhole) own.scaledPhase = phase;
            d.kernels->logits(
                own.gathered, sizes.hiddenP, some, own.scales, d.head, sizes.hidden, tile * width,
                std::min(total, (tile + 1) * width), logits, d.outputIndex.data() + i, sizes.vocabulary);
        }
    }
};

// MARK: Checking and sorting

int32_t check(
    ht_decoder &d, int rows, const int32_t *slot, const int32_t *position, const int32_t *token, const int32_t *outRows,
    int outCount) {
    if (!d.loaded) return HT_DECODER_NOT_LOADED;
    const Dimensions &sizes = d.sizes;
    if (++d.stampNow == INT32_MAX) {
        std::fill(d.stamp.begin(), d.stamp.end(), 0);
        d.stampNow = 1;
    }
    for (int i = 0; i < rows; ++i) {
        if (slot[i] < 0 || slot[i] >= sizes.slots) return HT_DECODER_BAD_SLOT;
        if (token[i] < 0 || token[i] >= sizes.vocabulary) return HT_DECODER_BAD_TOKEN;
        const size_t s = size_t(slot[i]);
        const bool isSeen = d.stamp[s] == d.stampNow;
        if (position[i] < 0 || position[i] >= sizes.context || (isSeen && position[i] != d.pending[s])
            || (!isSeen && position[i] > d.lengths[s]))
            return HT_DECODER_BAD_POSITION;
        d.stamp[s] = d.stampNow;
        d.pending[s] = position[i] + 1;
    }
    for (int i = 0; i < outCount; ++i)
        if (outRows[i] < 0 || outRows[i] >= rows) return HT_DECODER_BAD_OUT_ROW;
    return HT_DECODER_OK;
}

/// Rows by slot in the order given, outputs by sorted row.
void sortRows(
    ht_decoder &d, int rows, const int32_t *slot, const int32_t *position, const int32_t *token, const int32_t *outRows,
    int outCount) {
    const size_t n = size_t(rows);
    d.order.resize(n), d.slot.resize(n), d.position.resize(n), d.token.resize(n), d.place.resize(n);
    std::iota(d.order.begin(), d.order.end(), 0);
    if (!std::is_sorted(slot, slot + rows))
        std::sort(d.order.begin(), d.order.end(), [&](int32_t a, int32_t b) {
            return slot[a] != slot[b] ? slot[a] < slot[b] : a < b;
        });
    for (size_t i = 0; i < n; ++i) {
        const int32_t from = d.order[i];
        d.slot[i] = slot[from], d.position[i] = position[from], d.token[i] = token[from];
        d.place[size_t(from)] = int32_t(i);
    }
    d.outputIndex.resize(size_t(outCount)), d.outputRow.resize(size_t(outCount));
    std::iota(d.outputIndex.begin(), d.outputIndex.end(), 0);
    std::sort(d.outputIndex.begin(), d.outputIndex.end(), [&](int32_t a, int32_t b) {
        const int32_t x = d.place[size_t(outRows[a])], y = d.place[size_t(outRows[b])];
        return x != y ? x < y : a < b;
    });
    for (size_t i = 0; i < size_t(outCount); ++i) d.outputRow[i] = d.place[size_t(outRows[d.outputIndex[i]])];
}

}  // namespace

extern "C" int32_t ht_decoder_step(
    ht_decoder *decoder, int32_t rows, const int32_t *slot, const int32_t *position, const int32_t *token,
    const int32_t *out_rows, int32_t out_count, float *logits) {
    ht_decoder &d = *decoder;
    if (const int32_t status = check(d, rows, slot, position, token, out_rows, out_count)) return status;
    if (rows == 0) return HT_DECODER_OK;
    try {
        if (!d.prepareThreads(d.threads)) return HT_DECODER_OUT_OF_MEMORY;
        sortRows(d, rows, slot, position, token, out_rows, out_count);
        const bool dividesRows = d.weightBytes <= kSmallWeights && rows >= kFewRows;
        if (dividesRows) {
            int units = (rows + kUnitRows - 1) / kUnitRows;
            units = std::max(units, std::min(2 * d.threads, rows / 8));
            units = (units + d.threads - 1) / d.threads * d.threads;
            RowWork work{d, logits, rows, std::min(units, int(rows)), {}, nullptr};
            work.layersDone = std::make_unique<std::atomic<uint32_t>[]>(size_t(work.units));
            parallel(
                d.threads,
                [](void *context, int thread) {
                    auto &own = *static_cast<RowWork *>(context);
                    for (int unit; (unit = own.claimed.fetch_add(1)) < own.units;)
                        runUnit(own, unit, own.d.scratch[size_t(thread)]);
                },
                &work);
        } else {
            const bool isShort = rows < kFewRows && d.threads > 1;
            const int threads = isShort ? d.choice.choose(rows, d.threads) : d.threads;
            const auto began = std::chrono::steady_clock::now();
            ColumnWork work{d, logits, rows, (rows + kChunkRows - 1) / kChunkRows, threads, {}};
            for (ThreadScratch &own : d.scratch) own.scaledPhase = UINT32_MAX;
            parallel(
                threads,
                [](void *context, int thread) {
                    auto &own = *static_cast<ColumnWork *>(context);
                    own.phases.work(
                        uint32_t(own.chunks * own.perChunk()), [&](uint32_t phase) { return own.tiles(phase); },
                        [&](uint32_t phase, uint32_t tile) { own.run(phase, int(tile), own.d.scratch[size_t(thread)]); });
                },
                &work);
            if (isShort) d.choice.record(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        }
    } catch (const std::bad_alloc &) {
        return HT_DECODER_OUT_OF_MEMORY;
    }
    for (int32_t i = 0; i < rows; ++i) d.lengths[size_t(slot[i])] = d.pending[size_t(slot[i])];
    return HT_DECODER_OK;
}

extern "C" int32_t ht_decoder_copy_slot(ht_decoder *decoder, int32_t from, int32_t to, int32_t length) {
    ht_decoder &d = *decoder;
    const Dimensions &sizes = d.sizes;
    if (from < 0 || to < 0 || from >= sizes.slots || to >= sizes.slots) return HT_DECODER_BAD_SLOT;
    if (length < 0 || length > d.lengths[size_t(from)]) return HT_DECODER_BAD_POSITION;
    if (from != to) {
        const size_t keys = size_t((length + kLanes - 1) / kLanes * kLanes) * size_t(sizes.headDimP) * sizeof(float);
        const size_t values = size_t(length) * size_t(sizes.headDimP) * sizeof(float);
        const float *source = d.cache.floats() + from * sizes.slotFloats();
        float *target = d.cache.floats() + to * sizes.slotFloats();
        for (int i = 0; i < sizes.layers * sizes.kvHeads; ++i) {
            std::memcpy(target, source, keys);
            std::memcpy(target + sizes.keyFloats(), source + sizes.keyFloats(), values);
            source += 2 * sizes.keyFloats();
            target += 2 * sizes.keyFloats();
        }
    }
    d.lengths[size_t(to)] = length;
    return HT_DECODER_OK;
}
