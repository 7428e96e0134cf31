// Element types and shapes between the C face and libtorch.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "CTorch.h"

namespace ht {

/// libtorch's name for one of the numbers of CTorch.h.
inline at::ScalarType scalarType(int number) {
    switch (number) {
    case HT_FLOAT32: return at::kFloat;
    case HT_BFLOAT16: return at::kBFloat16;
    case HT_FLOAT64: return at::kDouble;
    case HT_INT64: return at::kLong;
    case HT_BOOL: return at::kBool;
    case HT_FLOAT16: return at::kHalf;
    case HT_INT32: return at::kInt;
    case HT_UINT8: return at::kByte;
    default: TORCH_CHECK(false, "found element type number ", number, ", expected 0 to 7");
    }
}

/// The number of CTorch.h for an element type; -1 where there is none.
inline int number(at::ScalarType type) {
    switch (type) {
    case at::kFloat: return HT_FLOAT32;
    case at::kBFloat16: return HT_BFLOAT16;
    case at::kDouble: return HT_FLOAT64;
    case at::kLong: return HT_INT64;
    case at::kBool: return HT_BOOL;
    case at::kHalf: return HT_FLOAT16;
    case at::kInt: return HT_INT32;
    case at::kByte: return HT_UINT8;
    default: return -1;
    }
}

/// A shape or a list of dimensions that was passed as pointer and length.
inline at::IntArrayRef dims(const int64_t *values, int n) { return at::IntArrayRef(values, static_cast<size_t>(n)); }

/// The tensors behind a list of handles.
template <typename Handle>
inline std::vector<at::Tensor> list(Handle *const *handles, int n) {
    std::vector<at::Tensor> values;
    values.reserve(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) { values.push_back(handles[i]->value); }
    return values;
}

}  // namespace ht
