// Making a decoder: sizes, memory, rotary tables. `DecoderLoad.cpp` packs its weights, `DecoderStep.cpp` runs it.
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
        && s.threads <= 64 && s.rms_eps >= 0 && s.rope_theta > 0 && s.query_scalar >= 0 && s.embedding_scale >= 0 && s.window >= 0;
}

Dimensions dimensions(const ht_decoder_shape &s) {
    Dimensions d{};
    d.hidden = int(s.hidden), d.hiddenP = padded(s.hidden), d.layers = int(s.layers), d.heads = int(s.heads);
    d.kvHeads = int(s.kv_heads), d.perGroup = int(s.heads / s.kv_heads), d.headDim = int(s.head_dim);
    d.headDimP = padded(s.head_dim), d.mlp = int(s.mlp), d.mlpP = padded(s.mlp), d.vocabulary = int(s.vocabulary);
    d.vocabularyP = padded(s.vocabulary), d.slots = int(s.slots), d.context = int(s.context), d.contextP = padded(s.context);
    d.attention = int(s.heads * s.head_dim), d.attentionP = padded(s.heads * s.head_dim);
    d.eps = float(s.rms_eps), d.scale = float(1.0 / std::sqrt(s.query_scalar > 0 ? s.query_scalar : double(s.head_dim)));
    d.embeddingScale = float(s.embedding_scale > 0 ? s.embedding_scale : 1), d.window = int(s.window), d.usesGelu = s.gelu;
    return d;
}

int tensorsPerLayer(const ht_decoder_shape &s) { return 9 + (s.qkv_bias ? 3 : 0) + (s.qk_norm ? 2 : 0) + (s.post_norms ? 2 : 0); }

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
        const int64_t branch = shape.post_norms ? x : 0, normed = shape.half_weights ? gathered : 0;
        if (!own.memory.allocate(x + attention + inner + gathered + kChunkRows + work + branch + normed)) return false;
        own.attention = own.memory.floats() + x;
        own.inner = own.attention + attention;
        own.gathered = own.inner + inner;
        own.scales = own.gathered + gathered;
        own.work = own.scales + kChunkRows;
        if (branch > 0) own.branch = own.work + work;
        if (normed > 0) own.normed = own.work + work + branch;
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
    const int64_t q = s.heads * s.head_dim, kv = s.kv_heads * s.head_dim, mlp = s.mlp * s.hidden;
    std::vector<int64_t> sizes = {s.hidden, q * s.hidden, kv * s.hidden, kv * s.hidden};
    if (s.qkv_bias) sizes.insert(sizes.end(), {q, kv, kv});
    if (s.qk_norm) sizes.insert(sizes.end(), {s.head_dim, s.head_dim});
    sizes.push_back(q * s.hidden);
    if (s.post_norms) sizes.push_back(s.hidden);
    sizes.insert(sizes.end(), {s.hidden, mlp, mlp, mlp});
    if (s.post_norms) sizes.push_back(s.hidden);
    return sizes[size_t((index - 1) % per)];
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
        const int64_t output = d.hiddenP / kLanes * panelStride(d.attention);
        const int64_t gateUp = int64_t(2) * (d.mlpP / kLanes) * panelStride(d.hidden);
        const int64_t down = d.hiddenP / kLanes * panelStride(d.mlp);
        const int64_t panels = (qkv + output + gateUp + down) * d.layers + d.vocabularyP / kLanes * panelStride(d.hidden);
        // Beside the panels: biases and norms, the last norm, and the embedding unless it is read from the head's panels.
        const int64_t bias = shape->qkv_bias ? int64_t(d.kvHeads) * d.groupColumns() : 0;
        const int64_t headNorm = shape->qk_norm ? d.headDimP : 0, after = shape->post_norms ? d.hiddenP : 0;
        const int64_t before = shape->half_weights ? d.hiddenP : 0;
        const int64_t beside = (bias + 2 * headNorm + 2 * after + 2 * before) * d.layers + before;
        const int64_t embedding = shape->half_weights && shape->tied ? 0 : int64_t(d.vocabulary) * d.hiddenP;
        decoder->weightBytes = panels * int64_t(shape->half_weights ? sizeof(uint16_t) : sizeof(float));
        if (shape->half_weights && !decoder->halves.allocate(size_t(panels + 1) / 2)) return nullptr;
        if (!decoder->weights.allocate(size_t((shape->half_weights ? 0 : panels) + embedding + beside + kLanes))) return nullptr;
        Panels next{};
        float *extra = decoder->weights.floats();
        if (shape->half_weights) {
            next.half = reinterpret_cast<const uint16_t *>(decoder->halves.floats());
        } else {
            next.full = extra;
            extra += panels;
        }
        const auto take = [&](int64_t count) {
            const Panels here = next;
            next = ahead(next, count);
            return here;
        };
        const auto some = [&](int64_t count) {
            float *here = count > 0 ? extra : nullptr;
            extra += count;
            return here;
        };
        for (int l = 0; l < d.layers; ++l) {
            LayerWeights layer{};
            layer.qkv = take(qkv);
            layer.output = take(output);
            layer.gateUp = take(gateUp);
            layer.down = take(down);
            layer.qkvBias = some(bias);
            layer.queryNorm = some(headNorm), layer.keyNorm = some(headNorm);
            layer.afterAttention = some(after), layer.afterMlp = some(after);
            layer.attentionNorm = some(before), layer.mlpNorm = some(before);
            decoder->layers.push_back(layer);
        }
        decoder->head = next;
        decoder->finalNorm = some(before);
        decoder->embedding = some(embedding);
        if (!decoder->cache.allocate(size_t(d.slots) * size_t(d.slotFloats()))) return nullptr;
        const int64_t x = int64_t(kChunkRows) * d.hiddenP, attention = int64_t(kChunkRows) * d.attentionP;
        const int64_t inner = int64_t(kChunkRows) * d.mlpP;
        if (!decoder->shared.allocate(size_t(x + attention + inner + (shape->post_norms ? x : 0)))) return nullptr;
        decoder->x = decoder->shared.floats();
        decoder->attention = decoder->x + x;
        decoder->inner = decoder->attention + attention;
        if (shape->post_norms) decoder->branch = decoder->inner + inner;
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

