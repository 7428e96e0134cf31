// The decoder's kernels for processors with AVX2 and fused multiply-add.
#include "DecoderTypes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace hone_decoder::avx2 {
#define HONE_TILE_ROWS 3
#define HONE_VALUE_VECTORS 1
#define HONE_KERNEL_NAME "avx2"
#include "DecoderKernels.h"
}  // namespace hone_decoder::avx2
#pragma clang attribute pop
namespace hone_decoder {
const Kernels *avx2Kernels() { return &avx2::table; }
}  // namespace hone_decoder
#else
namespace hone_decoder {
const Kernels *avx2Kernels() { return nullptr; }
}  // namespace hone_decoder
#endif
