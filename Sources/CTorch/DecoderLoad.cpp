// Packing weights into panels.
#include "Decoder.h"

#include <atomic>
#include <cstring>
#include <new>
#include <vector>

#include "DecoderPool.h"

using namespace hone_decoder;

namespace {

/// The nearest bfloat16, ties to even.
uint16_t rounded(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if (value != value) return uint16_t((bits >> 16) | 0x40);
    return uint16_t((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

/// One matrix to be packed: `rows` of the source become columns of panels starting at `target`.
struct Packing {
    const float *source;
    const float *norm;  // multiplies the inputs, or null
    Panels target;
    int rows, k, panelsBetween;  // panelsBetween: 1 packs side by side, 2 leaves every other panel free
};

void pack(const Packing &job) {
    const int64_t stride = panelStride(job.k) * job.panelsBetween;
    for (int row = 0; row < job.rows; ++row) {
        const int64_t begin = row / kLanes * stride + row % kLanes;
        const float *from = job.source + int64_t(row) * job.k;
        if (job.target.half != nullptr) {
            uint16_t *to = const_cast<uint16_t *>(job.target.half) + begin;
            for (int k = 0; k < job.k; ++k) to[int64_t(k) * kLanes] = rounded(job.norm ? from[k] * job.norm[k] : from[k]);
        } else {
            float *to = const_cast<float *>(job.target.full) + begin;
            for (int k = 0; k < job.k; ++k) to[int64_t(k) * kLanes] = job.norm ? from[k] * job.norm[k] : from[k];
        }
    }
}

}  // namespace

extern "C" int32_t ht_decoder_load(ht_decoder *decoder, const float *const *tensors, int32_t count) {
    const ht_decoder_shape &s = decoder->shape;
    const Dimensions &d = decoder->sizes;
    if (count != ht_decoder_tensor_count(&s)) return HT_DECODER_BAD_TENSOR_COUNT;
    const float *const *next = tensors;
    for (int64_t v = 0; decoder->embedding != nullptr && v < d.vocabulary; ++v)
        for (int64_t i = 0; i < d.hidden; ++i)
            decoder->embedding[v * d.hiddenP + i] = next[0][v * d.hidden + i] * d.embeddingScale;
    ++next;
    // Copies a vector beside the panels; where the layer has no place for it, gives it back to be folded in.
    const auto keep = [](const float *target, const float *source, int64_t count) {
        if (target == nullptr) return source;
        std::memcpy(const_cast<float *>(target), source, size_t(count) * sizeof(float));
        return static_cast<const float *>(nullptr);
    };
    try {
        std::vector<Packing> jobs;
        const int64_t headPanels = d.headDimP / kLanes * panelStride(d.hidden);
        for (LayerWeights &layer : decoder->layers) {
            const float *norm = keep(layer.attentionNorm, *next++, d.hidden);
            const float *q = *next++, *k = *next++, *v = *next++;
            Panels to = layer.qkv;
            const float *biases[3] = {};
            if (s.qkv_bias) biases[0] = *next++, biases[1] = *next++, biases[2] = *next++;
            if (s.qk_norm) keep(layer.queryNorm, *next++, d.headDim), keep(layer.keyNorm, *next++, d.headDim);
            float *bias = const_cast<float *>(layer.qkvBias);
            for (int group = 0; group < d.kvHeads; ++group) {
                for (int h = 0; h < d.perGroup + 2; ++h, to = ahead(to, headPanels)) {
                    const int part = h < d.perGroup ? 0 : h - d.perGroup + 1;
                    const int64_t row = int64_t(part == 0 ? group * d.perGroup + h : group) * d.headDim;
                    const float *source = part == 0 ? q : part == 1 ? k : v;
                    jobs.push_back({source + row * d.hidden, norm, to, d.headDim, d.hidden, 1});
                    if (!s.qkv_bias) continue;
                    std::memcpy(bias, biases[part] + row, size_t(d.headDim) * sizeof(float));
                    bias += d.headDimP;
                }
            }
            jobs.push_back({*next++, nullptr, layer.output, d.hidden, d.attention, 1});
            if (s.post_norms) keep(layer.afterAttention, *next++, d.hidden);
            const float *mlpNorm = keep(layer.mlpNorm, *next++, d.hidden);
            jobs.push_back({*next++, mlpNorm, layer.gateUp, d.mlp, d.hidden, 2});
            jobs.push_back({*next++, mlpNorm, ahead(layer.gateUp, panelStride(d.hidden)), d.mlp, d.hidden, 2});
            jobs.push_back({*next++, nullptr, layer.down, d.hidden, d.mlp, 1});
            if (s.post_norms) keep(layer.afterMlp, *next++, d.hidden);
        }
        const float *finalNorm = keep(decoder->finalNorm, *next++, d.hidden);
        const float *head = s.tied ? tensors[0] : *next++;
        constexpr int part = 512;  // rows of the head packed at once
        for (int row = 0; row < d.vocabulary; row += part) {
            const Panels to = ahead(decoder->head, row / kLanes * panelStride(d.hidden));
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
