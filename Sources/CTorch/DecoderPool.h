// Threads for the decoder and the sampler. Unlike an OpenMP team, a helper that the system has put aside is not
// waited for unless it holds a piece of work: on shared cores the caller goes on alone.
#ifndef HONE_CTORCH_DECODER_POOL_H
#define HONE_CTORCH_DECODER_POOL_H

#include <atomic>
#include <cstdint>

namespace hone_decoder {

/// Processors of this machine, at least one and at most 64.
int processorCount();

/// Calls body(context, 0) here and body(context, t), 0 < t < threads, on helpers that come in time; returns when all
/// that began have ended. The body must therefore claim its work, not divide it by thread.
void parallel(int threads, void (*body)(void *context, int thread), void *context);

/// Waits until `word` differs from `seen`: a short spin, then sleep. Pair with `announce`.
void awaitChange(const std::atomic<uint32_t> &word, uint32_t seen);

/// Wakes those who sleep in `awaitChange`.
void announce(std::atomic<uint32_t> &word);

/// Whether short steps run faster alone or together. On shared cores a helper that is put aside while it holds a tile
/// costs more than it gives; so both ways are timed now and then, and the better one is taken. Never changes a bit.
class ThreadChoice {
public:
    /// The threads of the next step of about this many rows, at most `threads`.
    int choose(int rows, int threads);
    /// How long the step took that `choose` was last asked about.
    void record(double seconds);

private:
    static constexpr int kKinds = 5;        // rows 1, 2...3, 4...7, 8...15, more
    static constexpr int kTrialPeriod = 64;  // steps between tries of the other way
    double mean_[kKinds][2] = {};
    int steps_[kKinds] = {};
    int kind_ = 0, way_ = 0;
};

/// Work in phases: every tile of a phase ends before a tile of the next begins; tiles are claimed one by one.
class Phases {
public:
    /// Runs tile `tile` of `phase` for 0 <= tile < tilesOf(phase) and every phase in order, with whoever calls.
    template <class TilesOf, class Run>
    void work(uint32_t phases, const TilesOf &tilesOf, const Run &run) {
        for (;;) {
            uint64_t ticket = ticket_.load();
            uint32_t phase = uint32_t(ticket >> 32);
            if (phase >= phases) return;
            if (uint32_t(ticket) < tilesOf(phase)) {
                ticket = ticket_.fetch_add(1);
                phase = uint32_t(ticket >> 32);
                if (phase >= phases) return;
                const uint32_t tiles = tilesOf(phase);
                if (uint32_t(ticket) < tiles) {
                    run(phase, uint32_t(ticket));
                    if (done_.fetch_add(1) + 1 == tiles) {
                        done_.store(0);
                        ticket_.store(uint64_t(phase + 1) << 32);
                        phase_.store(phase + 1);
                        announce(phase_);
                    }
                    continue;
                }
            }
            awaitChange(phase_, phase);
        }
    }

private:
    alignas(64) std::atomic<uint64_t> ticket_{0};
    alignas(64) std::atomic<uint32_t> done_{0};
    alignas(64) std::atomic<uint32_t> phase_{0};
};

}  // namespace hone_decoder
#endif
