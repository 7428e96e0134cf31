// Which of the compiled instruction sets this process uses.
#pragma once

#include <cstdlib>
#include <cstring>

namespace hone {

enum class Instructions { portable, avx2, avx512 };

/// The best set the processor has, at most what the environment's HONE_INSTRUCTIONS ("portable", "avx2", "avx512") allows:
/// all of them compute the same bits, which can only be seen where a fast processor can be told to take the slow way.
inline Instructions instructions() {
#if defined(__x86_64__)
    Instructions most = Instructions::avx512;
    if (const char *asked = std::getenv("HONE_INSTRUCTIONS")) {
        if (std::strcmp(asked, "portable") == 0) most = Instructions::portable;
        if (std::strcmp(asked, "avx2") == 0) most = Instructions::avx2;
    }
    __builtin_cpu_init();
    if (most == Instructions::avx512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
        return Instructions::avx512;
    if (most != Instructions::portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Instructions::avx2;
#endif
    return Instructions::portable;
}

}  // namespace hone
