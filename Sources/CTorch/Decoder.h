// The decoder's state, shared by the files that build, load and run it.
#ifndef HONE_CTORCH_DECODER_H_PRIVATE
#define HONE_CTORCH_DECODER_H_PRIVATE

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "CTorchDecoder.h"
#include "DecoderPool.h"
#include "DecoderTypes.h"

namespace hone_decoder {

/// Zeroed memory straight from the system, on large pages where it offers them; taken when touched.
class Pages {
public:
    Pages() = default;
    Pages(const Pages &) = delete;
    Pages &operator=(const Pages &) = delete;
    ~Pages();
    /// False when the system has no such memory. Frees what was held before.
    bool allocate(size_t floats);
    float *floats() const { return data_; }
    size_t bytes() const { return bytes_; }

private:
    float *data_ = nullptr;
    void *start_ = nullptr;
    size_t bytes_ = 0;
};

/// Memory of one thread: the activations of its rows and what the kernels work in.
struct ThreadScratch {
    Pages memory;
    float *x = nullptr, *attention = nullptr, *inner = nullptr, *gathered = nullptr, *scales = nullptr, *work = nullptr;
    float *branch = nullptr, *normed = nullptr;
    uint32_t scaledPhase = UINT32_MAX;  // the phase that `scales` (and `gathered`) belong to
};

/// Rows that one thread carries through all layers, and rows that all threads share the columns of.
constexpr int kUnitRows = 36;
constexpr int kChunkRows = 192;

/// The panels `count` elements further on.
inline Panels ahead(const Panels &panels, int64_t count) {
    return {panels.full != nullptr ? panels.full + count : nullptr, panels.half != nullptr ? panels.half + count : nullptr};
}

/// The kernels this processor can run, chosen once.
const Kernels &kernels();

}  // namespace hone_decoder

struct ht_decoder {
    hone_decoder::Dimensions sizes;
    ht_decoder_shape shape;
    const hone_decoder::Kernels *kernels;
    int threads = 1;
    hone_decoder::ThreadChoice choice;
    bool loaded = false;
    hone_decoder::Pages weights, halves, cache, shared;
    int64_t weightBytes = 0;  // of all panels
    float *embedding = nullptr;  // null where rows are read from the head's panels
    float *finalNorm = nullptr;  // null where it is folded into the head
    hone_decoder::Panels head{};
    std::vector<hone_decoder::LayerWeights> layers;
    std::vector<float> cosines, sines, localCosines, localSines;
    std::vector<int32_t> lengths;
    std::deque<hone_decoder::ThreadScratch> scratch;
    float *x = nullptr, *attention = nullptr, *inner = nullptr, *branch = nullptr;

    // The rows of the current step, sorted by slot, and its outputs sorted by row.
    std::vector<int32_t> order, slot, position, token, place, outputRow, outputIndex, stamp, pending;
    int32_t stampNow = 0;

    /// Scratch memory for `count` threads.
    bool prepareThreads(int count);
};
#endif
