#include "DecoderPool.h"

#include <mutex>
#include <system_error>
#include <thread>

namespace hone_decoder {
namespace {

constexpr int kMostThreads = 64;
constexpr int kSpins = 2500;  // some tens of microseconds: longer than a phase, far shorter than a time slice

inline void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/// Helpers wait for `generation` to move. `gate` holds the open flag and the number of helpers inside the job.
struct Pool {
    std::mutex entrance;
    int started = 0;
    bool full = false;
    alignas(64) std::atomic<uint32_t> generation{0};
    alignas(64) std::atomic<uint32_t> gate{0};
    int threads = 0;
    void (*body)(void *, int) = nullptr;
    void *context = nullptr;

    static constexpr uint32_t kOpen = 1u << 31;

    void serve(int thread) {
        uint32_t seen = 0;
        for (;;) {
            awaitChange(generation, seen);
            seen = generation.load();
            uint32_t value = gate.load();
            bool inside = false;
            while ((value & kOpen) != 0 && !inside) inside = gate.compare_exchange_weak(value, value + 1);
            if (!inside) continue;
            if (thread < threads) body(context, thread);
            if (gate.fetch_sub(1) - 1 == 0) announce(gate);
        }
    }

    void start(int wanted) {
        while (started < wanted && !full) {
            const int thread = started + 1;
            try {
                std::thread([this, thread] { serve(thread); }).detach();
                started = thread;
            } catch (const std::system_error &) {
                full = true;  // the caller's own thread is enough
            }
        }
    }

    void run(int wanted, void (*work)(void *, int), void *with) {
        start(wanted - 1);
        threads = wanted;
        body = work;
        context = with;
        gate.store(kOpen);
        generation.fetch_add(1);
        announce(generation);
        work(with, 0);
        uint32_t value = gate.fetch_and(~kOpen) & ~kOpen;
        while (value != 0) {
            awaitChange(gate, value);
            value = gate.load();
        }
    }
};

/// Never destroyed: helpers may still sleep in it while the process ends.
Pool &pool() {
    static Pool *const shared = new Pool;
    return *shared;
}

}  // namespace

int processorCount() {
    const unsigned count = std::thread::hardware_concurrency();
    return count < 1 ? 1 : count > kMostThreads ? kMostThreads : int(count);
}

void parallel(int threads, void (*body)(void *context, int thread), void *context) {
    Pool &shared = pool();
    std::unique_lock<std::mutex> entrance(shared.entrance, std::try_to_lock);
    if (threads <= 1 || !entrance.owns_lock()) {
        body(context, 0);
    } else {
        shared.run(threads > kMostThreads ? kMostThreads : threads, body, context);
    }
}

int ThreadChoice::choose(int rows, int threads) {
    kind_ = 0;
    while (kind_ + 1 < kKinds && rows >> (kind_ + 1) != 0) ++kind_;
    const double *mean = mean_[kind_];
    const int better = mean[0] < mean[1] ? 0 : 1;  // a way never tried has mean zero
    const bool isTrial = ++steps_[kind_] % kTrialPeriod == 0;
    way_ = isTrial ? 1 - better : better;
    return way_ == 0 ? 1 : threads;
}

void ThreadChoice::record(double seconds) {
    double &mean = mean_[kind_][way_];
    mean = mean == 0 ? seconds : mean + (seconds - mean) / 8;
}

void awaitChange(const std::atomic<uint32_t> &word, uint32_t seen) {
    for (int i = 0; i < kSpins; ++i) {
        if (word.load(std::memory_order_acquire) != seen) return;
        relax();
    }
    word.wait(seen);
}

void announce(std::atomic<uint32_t> &word) { word.notify_all(); }

}  // namespace hone_decoder
