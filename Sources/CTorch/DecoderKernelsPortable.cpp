// The decoder's kernels for any processor. Where it has no fused multiply-add instruction the C library's function is
// called for each lane: slow, with the same bits.
#include "DecoderTypes.h"

namespace hone_decoder::portable {
#define HONE_TILE_ROWS 3
#define HONE_VALUE_VECTORS 1
#define HONE_KERNEL_NAME "portable"
#include "DecoderKernels.h"
}  // namespace hone_decoder::portable

namespace hone_decoder {
const Kernels *portableKernels() { return &portable::table; }
}  // namespace hone_decoder
