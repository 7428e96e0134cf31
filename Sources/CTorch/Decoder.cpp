// Making a decoder: sizes, memory, rotary tables, packed weights. `DecoderStep.cpp` runs it.
#include "Instructions.h"
#include "Decoder.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>

#include <sys/mman.h>

#include "DecoderPool.h"

using namespace hone_decoder;

namespace hone_decoder {

Pages::~Pages() {
    if (start_ != nullptr) munmap(start_, bytes_);
}

bool Pages::allocate(size_t floats) {
    if (start_ != nullptr) munmap(start_, bytes_);
    start_ = nullptr;
    data_ = nullptr;
    bytes_ = 0;
    constexpr size_t large = size_t(2) << 20;
    const size_t wanted = (floats * sizeof(float) + 4095) / 4096 * 4096;
    const size_t slack = wanted >= large ? large : 0;
    void *start = mmap(nullptr, wanted + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) return false;
    start_ = start;
    bytes_ = wanted + slack;
    uintptr_t address = reinterpret_cast<uintptr_t>(start);
    if (slack != 0) {
        address = (address + large - 1) / large * large;
#if defined(MADV_HUGEPAGE)
        madvise(reinterpret_cast<void *>(address), wanted, MADV_HUGEPAGE);
#endif
    }
    data_ = reinterpret_cast<float *>(address);
    return true;
}

const Kernels &kernels() {
    static const Kernels *const chosen = [] {
#if defined(__x86_64__)
        switch (hone::instructions()) {
        case hone::Instructions::avx512: return avx512Kernels();
        case hone::Instructions::avx2: return avx2Kernels();
        case hone::Instructions::portable: break;
        }
#endif
        return portableKernels();
    }();
    return *chosen;
}

namespace {

int padded(int64_t n) { return int((n + kLanes - 1) / kLanes * kLanes); }

bool isUsable(const ht_decoder_shape &s) {
    const int64_t sizes[] = {s.hidden, s.layers, s.heads, s.kv_heads, s.head_dim, s.mlp, s.vocabulary, s.slots, s.context};
    for (int64_t n : sizes)
        if (n < 1 || n > (int64_t(1) << 24)) return false;
    return s.heads % s.kv_heads == 0 && s.head_dim % 2 == 0 && s.heads * s.head_dim <= (int64_t(1) << 24) && s.threads >= 0
        && s.threads <= 64 && s.rms_eps >= 0 && s.rope_theta > 0;
}

Dimensions dimensions(const ht_decoder_shape &s) {
    Dimensions d{};
    d.hidden = int(s.hidden), d.hiddenP = padded(s.hidden), d.layers = int(s.layers), d.heads = int(s.heads);
    d.kvHeads = int(s.kv_heads), d.perGroup = int(s.heads / s.kv_heads), d.headDim = int(s.head_dim);
    d.headDimP = padded(s.head_dim), d.mlp = int(s.mlp), d.mlpP = padded(s.mlp), d.vocabulary = int(s.vocabulary);
    d.vocabularyP = padded(s.vocabulary), d.slots = int(s.slots), d.context = int(s.context), d.contextP = padded(s.context);
    d.attention = int(s.heads * s.head_dim), d.attentionP = padded(s.heads * s.head_dim);
    d.eps = float(s.rms_eps), d.scale = float(1.0 / std::sqrt(double(s.head_dim)));
    return d;
}

int tensorsPerLayer(const ht_decoder_shape &s) { return s.qkv_bias ? 12 : 9; }

/// One matrix to be packed: `rows` of the source become columns `column ...` of panels starting at `target`.
struct Packing {
    const float *source;
    const float *norm;  // multiplies the inputs, or null
    float *target;
    int rows, k, panelsBetween;  // panelsBetween: 1 packs side by side, 2 leaves every other panel free
};

void pack(const Packing &job) {
    const int64_t stride = panelStride(job.k) * job.panelsBetween;
    for (int row = 0; row < job.rows; ++row) {
        float *to = job.target + row / kLanes * stride + row % kLanes;
        const float *from = job.source + int64_t(row) * job.k;
        for (int k = 0; k < job.k; ++k) to[int64_t(k) * kLanes] = job.norm ? from[k] * job.norm[k] : from[k];
    }
}

}  // namespace
}  // namespace hone_decoder

