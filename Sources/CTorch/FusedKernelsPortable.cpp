// The fused operations' row loops for any processor.
#include "FusedTypes.h"

namespace hone_fused::portable {
#include "FusedKernels.h"
}  // namespace hone_fused::portable

namespace hone_fused {
const RowKernels *portableRowKernels() { return &portable::table; }
}  // namespace hone_fused
