// The fused operations' row loops for processors with AVX2 and fused multiply-add.
#include "FusedTypes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace hone_fused::avx2 {
#include "FusedKernels.h"
}  // namespace hone_fused::avx2
#pragma clang attribute pop
namespace hone_fused {
const RowKernels *avx2RowKernels() { return &avx2::table; }
}  // namespace hone_fused
#else
namespace hone_fused {
const RowKernels *avx2RowKernels() { return nullptr; }
}  // namespace hone_fused
#endif
