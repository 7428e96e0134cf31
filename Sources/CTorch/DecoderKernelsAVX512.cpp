// The decoder's kernels for processors with 512-bit vectors (AVX-512 F, VL, DQ, BW).
#include "DecoderTypes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
namespace hone_decoder::avx512 {
#define HONE_TILE_ROWS 12
#define HONE_VALUE_VECTORS 4
#define HONE_KERNEL_NAME "avx512"
#include "DecoderKernels.h"
}  // namespace hone_decoder::avx512
#pragma clang attribute pop
namespace hone_decoder {
const Kernels *avx512Kernels() { return &avx512::table; }
}  // namespace hone_decoder
#else
namespace hone_decoder {
const Kernels *avx512Kernels() { return nullptr; }
}  // namespace hone_decoder
#endif