void ht_rotary_table_of(int64_t context, int64_t half, const float *frequencies, float *cosines, float *sines) {
    for (int64_t i = 0; i < half; ++i)
        for (int64_t position = 0; position < context; ++position) {
            const float angle = float(position) * frequencies[i];
            cosines[position * half + i] = float(std::cos(double(angle)));
            sines[position * half + i] = float(std::sin(double(angle)));
        }
}

int32_t ht_decoder_set_local(ht_decoder *decoder, const bool *is_local, const float *cosines, const float *sines) {
    try {
        decoder->localCosines.assign(cosines, cosines + decoder->cosines.size());
        decoder->localSines.assign(sines, sines + decoder->sines.size());
    } catch (const std::bad_alloc &) {
        return HT_DECODER_OUT_OF_MEMORY;
    }
    for (size_t l = 0; l < decoder->layers.size(); ++l) decoder->layers[l].isLocal = is_local[l] && decoder->sizes.window > 0;
    decoder->lengths.assign(decoder->lengths.size(), 0);
    return HT_DECODER_OK;
}

int32_t ht_decoder_slot_length(const ht_decoder *decoder, int32_t slot) {
    return slot < 0 || slot >= decoder->sizes.slots ? -1 : decoder->lengths[size_t(slot)];
}

int64_t ht_decoder_bytes(const ht_decoder *decoder) {
    size_t bytes = decoder->weights.bytes() + decoder->halves.bytes() + decoder->cache.bytes() + decoder->shared.bytes();
    for (const ThreadScratch &own : decoder->scratch) bytes += own.memory.bytes();
    return int64_t(bytes);
}

}  // extern "C"
