// The fused operations' row loops for processors with 512-bit vectors (AVX-512 F, VL, DQ, BW).
#include "FusedTypes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
namespace hone_fused::avx512 {
#include "FusedKernels.h"
}  // namespace hone_fused::avx512
#pragma clang attribute pop
namespace hone_fused {
const RowKernels *avx512RowKernels() { return &avx512::table; }
}  // namespace hone_fused
#else
namespace hone_fused {
const RowKernels *avx512RowKernels() { return nullptr; }
}  // namespace hone_fused
#endif
