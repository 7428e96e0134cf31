// Philox and the sampler.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>
#include <numeric>
#include <vector>

#include "Decoder.h"
#include "DecoderPool.h"

using namespace hone_decoder;

namespace {

struct Draw {
    const float *logits;
    int rows, vocabulary;
    const float *temperature;
    const int32_t *topK;
    const float *topP;
    const uint64_t *key, *step;
    int32_t *token;
    float *logProb, *entropy;
    std::atomic<int> claimed{0}, firstFailed{INT32_MAX}, status{HT_DECODER_OK};
};

/// One thread's working memory.
struct Scratch {
    std::vector<float> weights, kept;
    std::vector<double> totals;
    std::vector<int32_t> order;

    explicit Scratch(int vocabulary)
        : weights(size_t(vocabulary) + kLanes), kept(size_t(vocabulary)), totals(size_t(vocabulary) / kLanes + 1) {}
};

/// Copies a row with -infinity where top-k and top-p cut off.
void cut(const float *row, int count, int topK, float topP, double inverse, float largest, Scratch &s) {
    s.order.resize(size_t(count));
    std::iota(s.order.begin(), s.order.end(), 0);
    const auto isBefore = [row](int32_t a, int32_t b) { return row[a] > row[b] || (row[a] == row[b] && a < b); };
    size_t kept = topK > 0 && topK < count ? size_t(topK) : size_t(count);
    if (kept < size_t(count)) std::nth_element(s.order.begin(), s.order.begin() + long(kept), s.order.end(), isBefore);
    if (topP < 1) {
        std::sort(s.order.begin(), s.order.begin() + long(kept), isBefore);
        const auto weight = [&](size_t i) { return std::exp((double(row[s.order[i]]) - double(largest)) * inverse); };
        double total = 0, sum = 0;
        for (size_t i = 0; i < kept; ++i) total += weight(i);
        size_t n = 0;
        while (n < kept && (n == 0 || sum < double(topP) * total)) sum += weight(n++);
        kept = n;
    }
    std::fill(s.kept.begin(), s.kept.end(), -INFINITY);
    for (size_t i = 0; i < kept; ++i) s.kept[size_t(s.order[i])] = row[s.order[i]];
}

int32_t drawOne(Draw &work, int i, Scratch &s) {
    const Kernels &k = kernels();
    const int count = work.vocabulary;
    const float *row = work.logits + int64_t(i) * count;
    const float temperature = work.temperature ? work.temperature[i] : 1.0f;
    const int topK = work.topK ? work.topK[i] : 0;
    const float topP = work.topP ? work.topP[i] : 1.0f;
    if (!(temperature >= 0 && temperature < INFINITY) || topK < 0 || !(topP > 0 && topP <= 1)) return HT_DECODER_BAD_SETTING;
    float largest = 0;
    if (!k.scanRow(row, count, &largest)) return HT_DECODER_NON_FINITE;
    const bool isGreedy = temperature == 0;
    const double inverse = isGreedy ? 1.0 : 1.0 / double(temperature);
    if (!isGreedy && ((topK > 0 && topK < count) || topP < 1)) {
        cut(row, count, topK, topP, inverse, largest, s);
        row = s.kept.data();
    }
    const double uniform = isGreedy ? 0 : ht_uniform(work.key[i], work.step[i]);
    double total = 0, weighted = 0;
    int token = k.drawRow(row, count, largest, inverse, uniform, s.weights.data(), s.totals.data(), &total, &weighted);
    if (isGreedy) token = int(std::find(row, row + count, largest) - row);
    const double logTotal = std::log(total);
    work.token[i] = token;
    if (work.logProb) work.logProb[i] = float((double(row[token]) - double(largest)) * inverse - logTotal);
    if (work.entropy) work.entropy[i] = float(std::max(0.0, logTotal - weighted / total));
    return HT_DECODER_OK;
}

void drawRows(void *context, int) {
    auto &work = *static_cast<Draw *>(context);
    constexpr int some = 4;
    try {
        Scratch scratch(work.vocabulary);
        for (int first; (first = work.claimed.fetch_add(some)) < work.rows;)
            for (int i = first; i < std::min(first + some, work.rows); ++i) {
                const int32_t status = drawOne(work, i, scratch);
                if (status == HT_DECODER_OK) continue;
                // The first row at fault decides the status, whoever finds it.
                int known = work.firstFailed.load();
                while (i < known && !work.firstFailed.compare_exchange_weak(known, i)) {}
            }
    } catch (const std::bad_alloc &) {
        work.status.store(HT_DECODER_OUT_OF_MEMORY);
    }
}

/// The status of one row, computed again for the report.
int32_t faultOf(Draw &work, int i) {
    Scratch scratch(work.vocabulary);
    return drawOne(work, i, scratch);
}

}  // namespace

extern "C" {

void ht_philox(uint64_t key, uint64_t counter, uint32_t out[4]) {
    uint32_t k0 = uint32_t(key), k1 = uint32_t(key >> 32);
    uint32_t c0 = uint32_t(counter), c1 = uint32_t(counter >> 32), c2 = 0, c3 = 0;
    for (int round = 0; round < 10; ++round) {
        const uint64_t a = uint64_t(0xD2511F53u) * c0, b = uint64_t(0xCD9E8D57u) * c2;
        const uint32_t n0 = uint32_t(b >> 32) ^ c1 ^ k0, n2 = uint32_t(a >> 32) ^ c3 ^ k1;
        c1 = uint32_t(b), c3 = uint32_t(a), c0 = n0, c2 = n2;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

double ht_uniform(uint64_t key, uint64_t step) {
    uint32_t words[4];
    ht_philox(key, step, words);
    return (double(words[0] >> 5) * 67108864.0 + double(words[1] >> 6)) / 9007199254740992.0;
}

int32_t ht_sample(
    const float *logits, int32_t rows, int32_t vocabulary, const float *temperature, const int32_t *top_k,
    const float *top_p, const uint64_t *key, const uint64_t *step, int32_t *token, float *log_prob, float *entropy,
    int32_t *failed_row) {
    if (rows <= 0) return HT_DECODER_OK;
    if (vocabulary < 1) return HT_DECODER_BAD_SETTING;
    Draw work{logits, rows, vocabulary, temperature, top_k, top_p, key, step, token, log_prob, entropy};
    const bool isLarge = int64_t(rows) * vocabulary >= 1 << 16;
    parallel(isLarge ? processorCount() : 1, drawRows, &work);
    if (work.status != HT_DECODER_OK) return work.status;
    const int failed = work.firstFailed;
    if (failed == INT32_MAX) return HT_DECODER_OK;
    if (failed_row != nullptr) *failed_row = failed;
    try {
        return faultOf(work, failed);
    } catch (const std::bad_alloc &) {
        return HT_DECODER_OUT_OF_MEMORY;
    }
}

}  // extern "C"