bool ht_decoder::prepareThreads(int count) {
    const Dimensions &d = sizes;
    while (int(scratch.size()) < count) scratch.emplace_back();
    for (int t = 0; t < count; ++t) {
        ThreadScratch &own = scratch[t];
        if (own.x != nullptr) continue;
        const int64_t x = int64_t(kUnitRows) * d.hiddenP, attention = int64_t(kUnitRows) * d.attentionP;
        const int64_t inner = int64_t(kUnitRows) * d.mlpP, gathered = int64_t(kChunkRows) * d.hiddenP;
        const int64_t work = int64_t(kChunkRows) * d.groupColumns() + d.contextP + d.headDimP;
        if (!own.memory.allocate(x + attention + inner + gathered + kChunkRows + work)) return false;
        own.attention = own.memory.floats() + x;
        own.inner = own.attention + attention;
        own.gathered = own.inner + inner;
        own.scales = own.gathered + gathered;
        own.work = own.scales + kChunkRows;
        own.x = own.memory.floats();
    }
    return true;
}

extern "C" {

const char *ht_decoder_instruction_set(void) { return kernels().name; }

const char *ht_decoder_status_text(int32_t status) {
    switch (status) {
        case HT_DECODER_OK: return "no error";
        case HT_DECODER_BAD_SHAPE:
            return "the decoder's sizes do not fit together: all must be positive, kv_heads must divide heads and head_dim must be even";
        case HT_DECODER_OUT_OF_MEMORY: return "the system has no memory for the decoder: use fewer slots or a shorter context";
        case HT_DECODER_BAD_TENSOR_COUNT: return "the number of weight tensors is not the one this decoder's shape needs";
        case HT_DECODER_NOT_LOADED: return "the decoder has no weights yet: load them before a step";
        case HT_DECODER_BAD_SLOT: return "a slot lies outside the decoder's slots";
        case HT_DECODER_BAD_TOKEN: return "a token lies outside the vocabulary";
        case HT_DECODER_BAD_POSITION:
            return "a position lies beyond the context or does not follow the tokens its slot holds";
        case HT_DECODER_BAD_OUT_ROW: return "an output row lies outside the rows of the step";
        case HT_DECODER_NON_FINITE: return "a row of logits holds NaN or infinity, or forbids every token";
        case HT_DECODER_BAD_SETTING:
            return "a sampling setting is out of range: temperature >= 0, top_k >= 0 and 0 < top_p <= 1 are expected";
        default: return "unknown decoder status";
    }
}

void ht_rotary_table(int64_t context, int64_t head_dim, double theta, float *cosines, float *sines) {
    const int64_t half = head_dim / 2;
    for (int64_t i = 0; i < half; ++i) {
        const float frequency = float(1.0 / std::pow(theta, double(float(2 * i) / float(head_dim))));
        for (int64_t position = 0; position < context; ++position) {
            const float angle = float(position) * frequency;
            cosines[position * half + i] = float(std::cos(double(angle)));
            sines[position * half + i] = float(std::sin(double(angle)));
        }
    }
}

int32_t ht_decoder_tensor_count(const ht_decoder_shape *shape) {
    return int32_t(2 + shape->layers * tensorsPerLayer(*shape) + (shape->tied ? 0 : 1));
}

int64_t ht_decoder_tensor_elements(const ht_decoder_shape *shape, int32_t index) {
    const ht_decoder_shape &s = *shape;
    const int32_t count = ht_decoder_tensor_count(shape);
    if (index < 0 || index >= count) return -1;
    if (index == 0 || (!s.tied && index == count - 1)) return s.vocabulary * s.hidden;
    const int per = tensorsPerLayer(s);
    if (index == 1 + s.layers * per) return s.hidden;
    const int64_t q = s.heads * s.head_dim, kv = s.kv_heads * s.head_dim;
    const int64_t plain[] = {s.hidden, q * s.hidden, kv * s.hidden, kv * s.hidden, q * s.hidden,
                             s.hidden, s.mlp * s.hidden, s.mlp * s.hidden, s.mlp * s.hidden};
    const int64_t biased[] = {s.hidden, q * s.hidden, kv * s.hidden, kv * s.hidden, q, kv, kv, q * s.hidden,
                              s.hidden, s.mlp * s.hidden, s.mlp * s.hidden, s.mlp * s.hidden};
    return s.qkv_bias ? biased[(index - 1) % per] : plain[(index - 1) % per];
}

ht_decoder *ht_decoder_new(const ht_decoder_shape *shape, int32_t *status) {
    int32_t ignored;
    int32_t &result = status != nullptr ? *status : ignored;
    if (!isUsable(*shape)) {
        result = HT_DECODER_BAD_SHAPE;
        return nullptr;
    }
    result = HT_DECODER_OUT_OF_MEMORY;
    try {
        auto decoder = std::make_unique<ht_decoder>();
        decoder->shape = *shape;
        decoder->sizes = dimensions(*shape);
        decoder->kernels = &kernels();
        const Dimensions &d = decoder->sizes;
        const int64_t qkv = int64_t(d.kvHeads) * d.groupPanels() * panelStride(d.hidden);
        const int64_t bias = shape->qkv_bias ? int64_t(d.kvHeads) * d.groupColumns() : 0;
        const int64_t output = d.hiddenP / kLanes * panelStride(d.attention);
        const int64_t gateUp = int64_t(2) * (d.mlpP / kLanes) * panelStride(d.hidden);
        const int64_t down = d.hiddenP / kLanes * panelStride(d.mlp);
        const int64_t perLayer = qkv + bias + output + gateUp + down;
        const int64_t head = d.vocabularyP / kLanes * panelStride(d.hidden);
        decoder->embeddingFloats = int64_t(d.vocabulary) * d.hiddenP;
        decoder->weightFloats = perLayer * d.layers + head;
        if (!decoder->weights.allocate(size_t(decoder->weightFloats + decoder->embeddingFloats))) return nullptr;
        float *next = decoder->weights.floats();
        for (int l = 0; l < d.layers; ++l) {
            LayerWeights layer{};
            layer.qkv = next;
            layer.qkvBias = bias != 0 ? next + qkv : nullptr;
            layer.output = next + qkv + bias;
            layer.gateUp = layer.output + output;
            layer.down = layer.gateUp + gateUp;
            decoder->layers.push_back(layer);
            next += perLayer;
        }
        decoder->head = next;
        decoder->embedding = next + head;
        if (!decoder->cache.allocate(size_t(d.slots) * size_t(d.slotFloats()))) return nullptr;
        const int64_t x = int64_t(kChunkRows) * d.hiddenP, attention = int64_t(kChunkRows) * d.attentionP;
        if (!decoder->shared.allocate(size_t(x + attention + int64_t(kChunkRows) * d.mlpP))) return nullptr;
        decoder->x = decoder->shared.floats();
        decoder->attention = decoder->x + x;
        decoder->inner = decoder->attention + attention;
        const size_t table = size_t(d.context) * size_t(d.headDim / 2);
        decoder->cosines.resize(table);
        decoder->sines.resize(table);
        ht_rotary_table(d.context, d.headDim, shape->rope_theta, decoder->cosines.data(), decoder->sines.data());
        decoder->lengths.assign(size_t(d.slots), 0);
        decoder->stamp.assign(size_t(d.slots), 0);
        decoder->pending.assign(size_t(d.slots), 0);
        ht_decoder_set_threads(decoder.get(), shape->threads);
        if (!decoder->prepareThreads(1)) return nullptr;
        result = HT_DECODER_OK;
        return decoder.release();
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

void ht_decoder_free(ht_decoder *decoder) { delete decoder; }

void ht_decoder_set_threads(ht_decoder *decoder, int32_t threads) {
    decoder->threads = threads <= 0 ? processorCount() : threads > 64 ? 64 : threads;
}

int32_t ht_decoder_set_rotary(ht_decoder *decoder, const float *cosines, const float *sines) {
    std::memcpy(decoder->cosines.data(), cosines, decoder->cosines.size() * sizeof(float));
    std::memcpy(decoder->sines.data(), sines, decoder->sines.size() * sizeof(float));
    decoder->lengths.assign(decoder->lengths.size(), 0);
    return HT_DECODER_OK;
}

int32_t ht_decoder_load(ht_decoder *decoder, const float *const *tensors, int32_t count) {
    const ht_decoder_shape &s = decoder->shape;
    const Dimensions &d = decoder->sizes;
    if (count != ht_decoder_tensor_count(&s)) return HT_DECODER_BAD_TENSOR_COUNT;
    const float *const *next = tensors;
    for (int64_t v = 0; v < d.vocabulary; ++v)
        std::memcpy(decoder->embedding + v * d.hiddenP, next[0] + v * d.hidden, size_t(d.hidden) * sizeof(float));
    ++next;
    try {
        std::vector<Packing> jobs;
        const int64_t headPanels = d.headDimP / kLanes * panelStride(d.hidden);
        for (LayerWeights &layer : decoder->layers) {
            const float *norm = *next++, *q = *next++, *k = *next++, *v = *next++;
            float *to = const_cast<float *>(layer.qkv);
            const float *biases[3] = {};
            if (s.qkv_bias) biases[0] = *next++, biases[1] = *next++, biases[2] = *next++;
            float *bias = const_cast<float *>(layer.qkvBias);
            for (int group = 0; group < d.kvHeads; ++group) {
                for (int h = 0; h < d.perGroup + 2; ++h, to += headPanels) {
                    const int part = h < d.perGroup ? 0 : h - d.perGroup + 1;
                    const int64_t row = int64_t(part == 0 ? group * d.perGroup + h : group) * d.headDim;
                    const float *source = part == 0 ? q : part == 1 ? k : v;
                    jobs.push_back({source + row * d.hidden, norm, to, d.headDim, d.hidden, 1});
                    if (!s.qkv_bias) continue;
                    std::memcpy(bias, biases[part] + row, size_t(d.headDim) * sizeof(float));
                    bias += d.headDimP;
                }
            }
            jobs.push_back({*next++, nullptr, const_cast<float *>(layer.output), d.hidden, d.attention, 1});
            const float *mlpNorm = *next++;
            float *gate = const_cast<float *>(layer.gateUp);
            jobs.push_back({*next++, mlpNorm, gate, d.mlp, d.hidden, 2});
            jobs.push_back({*next++, mlpNorm, gate + panelStride(d.hidden), d.mlp, d.hidden, 2});
            jobs.push_back({*next++, nullptr, const_cast<float *>(layer.down), d.hidden, d.mlp, 1});
        }
        const float *finalNorm = *next++;
        const float *head = s.tied ? tensors[0] : *next++;
        constexpr int part = 512;  // rows of the head packed at once
        for (int row = 0; row < d.vocabulary; row += part) {
            float *to = const_cast<float *>(decoder->head) + row / kLanes * panelStride(d.hidden);
            const int rows = d.vocabulary - row < part ? d.vocabulary - row : part;
            jobs.push_back({head + int64_t(row) * d.hidden, finalNorm, to, rows, d.hidden, 1});
        }
        struct Shared {
            const std::vector<Packing> &jobs;
            std::atomic<size_t> claimed{0};
        } shared{jobs};
        parallel(
            decoder->threads,
            [](void *context, int) {
                auto &work = *static_cast<Shared *>(context);
                for (size_t i; (i = work.claimed.fetch_add(1)) < work.jobs.size();) pack(work.jobs[i]);
            },
            &shared);
    } catch (const std::bad_alloc &) {
        return HT_DECODER_OUT_OF_MEMORY;
    }
    decoder->lengths.assign(decoder->lengths.size(), 0);
    decoder->loaded = true;
    return HT_DECODER_OK;
}

int32_t ht_decoder_slot_length(const ht_decoder *decoder, int32_t slot) {
    return slot < 0 || slot >= decoder->sizes.slots ? -1 : decoder->lengths[size_t(slot)];
}

int64_t ht_decoder_bytes(const ht_decoder *decoder) {
    size_t bytes = decoder->weights.bytes() + decoder->cache.bytes() + decoder->shared.bytes();
    for (const ThreadScratch &own : decoder->scratch) bytes += own.memory.bytes();
    return int64_t(bytes);
}

}  // extern "C"
